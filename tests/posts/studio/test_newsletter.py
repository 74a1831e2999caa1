"""Test the e-mail of an article in the studio: the choice, its preview, the numbers, and a test."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.core import mail as mails
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import limits
from notifications.following.actions import follow
from notifications.kinds import Way
from notifications.mailing import ways
from notifications.mailing.models import Outgoing, StoppedAddress
from notifications.models import Subscription
from notifications.targets import Key
from posts.actions import publish, save_draft, unpublish
from posts.actions.announcements import tell_due
from posts.models import Post
from posts.newsletter.audience import reach_of
from tests.cast import Cast
from tests.factories import make_post, make_question, make_user
from tests.notifications.mailing.mailbox import html_of, run_worker
from tests.reauthenticated import client_of

from .forms import fields_of

LATER = timedelta(minutes=11)


class Newsletters(Cast):
    """An author's draft, with a question."""

    def setUp(self) -> None:
        self.draft = save_draft(None, by=self.author, title="To be sent", body="Some words. " * 9)
        make_question(self.draft)
        self.sign_in(self.author)

    def url(self, name: str = "studio-newsletter") -> str:
        return reverse(f"posts:{name}", args=[self.draft.pk])

    def followers(self, number: int, target: str = "site", key: int = 1) -> list[User]:
        people = [make_user() for _ in range(number)]
        for person in people:
            follow(person, target, Key(key))
        return people

    def address(self, address: str, target: str = "site", key: int = 1) -> None:
        Subscription.objects.create(
            address=address, target=target, target_id=key, confirmed_at=timezone.now()
        )

    def send(self) -> None:
        now = timezone.now()
        publish(self.draft, by=self.author, now=now)
        tell_due(now + LATER)
        run_worker()
        run_worker()


class PublishedTests(Newsletters):
    """Once an article is published, its author reads when it goes out and how to stop it."""

    def publish(self) -> str:
        shown = self.draft.newest_revision
        assert shown is not None
        url = reverse("posts:studio-publication", args=[self.draft.pk])
        return self.client.post(url, {"revision": shown.number}, follow=True).text

    def test_followers_are_named_with_the_time_that_is_left(self) -> None:
        self.followers(1)
        assert "Followers get it by e-mail in 10 minutes." in self.publish()

    def test_a_single_minute(self) -> None:
        self.followers(1)
        self.enterContext(patch.object(limits, "TELL_AFTER", 20))
        assert "by e-mail in 1 minute." in self.publish()

    def test_without_followers_nothing_is_said(self) -> None:
        page = self.publish()
        assert "Published." in page
        assert "Followers get it" not in page

    def test_nor_where_none_is_sent(self) -> None:
        self.followers(1)
        Post.objects.update(mailed_as="none")
        assert "Followers get it" not in self.publish()

    def test_nor_the_second_time(self) -> None:
        self.followers(1)
        self.send()
        unpublish(self.draft, by=self.author)
        assert "Followers get it" not in self.publish()


class ChoiceTests(Newsletters):
    """What is sent is chosen where the article is written."""

    def save(self, **changes: Any) -> Any:
        url = reverse("posts:studio-post", args=[self.draft.pk])
        form = fields_of(self.client, url, holding="title")
        return self.client.post(url, form | {"act": "save"} | changes)

    def test_it_is_the_beginning_until_another_is_chosen(self) -> None:
        assert self.draft.mailed_as == "beginning"
        for way in ("whole", "none", "beginning"):
            assert self.save(mailed_as=way).status_code == 302
            self.draft.refresh_from_db()
            assert self.draft.mailed_as == way

    def test_a_new_article_has_the_choice(self) -> None:
        url = reverse("posts:studio-post-create")
        form = fields_of(self.client, url, holding="title")
        assert form["mailed_as"] == "beginning"
        form |= {"act": "save", "title": "New", "body": "Words.", "mailed_as": "none"}
        assert self.client.post(url, form).status_code == 302
        assert Post.objects.latest("pk").mailed_as == "none"

    def test_a_form_without_it_leaves_it_as_it_is(self) -> None:
        self.save(mailed_as="whole")
        url = reverse("posts:studio-post", args=[self.draft.pk])
        form = fields_of(self.client, url, holding="title")
        del form["mailed_as"]
        self.client.post(url, form | {"act": "save"})
        self.draft.refresh_from_db()
        assert self.draft.mailed_as == "whole"

    def test_nonsense_is_refused_and_what_was_typed_stays(self) -> None:
        answer = self.save(mailed_as="half", title="Typed anew")
        assert answer.status_code == 422
        self.assertContains(answer, "Typed anew", status_code=422)
        self.draft.refresh_from_db()
        assert self.draft.mailed_as == "beginning"
        assert self.draft.title == "To be sent"

    def test_once_it_is_sent_the_choice_is_over(self) -> None:
        self.followers(1)
        self.send()
        url = reverse("posts:studio-post", args=[self.draft.pk])
        self.assertNotContains(self.client.get(url), 'name="mailed_as"')
        assert self.save(mailed_as="none").status_code == 302
        self.draft.refresh_from_db()
        assert self.draft.mailed_as == "beginning"

    def test_sending_that_began_while_the_form_was_open_refuses_the_choice(self) -> None:
        url = reverse("posts:studio-post", args=[self.draft.pk])
        publish(self.draft, by=self.author)
        form = fields_of(self.client, url, holding="title")
        tell_due(timezone.now() + LATER)
        answer = self.client.post(url, form | {"act": "save", "mailed_as": "whole", "body": "New."})
        self.draft.refresh_from_db()
        assert self.draft.mailed_as == "beginning"
        assert answer.status_code == 302

    def test_published_without_e_mail_sends_none(self) -> None:
        self.followers(6)
        self.save(mailed_as="none")
        self.draft.refresh_from_db()
        self.send()
        assert not Outgoing.objects.exists()


class NumberTests(Newsletters):
    """How many will get it, and how far sending is."""

    def said(self) -> str:
        pages = [
            self.client.get(self.url()).text,
            self.client.get(reverse("posts:studio-post", args=[self.draft.pk])).text,
        ]
        sentences = [" ".join(page.split()) for page in pages]
        for sentence in (
            "Nobody will get it by e-mail: it has no followers yet.",
            "Nobody will get it by e-mail, as you chose.",
            "Fewer than 5 people will get it by e-mail.",
            "people will get it by e-mail.",
            "It is being sent by e-mail to fewer than 5 people.",
            "It was sent by e-mail to fewer than 5 people.",
            "It is being sent by e-mail:",
            "It was sent by e-mail to",
            "No e-mail was sent about this article.",
        ):
            if all(sentence in each for each in sentences):
                before = sentences[0].partition(sentence)[0].rpartition(">")[2]
                after = sentences[0].partition(sentence)[2].partition("</p>")[0]
                return f"{before}{sentence}{after}".strip()
        return ""

    def test_before_it_is_published(self) -> None:
        assert self.said() == "Nobody will get it by e-mail: it has no followers yet."
        self.followers(1)
        assert self.said() == "Fewer than 5 people will get it by e-mail."
        self.address("pat@example.org")
        self.followers(2, "author", self.author.pk)
        assert self.said() == "Fewer than 5 people will get it by e-mail."
        self.address("kim@example.org", "author", self.author.pk)
        assert self.said() == "5 people will get it by e-mail."
        self.followers(7)
        assert self.said() == "12 people will get it by e-mail."

    def test_nobody_is_counted_twice_or_who_gets_none(self) -> None:
        people = self.followers(9)
        for person in people:
            follow(person, "author", Key(self.author.pk))
        follow(self.author, "site", Key(1))
        self.address("pat@example.org")
        self.address("pat@example.org", "author", self.author.pk)
        assert self.said() == "10 people will get it by e-mail."
        ways.choose(people[0], "group:followed", Way.NONE)
        StoppedAddress.objects.create(address=people[1].email or "")
        StoppedAddress.objects.create(address="pat@example.org")
        User.objects.filter(pk=people[2].pk).update(banned_at=timezone.now())
        people[3].emailaddress_set.update(verified=False)  # type: ignore[attr-defined]
        Subscription.objects.of(people[4]).update(ended_at=timezone.now())
        assert self.said() == "Fewer than 5 people will get it by e-mail."
        Subscription.objects.of(people[4]).update(ended_at=None)
        assert self.said() == "5 people will get it by e-mail."

    def test_what_was_expected_is_what_is_sent(self) -> None:
        self.followers(6)
        self.address("pat@example.org")
        expected = reach_of(self.draft).expected
        self.send()
        assert reach_of(self.draft).sent == expected == 7
        assert self.said() == "It was sent by e-mail to 7 people."

    def test_while_it_is_sent(self) -> None:
        self.followers(6)
        self.send()
        some = Outgoing.objects.order_by("pk")[:2]
        Outgoing.objects.filter(pk__in=[row.pk for row in some]).update(
            state="waiting", mail=None, done_at=None
        )
        assert self.said() == "It is being sent by e-mail: 4 of 6 so far."

    def test_of_few_no_number_is_said(self) -> None:
        self.followers(3)
        self.send()
        assert self.said() == "It was sent by e-mail to fewer than 5 people."
        Outgoing.objects.filter(pk=Outgoing.objects.earliest("pk").pk).update(
            state="waiting", mail=None, done_at=None
        )
        assert self.said() == "It is being sent by e-mail to fewer than 5 people."

    def test_none_was_sent(self) -> None:
        self.draft.mailed_as = "none"
        self.draft.save()
        assert self.said() == "Nobody will get it by e-mail, as you chose."
        self.followers(6)
        self.send()
        assert self.said() == "No e-mail was sent about this article."
        self.draft = make_post(self.author)
        assert self.said() == "No e-mail was sent about this article."

    def test_taken_back_in_time_it_can_be_sent_again(self) -> None:
        self.followers(6)
        publish(self.draft, by=self.author)
        unpublish(self.draft, by=self.author)
        assert self.said() == "6 people will get it by e-mail."

    def test_many_followers_cost_no_more_queries(self) -> None:
        def cost() -> None:
            self.client.get(self.url())

        self.followers(1)
        cost()
        with CaptureQueriesContext(connection) as few:
            cost()
        self.followers(20)
        with CaptureQueriesContext(connection) as many:
            cost()
        assert len(many) == len(few)


class PreviewTests(Newsletters):
    """What it looks like."""

    def test_the_page_shows_the_text_and_frames_the_html(self) -> None:
        page = self.client.get(self.url())
        self.assertContains(page, "Some words. Some words.")
        self.assertContains(page, f'src="{self.url("studio-newsletter-mail")}"')
        self.assertContains(page, "sandbox=")
        assert "frame-src 'self'" in page["Content-Security-Policy"]
        assert "script-src 'self'" in page["Content-Security-Policy"]

    def test_the_frame_runs_no_script_and_loads_nothing(self) -> None:
        frame = self.client.get(self.url("studio-newsletter-mail"))
        policy = frame["Content-Security-Policy"]
        for part in ("default-src 'none'", "sandbox allow-popups", "frame-ancestors 'self'"):
            assert part in policy
        assert "allow-scripts" not in policy
        assert "allow-same-origin" not in policy
        assert frame["X-Frame-Options"] == "SAMEORIGIN"
        assert "Some words." in frame.text

    def test_no_other_page_can_be_framed(self) -> None:
        page = self.client.get(self.url())
        assert page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]

    def test_it_is_the_newest_text_not_the_published_one(self) -> None:
        publish(self.draft, by=self.author)
        save_draft(self.draft, by=self.author, title="Changed", body="Other words.")
        self.assertContains(self.client.get(self.url()), "Other words.")

    def test_an_article_without_text_has_none(self) -> None:
        self.draft = save_draft(None, by=self.author, title="Empty", body="")
        self.assertContains(self.client.get(self.url()), "the article has no text")
        assert self.client.get(self.url("studio-newsletter-mail")).status_code == 422
        assert self.client.post(self.url("studio-newsletter-test")).status_code == 422
        assert mails.outbox == []

    def test_only_its_authors_see_it(self) -> None:
        for name in ("studio-newsletter", "studio-newsletter-mail"):
            for person, status in (
                (self.other_author, 404),
                (self.reader, 403),
                (self.moderator, 403),
                (self.admin, 403),
            ):
                assert client_of(person).get(self.url(name)).status_code == status
            assert Client().get(self.url(name)).status_code == 302
            assert self.client.post(self.url(name)).status_code == 405


class TrialTests(Newsletters):
    """A test to oneself."""

    def try_it(self) -> list[Any]:
        mails.outbox.clear()
        answer = self.client.post(self.url("studio-newsletter-test"))
        self.assertRedirects(answer, self.url())
        run_worker()
        return list(mails.outbox)

    def test_it_is_the_mail_marked_as_a_test(self) -> None:
        follow(self.reader, "author", Key(self.author.pk))
        [test] = self.try_it()
        assert test.to == [self.author.email]
        assert test.subject == "Test: To be sent"
        assert "This is a test." in test.body
        assert "List-Unsubscribe" not in test.message()
        mails.outbox.clear()
        self.send()
        [sent] = mails.outbox
        for mine, theirs in ((test.body, sent.body), (html_of(test), html_of(sent))):
            tested = mine.replace("This is a test. Only you got it.", "")
            for said in ("Some words. Some words.", "Read what others say", "because you follow"):
                assert said in tested
                assert said in theirs

    def test_five_an_hour(self) -> None:
        for _ in range(5):
            assert len(self.try_it()) == 1
        mails.outbox.clear()
        answer = self.client.post(self.url("studio-newsletter-test"))
        self.assertContains(answer, "five tests in the last hour", status_code=429)
        run_worker()
        assert mails.outbox == []

    def test_it_goes_to_a_confirmed_address_alone(self) -> None:
        self.author.emailaddress_set.update(verified=False)  # type: ignore[attr-defined]
        answer = self.client.post(self.url("studio-newsletter-test"))
        self.assertContains(answer, "not confirmed", status_code=422)
        self.author.emailaddress_set.update(verified=True)  # type: ignore[attr-defined]
        StoppedAddress.objects.create(address=self.author.email or "")
        answer = self.client.post(self.url("studio-newsletter-test"))
        self.assertContains(answer, "does not take", status_code=422)
        run_worker()
        assert mails.outbox == []

    def test_others_cannot_send_one(self) -> None:
        for person, status in (
            (self.other_author, 404),
            (self.reader, 403),
            (self.moderator, 403),
            (self.admin, 403),
        ):
            url = self.url("studio-newsletter-test")
            assert client_of(person).post(url).status_code == status
        assert Client().post(self.url("studio-newsletter-test")).status_code == 302
        assert self.client.get(self.url("studio-newsletter-test")).status_code == 405
        run_worker()
        assert mails.outbox == []

    def test_it_changes_nothing_for_followers(self) -> None:
        self.followers(6)
        self.try_it()
        assert not Outgoing.objects.exists()
        self.send()
        assert Outgoing.objects.filter(state="sent").count() == 6
