"""Test what a case shows of the comments before it."""

import re

from django.utils import timezone

from comments.models import Comment, CommentState
from comments.models.moderation import Reason
from tests.factories import make_comment

from .cases import Moderated


class EarlierCommentTests(Moderated):
    """What stands before the comment of a case."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def before(self, comment: Comment) -> list[tuple[str, int]]:
        """Return label and id of each comment that the page of a case shows before it."""
        case = self.get("moderation-case", comment.pk).context["case"]
        return [(str(each.label), each.comment.pk) for each in case.before]

    def test_a_reply_has_what_it_answers_and_the_reply_before_it(self) -> None:
        assert self.before(self.flagged) == [("It answers", self.quiet.pk)]
        first = make_comment(self.post, self.author, parent=self.flagged)
        later = make_comment(self.post, self.reader, self.stances["same"], parent=self.flagged)
        deep = make_comment(self.post, self.author, parent=later)
        assert self.before(later) == [
            ("Above that", self.quiet.pk),
            ("It answers", self.flagged.pk),
            ("The reply before it", first.pk),
        ]
        assert self.before(deep) == [("Above that", self.flagged.pk), ("It answers", later.pk)]

    def test_a_comment_that_begins_a_thread_has_the_threads_before_it(self) -> None:
        assert self.before(self.quiet) == []
        second, third, fourth = (
            make_comment(self.post, self.reader, self.stances["same"]) for _each in range(3)
        )
        before = "Posted earlier"
        assert self.before(second) == [(before, self.quiet.pk)]
        assert self.before(fourth) == [(before, second.pk), (before, third.pk)]

    def test_what_is_not_in_the_discussion_stands_there_only_if_it_is_answered(self) -> None:
        beside = make_comment(self.post, self.reader, self.stances["same"], parent=self.quiet)
        last = make_comment(self.post, self.reader, self.stances["same"], parent=self.quiet)
        assert self.before(last)[-1] == ("The reply before it", beside.pk)
        for comment in (beside, self.flagged, self.quiet):
            self.send("removal", comment, {"reason": "spam"})
        assert self.before(last) == [("It answers", self.quiet.pk)]

    def test_what_readers_cannot_see_says_why(self) -> None:
        above = Comment.objects.filter(pk=self.quiet.pk)
        for state, deleted_at, said in (
            (CommentState.PUBLISHED, None, []),
            (CommentState.HELD, None, ["waiting for approval"]),
            (CommentState.HIDDEN, None, ["hidden until a moderator looks"]),
            (CommentState.REMOVED, None, ["removed by a moderator"]),
            (CommentState.PUBLISHED, timezone.now(), ["deleted by its writer"]),
            (
                CommentState.REMOVED,
                timezone.now(),
                ["deleted by its writer", "removed by a moderator"],
            ),
        ):
            with self.subTest(state=state, deleted=bool(deleted_at)):
                reason = Reason.SPAM if state == CommentState.REMOVED else ""
                above.update(state=state, deleted_at=deleted_at, removed_reason=reason)
                page = self.get("moderation-case", self.flagged.pk).content.decode()
                start = page.index("comment--parent")
                earlier = page[start : page.index("</article>", start)]
                assert re.findall(r'class="badge"[^>]*>([^<]+)<', earlier) == said

    def test_each_leads_to_its_place_and_has_a_name_and_an_answer(self) -> None:
        page = self.get("moderation-case", self.flagged.pk)
        text = page.content.decode()
        earlier = text[text.index("comment--parent") : text.index('class="facts"')]
        for words in ("See in the discussion", "Same", self.quiet.get_absolute_url()):
            assert words in earlier
        assert self.quiet.author.display_name in earlier
