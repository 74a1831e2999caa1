"""Test steelmen: writing them in the composer, and correcting them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import steelmen
from comments.integrity import faults
from comments.models import (
    Comment,
    CommentKind,
    CurrentStance,
    Reaction,
    StanceRecord,
)
from comments.ranking import tasks
from posts.actions.questions import is_in_use
from posts.models import Question, Stance
from tests.comments.views.steelmen import REASON, SteelmanCase
from tests.factories import make_comment, make_post, make_question, make_user

LABEL = "The best reason for <b>Same</b>, by somebody who answers Different"
OFFER = "Give the best reason for an answer that is not yours"


class SteelmanPostingTests(SteelmanCase):
    """The stored rows, and the card."""

    def test_it_keeps_its_writer_s_stance_and_moves_nobody(self) -> None:
        records = StanceRecord.objects.count()
        comment = self.steelman()
        self.assertEqual(comment.kind, CommentKind.STEELMAN)
        self.assertEqual(comment.stance, self.stances["different"])
        self.assertEqual(comment.argues_for, self.stances["same"])
        self.assertEqual(comment.question_version, self.post.question.version)
        self.assertEqual(StanceRecord.objects.count(), records)
        self.assertEqual(Stance.objects.get(pk=self.stances["same"].pk).answer_count, 0)
        self.assertEqual(list(faults()), [])

    def test_it_says_so_in_public_and_keeps_its_hook(self) -> None:
        comment = self.steelman()
        head, _mark, rest = self.public().partition(f'id="comment-{comment.pk}"')
        card = rest[: rest.index("</article>")]
        self.assertIn('data-stance="different"', card)
        self.assertIn(LABEL, card)
        self.assertNotIn(LABEL, head)
        self.assertIn(LABEL, self.public(reverse("comments:text", args=[comment.pk])))
        self.assertIn(LABEL, self.public(self.stranger.get_absolute_url()))

    def test_a_reply_may_be_one_too(self) -> None:
        root = make_comment(self.post, self.reader, self.stances["same"])
        reply = self.steelman(parent=root.pk)
        self.assertEqual((reply.parent, reply.kind), (root, CommentKind.STEELMAN))

    def test_no_stance_need_be_sent_with_it(self) -> None:
        self.assertEqual(self.steelman(stance="").stance, self.stances["different"])

    def test_approved_later_it_moves_nobody_either(self) -> None:
        newcomer = make_user()
        client = Client()
        client.force_login(newcomer)
        client.post(self.url, {"stance": "different", "wish": "answer"})
        before = list(StanceRecord.objects.filter(reader=newcomer))
        self.send(newcomer)
        held = Comment.objects.get(author=newcomer)
        self.assertIsNone(held.published_at)
        client.post(self.url, {"stance": "overlap", "wish": "answer"})
        client.force_login(self.moderator)
        client.post(reverse("comments:approval", args=[held.pk]))
        held.refresh_from_db()
        self.assertIsNotNone(held.published_at)
        self.assertEqual(
            list(StanceRecord.objects.filter(reader=newcomer).order_by("pk")[:1]), before
        )
        now = CurrentStance.objects.get(reader=newcomer)
        self.assertEqual(now.stance, self.stances["overlap"])
        self.assertEqual(list(faults()), [])

    def test_with_scripts_it_comes_back_for_its_place(self) -> None:
        self.sign_in(self.stranger)
        data = {"stance": "different", "argues_for": "same", "body": REASON}
        answer = self.client.post(self.url, data, headers={"HX-Request": "true"})
        self.assertContains(answer, LABEL)
        self.assertContains(answer, OFFER)
        self.assertContains(answer, "Your answer: <b>Different</b>.")

    def test_sent_twice_it_is_one_and_for_another_answer_another(self) -> None:
        key = uuid4()
        first = self.send(self.stranger, form_key=key)
        second = self.send(self.stranger, form_key=key)
        self.assertEqual(first["Location"], second["Location"])
        self.assertEqual(Comment.objects.filter(kind=CommentKind.STEELMAN).count(), 1)
        # Another answer, or one's own, makes it a new comment, which the rate limit refuses.
        for other in ("overlap", ""):
            answer = self.send(self.stranger, form_key=key, argues_for=other)
            self.assertEqual(answer.status_code, 429)
        Comment.objects.update(created_at=timezone.now() - timedelta(seconds=30))
        self.assertEqual(
            self.send(self.stranger, form_key=key, argues_for="overlap").status_code, 302
        )
        self.assertEqual(Comment.objects.filter(kind=CommentKind.STEELMAN).count(), 2)

    def test_a_preview_keeps_the_choice(self) -> None:
        answer = self.send(self.stranger, wish="preview")
        self.assertContains(answer, '<option value="same" selected>')
        self.assertContains(answer, '<details class="details steelman" open>')

    def test_it_is_never_the_strongest_case(self) -> None:
        own = make_comment(self.post, self.reader, self.stances["overlap"])
        steelman = self.steelman(stance="")
        Comment.objects.filter(author=self.stranger, argues_for=None).update(
            deleted_at=timezone.now()
        )
        Reaction.objects.create(post=self.post, comment=steelman, reader=self.reader)
        for _other in range(6):
            make_comment(self.post, make_user(is_demo=True), self.stances["overlap"])
        self.post.refresh_from_db()
        tasks.rank(self.post)
        stances = reverse("comments:stances", args=[self.post.slug])
        self.assertNotRegex(self.client.get(stances).text, "case for (Different|Same)")
        reasons = reverse("comments:well-argued", args=[own.pk])
        self.assertContains(self.client.get(reasons), "threads follow by how often readers")
        reasons = reverse("comments:well-argued", args=[steelman.pk])
        self.assertNotContains(self.client.get(reasons), "this is the one for")
        self.assertIn(f'id="comment-{own.pk}"', self.public())


class OfferTests(SteelmanCase):
    """The readers whom the composer offers it."""

    def page(self, person: User, url: str = "") -> str:
        self.sign_in(person)
        return self.client.get(url or self.post.get_absolute_url()).text

    def test_only_to_those_who_hold_an_answer(self) -> None:
        self.assertNotIn(OFFER, self.public())
        self.assertNotIn(OFFER, self.page(self.reader))
        self.assertNotIn(OFFER, self.page(self.reader, self.url))
        form = self.page(self.stranger).split("data-composer")[1].split("</form>")[0]
        self.assertIn(OFFER, form)
        self.assertIn("The best reason for Same", form)
        self.assertIn("The best reason for Overlap", form)
        self.assertNotIn("The best reason for Different", form)

    def test_in_replies_too(self) -> None:
        root = make_comment(self.post, self.reader, self.stances["same"])
        page = self.page(self.stranger, f"{self.url}?parent={root.pk}")
        self.assertIn(OFFER, page)
        self.assertIn("The best reason for Same", page)


class SteelmanRefusalTests(SteelmanCase):
    """Refusals: the right status, nothing written, the text kept."""

    def setUp(self) -> None:
        super().setUp()
        self.before = self.rows()

    def tearDown(self) -> None:
        self.assertEqual(self.rows(), self.before)

    def rows(self) -> tuple[int, int]:
        return Comment.objects.count(), StanceRecord.objects.count()

    def refused(self, status: int, says: str, person: User | None = None, **changes: Any) -> None:
        answer = self.send(person or self.stranger, **changes)
        self.assertContains(answer, says, status_code=status)
        self.assertContains(answer, REASON, status_code=status)

    def test_one_s_own_answer(self) -> None:
        self.refused(422, "Choose an answer that is not yours", argues_for="different")

    def test_without_an_answer_of_one_s_own(self) -> None:
        self.refused(409, "Answer the question first", person=self.reader, stance="")
        self.refused(409, "Answer the question first", person=self.reader, stance="different")

    def test_after_taking_one_s_answer_back(self) -> None:
        client = Client()
        client.force_login(self.stranger)
        client.post(reverse("comments:withdrawal", args=[self.post.slug]))
        self.refused(409, "Answer the question first")
        self.before = self.rows()

    def test_an_answer_to_another_question(self) -> None:
        make_question(make_post(self.author), stances=[("maybe", "Maybe", "", "apart", "blue")])
        self.refused(422, "Please choose one of the answers shown", argues_for="maybe")

    def test_an_answer_that_is_not_offered(self) -> None:
        Stance.objects.filter(pk=self.stances["same"].pk).update(is_offered=False)
        self.refused(422, "Please choose one of the answers shown")

    def test_with_a_change_of_one_s_own_answer(self) -> None:
        self.refused(422, "does not change your own", stance="overlap")

    def test_where_nothing_is_asked(self) -> None:
        self.url = reverse("comments:answer", args=[make_post(self.author).slug])
        self.refused(422, "Please choose one of the answers shown")

    def test_the_suspended_and_visitors(self) -> None:
        self.assertEqual(self.send(self.suspended).status_code, 403)
        data = {"argues_for": "same", "body": REASON}
        self.assertIn("/accounts/signup/", Client().post(self.url, data)["Location"])

    def test_the_database_refuses_what_no_form_sends(self) -> None:
        rows = Comment.objects.filter(author=self.stranger)
        same, different = self.stances["same"], self.stances["different"]
        for wrong in (
            {"argues_for": same},
            {"kind": CommentKind.STEELMAN},
            {"kind": CommentKind.STEELMAN, "argues_for": different},
            {"kind": CommentKind.STEELMAN, "argues_for": same, "stance": None},
        ):
            with self.subTest(wrong), self.assertRaises(IntegrityError), transaction.atomic():
                rows.update(**wrong)


class CorrectionTests(SteelmanCase):
    """Editing it, and re-tagging it."""

    def setUp(self) -> None:
        super().setUp()
        self.comment = self.steelman()
        self.edit = reverse("comments:edit", args=[self.comment.pk])
        self.records = StanceRecord.objects.count()

    def tearDown(self) -> None:
        self.assertEqual(StanceRecord.objects.count(), self.records)
        self.assertEqual(list(faults()), [])

    def fresh(self) -> Comment:
        return Comment.objects.get(pk=self.comment.pk)

    def change(self, **data: object) -> Any:
        self.sign_in(self.stranger)
        return self.client.post(self.edit, {"body": "Better words.", **data})

    def test_its_words_and_what_it_argues_for(self) -> None:
        self.sign_in(self.stranger)
        form = self.client.get(self.edit)
        self.assertContains(form, '<option value="same" selected>Same</option>')
        self.assertNotContains(form, 'value="different"')
        self.assertEqual(self.change(argues_for="overlap").status_code, 302)
        self.assertEqual(self.fresh().body, "Better words.")
        self.assertEqual(self.fresh().argues_for, self.stances["overlap"])
        self.assertEqual(self.fresh().stance, self.stances["different"])

    def test_never_to_one_s_own_answer(self) -> None:
        answer = self.change(argues_for="different")
        self.assertContains(answer, "Better words.", status_code=422)
        self.assertEqual((self.fresh().body, self.fresh().argues_for_id), self.told())

    def test_its_stance_is_not_corrected(self) -> None:
        self.change(argues_for="same", stance="overlap")
        self.assertEqual(self.fresh().stance, self.stances["different"])

    def test_once_judged_it_stays_with_its_answer(self) -> None:
        holder = self.holder()
        self.records += 1
        steelmen.judge(self.comment, by=holder, is_fair=True)
        self.sign_in(self.stranger)
        self.assertNotContains(self.client.get(self.edit), "argues_for")
        # From a form drawn before the verdict: it is refused, and says nothing of readers.
        refused = self.change(argues_for="overlap")
        self.assertContains(refused, "It is too late to correct", status_code=409)
        self.assertContains(refused, "Better words.", status_code=409)
        self.assertNotRegex(refused.text, "[Jj]udged")
        self.assertEqual((self.fresh().body, self.fresh().argues_for_id), self.told())
        self.assertTrue(steelmen.is_judged(self.comment))
        self.assertEqual(self.change().status_code, 302)
        self.assertEqual(self.fresh().body, "Better words.")

    def test_while_totals_are_hidden_it_stays_judged_or_not(self) -> None:
        """Else its writer would see from the form when somebody who gives that answer judged."""
        self.post.question.reveal = Question.Reveal.AFTER_CLOSE
        self.post.question.closes_at = timezone.now() + timedelta(days=1)
        self.post.question.save(update_fields=["reveal", "closes_at"])
        self.sign_in(self.stranger)
        self.assertNotContains(self.client.get(self.edit), "argues_for")
        refused = self.change(argues_for="overlap")
        self.assertContains(refused, "It is too late to correct", status_code=409)
        self.assertEqual(self.change().status_code, 302)

    def test_after_a_quarter_of_an_hour_only_its_words(self) -> None:
        created = timezone.now() - timedelta(hours=1)
        Comment.objects.filter(pk=self.comment.pk).update(created_at=created)
        self.change(argues_for="overlap")
        self.assertEqual(self.fresh().argues_for, self.stances["same"])

    def test_a_moderator_files_it_under_no_answer_it_argues_for(self) -> None:
        retag = reverse("comments:retag", args=[self.comment.pk])
        self.sign_in(self.moderator)
        case = self.client.get(reverse("comments:moderation-case", args=[self.comment.pk]))
        self.assertContains(case, LABEL)
        self.assertNotContains(case, '<input type="radio" name="stance" value="same"')
        answer = self.client.post(retag, {"stance": "same"})
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(self.fresh().stance, self.stances["different"])
        self.client.post(retag, {"stance": "overlap"})
        self.assertEqual(self.fresh().stance, self.stances["overlap"])

    def told(self) -> tuple[str, int]:
        return REASON, self.stances["same"].pk


class UseTests(SteelmanCase):
    """An answer with a steelman is in use."""

    def test_it_has_to_stay(self) -> None:
        self.steelman()
        self.assertTrue(is_in_use(self.stances["same"]))
        self.assertFalse(is_in_use(self.stances["overlap"]))
