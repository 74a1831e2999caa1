"""Test the closing question in the studio."""

from typing import Any

from django.urls import reverse

from posts.models import Post, Question, Stance
from tests.cast import Cast
from tests.factories import make_comment, make_post

from .forms import fields_in, fields_of


class QuestionCase(Cast):
    """An author with a draft without a question, and the form of its question."""

    def setUp(self) -> None:
        self.sign_in(self.author)
        self.draft = make_post(self.author, published_at=None)
        self.url = self.url_of(self.draft)

    def url_of(self, post: Post) -> str:
        return reverse("posts:studio-question", args=[post.pk])

    def send(self, post: Post | None = None, **changes: Any) -> Any:
        url = self.url_of(post or self.draft)
        form = fields_of(self.client, url, holding="text")
        return self.client.post(url, form | {k.replace("__", "-"): v for k, v in changes.items()})

    def words(self, post: Post) -> list[str]:
        offered = Stance.objects.filter(question__post=post, is_offered=True)
        return list(offered.values_list("word", flat=True))


class QuestionTests(QuestionCase):
    """Writing the question and its answers."""

    def test_the_default_answers_are_there_to_be_taken(self) -> None:
        self.assertRedirects(self.send(text="Are they different?"), self.url)
        question = Question.objects.get(post=self.draft)
        self.assertEqual(str(question), "Are they different?")
        keys = list(question.stances.values_list("key", flat=True))
        self.assertEqual(keys, ["different", "same", "overlap"])

    def test_answers_of_ones_own_in_ones_own_order(self) -> None:
        self.send(
            text="Can it be learned?",
            stance__0__word="Born", stance__0__place="2",
            stance__1__word="Made", stance__1__place="1",
            stance__2__word="", stance__2__meaning="",
            stance__3__word="Born & made", stance__3__place="3",
        )  # fmt: skip
        stances = Stance.objects.filter(question__post=self.draft)
        self.assertEqual(
            list(stances.values_list("key", "word")),
            [("made", "Made"), ("born", "Born"), ("born-made", "Born & made")],
        )

    def test_keys_stay_when_words_change(self) -> None:
        self.send(self.post, stance__1__word="Alike")
        stance = self.post.question.stances.get(key="same")
        self.assertEqual(stance.word, "Alike")
        self.send(self.post, stance__3__word="Same", stance__3__place="4")
        self.assertEqual(self.post.question.stances.get(word="Same").key, "same-2")

    def test_other_words_make_a_new_wording_and_other_looks_do_not(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        self.assertContains(self.client.get(self.url_of(self.post)), "begin a new wording")
        self.send(self.post, stance__0__shape="stacked", stance__0__colour="slate")
        self.assertEqual(self.post.question.versions.count(), 1)
        answer = self.client.post(
            self.url_of(self.post),
            fields_of(self.client, self.url_of(self.post), holding="text") | {"text": "Really?"},
            follow=True,
        )
        self.assertContains(answer, "Saved as wording 2")
        self.assertEqual(self.post.question.versions.count(), 2)

    def test_what_is_wrong_is_said_beside_it(self) -> None:
        wrong: list[tuple[dict[str, str], str]] = [
            ({"text": ""}, "Please write the question."),
            ({"stance__1__word": "", "stance__1__meaning": "",
              "stance__2__word": "", "stance__2__meaning": ""}, "at least two answers"),
            ({"stance__1__word": "DIFFERENT"}, "has this word already"),
            ({"stance__1__shape": "apart"}, "has this shape already"),
            ({"stance__1__colour": "blue"}, "has this colour already"),
            ({"stance__1__word": ""}, "needs a word"),
            ({"stance__1__shape": "square"}, "square"),
            ({"stance__1__word": "w" * 31}, "too long"),
        ]  # fmt: skip
        for changes, sentence in wrong:
            answer = self.send(None, **({"text": "Kept, every word?"} | changes))
            self.assertContains(answer, sentence, status_code=422)
            if changes.get("text") != "":
                self.assertContains(answer, "Kept, every word?", status_code=422)
        self.assertFalse(Question.objects.filter(post=self.draft).exists())

    def test_an_answer_that_was_given_stays(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        answer = self.send(self.post, stance__1__word="", stance__1__meaning="")
        self.assertContains(answer, "Readers have answered “Same”", status_code=422)
        self.assertEqual(self.words(self.post), ["Different", "Same", "Overlap"])

    def test_an_answer_nobody_gave_can_go(self) -> None:
        self.send(self.post, stance__2__word="", stance__2__meaning="")
        self.assertEqual(self.words(self.post), ["Different", "Same"])

    def test_two_tabs(self) -> None:
        form = fields_of(self.client, self.url_of(self.post), holding="text")
        url = self.url_of(self.post)
        self.client.post(url, form | {"text": "First?"})
        conflict = self.client.post(url, form | {"text": "Second?"})
        self.assertContains(conflict, "Second?", status_code=409)
        self.post.refresh_from_db()
        self.assertEqual(str(Question.objects.get(post=self.post)), "First?")
        again = fields_in(conflict.content.decode(), holding="text")
        self.assertEqual(self.client.post(url, again).status_code, 302)
        self.assertEqual(str(Question.objects.get(post=self.post)), "Second?")

    def test_twice_is_once(self) -> None:
        form = fields_of(self.client, self.url, holding="text") | {"text": "Once?"}
        for _click in range(2):
            self.assertEqual(self.client.post(self.url, form).status_code, 302)
        self.assertEqual(Question.objects.get(post=self.draft).versions.count(), 1)

    def test_who_may(self) -> None:
        for person in (self.reader, self.moderator, self.suspended, self.other_author):
            self.sign_in(person)
            url = self.url_of(self.post)
            self.assertEqual(self.client.get(url).status_code, 403)
            self.assertEqual(self.client.post(url, {"text": "Mine?"}).status_code, 403)
        self.assertEqual(self.client.get(self.url).status_code, 404)
        self.client.logout()
        self.assertEqual(self.client.get(self.url).status_code, 302)

    def test_a_lost_session_gives_it_back(self) -> None:
        form = fields_of(self.client, self.url, holding="text") | {"text": "Typed long?"}
        self.client.logout()
        self.client.post(self.url, form)
        self.client.force_login(self.author)
        self.assertContains(self.client.get(self.url), "Typed long?")

    def test_asking_nothing(self) -> None:
        url = reverse("posts:studio-question-removal", args=[self.post.pk])
        self.assertContains(self.client.get(url), "Delete the question")
        self.assertTrue(Question.objects.filter(post=self.post).exists())
        for _click in range(2):
            self.assertRedirects(self.client.post(url), self.url_of(self.post))
        self.assertFalse(Question.objects.filter(post=self.post).exists())

    def test_a_question_that_was_answered_stays(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        url = reverse("posts:studio-question-removal", args=[self.post.pk])
        self.assertContains(self.client.post(url, follow=True), "It has to stay")
        self.assertEqual(self.client.put(url).status_code, 405)
        self.sign_in(self.other_author)
        self.assertEqual(self.client.post(url).status_code, 403)
        self.assertTrue(Question.objects.filter(post=self.post).exists())


class RevealTests(QuestionCase):
    """The setting of when readers see the totals."""

    def showing(self, post: Post) -> str:
        return Question.objects.get(post=post).reveal

    def test_totals_may_wait_for_an_answer_or_a_moment(self) -> None:
        self.send(text="Learned?", reveal="after_answer")
        self.assertEqual(self.showing(self.draft), "after_answer")
        refused = self.send(text="Learned?", reveal="after_close")
        self.assertContains(refused, "from when on", status_code=422)
        self.assertEqual(self.showing(self.draft), "after_answer")
        self.send(text="Learned?", reveal="after_close", closes_at="2030-01-31T09:00")
        self.assertEqual(self.showing(self.draft), "after_close")

    def test_once_answered_they_can_only_be_shown_sooner(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        refused = self.send(self.post, reveal="after_answer")
        self.assertContains(refused, "can only be shown sooner", status_code=422)
        self.assertEqual(self.showing(self.post), "always")
        Question.objects.filter(post=self.post).update(
            reveal="after_close", closes_at="2030-01-31T09:00Z"
        )
        for later in ("2030-02-01T09:00", ""):
            refused = self.send(self.post, closes_at=later)
            self.assertEqual(refused.status_code, 422, later)
        self.send(self.post, closes_at="2029-01-31T09:00")
        # The totals were promised to readers who never answer, too.
        refused = self.send(self.post, reveal="after_answer", closes_at="")
        self.assertEqual(refused.status_code, 422)
        self.send(self.post, reveal="after_answer", closes_at="2029-01-31T09:00")
        self.assertEqual(self.showing(self.post), "after_answer")
        self.send(self.post, reveal="always")
        self.assertEqual(self.showing(self.post), "always")

    def test_what_everybody_sees_by_now_is_never_hidden_again(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        gone = "2026-01-31T09:00Z"
        for reveal in ("after_close", "after_answer"):
            Question.objects.filter(post=self.post).update(reveal=reveal, closes_at=gone)
            for other, closes_at in (
                ("after_answer", ""),
                ("after_answer", "2030-01-31T09:00"),
                ("after_close", "2030-01-31T09:00"),
            ):
                with self.subTest(before=reveal, after=other, closes_at=closes_at):
                    refused = self.send(self.post, reveal=other, closes_at=closes_at)
                    self.assertContains(refused, "can only be shown sooner", status_code=422)
            self.send(self.post, reveal="after_answer", closes_at="2026-02-01T09:00")
            self.assertTrue(Question.objects.get(post=self.post).shows_totals_to_all)
