"""Test the closing question in the studio."""

import re
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from posts.actions import Opening, seal_answer, withdraw_sealed_answer
from posts.models import Post, Question, Stance
from publication.answers import OwnAnswer
from publication.current import showing
from publication.models import SiteProfile
from tests.cast import Cast
from tests.factories import make_comment, make_post

from .forms import fields_in, fields_of

# A sixth row, which no button of the page adds.
SIX: dict[str, Any] = {"row": ["0", "1", "2", "3", "4", "5"]} | {
    f"stance__{number}__{name}": value
    for number in range(3, 6)
    for name, value in (
        ("word", f"Answer {number}"),
        ("shape", ("touching", "open", "stacked")[number - 3]),
        ("colour", ("plum", "slate", "blue")[number - 3]),
    )
}


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

    def press(self, act: str, post: Post | None = None, **changes: Any) -> dict[str, Any]:
        """Press the button `act` of the form with these changes; return the fields shown then."""
        answer = self.send(post, act=act, **changes)
        self.assertEqual(answer.status_code, 200)
        return fields_in(answer.content.decode(), holding="text")

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
            row=["1", "0", "2"],
            stance__0__word="Born",
            stance__1__word="Made",
            stance__2__word="Born & made",
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
        form = self.press("add", self.post) | {"stance-3-word": "Same"}
        self.client.post(self.url_of(self.post), form)
        self.assertEqual(self.post.question.stances.get(word="Same").key, "same-2")

    def test_other_words_make_a_new_wording_and_other_looks_do_not(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        self.assertContains(self.client.get(self.url_of(self.post)), "keep the old wording")
        self.send(self.post, stance__0__shape="stacked", stance__0__colour="slate")
        self.assertEqual(self.post.question.versions.count(), 1)
        answer = self.client.post(
            self.url_of(self.post),
            fields_of(self.client, self.url_of(self.post), holding="text") | {"text": "Really?"},
            follow=True,
        )
        self.assertContains(answer, "Saved as wording 2")
        self.assertEqual(self.post.question.versions.count(), 2)

    def test_it_says_how_many_have_answered_and_what_can_still_be_changed(self) -> None:
        for count, said in (
            (None, ""),
            (0, "<strong>Readers have answered.</strong>"),
            (1, "<strong>1 reader has answered.</strong>"),
            (2, "<strong>2 readers have answered.</strong>"),
            (1234, "<strong>1,234 readers have answered.</strong>"),
        ):
            with self.subTest(count=count):
                if count is not None and not self.stances["same"].comments.exists():
                    make_comment(self.post, self.reader, self.stances["same"])
                Stance.objects.filter(pk=self.stances["same"].pk).update(answer_count=count or 0)
                page = self.client.get(self.url_of(self.post))
                if not said:
                    self.assertNotContains(page, "answered.</strong>")
                    continue
                self.assertContains(page, said, count=1)
                for rest in ("You can still edit the question", "remove one that no reader has"):
                    self.assertContains(page, rest, count=1)

    def test_the_way_to_a_sealed_answer_says_whether_there_is_one(self) -> None:
        page = self.client.get(self.url_of(self.post))
        self.assertContains(page, ">Write a sealed answer</a>")
        seal_answer(
            self.post.question, author=self.author, stance_key="same", opening=Opening(after=50)
        )
        page = self.client.get(self.url_of(self.post))
        self.assertContains(page, ">See your sealed answer</a>")
        withdraw_sealed_answer(self.post.question, author=self.author)
        page = self.client.get(self.url_of(self.post))
        self.assertContains(page, ">Write a sealed answer</a>")

    def test_it_says_when_a_sealed_answer_opens(self) -> None:
        question, invitation = self.post.question, "You can write down your own answer"
        self.assertContains(self.client.get(self.url_of(self.post)), invitation, count=1)
        at = datetime(2099, 1, 31, 9, tzinfo=UTC)
        for opening, said in (
            (Opening(after=1), "It opens once 1 reader has answered."),
            (Opening(after=1200), "It opens once 1,200 readers have answered."),
            (Opening(at=at), "It opens on <time"),
            (Opening(at=at, after=1), "It opens once 1 reader has answered, or on <time"),
            (Opening(at=at, after=3), "It opens once 3 readers have answered, or on <time"),
        ):
            with self.subTest(opening=opening):
                seal_answer(question, author=self.author, stance_key="same", opening=opening)
                page = self.client.get(self.url_of(self.post))
                self.assertContains(page, "You sealed your answer on <time", count=1)
                self.assertContains(page, said, count=1)
                self.assertNotContains(page, invitation)
        question.sealed_answers.update(opens_at="2026-01-31T09:00Z")
        page = self.client.get(self.url_of(self.post))
        self.assertContains(page, "It opened on <time", count=1)
        self.assertNotContains(page, "It opens")

    def counts(self) -> list[str]:
        """Return what the rows of answers say of how many readers gave each."""
        page = self.client.get(self.url_of(self.post)).content.decode()
        return re.findall(r"<small>([\d,]+ readers?)</small>", page)

    def test_each_answer_says_how_many_readers_gave_it(self) -> None:
        for numbers, said in (
            ((0, 0, 0), []),
            ((1, 3, 0), []),
            ((1, 4, 0), ["1 reader", "4 readers"]),
            ((0, 1234, 2), ["1,234 readers", "2 readers"]),
        ):
            for stance, number in zip(self.post.question.stances.all(), numbers, strict=True):
                Stance.objects.filter(pk=stance.pk).update(answer_count=number)
            self.assertEqual(self.counts(), said, numbers)

    def test_the_numbers_stay_hidden_while_the_totals_are(self) -> None:
        Stance.objects.filter(pk=self.stances["same"].pk).update(answer_count=16)
        self.assertEqual(self.counts(), ["16 readers"])
        Question.objects.filter(post=self.post).update(reveal="after_answer")
        self.assertEqual(self.counts(), [])
        Question.objects.filter(post=self.post).update(closes_at="2026-01-31T09:00Z")
        self.assertEqual(self.counts(), ["16 readers"])

    def test_the_words_of_its_notes(self) -> None:
        page = self.client.get(self.url)
        for words in ("Drag them, or use the arrows, to change", "also for colour-blind readers"):
            self.assertContains(page, words, count=1)

    def test_it_says_what_scripts_may_say_of_what_is_saved(self) -> None:
        for post, unchanged in ((self.post, "No changes"), (self.draft, "Not saved yet")):
            page = self.client.get(self.url_of(post))
            self.assertContains(page, f'data-unchanged="{unchanged}"></span>')
            self.assertNotContains(page, "data-typed")
        self.assertContains(self.send(act="look"), "data-typed")
        self.assertContains(self.send(text=""), "data-typed", status_code=422)

    def test_the_preview_stands_between_the_answers_and_the_button_to_save(self) -> None:
        text = self.client.get(self.url).content.decode()
        ids = ['id="answers"', 'id="seen-title"', 'name="reveal"', "button--main"]
        places = [text.index(each) for each in ids]
        self.assertEqual(places, sorted(places))

    def test_what_is_wrong_is_said_beside_it(self) -> None:
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"text": ""}, "Please write the question."),
            ({"stance__1__word": "", "stance__1__meaning": "",
              "stance__2__word": "", "stance__2__meaning": ""}, "at least two answers"),
            ({"stance__1__word": "DIFFERENT"}, "has this word already"),
            ({"stance__1__shape": "apart"}, "has this shape already"),
            ({"stance__1__colour": "blue"}, "has this colour already"),
            ({"stance__1__word": ""}, "needs a word"),
            ({"stance__1__shape": "square"}, "square"),
            ({"stance__1__word": "Ｄｉｆｆｅｒｅｎｔ"}, "has this word already"),
            ({"stance__1__word": "w" * 31}, "too long"),
            ({"stance__1__word": "界" * 40}, "too long"),
            ({"row": ["0"]}, "at least two answers"),
            (SIX, "five answers at most"),
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
        for both in ("First?", "Second?", "Save mine as the newest"):
            self.assertContains(conflict, both, status_code=409)
        self.post.refresh_from_db()
        self.assertEqual(str(Question.objects.get(post=self.post)), "First?")
        again = fields_in(conflict.content.decode(), holding="text")
        self.assertEqual(self.client.post(url, again).status_code, 302)
        self.assertEqual(str(Question.objects.get(post=self.post)), "Second?")

    def test_a_form_that_does_not_say_what_it_began_with_overtakes_nobody(self) -> None:
        url, form = (
            self.url_of(self.post),
            fields_of(self.client, self.url_of(self.post), holding="text"),
        )
        del form["based_on"]
        self.assertEqual(self.client.post(url, form).status_code, 302)
        conflict = self.client.post(url, form | {"text": "Mine?"})
        for said in ("Mine?", "does not say which wording you began with", "Save mine"):
            self.assertContains(conflict, said, status_code=409)
        self.assertEqual(str(Question.objects.get(post=self.post)), "Are they different?")
        again = fields_in(conflict.content.decode(), holding="text")
        self.assertEqual(self.client.post(url, again).status_code, 302)
        self.assertEqual(str(Question.objects.get(post=self.post)), "Mine?")

    def test_a_first_question_needs_no_beginning(self) -> None:
        form = fields_of(self.client, self.url, holding="text") | {"text": "New?"}
        del form["based_on"]
        self.assertEqual(self.client.post(self.url, form).status_code, 302)

    def test_it_says_what_was_saved(self) -> None:
        later = {"reveal": "after_close", "closes_at": "2099-01-31T09:00"}
        for changes, said in (
            ({}, "Nothing has changed."),
            ({"row": ["2", "0", "1"]}, "Saved: the order of the answers."),
            ({"stance__0__shape": "open"}, "Saved: how the answers look."),
            (later, "Saved: when readers see where others stand."),
            (
                {"row": ["1", "0", "2"], "stance__1__colour": "plum"},
                "Saved: the order of the answers and how the answers look.",
            ),
            ({"text": "Other?", "row": ["1", "0", "2"]}, "Saved as wording 2."),
        ):
            with self.subTest(changes=changes):
                self.assertEqual(self.send(self.post, **changes).status_code, 302)
                self.assertContains(self.client.get(self.url_of(self.post)), said)

    def test_the_words_of_two_answers_that_were_given_cannot_be_swapped(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        swapped = {"stance__0__word": "Same", "stance__1__word": "Different"}
        answer = self.send(self.post, **swapped)
        self.assertContains(answer, "Readers have answered “Same”, so another", status_code=422)
        self.assertContains(answer, 'value="Different"', status_code=422)
        self.assertEqual(self.words(self.post), ["Different", "Same", "Overlap"])

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


class ArrangingTests(QuestionCase):
    """The buttons that arrange the answers and save nothing."""

    def arranged(self, act: str, post: Post | None = None, **changes: Any) -> list[str]:
        """Press a button; return the words of the rows shown then, in their order."""
        fields = self.press(act, post, **changes)
        return [fields[f"stance-{number}-word"] for number in fields.get("row", ())]

    def test_each_button_shows_the_form_with_the_rows_arranged(self) -> None:
        different = ["Different", "Same", "Overlap"]
        for act, changes, words in (
            ("up-1", {}, ["Same", "Different", "Overlap"]),
            ("down-1", {}, ["Different", "Overlap", "Same"]),
            ("up-0", {}, different),
            ("down-2", {}, different),
            ("up-0", {"row": ["2", "1", "0"]}, ["Overlap", "Different", "Same"]),
            ("remove-1", {}, ["Different", "Overlap"]),
            ("remove-7", {}, different),
            ("add", {}, [*different, ""]),
            ("add", {"row": ["0", "2"]}, ["Different", "Overlap", ""]),
            (
                "add",
                {"row": SIX["row"][:5], **SIX},
                [*different, *(f"Answer {n}" for n in (3, 4, 5))],
            ),
            ("preset-yes_or_no", {}, ["Yes", "No", "It depends"]),
            ("preset-blank", {}, ["", ""]),
            ("preset-none", {}, different),
            ("look", {"stance__0__word": "Apart"}, ["Apart", "Same", "Overlap"]),
            ("look", {"row": ["0", "0", "x", "77", "-1"]}, ["Different"]),
            ("nonsense", {}, different),
        ):
            with self.subTest(act=act, changes=changes):
                self.assertEqual(self.arranged(act, **changes), words)
        self.assertFalse(Question.objects.filter(post=self.draft).exists())

    def test_what_was_typed_and_opened_stays_and_is_seen(self) -> None:
        answer = self.send(
            act="up-1", text="Is it <so>?", reveal="after_close", closes_at="2030-01-31T09:00",
            stance__1__word="Alike", stance__1__colour="plum", open="1",
        )  # fmt: skip
        self.assertContains(answer, '<h3 class="seen__question" dir="auto">Is it &lt;so&gt;?</h3>')
        self.assertContains(answer, "“Alike” is now 1 of 3.")
        self.assertContains(answer, 'data-number="1" open')
        self.assertNotContains(answer, 'data-number="0" open')
        self.assertContains(answer, '<span class="choice" data-colour="plum">')
        fields = fields_in(answer.content.decode(), holding="text")
        self.assertEqual(fields["closes_at"], "2030-01-31T09:00")
        self.client.post(self.url, fields)
        self.assertEqual(self.words(self.draft), ["Alike", "Different", "Overlap"])

    def test_a_new_answer_has_a_look_of_its_own_and_the_focus(self) -> None:
        answer = self.send(act="add")
        fields = fields_in(answer.content.decode(), holding="text")
        self.assertEqual(
            (fields["stance-3-shape"], fields["stance-3-colour"]), ("touching", "plum")
        )
        self.assertContains(answer, 'name="stance-3-word" data-limit="30" data-focus')
        five = self.client.post(self.url, fields | {"act": "add"})
        self.assertNotContains(five, "Add an answer")

    def test_the_answers_of_the_site_are_a_set_too(self) -> None:
        own = [OwnAnswer(word="Aye", meaning="I do."), OwnAnswer(word="Nay", meaning="")]
        with showing(SiteProfile(number=1, own_answers=own)):
            self.assertEqual(self.arranged("preset-own"), ["Aye", "Nay"])

    def test_a_set_keeps_the_keys_of_answers_with_the_same_words(self) -> None:
        fields = self.press("preset-comparison", self.post, stance__0__word="Apart")
        self.assertEqual(
            [fields[f"stance-{n}-key"] for n in range(3)], ["different", "same", "overlap"]
        )

    def test_answers_that_a_set_replaced_come_back(self) -> None:
        mine: dict[str, Any] = {"stance__0__word": "Never", "stance__1__meaning": "As one likes."}
        shown = self.press("preset-agreement", **mine)
        self.assertEqual(shown["stance-0-word"], "Agree")
        answer = self.client.post(self.url, shown | {"act": "undo"})
        self.assertContains(answer, "Your answers are back.")
        back = fields_in(answer.content.decode(), holding="text")
        self.assertEqual(back["stance-0-word"], "Never")
        self.assertEqual(back["stance-1-meaning"], "As one likes.")
        self.assertFalse(any(name.startswith("replaced-") for name in back))
        # Saved with the hidden fields, the set is what is saved.
        self.client.post(self.url, shown | {"text": "Is it so?"})
        self.assertEqual(self.words(self.draft)[0], "Agree")

    def test_a_set_that_replaced_nothing_typed_offers_no_way_back(self) -> None:
        for act in ("preset-agreement", "preset-blank"):
            shown = self.press(act)
            self.assertFalse(any(name.startswith("replaced-") for name in shown), act)
            self.assertEqual(self.client.post(self.url, shown | {"act": "undo"}).status_code, 200)

    def test_answers_that_were_given_cannot_be_removed(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        page = self.client.get(self.url_of(self.post))
        self.assertContains(page, "so it stays", count=1)
        self.assertContains(page, 'value="remove-0"')
        for gone in ('value="remove-1"', "Answers to start from"):
            self.assertNotContains(page, gone)
        words = self.arranged("remove-1", self.post)
        self.assertEqual(words, ["Different", "Overlap"])
        refused = self.send(self.post, row=["0", "2"])
        self.assertContains(refused, "Readers have answered “Same”", status_code=422)

    def test_a_form_of_a_page_from_before_the_rows_had_names(self) -> None:
        form = fields_of(self.client, self.url, holding="text") | {"text": "Still there?"}
        del form["row"]
        self.assertRedirects(self.client.post(self.url, form), self.url)
        self.assertEqual(self.words(self.draft), ["Different", "Same", "Overlap"])


class RevealTests(QuestionCase):
    """The setting of when readers see the totals."""

    def showing(self, post: Post) -> str:
        return Question.objects.get(post=post).reveal

    def test_totals_may_wait_for_an_answer_or_a_moment(self) -> None:
        self.send(text="Learned?", reveal="after_answer")
        self.assertEqual(self.showing(self.draft), "after_answer")
        refused = self.send(text="Learned?", reveal="after_close")
        self.assertContains(refused, "when everybody sees the totals", status_code=422)
        self.assertEqual(self.showing(self.draft), "after_answer")
        self.send(text="Learned?", reveal="after_close", closes_at="2030-01-31T09:00")
        self.assertEqual(self.showing(self.draft), "after_close")

    def test_always_needs_no_moment_whatever_is_in_its_field(self) -> None:
        for left_over in ("2030-01-31T09:00", "soon"):
            with self.subTest(left_over):
                self.assertRedirects(
                    self.send(text="Learned?", reveal="always", closes_at=left_over), self.url
                )
                self.assertIsNone(Question.objects.get(post=self.draft).closes_at)
        refused = self.send(text="Learned?", reveal="after_answer", closes_at="soon")
        self.assertContains(refused, "write a date and a time", status_code=422)

    def choices(self, post: Post) -> dict[str, bool]:
        """Return which times to show the totals the page lists, and whether each can be chosen."""
        page = self.client.get(self.url_of(post)).content.decode()
        radios = re.findall(r'<input type="radio" name="reveal" value="(\w+)"([^>]*)>', page)
        return {value: "disabled" not in rest for value, rest in radios}

    def test_a_time_that_is_no_longer_possible_cannot_be_chosen_and_says_why(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        for now, closes_at, possible in (
            ("after_answer", None, ["always", "after_answer"]),
            ("after_answer", "2030-01-31T09:00Z", ["always", "after_answer"]),
            ("after_close", "2030-01-31T09:00Z", ["always", "after_answer", "after_close"]),
        ):
            with self.subTest(now=now, closes_at=closes_at):
                question = Question.objects.filter(post=self.post)
                question.update(reveal=now, closes_at=closes_at)
                choices = self.choices(self.post)
                self.assertEqual([*choices], Question.Reveal.values)
                self.assertEqual([value for value in choices if choices[value]], possible)
                page = self.client.get(self.url_of(self.post))
                self.assertContains(page, "No longer possible", count=3 - len(possible))
                self.assertContains(page, "can only be shown sooner than now", count=1)
        self.assertTrue(all(self.choices(self.draft).values()))

    def test_where_everybody_sees_the_totals_nothing_is_left_to_choose(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        for now, closes_at, said in (
            ("always", None, "Always, even before they answer. Readers have answered, so"),
            ("after_answer", "2026-01-31T09:00Z", "Everybody, since <time"),
            ("after_close", "2026-01-31T09:00Z", "Everybody, since <time"),
        ):
            with self.subTest(now=now):
                question = Question.objects.filter(post=self.post)
                question.update(reveal=now, closes_at=closes_at)
                self.assertEqual(self.choices(self.post), {})
                self.assertContains(self.client.get(self.url_of(self.post)), said, count=1)
                self.send(self.post, text=f"Saved under {now}?")
                self.assertEqual(self.showing(self.post), now)

    def test_a_page_from_before_the_first_answer_shows_what_is_possible_now(self) -> None:
        Question.objects.filter(post=self.post).update(reveal="after_answer")
        form = fields_of(self.client, self.url_of(self.post), holding="text")
        make_comment(self.post, self.reader, self.stances["same"])
        late = {"reveal": "after_close", "closes_at": "2030-01-31T09:00"}
        for also in ({}, {"act": "look"}):
            page = self.client.post(self.url_of(self.post), form | late | also)
            shown = fields_in(page.content.decode(), holding="text")["reveal"]
            self.assertEqual(shown, "after_answer", also)

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
