"""Test setting a question, its wordings and its stances."""

from dataclasses import replace

from core.exceptions import ActionRefused
from posts import actions
from posts.actions import StanceInput
from posts.models import Question, Stance
from tests.factories import make_comment, make_question, make_user

from .cases import AuthorCase


class QuestionTest(AuthorCase):
    """Wordings have versions, and given answers stay."""

    def ask(self, text: str = "Are they?", *words: StanceInput) -> Question:
        stances = words or tuple(actions.default_stances())
        return actions.set_question(self.draft, text=text, stances=stances)

    def test_every_wording_is_a_version(self) -> None:
        question = self.ask()
        assert question.version is not None
        assert question.version.number == 1
        assert self.ask().versions.count() == 1
        assert self.ask("Are they really?").versions.count() == 2
        first, *rest = actions.default_stances()
        other = StanceInput(first.key, "Unlike", first.shape, first.colour, first.meaning)
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

    def test_a_word_that_readers_gave_stays_with_its_answer(self) -> None:
        self.ask()
        first, second, third = actions.default_stances()

        def words(one: str, other: str) -> Question:
            return self.ask(
                "Are they?", replace(first, word=one), replace(second, word=other), third
            )

        words("Same", "Different")
        words("Different", "Same")
        post = actions.publish(self.draft, by=self.author)
        reader = make_user("robin", is_demo=True)
        make_comment(post, reader, Stance.objects.select_related("question").get(key="same"))
        for one, other in (("Same", "Different"), ("Same", "Alike"), ("  sAme", "Alike")):
            with (
                self.subTest(one=one),
                self.assertRaisesMessage(ActionRefused, "Readers have answered “Same”"),
            ):
                words(one, other)
        # The words of an earlier wording were given, too; each answer may take its own back.
        words("Different", "Alike")
        with self.assertRaisesMessage(ActionRefused, "Readers have answered “Same”"):
            words("Same", "Alike")
        words("Unlike", "Same")
        # Nobody has answered "Different" or "Unlike".
        assert [stance.word for stance in words("One", "Unlike").offered][:2] == ["One", "Unlike"]

    def test_a_question_nobody_answered_can_go(self) -> None:
        self.ask()
        self.ask("Are they really?")
        actions.remove_question(self.draft)
        actions.remove_question(self.draft)
        assert not Question.objects.exists()

    def test_what_is_no_question_is_refused(self) -> None:
        first, second, third = actions.default_stances()
        twin = StanceInput("twin", "DIFFERENT", "open", "plum")
        wordless = StanceInput("blank", " ", "open", "plum")
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


class FactoryTest(AuthorCase):
    """Questions of `factories` equal those of the action."""

    def test_a_made_question_can_be_set_again(self) -> None:
        make_question(self.draft)
        question = actions.set_question(
            self.draft, text="Are they?", stances=actions.default_stances()
        )
        assert question.versions.count() == 2
