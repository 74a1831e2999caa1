"""Test that no notification outlives its reason: it goes, or says that the reason is gone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from comments.actions import changes_of_mind, edits, steelmen
from comments.actions.changes_of_mind import Credit
from comments.actions.comments import Draft, delete_comment, post_comment
from comments.closings.notifying import ask_readers
from comments.models import ChangeKind, ChangeOfMind, Closing, Comment
from comments.moderation import actions
from comments.moderation.actions.people import lift_suspension
from comments.notifications import ANSWER_COMMENT, POST_COMMENT, THREAD_REPLY
from notifications import kinds
from notifications.actions import News, notify
from notifications.deliverability import actions as pausing
from notifications.deliverability.figures import Figures
from notifications.deliverability.models import ArticlePause
from notifications.kinds import NotificationKind
from posts.actions import PromiseInput, set_promises, unpublish
from posts.notifications import AUTHOR_PUBLISHED, NEXT_PART, PROMISE_KEPT, SITE_PUBLISHED
from tests.comments.closings.cases import WORDS, ClosingCase
from tests.factories import make_comment, make_post, make_user
from tests.reauthenticated import client_of

# Kinds whose reason nothing takes away.
LASTING = {"unsealed": "An answer that was opened stays open."}
# A case of a kind: it brings the notification about, and returns its recipient, what takes the
# reason away, and what the line says then: "" if there is none.
Case = tuple[User, Callable[[], Any], str]


class WithdrawnTests(ClosingCase):
    """The reason of every kind, withdrawn."""

    def lines(self, person: User) -> dict[str, str]:
        """Return the page of the inbox and the kinds it shows, as kind to page."""
        page = client_of(person).get(reverse("comments:me"))
        inbox = page.context["inbox"]
        rows = [row for each in (*inbox.unread, *inbox.earlier) for row in each.rows]
        waiting = {"credit": page.text} if page.context["credits"] else {}
        return {row.kind.name: page.text for row in rows} | waiting

    def test_every_kind_goes_or_says_so(self) -> None:
        for kind in kinds.registered():
            if kind.name in LASTING:
                continue
            with self.subTest(kind.name):
                case = getattr(self, f"case_{kind.name}", None)
                assert case is not None, "a new kind needs a case here"
                with transaction.atomic():
                    self.assert_withdrawn(kind.name, *case())
                    transaction.set_rollback(True)

    def assert_withdrawn(self, name: str, person: User, withdraw: Any, words: str) -> None:
        assert name in self.lines(person), self.lines(person).keys()
        withdraw()
        shown = self.lines(person)
        if words:
            assert words in shown[name]
        else:
            assert name not in shown

    def case_reply(self) -> Case:
        above = make_comment(self.post, self.reader)
        reply = make_comment(self.post, self.stranger, parent=above)
        return self.reader, lambda: delete_comment(reply), ""

    def case_mention(self) -> Case:
        comment = make_comment(self.post, self.stranger, body="And you, @robin?")
        return self.reader, lambda: delete_comment(comment), ""

    def followed_comment(self, kind: NotificationKind) -> Case:
        comment, follower = make_comment(self.post, self.stranger), make_user()
        notify(kind, News(follower.pk, comment.pk, comment.pk), cause=self.stranger)
        return follower, lambda: delete_comment(comment), ""

    def case_thread_reply(self) -> Case:
        return self.followed_comment(THREAD_REPLY)

    def case_answer_comment(self) -> Case:
        return self.followed_comment(ANSWER_COMMENT)

    def case_post_comment(self) -> Case:
        return self.followed_comment(POST_COMMENT)

    def followed_post(self, kind: NotificationKind) -> Case:
        post, follower = make_post(self.author), make_user()
        notify(kind, News(follower.pk, post.pk, post.pk), cause=self.author)
        return follower, lambda: unpublish(post, by=self.author), ""

    def case_next_part(self) -> Case:
        return self.followed_post(NEXT_PART)

    def case_author_published(self) -> Case:
        return self.followed_post(AUTHOR_PUBLISHED)

    def case_site_published(self) -> Case:
        return self.followed_post(SITE_PUBLISHED)

    def case_promise_kept(self) -> Case:
        [promise] = set_promises(self.post, [PromiseInput("There will be more.")])
        post, follower = make_post(self.author), make_user()
        notify(PROMISE_KEPT, News(follower.pk, promise.pk, post.pk), cause=self.author)
        return follower, lambda: set_promises(self.post, []), ""

    def held(self) -> Comment:
        return make_comment(self.post, make_user(), body="My first words.")

    def case_approved(self) -> Case:
        comment = self.held()
        actions.approve(comment, by=self.moderator)
        return comment.author, lambda: actions.reopen(comment, by=self.moderator), ""

    def case_held_again(self) -> Case:
        comment = self.held()
        actions.approve(comment, by=self.moderator)
        actions.reopen(comment, by=self.moderator)
        return comment.author, lambda: actions.approve(comment, by=self.moderator), ""

    def gone(self) -> Comment:
        comment = make_comment(self.post, make_user(is_demo=True))
        actions.remove(comment, by=self.moderator, reason="spam")
        return comment

    def case_removed(self) -> Case:
        comment = self.gone()
        return comment.author, lambda: actions.restore(comment, by=self.moderator), ""

    def case_restored(self) -> Case:
        comment = self.gone()
        actions.restore(comment, by=self.moderator)
        by = self.moderator
        return comment.author, lambda: actions.remove(comment, by=by, reason="attack"), ""

    def case_retagged(self) -> Case:
        same, overlap = self.stances["same"], self.stances["overlap"]
        comment = make_comment(self.post, make_user(is_demo=True), same)
        actions.retag(comment, by=self.moderator, stance=overlap)
        back = lambda: actions.retag(comment, by=self.moderator, stance=same)  # noqa: E731
        return comment.author, back, "answer of your comment to Same"

    def case_moved(self) -> Case:
        above = make_comment(self.post, self.stranger)
        comment = make_comment(self.post, make_user(is_demo=True), parent=above)
        actions.detach(comment, by=self.moderator)
        return comment.author, lambda: delete_comment(comment), ""

    def change(self) -> ChangeOfMind:
        giver, writer = make_user(is_demo=True), make_user(is_demo=True)
        make_comment(self.post, giver, self.stances["same"])
        return changes_of_mind.give(
            Credit(
                giver=giver,
                post=self.post,
                kind=ChangeKind.SOFTENED,
                words="I had never seen it so.",
                was=self.stances["same"],
                comment=make_comment(self.post, writer, self.stances["different"]),
            )
        )

    def case_credit(self) -> Case:
        change = self.change()
        assert change.comment is not None
        return change.comment.author, lambda: changes_of_mind.revoke(change), ""

    def case_confirmed(self) -> Case:
        change = self.change()
        changes_of_mind.answer(change, agrees=True)
        return change.giver, lambda: changes_of_mind.revoke(change), ""

    def case_disputed(self) -> Case:
        change = self.change()
        changes_of_mind.answer(change, agrees=False, note="Duties.")
        return change.giver, lambda: changes_of_mind.revoke(change), ""

    def case_credit_removed(self) -> Case:
        change = self.change()
        actions.remove_change(change, by=self.moderator, reason="spam")
        return change.giver, lambda: actions.restore_change(change, by=self.moderator), ""

    def case_credit_restored(self) -> Case:
        change = self.change()
        actions.remove_change(change, by=self.moderator, reason="spam")
        actions.restore_change(change, by=self.moderator)
        by = self.moderator
        return change.giver, lambda: actions.remove_change(change, by=by, reason="spam"), ""

    def next_version(self, **changes: Any) -> int:
        """Write a version of the summary, and return its number."""
        last = Closing.objects.filter(post=self.post).count()
        more = {"body": f"{WORDS} And so {last} times.", "based_on": str(last), **changes}
        assert self.write(**more).status_code == 302
        return last + 1

    def judge_says(self, version: int) -> User:
        judge = self.people["different"][0]
        assert self.judge(judge, version=version).status_code == 302
        return judge

    def case_closing_changed(self) -> Case:
        judge = self.judge_says(self.next_version())
        self.next_version()
        # A third version, which they judge, settles what was asked about the second.
        asked = lambda: self.judge(judge, version=self.next_version())  # noqa: E731
        return judge, asked, ""

    def case_closing_dropped(self) -> Case:
        version = self.next_version()
        judge = self.judge_says(version)
        cited = self.comments["same"]
        words = f"Other words, and more of them, for {version}."
        edits.edit_comment(Comment.objects.get(pk=cited.pk), by=cited.author, body=words)
        return judge, lambda: self.judge_says(version), ""

    def case_closing_waits(self) -> Case:
        self.next_version()
        judge = self.people["same"][1]
        ask_readers.call(Closing.objects.get().pk)
        return judge, lambda: self.judge(judge, version=self.next_version()), ""

    def case_cited(self) -> Case:
        other = self.comment("same")
        self.next_version(**self.cites("different"), **{"same-cited": [other.pk]})
        return other.author, self.next_version, ""

    def reason_judged(self) -> Comment:
        writer, judges = self.people["same"][2], self.people["different"]
        reason = post_comment(
            Draft(
                author=writer,
                post=self.post,
                body="They would say that the horizon is a trade of its own.",
                argues_for=self.stances["different"],
            ),
            now=timezone.now() - timedelta(days=3),
        ).comment
        for judge in judges:
            steelmen.judge(reason, by=judge, is_fair=True)
        return reason

    def case_judged_fair(self) -> Case:
        reason = self.reason_judged()

        def judge_unfair() -> None:
            for judge in self.people["different"]:
                steelmen.judge(reason, by=judge, is_fair=False)

        return reason.author, judge_unfair, ""

    def case_verdict_dropped(self) -> Case:
        reason = self.reason_judged()
        judge = self.people["different"][1]
        edits.edit_comment(reason, by=reason.author, body="They would say something else.")
        fresh = Comment.objects.get(pk=reason.pk)
        return judge, lambda: steelmen.judge(fresh, by=judge, is_fair=True), ""

    def suspended_for(self, days: int, **more: Any) -> User:
        person = make_user()
        actions.suspend(person, by=self.moderator, days=days, reason="attacks", **more)
        return person

    def case_suspended(self) -> Case:
        person = self.suspended_for(3)
        by = self.moderator
        return person, lambda: lift_suspension(person, by=by, reason="mistake"), ""

    def test_a_suspension_that_ended_by_itself_says_so(self) -> None:
        words = "You can write again."
        assert words not in self.lines(self.suspended_for(3))["suspended"]
        before = timezone.now() - timedelta(days=5)
        assert words in self.lines(self.suspended_for(3, now=before))["suspended"]

    def case_suspension_ended(self) -> Case:
        person = self.suspended_for(3)
        lift_suspension(person, by=self.moderator, reason="mistake")
        by = self.moderator
        again = lambda: actions.suspend(person, by=by, days=3, reason="spam")  # noqa: E731
        return person, again, ""

    def case_role_granted(self) -> Case:
        person = make_user()
        actions.grant_role(person, by=self.admin, role=Role.AUTHOR)
        by = self.admin
        return person, lambda: actions.revoke_role(person, by=by, role=Role.AUTHOR), ""

    def case_articles_paused(self) -> Case:
        admin = make_user("", Role.ADMIN)
        pausing.pause(Figures(200, 11, 0), by=self.admin)
        pause = ArticlePause.objects.get()
        on = lambda: pausing.go_on(pause.pk, by=self.admin)  # noqa: E731
        return admin, on, "Articles are sent by e-mail again"

    def case_name_hidden(self) -> Case:
        double, person = make_user(name="Kim Lee"), make_user(name="Kim Lee")
        actions.grant_role(person, by=self.admin, role=Role.AUTHOR)
        by = self.admin
        revoke = lambda: actions.revoke_role(person, by=by, role=Role.AUTHOR)  # noqa: E731
        return double, revoke, "It is shown again"
