"""Test verdicts on steelmen: permissions, stored rows, and the visibility of tallies."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import stances, states, steelmen
from comments.integrity import faults
from comments.me.erasure import erase
from comments.me.export import export_of
from comments.models import Comment, CommentState, SteelmanVerdict
from comments.moderation.actions.people import recount_reactions
from core.exceptions import ActionRefused
from tests.comments.views.steelmen import SteelmanCase
from tests.factories import make_comment


class VerdictCase(SteelmanCase):
    """A steelman for Same by the stranger, who answers Different."""

    def setUp(self) -> None:
        super().setUp()
        self.settle_at_once()
        self.comment = self.steelman()
        self.page = reverse("comments:verdict", args=[self.comment.pk])
        self.back = reverse("comments:verdict-withdrawal", args=[self.comment.pk])

    def judge(self, person: User, said: str = "yes", url: str = "") -> Any:
        self.sign_in(person)
        return self.client.post(url or self.page, {"is_fair": said})

    def tally(self) -> str:
        return Comment.objects.get(pk=self.comment.pk).verdicts


class VerdictJudgingTests(VerdictCase):
    """Fair, not quite, the other one, and neither."""

    def test_it_works_without_scripts(self) -> None:
        holder = self.holder()
        self.sign_in(holder)
        page = self.client.get(self.post.get_absolute_url())
        self.assertContains(page, f'href="{self.page}">Is it fair?')
        self.assertContains(self.client.get(self.page), 'name="is_fair" value="no"')
        answer = self.judge(holder)
        place = f"{self.post.get_absolute_url()}#comment-{self.comment.pk}"
        self.assertRedirects(answer, place, fetch_redirect_response=False)
        self.assertContains(self.client.get(self.post.get_absolute_url()), "Noted: fair.")
        self.assertContains(self.client.get(self.page), "You said: fair.")
        verdict = SteelmanVerdict.objects.get()
        self.assertEqual((verdict.reader, verdict.is_fair), (holder, True))
        self.assertEqual(verdict.stance, self.stances["same"])

    def test_twice_is_once(self) -> None:
        holder = self.holder()
        for _click in range(2):
            self.assertEqual(self.judge(holder).status_code, 302)
        self.assertEqual((SteelmanVerdict.objects.count(), self.tally()), (1, "1/1"))

    def test_it_may_be_changed_and_taken_back(self) -> None:
        holder = self.holder()
        for said, tally in (("yes", "1/1"), ("no", "0/1"), ("yes", "1/1")):
            self.judge(holder, said)
            self.assertEqual(self.tally(), tally)
        for _click in range(2):
            self.assertEqual(self.judge(holder, url=self.back).status_code, 302)
        self.assertEqual((SteelmanVerdict.objects.count(), self.tally()), (0, ""))

    def test_who_leaves_the_answer_said_so_then(self) -> None:
        holder = self.holder()
        self.judge(holder)
        self.client.post(self.url, {"stance": "overlap", "wish": "answer"})
        self.assertEqual(self.tally(), "1/1")
        self.assertEqual(self.judge(holder, "no").status_code, 403)
        self.assertEqual(self.tally(), "1/1")
        page = self.client.get(self.page)
        self.assertContains(page, "You said: fair.")
        self.assertNotContains(page, 'name="is_fair"')
        self.judge(holder, url=self.back)
        self.assertEqual(self.tally(), "")

    def test_nobody_is_told_before_five_and_nothing_is_ever_unfair(self) -> None:
        for number, holder in enumerate([self.holder() for _holder in range(5)]):
            self.assertIn(
                "Fewer than 5 readers whose judgement counts", self.public(self.page), number
            )
            self.judge(holder, "yes" if number < 2 else "no")
        page = self.public(self.page)
        self.assertIn("2 of 5 readers call it fair.", page)
        for shown in (page, self.public()):
            self.assertNotIn("unfair", shown.lower())
        self.assertNotIn("Fair, say readers", self.public())

    def test_the_public_page_asks_for_nothing(self) -> None:
        page = Client().get(self.page)
        self.assertNotContains(page, 'method="post"')
        self.assertContains(page, "Sign in, if you answer Same")
        self.assertNotIn("Is it fair?", self.public())


class VerdictRefusalTests(VerdictCase):
    """Refusals write nothing."""

    def tearDown(self) -> None:
        self.assertEqual((SteelmanVerdict.objects.count(), self.tally()), (0, ""))

    def test_visitors_sign_in_first(self) -> None:
        for url in (self.page, self.back):
            answer = Client().post(url, {"is_fair": "yes"})
            self.assertIn("/accounts/login/", answer["Location"])

    def test_its_writer(self) -> None:
        answer = self.judge(self.stranger)
        self.assertContains(answer, "This is your own comment", status_code=403)
        self.client.post(self.url, {"stance": "same", "wish": "answer"})
        self.assertEqual(self.judge(self.stranger).status_code, 403)
        self.assertNotContains(self.client.get(self.page), 'name="is_fair"')

    def test_who_holds_another_answer_or_none(self) -> None:
        for person in (self.reader, self.holder("overlap"), self.holder("different")):
            answer = self.judge(person)
            self.assertContains(answer, "Only readers who answered Same", status_code=403)
            shown = self.client.get(self.page)
            self.assertNotContains(shown, 'name="is_fair"')
            self.assertContains(
                shown, "Only readers who answered Same judge whether it is fair to them."
            )
            page = self.client.get(self.post.get_absolute_url())
            self.assertNotContains(page, "Is it fair?")

    def test_the_suspended(self) -> None:
        holder = self.holder()
        until = timezone.now() + timedelta(days=1)
        User.objects.filter(pk=holder.pk).update(suspended_until=until)
        self.assertEqual(self.judge(holder).status_code, 403)
        self.assertNotContains(self.client.get(self.page), "Only readers who answered")
        self.assertEqual(self.judge(holder, url=self.back).status_code, 403)

    def test_nonsense(self) -> None:
        holder = self.holder()
        for said in ("", "maybe", "YES", "1", "true"):
            answer = self.judge(holder, said)
            self.assertContains(answer, "Please say: fair, or not quite.", status_code=422)

    def test_what_is_held_removed_or_deleted(self) -> None:
        holder = self.holder()
        for state, why in ((CommentState.HELD, ""), (CommentState.REMOVED, "spam")):
            states.change_state(self.comment, to=state, removed_reason=why, held_reason="links")
            self.assertEqual(self.judge(holder).status_code, 404)
            self.assertEqual(self.judge(self.moderator).status_code, 404)
        states.change_state(self.comment, to=CommentState.PUBLISHED)
        states.mark_deleted(self.comment)
        self.assertEqual(self.judge(holder).status_code, 404)

    def test_gone_while_one_was_reading(self) -> None:
        holder = self.holder()
        states.mark_deleted(self.comment)
        with self.assertRaises(ActionRefused) as raised:
            steelmen.judge(self.comment, by=holder, is_fair=True)
        self.assertEqual(raised.exception.status, 404)

    def test_what_argues_for_nobody_else(self) -> None:
        plain = make_comment(self.post, self.reader, self.stances["same"])
        url = reverse("comments:verdict", args=[plain.pk])
        self.assertEqual(self.judge(self.holder(), url=url).status_code, 404)
        self.assertEqual(self.client.get(url).status_code, 404)
        self.assertEqual(self.client.get("/comments/999999/verdict/").status_code, 404)

    def test_other_methods(self) -> None:
        self.sign_in(self.holder())
        self.assertEqual(self.client.put(self.page).status_code, 405)
        self.assertEqual(self.client.delete(self.page).status_code, 405)
        self.assertEqual(self.client.get(self.back).status_code, 405)

    def test_two_rows_of_one_reader(self) -> None:
        holder = self.holder()
        said = {
            "comment": self.comment,
            "reader": holder,
            "stance": self.stances["same"],
            "is_fair": True,
            "judged_at": timezone.now(),
        }
        with self.assertRaises(IntegrityError), transaction.atomic():
            SteelmanVerdict.objects.create(**said)
            SteelmanVerdict.objects.create(**said)


class VerdictTallyTests(VerdictCase):
    """Whose verdicts count, and the check of the stored figure."""

    def test_the_erased_and_the_banned_are_in_no_tally(self) -> None:
        first, second, third = (self.holder() for _holder in range(3))
        for person in (first, second, third):
            self.judge(person)
        erase(first, delete_texts=False)
        self.assertFalse(SteelmanVerdict.objects.filter(reader=first).exists())
        User.objects.filter(pk=second.pk).update(banned_at=timezone.now())
        stances.recount_reader(second)
        recount_reactions.call(second.pk)
        self.assertEqual(self.tally(), "1/1")
        self.assertEqual(list(faults()), [])
        User.objects.filter(pk=second.pk).update(banned_at=None)
        stances.recount_reader(second)
        recount_reactions.call(second.pk)
        self.assertEqual(self.tally(), "2/2")

    def test_the_kept_page_follows_each_verdict(self) -> None:
        holders = [self.holder() for _holder in range(6)]
        for number, said in enumerate(["yes", "yes", "yes", "no", "yes"]):
            self.assertNotIn("Fair, say readers", self.public())
            self.judge(holders[number], said)
        self.assertIn("Fair, say readers who answer Same: 4 of 5", self.public())
        self.judge(holders[4], "no")
        self.assertNotIn("Fair, say readers", self.public())

    def test_planted_faults_are_found_and_repaired(self) -> None:
        self.judge(self.holder())
        Comment.objects.filter(pk=self.comment.pk).update(verdicts="7/9")
        [found] = faults()
        self.assertIn("its verdicts are '7/9', counted are '1/1'", str(found))
        assert found.repair is not None
        list(found.repair.do([found.key]))
        self.assertEqual(list(faults()), [])

    def test_verdicts_of_others_are_found(self) -> None:
        self.judge(self.holder())
        rows = SteelmanVerdict.objects.all()
        for planted, says in (
            ({"reader": self.stranger}, "it is on the reader's own comment"),
            ({"stance": self.stances["overlap"]}, "it is of another answer"),
        ):
            with transaction.atomic():
                rows.update(**planted)
                self.assertIn(says, " ".join(map(str, faults())))
                transaction.set_rollback(True)

    def test_one_s_data_has_them(self) -> None:
        holder = self.holder()
        self.judge(holder, "no")
        [row] = export_of(holder)["verdicts_on_best_reasons"]
        self.assertEqual((row["comment_id"], row["stance_key"]), (self.comment.pk, "same"))
        self.assertIs(row["is_fair"], False)
        [*_others, mine] = export_of(self.stranger)["comments"]
        self.assertEqual((mine["kind"], mine["argues_for_key"]), ("steelman", "same"))
