"""Draw sites of the same comments, people, acts and times, which differ in answers alone."""

import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions.comments import Draft, post_comment
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
from comments.ranking.stored_columns import CountsByAnswer, VerdictCount
from comments.ranking.tasks import rank
from core.caching.pages import CachedPage
from core.caching.pages import store as pages
from posts.models import Part, Question, Stance
from tests.cast import Cast
from tests.factories import make_comment, make_series, make_user

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
# Routes whose pages take longer; `Site.slow` reads them.
SLOW = ("comments:post-changes", "comments:changes")
PERMISSIONS = Path(__file__).parents[1] / "data" / "permissions.json"
# Ids of rows that each site has anew: the same in all of them.
FIRST_ID = 10_000_000

Answers = dict[str, tuple[int, dict[str, str], bytes]]

# What a form has anew each time it is drawn, for every reader.
DRAWN_ANEW = re.compile(rb'name="(csrfmiddlewaretoken|form_key|drawn_for)" value="[^"]*"')


def public_pages(*kinds: str) -> list[str]:
    """Return the routes of comments on things of `kinds` that anybody may read, the slow ones not.

    They are those of the register of permissions, so that a new page is read here too.
    """
    rows = json.loads(PERMISSIONS.read_text())["rows"]
    found = {
        row["route"]
        for row in rows
        if (row["method"], row["anonymous"]) == ("GET", "A") and row["on"] in kinds
    }
    return sorted(route for route in found if route.startswith("comments:") and route not in SLOW)


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
        pages.clear()
        cache.clear()

    def quick(self) -> list[str]:
        """Return the public addresses whose pages take a few milliseconds."""
        url, slug = self.post.get_absolute_url(), self.post.slug
        found = [
            *(f"{url}?sort={sort.value}" for sort in Sort),
            f"{url}?stance=same",
            f"{url}?stance=same&sort=common",
            f"{url}?since=0",
            f"{url}?size=2",
            f"{url}?thread={self.comments[0].pk}",
            f"{url}?totals=show",
            f"{url}?after=r{int(self.now.timestamp() * 1_000_000)}-0",
            *(reverse(page, args=[slug]) for page in public_pages("post", "closed")),
            reverse("comments:verdict", args=[self.steelman.pk]),
            "/feeds/posts/",
            "/sitemap.xml",
        ]
        pages = public_pages("comment")
        return found + [reverse(page, args=[each.pk]) for each in self.comments for page in pages]

    def slow(self) -> list[str]:
        """Return the other public addresses."""
        writers = {comment.author for comment in self.comments}
        return [
            "/",
            "/archive/",
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
            body, headers = DRAWN_ANEW.sub(b"", answer.content), dict(answer.headers)
            if body != answer.content:  # and its ETag with it
                headers.pop("ETag", None)
            found[address] = answer.status_code, headers, body
        return found

    def play(self, chance: random.Random) -> None:
        """Let everybody do what they always do, with answers drawn by `chance`."""
        Acts(self, chance).play()

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


def store(rows: Sequence[Model], *columns: str) -> None:
    """Store columns of `rows` as they are: `bulk_update` costs ten times as much."""
    sets = ", ".join(f"{column} = %s" for column in columns)
    values = [[*(getattr(row, column) for column in columns), row.pk] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {rows[0]._meta.db_table} SET {sets} WHERE id = %s", values)


class Acts:
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
        presses, verdicts = list(self.presses()), list(self.verdicts())
        Reaction.objects.bulk_create(presses)
        SteelmanVerdict.objects.bulk_create(verdicts)
        self.store_figures(changes, presses, len(verdicts))
        rank(site.post, now)

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

    def store_figures(
        self, changes: list[ChangeOfMind], presses: list[Reaction], verdicts: int
    ) -> None:
        """Store what follows from the rows: counted here, a fifth of the time of the recounts.

        `FiguresTests` compares it with what the site counts.
        """
        now = {reader: records[-1].stance_id for reader, records in self.held.items()}
        answers = Counter(now.values())
        for stance in self.stances:
            stance.answer_count = answers[stance.pk]
        for comment in self.site.comments:
            pressed = Counter(row.stance_id or 0 for row in presses if row.comment == comment)
            moved = Counter(
                change.from_stance_id
                for change in changes
                if change.comment == comment
                and now[change.giver_id] not in {None, change.from_stance_id}
            )
            comment.well_argued = str(CountsByAnswer(pressed))
            comment.minds_moved = str(CountsByAnswer(moved))
            is_judged = comment == self.site.steelman
            comment.verdicts = str(VerdictCount(verdicts, verdicts)) if is_judged else ""
        store(self.stances, "answer_count")
        store(self.site.comments, "well_argued", "minds_moved", "verdicts")
