"""Test deliberation as its numbered acceptance tests state, through the views."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, ClassVar
from unittest.mock import patch

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.integrity import faults
from comments.models import Appraisal, Comment, Ranking, Reaction
from comments.ranking import tasks
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_user

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_ROOT = re.compile(r'data-comment-id="(\d+)" data-depth="0"')


class DeliberationCase(Cast):
    """Readers who send forms at times that the test sets, from a day after the article came out."""

    out_for = timedelta(days=61)

    def setUp(self) -> None:
        if not hasattr(self, "now"):
            self.begin()
        self.enterContext(patch("django.utils.timezone.now", lambda: self.now))

    def begin(self) -> None:
        """Begin two months ago."""
        self.now = timezone.now() - timedelta(days=60)

    def people(self, key: str, number: int, **fields: Any) -> list[User]:
        """Return readers who have given the answer `key` now."""
        joined: dict[str, Any] = {"joined_at": self.now - 90 * DAY, "is_demo": True, **fields}
        people = [make_user(**joined) for _number in range(number)]
        for person in people:
            self.send(person, "answer", stance=key, wish="answer")
        return people

    def send(self, person: User, name: str, *args: object, **data: object) -> None:
        """Send a form as `person`."""
        client = Client()
        client.force_login(person)
        answer = client.post(reverse(f"comments:{name}", args=args or [self.post.slug]), data)
        assert answer.status_code in {204, 302}, (name, answer.status_code)

    def comment(self, writer: User, key: str) -> Comment:
        """Return a thread that `writer` starts with the answer `key`."""
        self.send(writer, "answer", stance=key, body=f"A case for {key}.")
        return Comment.objects.latest("pk")

    def silent_comment(self, key: str) -> Comment:
        """Return a thread whose writer takes their answer back, and so counts on no side."""
        writer = make_user(is_demo=True, joined_at=self.now - 90 * DAY)
        written = self.comment(writer, key)
        self.send(writer, "withdrawal")
        return written

    def press(self, people: Sequence[User], comment: Comment) -> None:
        for person in people:
            self.send(person, "well-argued", comment.pk)

    def rank(self) -> None:
        """Rank an hour later."""
        self.now += HOUR
        self.post.refresh_from_db()
        tasks.rank(self.post, self.now)

    def page(self, query: str = "") -> str:
        return Client().get(f"{self.post.get_absolute_url()}{query}").text

    def order(self, query: str = "") -> list[int]:
        """Return the ids of the threads on a page."""
        return [int(pk) for pk in _ROOT.findall(self.page(query))]

    def card(self, comment: Comment, query: str = "") -> str:
        """Return the HTML of one comment."""
        html = self.page(query)
        start = html.index(f'id="comment-{comment.pk}"')
        return html[start : html.index("</article>", start)]

    def desk(self) -> str:
        client = Client()
        client.force_login(self.moderator)
        return client.get(reverse("comments:moderation")).text

    def why(self, comment: Comment) -> str:
        return Client().get(reverse("comments:well-argued", args=[comment.pk])).text


class WorkedExampleTests(DeliberationCase):
    """40 readers answer Different, 12 Same, 8 Overlap, with the reactions of the worked example."""

    PRESSED: ClassVar = {"A": (30, 1, 1), "B": (16, 6, 5), "C": (3, 9, 1), "G": (8, 2, 1)}
    TAGS: ClassVar = {"A": "different", "B": "overlap", "C": "same", "G": "different"}
    # Reactions to other comments, which make the usual rates 0.30, 0.20 and 0.25.
    OTHERS = ((12, 12, 11, 11, 11, 11, 11, 11), (2, 2, 2, 1, 1, 1, 1, 1), (3, 3, 2, 2, 2, 2, 2, 2))
    LIFTS: ClassVar = {"B": "1.8", "E": "1.2", "F": "1.0", "A": "1.0", "C": "0.9", "G": "0.7"}

    comments: dict[str, Comment]
    now: datetime

    @classmethod
    def setUpTestData(cls) -> None:
        """Let everything happen once for all tests."""
        super().setUpTestData()
        playing = cls()
        playing.begin()
        with patch("django.utils.timezone.now", lambda: playing.now):
            cls.comments = playing.play()
        cls.now = playing.now

    def play(self) -> dict[str, Comment]:
        """Let the readers answer, write and press; return the comments by name."""
        sides = [self.people(*side) for side in (("different", 40), ("same", 12), ("overlap", 8))]
        self.now += DAY
        comments = {name: self.silent_comment(tag) for name, tag in self.TAGS.items()}
        others = [self.silent_comment("same") for _other in self.OTHERS[0]]
        self.now += 2 * DAY
        named = list(comments.values())
        presses = [list(self.presses(side, named, others)) for side in enumerate(sides)]
        for each in (presses[0][:-2], *presses[1:]):
            for person, comment in each:
                self.press([person], comment)
        self.now += HOUR
        comments["E"] = self.silent_comment("same")
        self.now += HOUR
        self.press([sides[0][0], sides[1][0]], comments["E"])
        for person, comment in presses[0][-2:]:
            assert person != sides[0][0]
            self.press([person], comment)
        self.now += HOUR
        comments["F"] = self.silent_comment("overlap")
        self.now += 2 * DAY
        self.rank()
        return comments

    def presses(
        self, side: tuple[int, list[User]], named: list[Comment], others: list[Comment]
    ) -> Iterator[tuple[User, Comment]]:
        """Yield who of one side presses what; the work is shared out evenly."""
        number, people = side
        turns = cycle(people)
        for comment, counts in zip(named, self.PRESSED.values(), strict=True):
            for _press in range(counts[number]):
                yield next(turns), comment
        for comment, count in zip(others, self.OTHERS[number], strict=True):
            for _press in range(count):
                yield next(turns), comment

    def test_4_well_argued_tallied_by_the_reader_s_answer(self) -> None:
        card = self.card(self.comments["B"])
        self.assertIn("Well argued <b>27</b></a>", card)
        self.assertNotIn(" of ", re.sub("<[^>]*>", "", card.partition("<footer>")[2]))
        address = reverse("comments:well-argued-split", args=[self.comments["B"].pk])
        shown = re.findall(r"<b>(\d+)</b> of (\d+)", Client().get(address).text)
        self.assertEqual(shown, [("16", "40"), ("6", "12"), ("5", "8")])

    def test_5_bridge_lift_and_gated_badge(self) -> None:
        for name, lift in self.LIFTS.items():
            # F is as nobody has read it, and has no table.
            told = f">{lift}</td></tr></tfoot>" if name != "F" else "has read it yet"
            self.assertIn(told, self.why(self.comments[name]), name)
        letters = {comment.pk: name for name, comment in self.comments.items()}
        order = "".join(letters.get(pk, "") for pk in self.order("?sort=common"))
        self.assertEqual(order, "BEFACG")
        page = self.page("?sort=common")
        self.assertNotIn("Respected across answers", page)
        divisive = [self.comments[name].pk for name in "CA"]
        self.assertEqual(self.order("?sort=divisive")[:2], divisive)
        self.assertIn(
            "1.8 times as often as usual; readers who answer Same and Overlap marked it more than "
            "usual.",
            self.why(self.comments["B"]),
        )
        self.assertEqual(list(faults()), [])

    def test_5_the_badge_takes_evidence_and_no_time(self) -> None:
        bridge = self.comments["B"]
        same = Reaction.objects.filter(stance=self.stances["same"])
        pressed = same.filter(comment=bridge).values("reader")
        others = User.objects.filter(pk__in=same.exclude(reader__in=pressed).values("reader"))
        self.press(list(others[:4]), bridge)
        self.rank()
        self.assertEqual(Appraisal.objects.get(has_badge=True).comment, bridge)
        page = self.page("?sort=common")
        self.assertEqual(page.count("Respected across answers"), 1)
        marks = self.card(bridge, "?sort=common").partition('<p class="marks">')[2]
        self.assertIn("Respected across answers", marks)
        self.assertNotIn("#g-", marks, "its sign is the shape of no answer")
        why = self.why(bridge)
        self.assertIn("Its badge, “Respected across answers”, says: readers of other", why)
        self.assertRegex(why, r"is at least \d+ times as likely as “as usual”")
        self.assertEqual(list(faults()), [])

    def test_5_a_place_and_the_order_it_is_in_are_explained(self) -> None:
        places = {pk: number for number, pk in enumerate(self.order(), start=1)}
        for name, comment in self.comments.items():
            why, number = self.why(comment), places[comment.pk]
            self.assertIn(f"It is number {number} of {len(places)} threads", why, name)
            self.assertEqual(why.count(f"<b>This comment is number {number}.</b>"), 1, name)
            # A place that is drawn by lot depends on no figure; of these, only E, F and G may be.
            if name in self.TAGS and name != "G":
                self.assertEqual(why.count("decides this place"), 1, name)
        low = self.why(self.comments["C"])
        self.assertRegex(low, r"0\.9 times .* That is less than usual, but readers who answer Same")
        self.assertIn('<th scope="row">1 to 3</th>', low)
        way = "can stand above a larger one. Press the number to see why."
        for query, shown in (
            ("", 1),
            ("?sort=newest", 0),
            ("?sort=common", 0),
            ("?stance=same", 0),
        ):
            self.assertEqual(self.page(query).count(way), shown, query)

    def test_6_settled_reader_guard(self) -> None:
        attacked = self.comments["A"]
        socks = [
            *self.people("same", 6, joined_at=self.now),
            *self.people("overlap", 4, joined_at=self.now),
        ]
        self.press(socks, attacked)
        self.rank()
        for name in ("A", "B"):
            why = self.why(self.comments[name])
            self.assertIn(f">{self.LIFTS[name]}</td></tr></tfoot>", why)
            table = re.sub(r'="[^"]*"', "", why[why.index("<thead") : why.index("</tfoot>")])
            self.assertEqual(re.findall(r"\d\.\d\d", table), [], "one precision")
            self.assertIn("<span>¼ times</span> <span>as usual</span> <span>4 times</span>", why)
        self.assertNotIn("Respected across answers", self.card(attacked, "?sort=common"))
        self.assertNotIn("Unusual praise", self.desk())
        self.now += timedelta(hours=73)
        self.assertIn(self.post, tasks.due(self.now))
        self.rank()
        self.assertGreater(Appraisal.objects.get(comment=attacked).lift, 1.5)
        self.assertNotIn("Respected across answers", self.card(attacked, "?sort=common"))
        self.assertIn("Unusual praise", self.desk())


class SteelmanTests(DeliberationCase):
    """A steelman, judged by readers who hold the answer."""

    BAR: ClassVar = 'data-stance="{}" data-colour="{}" data-count="{}"'

    def setUp(self) -> None:
        super().setUp()
        self.holders = self.people("same", 6)
        self.writer, *self.others = self.people("different", 5)
        self.send(self.writer, "answer", stance="different", argues_for="same", body="One job.")
        self.steelman = Comment.objects.latest("pk")

    def judge(self, *said: str) -> None:
        for person, each in zip(self.holders, said, strict=False):
            self.send(person, "verdict", self.steelman.pk, is_fair=each)

    def page_of(self, person: User, url: str) -> str:
        client = Client()
        client.force_login(person)
        return client.get(url).text

    def test_10_a_steelman_never_counts_in_the_bar_of_the_answer_it_argues_for(self) -> None:
        page = self.page()
        self.assertIn(self.BAR.format("same", "orange", 6), page)
        self.assertIn(self.BAR.format("different", "blue", 5), page)
        card = self.card(self.steelman)
        self.assertIn('data-stance="different"', card)
        self.assertIn("The best reason for <b>Same</b>, by somebody who answers Different", card)
        figures = Client().get(reverse("comments:stances-json", args=[self.post.slug])).json()
        answers = {row["key"]: row["answers"] for row in figures["stances"]}
        self.assertEqual(answers, {"different": 5, "same": 6, "overlap": 0})
        self.assertEqual(figures["changes"], 0)

    def test_10_only_those_who_hold_the_answer_get_the_buttons(self) -> None:
        url = reverse("comments:verdict", args=[self.steelman.pk])
        post = self.post.get_absolute_url()
        overlap = self.people("overlap", 1)
        for person in self.holders:
            self.assertIn("Is it fair?", self.page_of(person, post))
            self.assertEqual(self.page_of(person, url).count('name="is_fair"'), 2)
        for person in (self.writer, *self.others, *overlap, self.reader, self.moderator):
            self.assertNotIn("Is it fair?", self.page_of(person, post))
            self.assertNotIn('name="is_fair"', self.page_of(person, url))
        self.assertNotIn("Is it fair?", self.page())
        self.assertNotIn('name="is_fair"', Client().get(url).text)

    def test_10_fair_shows_from_five_judges_who_are_sure_enough(self) -> None:
        fair = "Fair, say readers who answer Same:"
        self.judge(*["yes"] * 4)
        self.assertNotIn(fair, self.card(self.steelman))
        self.judge("yes", "yes", "yes", "no", "no")
        self.assertNotIn(fair, self.card(self.steelman))
        self.judge("yes", "yes", "yes", "yes", "no")
        self.assertIn(f"{fair} 4 of 5", self.card(self.steelman))
        self.judge("yes", "yes", "yes", "yes", "no", "yes")
        self.assertIn(f"{fair} 5 of 6", self.card(self.steelman))
        self.assertEqual(list(faults()), [])


class ThirdAnswerTests(DeliberationCase):
    """Overlap is an answer like the others, and no answer is a default."""

    def test_3_no_answer_is_chosen_for_anybody(self) -> None:
        reader = make_user(is_demo=True)
        client = Client()
        client.force_login(reader)
        address = reverse("comments:answer", args=[self.post.slug])
        for page in (client.get(self.post.get_absolute_url()), client.get(address)):
            radios = re.findall(r'<input[^>]*name="stance"[^>]*>', page.text)
            self.assertEqual(len(radios), 3)
            self.assertFalse([radio for radio in radios if "checked" in radio])
        for wish in ("post", "answer"):
            refused = client.post(address, {"body": "Words without a stance.", "wish": wish})
            self.assertContains(refused, "None is chosen for you.", status_code=422)
        self.assertFalse(Comment.objects.filter(author=reader).exists())
        self.assertFalse(reader.stance_records.exists())

    def test_3_the_third_answer_has_all_that_the_others_have(self) -> None:
        sides = (("different", 9), ("same", 8), ("overlap", 7))
        people = {key: self.people(key, number) for key, number in sides}
        self.now += DAY
        comments = {
            key: self.silent_comment(key) for key in ("different", "same", "overlap", "same") * 2
        }
        for key, readers in people.items():
            self.press(readers[:5], comments[key])
        self.now += 2 * DAY
        self.rank()
        page, first = self.page(), set(self.order()[:5])
        stances = Client().get(reverse("comments:stances", args=[self.post.slug])).text
        for key, stance in self.stances.items():
            with self.subTest(key):
                card = self.card(comments[key], f"?stance={key}")
                self.assertIn(f'data-stance="{key}"', card)
                self.assertIn(f'href="#g-{stance.shape}"', card)
                self.assertIn(f">{stance.word}<", card)
                self.assertIn(f"?stance={key}#discussion", page)
                self.assertIn(f"Of the threads for {stance.word}, this", self.why(comments[key]))
                self.assertRegex(page, f'<li data-stance="{key}"[^>]* data-count="\\d+"')
                self.assertIn(f'<rect data-colour="{stance.colour}"', page)
                self.assertTrue(first & {c.pk for c in Comment.objects.filter(stance=stance)})
                self.assertIn(f"{stance.word}</h3>", stances)


class FirstScreenTests(DeliberationCase):
    """The first screen."""

    def test_7_balanced_opening(self) -> None:
        for _comment in range(30):
            self.silent_comment("different")
        same = [self.silent_comment("same") for _comment in range(2)]
        self.rank()
        first = self.order()[:5]
        self.assertTrue({comment.pk for comment in same} & set(first))
        overlap = self.silent_comment("overlap")
        self.rank()
        first = self.order()[:5]
        self.assertTrue({comment.pk for comment in same} & set(first))
        self.assertIn(overlap.pk, first)
        self.assertIn("because each answer has one thread at the top.", self.why(overlap))

    def test_7_no_large_group_is_left_unserved(self) -> None:
        comments = [self.silent_comment("different") for _comment in range(12)]
        groups = [self.people("different", 4) for _group in range(4)]
        for group, comment in zip(groups, comments[-4:], strict=True):
            self.press(group, comment)
        self.now += 4 * DAY
        self.rank()
        first = set(self.order()[:5])
        self.assertLessEqual({comment.pk for comment in comments[-4:]}, first)

    def test_the_order_stays_while_one_reads_on_and_misses_nothing(self) -> None:
        people = self.people("same", 6)
        comments = [self.silent_comment(key) for key in ("different", "same", "overlap") * 15]
        self.now += 4 * DAY
        self.rank()
        self.now += 3 * HOUR  # an order may be cached for long, and replaced just after it was read
        first = self.page()
        following = re.search(r'href="[^"]*\?(after=[^"#]+)#discussion">More comments', first)
        assert following is not None
        self.press(people, comments[-1])
        # The comment with few readers is chosen at random each time, and may be the same.
        before, minutes = Ranking.objects.first(), iter(range(10, 60))
        while tasks.rank(self.post, self.now + timedelta(minutes=next(minutes))) == before:
            """Draw again."""
        seen = [int(pk) for pk in re.findall(r'data-comment-id="(\d+)"', first)]
        query = f"?{following[1]}"
        while query:
            page = self.page(query)
            seen += [int(pk) for pk in re.findall(r'data-comment-id="(\d+)"', page)]
            more = re.search(r'href="[^"]*\?(after=[^"#]+)#discussion">More comments', page)
            query = f"?{more[1]}" if more else ""
        self.assertEqual(sorted(seen), sorted(comment.pk for comment in comments))

    def test_a_cursor_goes_on_in_its_own_order_when_the_usual_one_changes(self) -> None:
        comments = [self.silent_comment(key) for key in ("different", "same") * 15]
        more = re.compile(r'href="[^"]*\?(after=[^"#]+)#discussion">More comments')
        by_time = more.search(self.page())
        assert by_time is not None
        rest = self.order(f"?{by_time[1]}")
        self.rank()
        self.assertEqual(self.order(f"?{by_time[1]}"), rest)
        by_rank = more.search(self.page())
        assert by_rank is not None
        rest = self.order(f"?{by_rank[1]}")
        self.assertEqual(len(rest), len(comments) - 20)
        Post.objects.update(front="")
        self.assertEqual(self.order(f"?{by_rank[1]}"), rest)

    def test_what_arrives_between_rankings_is_there_at_once(self) -> None:
        for key in ("different", "same") * 4:
            self.silent_comment(key)
        self.rank()
        new = self.silent_comment("same")
        self.assertIn(new.pk, self.order())
        self.assertIn(new.pk, self.order("?sort=common"))
