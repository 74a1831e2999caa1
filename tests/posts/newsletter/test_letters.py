"""Test the mail of an article: as its author chose, with the words of the time of sending."""

import re
from typing import Any
from unittest.mock import patch

from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from notifications.deliverability import pausing
from notifications.mailing import health
from notifications.mailing.models import Outgoing
from notifications.models import Notification
from posts.actions import publish, save_draft, unpublish
from posts.models import Part, Post, Question
from posts.newsletter import letters
from publication.mail.layout import lay_out
from publication.models import SiteProfile
from tests.factories import make_question, make_series
from tests.notifications.following.test_issues import LATER, Issues
from tests.notifications.mailing.mailbox import headers_of, html_of

LONG = (
    "\n\n".join(f"Paragraph {n}. {'word ' * 60}" for n in range(6))
    + "\n\nThe very end.[^1]\n\n[^1]: N."
)


class Letters(Issues):
    """A long article that asks a question."""

    def setUp(self) -> None:
        super().setUp()
        self.revise("Kept at last", LONG)
        make_question(self.draft)
        self.follow(self.reader, "series")
        self.mine = self.write(self.reader, body="In a team of four nobody is two people.")

    def revise(self, title: str, body: str) -> None:
        save_draft(self.draft, by=self.author, title=title, body=body, standfirst="Short & good.")
        self.draft.refresh_from_db()

    def mailed_as(self, way: str) -> None:
        Post.objects.filter(pk=self.draft.pk).update(mailed_as=way)
        self.draft.refresh_from_db()

    def both(self, message: Any) -> tuple[str, str]:
        return message.body, html_of(message)


class ShapeTests(Letters):
    """Whole, its beginning, or nothing."""

    def test_by_default_its_beginning_with_a_link_to_read_on(self) -> None:
        [message] = self.publish()
        assert message.subject == "Kept at last"
        for said in self.both(message):
            assert "Paragraph 2." in said
            assert "Paragraph 3." not in said
            assert "The very end" not in said
            assert "Read on" in said
            assert f"http://testserver{self.draft.get_absolute_url()}" in said

    def test_the_whole_article(self) -> None:
        self.mailed_as("whole")
        [message] = self.publish()
        for said in self.both(message):
            assert "The very end." in said
            assert "Read on" not in said

    def test_without_e_mail_the_inbox_alone_says_it(self) -> None:
        self.mailed_as("none")
        self.address("pat@example.org", "site")
        assert self.publish() == []
        assert not Outgoing.objects.exists()
        assert Notification.objects.get(recipient=self.reader).kind == "next_part"

    def test_the_database_knows_no_other_choice(self) -> None:
        with self.assertRaises(IntegrityError), transaction.atomic():
            Post.objects.filter(pk=self.draft.pk).update(mailed_as="half")

    def test_the_question_and_each_answer_is_a_link_that_chooses_it(self) -> None:
        [message] = self.publish()
        question = Question.objects.get(post=self.draft)
        for said in self.both(message):
            assert str(question) in said
            for stance in question.offered:
                url = f"http://testserver/posts/{self.draft.slug}/answer/?stance={stance.key}"
                assert url in said
                assert stance.word in said
        answer = self.client.get(f"/posts/{self.draft.slug}/answer/?stance=same").text
        assert 'value="same"' in answer
        assert len(re.findall(r"<input\b[^>]* checked", answer)) == 1

    def test_an_article_that_asks_nothing(self) -> None:
        Question.objects.filter(post=self.draft).update(version=None)
        [message] = self.publish()
        for said in self.both(message):
            assert "Choose an answer" not in said

    def test_nothing_is_loaded_and_no_script_runs(self) -> None:
        self.revise("<script>1</script>", f"![A chart](/media/{'0' * 64}.png) <script>x</script>")
        [message] = self.publish()
        # Within the value of an attribute the sign opens nothing.
        html = html_of(message).replace('aria-label="<script>1</script>"', "")
        for wrong in ("<script", "<img", "url(", "@import", " src="):
            assert wrong not in html
        assert "Picture: A chart" in html
        assert "&lt;script&gt;1" in html
        assert message.subject == "<script>1</script>"

    def test_no_link_of_the_author_takes_a_receivers_own_links_along(self) -> None:
        # Such a number is what programs put in the place of words that differ, as once here.
        numbers = [f"7040910{place:02d}5030806" for place in range(len(letters._SLOTS))]
        links = " ".join(f"[x](https://example.org/?{each}) {each}" for each in numbers)
        self.revise("Kept at last", links)
        self.address("pat@mail.example", "site")
        for message in self.publish():
            for said in self.both(message):
                for number in numbers:
                    assert f"https://example.org/?{number}" in said
                assert "example.org/?http" not in said

    def test_a_title_is_one_line_of_the_headers(self) -> None:
        self.revise("One\u2028Bcc: x@example.org", "Words.")
        [message] = self.publish()
        headers = headers_of(message)
        assert headers["Bcc"] is None
        assert headers["Subject"] == "One Bcc: x@example.org"

    def test_headers_of_a_list(self) -> None:
        [message] = self.publish()
        headers = headers_of(message)
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["Precedence"] is None
        assert f"<post-{self.draft.pk}@testserver>" in headers["References"]


class FootTests(Letters):
    """Why it comes, and the link that ends that."""

    def test_each_reason_is_named_with_the_words_that_end_it(self) -> None:
        for name in self.scopes:
            self.address(f"{name}@mail.example", name)
        found = {each.to[0]: each for each in self.publish()}
        for name, reason, stop in (
            ("promise", "a promise you follow is kept: “More”", "Stop following this promise"),
            ("series", "the series “Managing”", "Stop following this series"),
            ("author", "because you follow ada", "Stop following this author"),
            ("site", "every new article in Counterpoint", "Stop following every new article"),
        ):
            with self.subTest(name):
                for said in self.both(found[f"{name}@mail.example"]):
                    assert reason in said
                    assert stop in said
                    assert "Once a day" not in said

    def test_of_two_authors_the_one_who_is_followed_is_named(self) -> None:
        self.draft.authorships.create(user=self.other_author, position=1)
        self.address("pat@example.org", "author")
        self.scopes["author"] = self.other_author.pk
        self.address("kim@example.org", "author")
        found = {each.to[0]: each.body for each in self.publish()}
        assert "because you follow ada." in found["pat@example.org"]
        assert "because you follow otto." in found["kim@example.org"]

    def test_what_is_followed_is_named_though_the_article_was_moved_before_sending(self) -> None:
        self.address("pat@mail.example", "series")
        self.address("kim@mail.example", "author")
        Part.objects.create(series=self.series, position=1, title="One", post=self.post)
        self.only_freeze()
        other = make_series(self.author, title="Leading")
        Part.objects.filter(post=self.draft).update(series=other)
        self.draft.authorships.update(user=self.other_author)
        for place in ({"post": self.draft}, {"post": None, "title": "Two"}):
            Part.objects.filter(series=other).update(**place)
            Outgoing.objects.update(
                state="waiting", mail=None, done_at=None, way="", due_at=self.now
            )
            found = {each.to[0]: each.body for each in self.at(self.now + LATER)}
            assert "because you follow the series “Managing”." in found["pat@mail.example"]
            assert "because you follow ada." in found["kim@mail.example"]

    def test_what_readers_can_no_longer_see_is_not_named(self) -> None:
        self.address("pat@mail.example", "series")
        self.only_freeze()
        Part.objects.filter(post=self.draft).update(series=make_series(self.author))
        found = {each.to[0]: each for each in self.at(self.now + LATER)}
        for said in self.both(found["pat@mail.example"]):
            assert "“Managing”" not in said
            assert "because of what you follow in Counterpoint." in said
            assert "Stop following it" in said

    def test_a_person_may_have_them_once_a_day(self) -> None:
        [message] = self.publish()
        assert "Once a day instead" in message.body
        link = message.body.partition("Once a day instead: http://testserver")[2].split()[0]
        assert self.client.post(link.partition("?")[0], {"way": "daily"}).status_code == 200
        assert self.reader.mail_choices.get().scope == "group:followed"


class TimeTests(Letters):
    """What counts is what the article is when its mail is sent."""

    def test_a_correction_before_sending_is_sent(self) -> None:
        self.only_freeze()
        self.revise("A better title", "Better words.")
        publish(self.draft, by=self.author)
        [message] = self.at(self.now + LATER)
        assert message.subject == "A better title"
        assert "Better words." in message.body

    def test_a_correction_after_the_first_is_in_the_second(self) -> None:
        self.follow(self.stranger, "series")
        self.publish()
        Outgoing.objects.filter(person=self.stranger).update(
            state="waiting", mail=None, done_at=None, way="", due_at=self.now
        )
        self.revise("A better title", "Better words.")
        publish(self.draft, by=self.author)
        [message] = self.at(self.now + LATER)
        assert message.subject == "A better title"

    def test_the_name_of_the_site_is_that_of_now(self) -> None:
        self.follow(self.stranger, "series")
        self.publish()
        Outgoing.objects.filter(person=self.stranger).update(
            state="waiting", mail=None, done_at=None, way="", due_at=self.now
        )
        SiteProfile.objects.create(number=1, name="The Quarterly")
        [message] = self.at(self.now + LATER)
        for said in self.both(message):
            assert "The Quarterly" in said

    def test_taken_back_between_two_mails_the_second_is_not_sent(self) -> None:
        self.follow(self.stranger, "series")
        self.only_freeze()
        unpublish(self.draft, by=self.author)
        assert self.at(self.now + LATER) == []
        assert set(Outgoing.objects.values_list("reason", flat=True)) == {"gone"}

    def test_many_receivers_cost_one_rendering(self) -> None:
        for number in range(8):
            self.address(f"a{number}@mail.example", "series")
        letters.forget()
        with patch.object(letters, "lay_out", wraps=lay_out) as made:
            assert len(self.publish()) == 9
        assert made.call_count == 2

    def test_a_mail_costs_the_same_queries_whatever_the_number(self) -> None:
        def cost(number: int) -> float:
            Outgoing.objects.all().delete()
            Notification.objects.all().delete()
            for each in range(number):
                self.address(f"{number}-{each}@mail.example", "site")
            other = self.new_draft(f"Number {number}")
            publish(other, by=self.author, now=self.now)
            with CaptureQueriesContext(connection) as asked:
                sent = len(self.begin())
            return len(asked) / sent

        cost(2)
        few = cost(10)
        assert cost(30) <= few


class PausingTests(Letters):
    """While sending of articles is paused, they wait, and other mail does not."""

    def test_they_wait_and_go_on_afterwards(self) -> None:
        with patch.object(pausing, "articles_are_paused", return_value=True):
            assert self.publish() == []
            assert Outgoing.objects.get().state == "waiting"
            assert not health.report(self.now + 9 * LATER).due
        [message] = self.at(self.now + 2 * LATER)
        assert message.subject == "Kept at last"

    def test_what_was_planned_before_the_pause_waits_too(self) -> None:
        self.only_freeze()
        with patch("notifications.mailing.sending._send_ready", return_value=0):
            self.at(self.now + LATER)
        assert Outgoing.objects.get().state == "ready"
        with patch.object(pausing, "articles_are_paused", return_value=True):
            assert self.at(self.now + LATER) == []
        assert len(self.at(self.now + LATER)) == 1

    def test_replies_go_on(self) -> None:
        with patch.object(pausing, "articles_are_paused", return_value=True):
            self.publish()
            self.reply()
            assert len(self.at(self.now + 3 * LATER)) == 1
