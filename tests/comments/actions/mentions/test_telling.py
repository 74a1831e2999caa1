"""Test who is told that a comment mentions them: the first few, once, of what they may read."""

from datetime import timedelta
from itertools import islice, product
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import change_names
from accounts.models import User
from comments.actions import edits, states
from comments.actions.comments import delete_comment
from comments.actions.mentions.telling import tell
from comments.models import Comment, CommentState
from comments.moderation import actions
from notifications.models import Notification
from posts.actions import unpublish
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_comment, make_user


class MentionCase(Cast):
    """Comments that mention people."""

    def told(self, kind: str = "mention") -> list[str]:
        """Return the handles of the people with a notification of `kind`, in alphabetical order."""
        rows = Notification.objects.filter(kind=kind).order_by("recipient__handle")
        return list(rows.values_list("recipient__handle", flat=True))

    def people(self, number: int) -> list[User]:
        """Return `number` new people, whose handles are in alphabetical order."""
        letters = product("abcdefgh", repeat=2)
        return [make_user(f"p.{one}{other}") for one, other in islice(letters, number)]

    def calling(self, people: list[User]) -> str:
        """Return a text that mentions `people`."""
        return " ".join(f"@{person.handle}" for person in people)


class TellingTests(MentionCase):
    """At once, where a comment is published at once."""

    def test_a_mention_is_told_once(self) -> None:
        self.sign_in(self.reader)
        url = reverse("comments:answer", args=[self.post.slug])
        sent = {"stance": "same", "body": "What do you say, @Sam? @sam? And @nobody?"}
        for _twice in range(2):
            self.client.post(url, sent)
        assert self.told() == ["sam"]

    def test_neither_the_writer_nor_what_a_mere_look_at_it_names(self) -> None:
        body = "@robin\n\n> @sam\n\n`@ada` [@otto](/x) \\@june @sven"
        make_comment(self.post, self.reader, body=body)
        assert self.told() == ["sven"]

    def test_a_reply_that_mentions_the_writer_above_is_told_as_a_reply(self) -> None:
        above = make_comment(self.post, self.stranger)
        make_comment(self.post, self.reader, parent=above, body="No, @sam. But @ada?")
        assert (self.told("reply"), self.told()) == (["sam"], ["ada"])

    def test_the_writer_above_takes_no_place_of_others(self) -> None:
        above = make_comment(self.post, self.stranger)
        with patch("core.limits.MENTIONS_TOLD", 1):
            make_comment(self.post, self.reader, parent=above, body="@sam @robin @ada @june")
        assert self.told() == ["ada"]

    def test_fifty_people_are_linked_and_the_first_five_told(self) -> None:
        people = self.people(50)
        self.sign_in(self.reader)
        url = reverse("comments:answer", args=[self.post.slug])
        answer = self.client.post(
            url, {"stance": "same", "body": self.calling(people)}, follow=True
        )
        self.assertContains(answer, 'class="mention"', count=50)
        assert self.told() == [person.handle for person in people[:5]]

    def test_by_a_former_handle(self) -> None:
        change_names(self.stranger, handle="samuel", name="")
        make_comment(self.post, self.reader, body="@sam @samuel")
        assert self.told() == ["samuel"]

    def test_a_suspended_person_tells_nobody(self) -> None:
        comment = make_comment(self.post, self.newcomer, body="@sam")
        actions.suspend(self.newcomer, by=self.moderator, days=3, reason="attacks")
        actions.approve(comment, by=self.moderator)
        assert self.told() == []

    def test_of_an_article_that_is_not_published_only_people_who_may_read_it(self) -> None:
        unpublish(self.post, by=self.author)
        post = Post.objects.get(pk=self.post.pk)
        make_comment(post, self.author, body="@sam @ines @otto")
        assert self.told() == ["ines"]

    def test_in_the_inbox(self) -> None:
        comment = make_comment(self.post, self.reader, body="I ask @sam.")
        self.sign_in(self.stranger)
        inbox = reverse("comments:me")
        page = self.client.get(inbox)
        self.assertContains(page, "<bdi>robin</bdi> mentioned you")
        self.assertContains(page, f'href="/comments/{comment.pk}/"')
        states.change_state(comment, to=CommentState.REMOVED, removed_reason="spam")
        self.assertNotContains(self.client.get(inbox), "I ask")

    def test_queries_do_not_grow(self) -> None:
        people = self.people(40)
        make_comment(self.post, self.reader)
        numbers = []
        for mentioned in (people[:5], people):
            with CaptureQueriesContext(connection) as made:
                make_comment(self.post, self.reader, body=self.calling(mentioned))
            numbers.append(len(made))
        assert numbers[0] == numbers[1]

    def test_without_a_mention_nothing_is_asked(self) -> None:
        with patch("comments.actions.mentions.telling.people_called") as asked:
            asked.return_value = {}
            with self.assertNumQueries(0):
                tell(make_unsaved())
        asked.assert_called_once_with([])


def make_unsaved() -> Comment:
    """Return a published comment without mentions that is in no database."""
    return Comment(state=CommentState.PUBLISHED, body_html="<p>No.</p>")


class NewcomerTests(MentionCase):
    """People whose first comments are held."""

    def test_on_approval_and_only_two(self) -> None:
        people = self.people(4)
        comment = make_comment(self.post, self.newcomer, body=self.calling(people))
        assert comment.held_reason == "newcomer"
        assert self.told() == []
        actions.approve(comment, by=self.moderator)
        assert self.told() == [person.handle for person in people[:2]]

    def test_the_last_comment_that_is_held_tells_two_as_well(self) -> None:
        for _number in range(2):
            comment = make_comment(self.post, self.newcomer, body="@sam @ada @june")
            actions.approve(comment, by=self.moderator)
        assert len(self.told()) == 4
        later = timezone.now() + timedelta(hours=1)
        make_comment(self.post, self.newcomer, body="@sam @ada @june", now=later)
        assert len(self.told()) == 7

    def test_an_edit_by_one_who_is_no_newcomer_any_more_tells_no_more(self) -> None:
        people = self.people(4)
        comment = make_comment(
            self.post, self.newcomer, body=self.calling(people), now=timezone.now()
        )
        actions.approve(comment, by=self.moderator)
        for hours in (1, 2):
            later = timezone.now() + timedelta(hours=hours)
            other = make_comment(self.post, self.newcomer, now=later)
            actions.approve(other, by=self.moderator)
        edits.edit_comment(comment, by=self.newcomer, body=f"So: {self.calling(people)}")
        assert len(self.told()) == 2

    def test_a_held_comment_that_is_removed_or_deleted_tells_nobody(self) -> None:
        removed = make_comment(self.post, self.newcomer, body="@sam")
        actions.remove(removed, by=self.moderator, reason="spam")
        deleted = make_comment(self.post, self.newcomer, body="@sam!")
        delete_comment(deleted)
        assert self.told() == []

    def test_mentions_are_no_reason_to_hold_as_links_are(self) -> None:
        body = self.calling(self.people(4))
        assert make_comment(self.post, self.newcomer, body=body).held_reason == "newcomer"
        body += ' [a](/a) [b](/b) [c](/c) `class="mention"` <a class="mention">@sam</a>'
        assert make_comment(self.post, self.newcomer, body=body).held_reason == "links"


class EditTests(MentionCase):
    """Names that an edit adds."""

    def post_now(self, person: User, body: str) -> Comment:
        return make_comment(self.post, person, body=body, now=timezone.now())

    def edit(self, comment: Comment, body: str) -> None:
        self.sign_in(comment.author)
        url = reverse("comments:edit", args=[comment.pk])
        page = self.client.post(url, {"body": body, "stance": "different"})
        assert page.status_code == 302, page.context["form"].errors

    def test_are_told_and_others_never_twice(self) -> None:
        comment = self.post_now(self.reader, "What says @sam?")
        for body in ("What say @sam and @ada?", "What says @ada?", "What say @sam and @ada, then?"):
            self.edit(comment, body)
        assert self.told() == ["ada", "sam"]

    def test_never_more_than_five_however_often_the_names_change(self) -> None:
        people = self.people(12)
        comment = self.post_now(self.reader, self.calling(people[:4]))
        for start in (4, 6, 8, 10):
            self.edit(comment, self.calling(people[start : start + 2]))
        assert self.told() == [person.handle for person in people[:5]]

    def test_of_a_held_comment_are_told_on_its_approval(self) -> None:
        comment = self.post_now(self.newcomer, "What says @sam?")
        self.edit(comment, "What says @ada?")
        assert self.told() == []
        actions.approve(comment, by=self.moderator)
        assert self.told() == ["ada"]

    def test_that_hold_a_comment_again_wait_for_its_approval(self) -> None:
        comment = self.post_now(self.newcomer, "What says @sam?")
        actions.approve(comment, by=self.moderator)
        make_comment(self.post, self.stranger, parent=comment)
        self.edit(comment, "What says @ada, now that there is an answer?")
        comment = Comment.objects.get(pk=comment.pk)
        assert comment.state == CommentState.HELD
        assert self.told() == ["sam"]
        actions.approve(comment, by=self.moderator)
        assert self.told() == ["ada", "sam"]

    def test_a_comment_that_is_hidden_and_restored_tells_nobody_again(self) -> None:
        comment = self.post_now(self.reader, "@sam?")
        Notification.objects.update(read_at=timezone.now())
        states.change_state(comment, to=CommentState.HIDDEN)
        states.change_state(comment, to=CommentState.PUBLISHED)
        assert Notification.objects.filter(read_at=None).count() == 0
        assert self.told() == ["sam"]
