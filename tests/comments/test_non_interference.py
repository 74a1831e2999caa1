"""Test that no public byte of a blind question depends on which answers its readers gave.

Pairs of sites have the same comments, tags, people, acts and times, and differ only in the answer
of each bare answer, of each change, and so of each reader who pressed or judged. `BLIND_PAIRS` of
them are compared (200), from the seed `BLIND_SEED` (0); `make blind-pairs` compares many more.
"""

import os
import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import changes_of_mind, reactions, stances, steelmen
from comments.actions.changes_of_mind import Credit
from comments.actions.comments import Draft, answer_question, post_comment
from comments.listing.sorts import Sort
from comments.models import (
    ChangeKind,
    ChangeOfMind,
    Comment,
    CurrentStance,
    Reaction,
    SeenTotals,
    StanceRecord,
    StanceSource,
    SteelmanVerdict,
)
from comments.ranking import moved_minds
from comments.ranking.tasks import rank
from core.caching.pages import CachedPage, store
from posts.models import Part, Question, Stance
from tests.cast import Cast
from tests.factories import make_comment, make_series, make_user
from tests.reauthenticated import client_of

PAIRS = int(os.environ.get("BLIND_PAIRS", "200"))
SEED = int(os.environ.get("BLIND_SEED", "0"))
DAY = timedelta(days=1)
VOTERS = 22
# Comments that changed minds.
CREDITED = 3
WORDS = "I had never thought of the rota in this way before, I have to say."
# Addresses read in each site besides the page of the post: quick ones, and in every eighth a slow
# one. `make blind-pairs` reads every address in hundreds of pairs.
READ = 2
SLOW_READ_IN = 8
# Ids of rows that each site has anew: the same in all of them.
FIRST_ID = 10_000_000

Answers = dict[str, tuple[int, dict[str, str], bytes]]


class Site(Cast):
    """One discussion whose acts are fixed, and whose answers are drawn for each site."""

    out_for = timedelta(days=100)
    comments: ClassVar[list[Comment]]
    steelman: ClassVar[Comment]
    voters: ClassVar[list[User]]
    now: datetime
    series: ClassVar[str]

    @classmethod
    def setUpTestData(cls) -> None:
        """Write the comments, and let readers join."""
        super().setUpTestData()
        joined = timezone.now() - 100 * DAY
        cls.voters = [
            make_user(f"voter-{n}", is_demo=True, joined_at=joined) for n in range(VOTERS)
        ]
        tags = ["different", "same", "overlap", "different", "same", "different", "same"]
        cls.comments = []
        for number, tag in enumerate(tags):
            writer = make_user(f"writer-{number}", is_demo=True, joined_at=joined)
            parent = cls.comments[0] if number == 2 else None
            written = make_comment(cls.post, writer, cls.stances[tag], parent=parent)
            cls.comments.append(written)
        draft = Draft(
            author=cls.comments[0].author,
            post=cls.post,
            body="The best reason for the others.",
            argues_for=cls.stances["overlap"],
        )
        cls.steelman = post_comment(draft, now=timezone.now() - 80 * DAY).comment
        cls.comments.append(cls.steelman)
        series = make_series(cls.author)
        Part.objects.create(series=series, position=1, title="Part", post=cls.post)
        cls.series = series.slug
        cls.now = timezone.now()

    def setUp(self) -> None:
        self.enterContext(patch("django.utils.timezone.now", lambda: self.now))
        # How long proxies may send a page again depends on the clock; compared is when it ends.
        self.enterContext(patch.object(CachedPage, "expires", lambda page: str(page.kept.until)))

    def blind(self, reveal: str = Question.Reveal.AFTER_ANSWER, **more: Any) -> None:
        Question.objects.filter(post=self.post).update(reveal=reveal, **more)
        self.forget()

    def forget(self) -> None:
        """Empty all caches: sites share ids and versions."""
        store.clear()
        cache.clear()

    def quick(self) -> list[str]:
        """Return the public addresses whose pages take a few milliseconds."""
        url, slug = self.post.get_absolute_url(), self.post.slug
        pages = ("stances", "stances-json", "stances-csv", "data", "closing", "answer")
        found = [
            *(f"{url}?sort={sort.value}" for sort in Sort),
            f"{url}?stance=same",
            f"{url}?stance=same&sort=common",
            f"{url}?since=0",
            f"{url}?size=2",
            f"{url}?thread={self.comments[0].pk}",
            f"{url}?totals=show",
            f"{url}?after=r{int(self.now.timestamp() * 1_000_000)}-0",
            *(reverse(f"comments:{page}", args=[slug]) for page in pages),
            *(comment.get_absolute_url() for comment in self.comments),
            reverse("comments:verdict", args=[self.steelman.pk]),
            "/feeds/posts/",
            "/sitemap.xml",
        ]
        for comment in self.comments:
            of_comment = ("well-argued", "text", "history")
            found += [reverse(f"comments:{page}", args=[comment.pk]) for page in of_comment]
        return found

    def slow(self) -> list[str]:
        """Return the other public addresses."""
        writers = {comment.author for comment in self.comments}
        return [
            "/",
            "/series/",
            f"/series/{self.series}/",
            f"{self.post.get_absolute_url()}wordings/",
            reverse("comments:post-changes", args=[self.post.slug]),
            *(reverse("comments:changes", args=[comment.pk]) for comment in self.comments[:3]),
            *(person.get_absolute_url() for person in [*self.voters[::5], *writers]),
        ]

    def read(self, addresses: list[str]) -> Answers:
        """Return status, headers and body of each address for somebody signed out."""
        client = Client()
        found = {}
        for address in addresses:
            answer = client.get(address)
            found[address] = answer.status_code, dict(answer.headers), answer.content
        return found

    def play(self, chance: random.Random) -> None:
        """Let everybody do what they always do, with answers drawn by `chance`."""
        _Acts(self, chance).play()

    def sites(self, number: int) -> Iterator[None]:
        """Draw `number` sites, each of which is there until the next is asked for."""
        chance = random.Random(SEED)
        for _site in range(number):
            with transaction.atomic():
                self.forget()
                self.play(chance)
                yield
                transaction.set_rollback(True)

    def leaks(self, number: int) -> set[str]:
        """Return the addresses at which two of `number` pairs differ in a byte or a header."""
        seen: Answers = {}
        found = set()
        which = random.Random(SEED)
        quick, slow = self.quick(), self.slow()
        for place, _site in enumerate(self.sites(number + 1)):
            read = [self.post.get_absolute_url(), *which.sample(quick, READ)]
            if not place % SLOW_READ_IN:
                read.append(which.choice(slow))
            for address, answer in self.read(read if place else [*read, *quick, *slow]).items():
                if seen.setdefault(address, answer) != answer:
                    found.add(address)
        return found


class _Acts:
    """The acts of one site: who acts and when is always the same."""

    def __init__(self, site: Site, chance: random.Random) -> None:
        self.site = site
        self.chance = chance
        self.question = site.post.question
        self.stances: list[Stance] = list(self.question.stances.all())
        self.ids = iter(range(FIRST_ID, FIRST_ID + 1_000_000))
        self.records: list[StanceRecord] = []
        self.held: dict[int, list[StanceRecord]] = {}
        for record in StanceRecord.objects.order_by("pk"):
            self.held.setdefault(record.reader_id, []).append(record)

    def play(self) -> None:
        site, now = self.site, self.site.now
        # Weights that differ between sites, so that the sides do.
        self.weights = [self.chance.choice((1, 3, 9)) for _stance in self.stances]
        changes = []
        for number, voter in enumerate(site.voters):
            self.answer(voter, now - (70 - number) * DAY)
        for number, voter in enumerate(site.voters[:12]):
            credited = site.comments[number % CREDITED]
            record = self.answer(voter, now - (30 - number) * DAY, StanceSource.CHANGE)
            changes.append(self.change(voter, credited, record))
        for number, person in enumerate([*site.voters[:8], *(c.author for c in site.comments[:4])]):
            self.answer(person, now - timedelta(days=15, hours=number))
        for number, voter in enumerate(site.voters[-3:]):
            self.answer(voter, now - timedelta(days=9, hours=number), withdraws=True)
        StanceRecord.objects.bulk_create(self.records)
        ChangeOfMind.objects.bulk_create(changes)
        self.store_current()
        Reaction.objects.bulk_create(self.presses())
        SteelmanVerdict.objects.bulk_create(self.verdicts())
        self.recount()

    def answer(
        self,
        person: User,
        at: datetime,
        source: StanceSource = StanceSource.BARE,
        *,
        withdraws: bool = False,
    ) -> StanceRecord:
        """Record an answer of `person` that differs from the one before."""
        before = self.held.get(person.pk, [])
        last = before[-1] if before else None
        stance = None if withdraws else self.drawn(last.stance_id if last else None)
        record = StanceRecord(
            pk=next(self.ids),
            reader=person,
            question=self.question,
            version=self.question.version,
            stance=stance,
            recorded_at=at,
            source=source,
            seen_totals=SeenTotals.NO,
            supersedes=last,
        )
        self.held.setdefault(person.pk, []).append(record)
        self.records.append(record)
        return record

    def drawn(self, unlike: int | None) -> Stance:
        pairs = [
            pair for pair in zip(self.stances, self.weights, strict=True) if pair[0].pk != unlike
        ]
        choices, weights = zip(*pairs, strict=True)
        drawn: Stance = self.chance.choices(choices, weights)[0]
        return drawn

    def change(self, giver: User, comment: Comment, record: StanceRecord) -> ChangeOfMind:
        assert record.supersedes is not None
        return ChangeOfMind(
            pk=next(self.ids),
            post=self.site.post,
            question=self.question,
            giver=giver,
            comment=comment,
            kind=ChangeKind.MOVED,
            words=WORDS,
            from_stance=record.supersedes.stance,
            to_stance=record.stance,
            record=record,
            created_at=record.recorded_at,
        )

    def store_current(self) -> None:
        CurrentStance.objects.all().delete()
        CurrentStance.objects.bulk_create(
            CurrentStance(
                pk=next(self.ids),
                question=self.question,
                reader_id=reader,
                record=records[-1],
                stance_id=records[-1].stance_id,
            )
            for reader, records in self.held.items()
        )

    def presses(self) -> Iterator[Reaction]:
        """Yield the presses, each with the answer that its reader gave then."""
        who = random.Random(1)
        for place, comment in enumerate(self.site.comments):
            for voter in who.sample(self.site.voters, 17 - 2 * place):
                at = self.site.now - timedelta(days=20, hours=who.randrange(200))
                held = [each for each in self.held[voter.pk] if each.recorded_at <= at]
                yield Reaction(
                    pk=next(self.ids),
                    post=self.site.post,
                    comment=comment,
                    reader=voter,
                    stance_id=held[-1].stance_id,
                    created_at=at,
                )

    def verdicts(self) -> Iterator[SteelmanVerdict]:
        """Yield a verdict of each reader who may judge, which is another in each site."""
        target = self.site.steelman.argues_for
        assert target is not None
        for voter in self.site.voters:
            if self.held[voter.pk][-1].stance_id == target.pk:
                yield SteelmanVerdict(
                    pk=next(self.ids),
                    comment=self.site.steelman,
                    reader=voter,
                    stance=target,
                    is_fair=True,
                    judged_at=self.site.now - DAY,
                )

    def recount(self) -> None:
        """Derive what follows from the rows, and rank."""
        for stance in self.stances:
            stance.answer_count = stances.counted_readers(stance)
            stance.save(update_fields=["answer_count"])
        for comment in self.site.comments:
            found = {"well_argued": reactions.recount(comment)}
            if comment in self.site.comments[:CREDITED]:
                found["minds_moved"] = moved_minds.recount(comment)
            if comment == self.site.steelman:
                found["verdicts"] = steelmen.recount(comment)
            Comment.objects.filter(pk=comment.pk).update(**found)
        rank(self.site.post, self.site.now)


class NonInterferenceTests(Site):
    """Sites that differ in answers alone."""

    @pytest.mark.one_database
    def test_no_public_byte_depends_on_an_answer(self) -> None:
        self.blind()
        self.assertEqual(self.leaks(PAIRS), set(), f"seed {SEED}")

    def test_the_same_sites_differ_where_totals_are_shown(self) -> None:
        self.blind(Question.Reveal.ALWAYS)
        self.assertIn(self.post.get_absolute_url(), self.leaks(1))

    def test_nor_before_the_moment_from_which_all_see_them(self) -> None:
        self.blind(Question.Reveal.AFTER_CLOSE, closes_at=self.now + DAY)
        self.assertEqual(self.leaks(4), set())


class PlayedTests(Site):
    """The same with few acts, each as a reader would do it, and with the rounds of the worker."""

    def play(self, chance: random.Random) -> None:
        question = self.post.question
        keys = list(self.stances)
        at = self.now - 21 * DAY
        held: dict[int, str] = {}

        def drawn(person: User) -> Stance:
            held[person.pk] = chance.choice([key for key in keys if key != held.get(person.pk)])
            return self.stances[held[person.pk]]

        def answer(person: User, days: float) -> None:
            answer_question(
                reader=person, question=question, stance=drawn(person), now=at + days * DAY
            )

        for number, voter in enumerate(self.voters[:12]):
            answer(voter, number / 20)
        for voter in (*self.voters[:9], *self.voters[10:12]):
            for comment in self.comments[:2]:
                reactions.press(comment, by=voter, now=at + 1.2 * DAY)
        for voter in self.voters[:4]:
            was = self.stances[held[voter.pk]]
            credit = Credit(
                giver=voter,
                post=self.post,
                kind=ChangeKind.MOVED,
                words=WORDS,
                was=was,
                to=drawn(voter),
                comment=self.comments[0],
            )
            changes_of_mind.give(credit, now=at + 3 * DAY)
        answer(self.voters[0], 4)
        answer(self.comments[1].author, 4)
        answer_question(reader=self.voters[1], question=question, stance=None, now=at + 5 * DAY)
        reactions.take_back(self.comments[0], by=self.voters[2], now=at + 5 * DAY)
        reactions.settle_due()
        rank(self.post, at + 12 * DAY)
        # Two who exchange their answers leave a ranking as it was; other changes do not.
        one, other = (voter.pk for voter in self.voters[10:12])
        if held[one] != held[other] and chance.random() < 0.5:
            keys = [held[one], held[other]]
        for voter in self.voters[10:12]:
            answer(voter, 12)
        reactions.settle_due()
        rank(self.post, self.now)

    @pytest.mark.one_database
    def test_acts_and_rounds_tell_nothing_of_the_answers(self) -> None:
        self.blind()
        self.assertEqual(self.leaks(5), set())


class RevealTests(Site):
    """What a site shows that hides its answers, and what appears once it does not."""

    MARKS = ("Moved ", 'class="moved"', "The strongest case for", "Common ground", "data-tally")

    def setUp(self) -> None:
        super().setUp()
        self.blind()
        _Acts(self, random.Random(SEED)).play()
        self.url = self.post.get_absolute_url()

    def shown(self, client: Client | None = None) -> dict[str, bool]:
        """Return for each mark whether the page of the post has it."""
        text = re.sub(r"\s+", " ", (client or Client()).get(self.url).text)
        return {mark: mark in text for mark in self.MARKS}

    def assert_hidden(self) -> None:
        self.assertEqual(self.shown(), dict.fromkeys(self.MARKS, False))

    def assert_shown(self, client: Client | None = None) -> None:
        self.assertEqual(self.shown(client), dict.fromkeys(self.MARKS, True))

    def test_everything_appears_when_the_author_shows_them(self) -> None:
        self.assert_hidden()
        Question.objects.filter(post=self.post).update(reveal=Question.Reveal.ALWAYS)
        self.assert_shown()

    def test_everything_appears_at_the_moment_that_was_set(self) -> None:
        self.blind(Question.Reveal.AFTER_CLOSE, closes_at=self.now + timedelta(hours=1))
        self.assert_hidden()
        kept = store.slot(self.url).page
        assert kept is not None
        self.assertEqual(kept.kept.until, (self.now + timedelta(hours=1)).timestamp())
        self.now += timedelta(hours=1)
        self.forget()
        self.assert_shown()

    def test_readers_who_answered_see_everything_in_the_order_by_rank(self) -> None:
        self.assert_shown(client_of(self.voters[0]))
        asked = client_of(self.reader).get(f"{self.url}?totals=show").text
        self.assertIn("The strongest case for", asked)
        self.assertEqual(self.shown(client_of(self.moderator)), dict.fromkeys(self.MARKS, False))

    def test_a_mark_is_one_number_and_an_order_by_rank_is_that_of_time(self) -> None:
        loved = self.comments[0]
        number = sum(map(int, re.findall(r":(\d+)", self.fresh(loved).well_argued)))
        self.assertIn(f"Well argued: {number}</a>", Client().get(self.url).text)
        why = Client().get(reverse("comments:well-argued", args=[loved.pk])).text
        self.assertIn(f"{number} readers do.", why)
        self.assertIn("Comments are in the order in which they came.", why)
        self.assertNotIn("times as much as a typical", why)
        for sort in ("common", "balanced", "divisive"):
            page = Client().get(f"{self.url}?sort={sort}").text
            found = [int(pk) for pk in re.findall(r'data-comment-id="(\d+)" data-depth="0"', page)]
            self.assertEqual(found, sorted(found))

    def test_a_change_of_mind_does_not_say_from_where_to_where(self) -> None:
        addresses = [
            reverse("comments:post-changes", args=[self.post.slug]),
            reverse("comments:changes", args=[self.comments[0].pk]),
            self.voters[0].get_absolute_url(),
            self.comments[0].author.get_absolute_url(),
        ]
        for address in addresses:
            page = re.sub(r"\s+", " ", Client().get(address).text)
            self.assertIn("<span>My answer changed</span>", page)
            self.assertNotIn("<span>from", page)
        silent = Client().get(self.voters[-5].get_absolute_url()).text
        self.assertNotIn(str(self.post.question), silent)
        own = re.sub(r"\s+", " ", client_of(self.voters[0]).get(addresses[0]).text)
        self.assertIn("<span>from", own)

    def test_verdicts_of_the_readers_of_an_answer_are_hidden(self) -> None:
        address = reverse("comments:verdict", args=[self.steelman.pk])
        self.assertNotEqual(self.fresh(self.steelman).verdicts, "")
        page = Client().get(address).text
        self.assertNotRegex(page, r"of \d+ calls? it fair|Fewer than")
        self.assertIn("once you have answered", page)

    def fresh(self, comment: Comment) -> Comment:
        return Comment.objects.get(pk=comment.pk)
