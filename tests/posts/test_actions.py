"""What authors write: drafts, publication, questions, promises, series."""

from datetime import timedelta
from typing import ClassVar

from django.db import transaction
from django.test import TestCase
from django.utils import timezone

from accounts.models import Role, User
from core.exceptions import ActionRefused
from core.markdown.html import MarkupRefused
from posts import actions
from posts.actions import PartPlan, PromiseWords, StanceWords
from posts.models import Part, Post, PostState, Promise, Question, Stance
from tests.factories import make_comment, make_post, make_question, make_user

BODY = "Some people manage.\n\nMore will come. Others lead. More will come."


class Author(TestCase):
    """A test with an author and a draft."""

    author: ClassVar[User]
    draft: ClassVar[Post]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.author = make_user("ada", Role.AUTHOR)
        cls.draft = actions.save_draft(None, by=cls.author, title="Two words", body=BODY)


class SaveDraftTest(Author):
    """Saving words adds revisions and shows nothing to anyone."""

    def save(self, post: Post | None = None, **words: str | int) -> Post:
        fields = {"title": "Two words", "body": BODY} | words
        return actions.save_draft(post, by=self.author, **fields)  # type: ignore[arg-type]

    def test_a_new_post_has_an_author_an_address_and_no_readers(self) -> None:
        assert self.draft.byline == [self.author]
        assert self.draft.slug == "two-words"
        assert self.draft.state() == PostState.DRAFT

    def test_changed_words_are_a_new_revision(self) -> None:
        post = self.save(self.draft, body="Other words.")
        assert post.newest_revision is not None
        assert post.newest_revision.number == 2
        assert post.newest_revision.body_html == "<p>Other words.</p>\n"

    def test_unchanged_words_are_not(self) -> None:
        self.save(self.draft, body=BODY.replace("\n", "\r\n"))
        assert self.draft.revisions.count() == 1

    def test_what_readers_see_stays_until_it_is_published(self) -> None:
        actions.publish(self.draft, by=self.author)
        post = self.save(self.draft, title="Other title")
        assert post.title == "Two words"
        assert post.has_unpublished_changes

    def test_addresses_differ(self) -> None:
        assert self.save().slug == "two-words-2"
        assert self.save().slug == "two-words-3"
        assert self.save(title="?!").slug == "post"
        assert len(self.save(title="x" * 200).slug) == 80
        assert len(self.save(title="x" * 200).slug) == 80

    def test_the_address_can_change_until_the_post_is_out(self) -> None:
        assert self.save(self.draft, slug="other").slug == "other"
        actions.publish(self.draft, by=self.author)
        with self.assertRaisesMessage(ActionRefused, "stays as it is"):
            self.save(self.draft, slug="another")

    def test_an_address_belongs_to_one_post(self) -> None:
        other = self.save()
        with self.assertRaisesMessage(ActionRefused, "Another post"):
            self.save(other, slug="two-words")

    def test_a_title_is_needed(self) -> None:
        with self.assertRaisesMessage(ActionRefused, "needs a title"):
            self.save(title="  ")
        assert Post.objects.count() == 1

    def test_text_that_cannot_be_shown_is_refused_and_writes_nothing(self) -> None:
        with self.assertRaises(MarkupRefused):
            self.save(body=">" * 200 + " deep")
        assert Post.objects.count() == 1

    def test_nobody_overwrites_words_they_have_not_seen(self) -> None:
        self.save(self.draft, body="By the first.", based_on=1)
        with self.assertRaisesMessage(ActionRefused, "Somebody saved") as refused:
            self.save(self.draft, body="By the second.", based_on=1)
        assert refused.exception.status == 409
        assert self.draft.revisions.count() == 2


class PublishTest(Author):
    """Time decides who sees a post."""

    def test_now_and_at_a_time(self) -> None:
        now = timezone.now()
        assert actions.publish(self.draft, by=self.author, now=now).is_published(now)
        actions.unpublish(self.draft, by=self.author)
        post = actions.publish(self.draft, by=self.author, at=now + timedelta(hours=1))
        assert post.state(now) == PostState.SCHEDULED
        assert post.state(now + timedelta(hours=1)) == PostState.PUBLISHED

    def test_publishing_changes_keeps_the_time(self) -> None:
        at = timezone.now() - timedelta(days=3)
        actions.publish(self.draft, by=self.author, at=at)
        actions.save_draft(self.draft, by=self.author, title="Better", body=BODY)
        post = actions.publish(self.draft, by=self.author)
        assert post.published_at == at
        assert post.title == "Better"

    def test_a_post_that_is_out_cannot_be_scheduled(self) -> None:
        actions.publish(self.draft, by=self.author)
        with self.assertRaisesMessage(ActionRefused, "out already"):
            actions.publish(self.draft, by=self.author, at=timezone.now() + timedelta(days=1))

    def test_a_post_without_text_is_not_published(self) -> None:
        empty = actions.save_draft(None, by=self.author, title="T", body=" ")
        with self.assertRaisesMessage(ActionRefused, "has no text"):
            actions.publish(empty, by=self.author)

    def test_taken_back_it_is_a_draft_with_its_newest_words(self) -> None:
        actions.publish(self.draft, by=self.author)
        actions.save_draft(self.draft, by=self.author, title="Better", body=BODY)
        post = actions.unpublish(self.draft, by=self.author)
        assert (post.state(), post.title) == (PostState.DRAFT, "Better")


class QuestionTest(Author):
    """Wordings have versions; answers that were given stay."""

    def ask(self, text: str = "Are they?", *words: StanceWords) -> Question:
        stances = words or tuple(actions.default_stances())
        return actions.set_question(self.draft, text=text, stances=stances)

    def test_every_wording_is_a_version(self) -> None:
        question = self.ask()
        assert question.version is not None
        assert question.version.number == 1
        assert self.ask().versions.count() == 1
        assert self.ask("Are they really?").versions.count() == 2
        first, *rest = actions.default_stances()
        other = StanceWords(first.key, "Unlike", first.shape, first.colour, first.meaning)
        question = self.ask("Are they really?", other, *rest)
        assert question.versions.count() == 3
        wordings = question.versions.get(number=1).wordings.order_by("stance__position")
        assert [wording.word for wording in wordings] == ["Different", "Same", "Overlap"]

    def test_looks_and_order_are_no_wording(self) -> None:
        self.ask()
        question = self.ask("Are they?", *reversed(actions.default_stances()))
        assert question.versions.count() == 1
        assert [stance.key for stance in question.offered] == ["overlap", "same", "different"]

    def test_an_answer_nobody_gave_can_go_and_come_back(self) -> None:
        first, second, third = actions.default_stances()
        self.ask()
        pk = Stance.objects.get(key="overlap").pk
        assert [stance.key for stance in self.ask("Are they?", first, second).offered] == [
            "different",
            "same",
        ]
        self.ask("Are they?", first, second, third)
        assert Stance.objects.get(key="overlap", is_offered=True).pk == pk

    def test_an_answer_somebody_gave_stays(self) -> None:
        self.ask()
        post = actions.publish(self.draft, by=self.author)
        reader = make_user("robin", is_demo=True)
        make_comment(post, reader, Stance.objects.select_related("question").get(key="overlap"))
        first, second, _third = actions.default_stances()
        with self.assertRaisesMessage(ActionRefused, "That answer has to stay"):
            self.ask("Are they?", first, second)
        with self.assertRaisesMessage(ActionRefused, "It has to stay"):
            actions.remove_question(post)
        assert Stance.objects.filter(is_offered=True).count() == 3

    def test_a_question_nobody_answered_can_go(self) -> None:
        self.ask()
        self.ask("Are they really?")
        actions.remove_question(self.draft)
        actions.remove_question(self.draft)
        assert not Question.objects.exists()

    def test_what_is_no_question_is_refused(self) -> None:
        first, second, third = actions.default_stances()
        twin = StanceWords("twin", "DIFFERENT", "open", "plum")
        wordless = StanceWords("blank", " ", "open", "plum")
        for text, stances in (
            (" ", [first, second]),
            ("Are they?", [first]),
            ("Are they?", [first, second, third] * 2),
            ("Are they?", [first, twin]),
            ("Are they?", [first, wordless]),
        ):
            with self.subTest(text=text, stances=stances), self.assertRaises(ActionRefused):
                self.ask(text, *stances)
        assert not Question.objects.exists()


class PromisesTest(Author):
    """A promise is tied to a sentence that is there."""

    def test_the_sentence_is_found_and_its_surroundings_kept(self) -> None:
        (promise,) = actions.set_promises(
            self.draft, [PromiseWords("More will come.", prefix="Others lead. ")]
        )
        assert promise.prefix.endswith("Others lead. ")
        assert promise.suffix.strip() == ""

    def test_a_sentence_that_is_not_there_is_refused_whole(self) -> None:
        words = [PromiseWords("More will come."), PromiseWords("Never said.")]
        with self.assertRaisesMessage(ActionRefused, "not in the text"), transaction.atomic():
            actions.set_promises(self.draft, words)
        assert not Promise.objects.exists()

    def test_a_sentence_is_one_promise(self) -> None:
        with self.assertRaisesMessage(ActionRefused, "already"):
            actions.set_promises(self.draft, [PromiseWords("More will come.")] * 2)

    def test_a_promise_survives_the_loss_of_its_sentence(self) -> None:
        (promise,) = actions.set_promises(self.draft, [PromiseWords("Others lead.")])
        actions.save_draft(self.draft, by=self.author, title="Two words", body="Rewritten.")
        draft = Post.objects.get(pk=self.draft.pk)
        kept = PromiseWords(
            promise.exact, promise.prefix, promise.suffix, note="Still", id=promise.pk
        )
        assert actions.set_promises(draft, [kept])[0].note == "Still"
        assert actions.set_promises(draft, []) == []
        assert not Promise.objects.exists()

    def test_withdrawn_and_taken_up_again(self) -> None:
        (promise,) = actions.set_promises(
            self.draft, [PromiseWords("Others lead.", withdrawn_reason="I was wrong.")]
        )
        assert promise.state() == "withdrawn"
        words = PromiseWords(promise.exact, promise.prefix, promise.suffix, id=promise.pk)
        assert actions.set_promises(self.draft, [words])[0].state() == "open"

    def test_kept_once_all_its_parts_are_out(self) -> None:
        series = actions.save_series(None, by=self.author, title="S")
        second = make_post(self.author, published_at=None)
        one, two, three = actions.set_parts(
            series, [PartPlan("One"), PartPlan("Two", post_id=second.pk), PartPlan("Three")]
        )
        (promise,) = actions.set_promises(
            self.draft, [PromiseWords("Others lead.", part_ids=(two.pk,))]
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


class SeriesTest(Author):
    """Parts move freely; numbers never clash."""

    def plans(self, parts: list[Part]) -> list[PartPlan]:
        return [PartPlan(part.title, part.summary, part.post_id, part.pk) for part in parts]

    def titles(self) -> list[tuple[int, str]]:
        return list(Part.objects.order_by("position").values_list("position", "title"))

    def setUp(self) -> None:
        self.series = actions.save_series(None, by=self.author, title="A series", description="*x*")
        self.parts = actions.set_parts(self.series, [PartPlan(name) for name in "ABC"])

    def test_a_series_has_an_address_and_html(self) -> None:
        assert self.series.slug == "a-series"
        assert self.series.description_html == "<p><em>x</em></p>\n"
        assert actions.save_series(None, by=self.author, title="A series").slug == "a-series-2"

    def test_reversed_shortened_and_grown(self) -> None:
        a, b, c = self.plans(self.parts)
        actions.set_parts(self.series, [c, b, a])
        assert self.titles() == [(1, "C"), (2, "B"), (3, "A")]
        actions.set_parts(self.series, [b, PartPlan("D"), c])
        assert self.titles() == [(1, "B"), (2, "D"), (3, "C")]
        assert Part.objects.get(title="C").pk == c.id

    def test_posts_change_places(self) -> None:
        other = make_post(self.author, published_at=None)
        a, b, c = self.plans(self.parts)
        actions.set_parts(
            self.series,
            [PartPlan("A", "", self.draft.pk, a.id), PartPlan("B", "", other.pk, b.id), c],
        )
        actions.set_parts(
            self.series,
            [PartPlan("A", "", other.pk, a.id), PartPlan("B", "", self.draft.pk, b.id), c],
        )
        assert Part.objects.get(title="A").post == other

    def test_a_published_part_stays(self) -> None:
        a, b, c = self.plans(self.parts)
        actions.place_post(self.draft, self.parts[0])
        actions.publish(self.draft, by=self.author)
        with (
            self.assertRaisesMessage(ActionRefused, "A published part stays"),
            transaction.atomic(),
        ):
            actions.set_parts(self.series, [b, c])
        assert len(self.titles()) == 3
        with self.assertRaisesMessage(ActionRefused, "stays as it is"):
            actions.save_series(self.series, by=self.author, title="S", slug="other")

    def test_a_post_is_one_part(self) -> None:
        actions.place_post(self.draft, self.parts[0])
        actions.place_post(self.draft, self.parts[1])
        assert list(Part.objects.filter(post=self.draft)) == [self.parts[1]]
        other = make_post(self.author)
        with self.assertRaisesMessage(ActionRefused, "Another post has this place"):
            actions.place_post(other, self.parts[1])
        series = actions.save_series(None, by=self.author, title="Other")
        with self.assertRaisesMessage(ActionRefused, "a part of something else"):
            actions.set_parts(series, [PartPlan("X", post_id=self.draft.pk)])
        with self.assertRaisesMessage(ActionRefused, "only one part"):
            actions.set_parts(series, [PartPlan("X", post_id=other.pk)] * 2)
        actions.place_post(self.draft, None)
        assert not Part.objects.filter(post__isnull=False).exists()

    def test_what_is_no_plan_is_refused(self) -> None:
        for plans in ([PartPlan(" ")], [PartPlan("X")] * 101):
            with self.subTest(plans=len(plans)), self.assertRaises(ActionRefused):
                actions.set_parts(self.series, plans)
        with self.assertRaises(ActionRefused):
            actions.save_series(None, by=self.author, title=" ")
        assert len(self.titles()) == 3


class FactoryTest(Author):
    """The questions of other tests are like the real ones."""

    def test_a_made_question_can_be_set_again(self) -> None:
        make_question(self.draft)
        question = actions.set_question(
            self.draft, text="Are they?", stances=actions.default_stances()
        )
        assert question.versions.count() == 2
