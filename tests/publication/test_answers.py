"""Test the answers with which a new question begins."""

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase

from posts.models import StanceColour, StanceShape
from publication import current
from publication.answers import (
    ANSWERS_MAX,
    AnswerSet,
    default_answers,
    made_of,
    read_answers,
    write_answers,
)
from publication.models import SiteProfile


class DefaultAnswersTests(SimpleTestCase):
    """The shipped sets, and the publication's own."""

    def test_every_set_can_be_that_of_a_question(self) -> None:
        own = read_answers("One: a; Two; Three; Four; Five")
        self.assertEqual(len(own), ANSWERS_MAX)
        for name in AnswerSet:
            profile = SiteProfile(number=1, answers=name, own_answers=own)
            with self.subTest(name), current.showing(profile):
                answers = default_answers()
                for column in ("key", "word", "shape", "colour"):
                    values = {getattr(answer, column) for answer in answers}
                    self.assertEqual(len(values), len(answers), column)
                self.assertLessEqual({answer.shape for answer in answers}, {*StanceShape.values})
                self.assertLessEqual({answer.colour for answer in answers}, {*StanceColour.values})

    def test_answers_are_read_as_they_are_written(self) -> None:
        read = read_answers("Yes: worth it;  No ;\n\nIt depends : on: whom")
        self.assertEqual(write_answers(read), "Yes: worth it\nNo\nIt depends: on: whom")
        self.assertEqual(read_answers(write_answers(read)), read)
        keys = [answer.key for answer in made_of(read_answers("Ja; はい; いいえ; ja!"))]
        self.assertEqual(keys, ["ja", "answer", "answer-2", "ja-2"])

    def test_what_no_question_can_have_is_refused(self) -> None:
        unseen = ("a\u200b; a", "a\ufe0f; a", "\u3164; b", "\u200b: x; b")
        for text in (
            *unseen,
            "",
            "Yes",
            "Yes; No; A; B; C; D",
            "Yes; yes",
            f"Yes; {'x' * 31}",
            ": a; : b",
        ):
            with self.subTest(text), self.assertRaises(ValidationError):
                read_answers(text)
