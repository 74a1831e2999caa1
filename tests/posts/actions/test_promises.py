"""Test promises and their sentences."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.exceptions import ActionRefused
from posts import actions
from posts.actions import PartInput, PromiseInput
from posts.models import Post, Promise
from tests.factories import make_post

from .cases import AuthorCase


class PromisesTest(AuthorCase):
    """A promise belongs to a sentence of the text."""

    def test_the_sentence_is_found_and_its_surroundings_kept(self) -> None:
        (promise,) = actions.set_promises(
            self.draft, [PromiseInput("More will come.", prefix="Others lead. ")]
        )
        assert promise.prefix.endswith("Others lead. ")
        assert promise.suffix.strip() == ""

    def test_a_sentence_that_is_not_there_is_refused_whole(self) -> None:
        words = [PromiseInput("More will come."), PromiseInput("Never said.")]
        with self.assertRaisesMessage(ActionRefused, "not in the text"), transaction.atomic():
            actions.set_promises(self.draft, words)
        assert not Promise.objects.exists()

    def test_a_sentence_is_one_promise(self) -> None:
        with self.assertRaisesMessage(ActionRefused, "already"):
            actions.set_promises(self.draft, [PromiseInput("More will come.")] * 2)

    def test_a_promise_survives_the_loss_of_its_sentence(self) -> None:
        (promise,) = actions.set_promises(self.draft, [PromiseInput("Others lead.")])
        actions.save_draft(self.draft, by=self.author, title="Two words", body="Rewritten.")
        draft = Post.objects.get(pk=self.draft.pk)
        kept = PromiseInput(
            promise.exact, promise.prefix, promise.suffix, note="Still", id=promise.pk
        )
        assert actions.set_promises(draft, [kept])[0].note == "Still"
        assert actions.set_promises(draft, []) == []
        assert not Promise.objects.exists()

    def test_withdrawn_and_taken_up_again(self) -> None:
        (promise,) = actions.set_promises(
            self.draft, [PromiseInput("Others lead.", withdrawn_reason="I was wrong.")]
        )
        assert promise.state() == "withdrawn"
        words = PromiseInput(promise.exact, promise.prefix, promise.suffix, id=promise.pk)
        assert actions.set_promises(self.draft, [words])[0].state() == "open"

    def test_kept_once_all_its_parts_are_out(self) -> None:
        series = actions.save_series(None, by=self.author, title="S")
        second = make_post(self.author, published_at=None)
        one, two, three = actions.set_parts(
            series, [PartInput("One"), PartInput("Two", post_id=second.pk), PartInput("Three")]
        )
        (promise,) = actions.set_promises(
            self.draft, [PromiseInput("Others lead.", part_ids=(two.pk,))]
        )
        assert promise.state() == "drafting"
        actions.publish(second, by=self.author, at=timezone.now() + timedelta(days=1))
        assert Promise.objects.get().state() == "scheduled"
        assert Promise.objects.get().state(timezone.now() + timedelta(days=2)) == "kept"
        actions.unpublish(second, by=self.author)
        actions.publish(second, by=self.author)
        assert Promise.objects.get().state() == "kept"
        Promise.objects.get().parts.add(three)
        assert Promise.objects.get().state() == "open"
        assert one.state() is None
