"""Test promises in the studio."""

from typing import Any

from django.urls import reverse

from core.markdown.html import Profile, render_many
from posts.actions import PromiseInput, save_draft, set_promises
from posts.models import Part, Promise
from posts.studio.sentences import sentences_of
from posts.text.anchors import Anchor
from posts.text.html_text import text_of
from tests.accounts.drafts.test_kept import next_of
from tests.cast import Cast
from tests.factories import make_series

from .forms import fields_of

SENTENCE = "There will be more."


class PromiseTests(Cast):
    """Marking sentences as promises."""

    def setUp(self) -> None:
        self.sign_in(self.author)
        self.url = reverse("posts:studio-promises", args=[self.post.pk])
        series = make_series(self.author)
        self.part = Part.objects.create(series=series, position=1, title="More of it")

    def mark(self, **fields: Any) -> Any:
        return self.client.post(self.url, {"sentence": SENTENCE} | fields)

    def promise(self) -> Promise:
        return Promise.objects.get(post=self.post)

    def own_url(self, name: str = "") -> str:
        return reverse(f"posts:studio-promise{name}", args=[self.post.pk, self.promise().pk])

    def test_a_sentence_is_chosen_from_the_text(self) -> None:
        self.assertContains(self.client.get(self.url), f'<option value="{SENTENCE}">')
        answer = self.mark(note="More", parts=[str(self.part.pk)])
        self.assertRedirects(answer, self.url)
        promise = self.promise()
        self.assertEqual((promise.exact, promise.note), (SENTENCE, "More"))
        self.assertEqual(list(promise.parts.all()), [self.part])
        self.assertContains(self.client.get(self.url), "Found in the text.")

    def test_words_can_be_pasted(self) -> None:
        self.mark(words="will  be more")
        self.assertEqual(self.promise().exact, "will be more")

    def test_words_that_are_not_there_come_back(self) -> None:
        answer = self.mark(words="Never written anywhere.")
        self.assertContains(answer, "Never written anywhere.", status_code=422)
        self.assertContains(answer, "not in the text", status_code=422)
        self.assertEqual(self.mark(sentence="").status_code, 422)
        self.assertEqual(self.mark(sentence="Made up by hand.").status_code, 422)
        self.assertFalse(Promise.objects.exists())

    def test_a_sentence_is_one_promise(self) -> None:
        self.mark()
        self.assertContains(self.mark(), "already", status_code=422)
        self.assertEqual(Promise.objects.count(), 1)

    def test_a_sentence_that_has_changed_is_reported(self) -> None:
        self.mark()
        save_draft(self.post, by=self.author, title="T", body="All is different.")
        self.assertContains(self.client.get(self.url), "Not found in the newest text")

    def test_withdrawing_and_taking_that_back(self) -> None:
        self.mark(parts=[str(self.part.pk)])
        form = fields_of(self.client, self.own_url(), holding="withdrawn_reason")
        self.assertEqual(form["parts"], [str(self.part.pk)])
        self.client.post(self.own_url(), form | {"withdrawn_reason": "Somebody else wrote it."})
        promise = self.promise()
        self.assertIsNotNone(promise.withdrawn_at)
        self.assertEqual(list(promise.parts.all()), [self.part])
        self.assertContains(self.client.get(self.url), "Somebody else wrote it.")
        self.client.post(self.own_url(), form)
        self.assertIsNone(self.promise().withdrawn_at)

    def test_it_was_no_promise(self) -> None:
        self.mark()
        url = self.own_url("-removal")
        self.assertContains(self.client.get(url), SENTENCE)
        self.assertRedirects(self.client.post(url), self.url)
        self.assertFalse(Promise.objects.exists())
        self.assertEqual(self.client.post(url).status_code, 404)

    def test_others_stay_as_they_are(self) -> None:
        words = PromiseInput("Others lead.", note="One", part_ids=(self.part.pk,))
        set_promises(self.post, [words])
        self.mark()
        first = Promise.objects.get(note="One")
        self.assertEqual(list(first.parts.all()), [self.part])
        self.assertEqual(Promise.objects.count(), 2)

    def test_who_may(self) -> None:
        self.mark()
        urls = [self.url, self.own_url(), self.own_url("-removal")]
        for person in (self.other_author, self.reader, self.moderator, self.suspended):
            self.sign_in(person)
            for url in urls:
                self.assertEqual(self.client.get(url).status_code, 403)
                self.assertEqual(self.client.post(url).status_code, 403)
        self.client.logout()
        for url in urls:
            self.assertEqual(self.client.post(url, {"note": "x"}).status_code, 302)
        self.sign_in(self.author)
        for url in urls:
            self.assertEqual(self.client.delete(url).status_code, 405)
        self.assertEqual(self.promise().note, "")

    def test_a_lost_session_gives_it_back(self) -> None:
        self.client.logout()
        waits_at = next_of(self.client.post(self.url, {"words": "Typed for long."}))
        self.client.force_login(self.author)
        self.assertContains(self.client.get(waits_at), "Typed for long.")

    def test_a_promise_of_another_post_is_not_here(self) -> None:
        self.mark()
        url = reverse("posts:studio-promise", args=[self.post.pk + 1_000, self.promise().pk])
        self.assertEqual(self.client.get(url).status_code, 404)


class SentenceTests(Cast):
    """Which sentences of a text are offered: those of prose, as it is rendered."""

    OFFERED: tuple[tuple[str, list[str]], ...] = (
        ("There will be more. Is it so? Mr. Ray says yes.",
         ["There will be more.", "Is it so?", "Mr. Ray says yes."]),
        ("# A heading of words\n\nUnder it\nis prose.", ["Under it is prose."]),
        ("A setext heading here\n===", []),
        ("```\nsome code goes here.\n```\n\n    so does this one.", []),
        ("> Words of somebody else.\n>\n> - And a list there.", []),
        ("- > A quoted list item.\n- Its own words come.\n  - Nested words come too.",
         ["Its own words come.", "Nested words come too."]),
        ("7. The seventh will follow.\n\n   It has another paragraph.",
         ["The seventh will follow.", "It has another paragraph."]),
        ("| a table head | b |\n|---|---|\n| a cell of words | c |", []),
        ("I shall say more.[^1]\n\n[^1]: A note says less here.", ["I shall say more."]),
        ("[A link and no more](https://example.org/x). But [this](https://example.org/y) is said.",
         ["But this is said."]),
        ("`run the thing` The next part uses it.", ["run the thing The next part uses it."]),
        ("`make it so please`", []),
        ("![A picture of it](https://example.org/p.png)\n*A caption in words.*", []),
        ("Figure 3: The two duties drawn.", []),
        ("Too short. *More of it* will come.", ["More of it will come."]),
        ("P.S. Next week there is more.", ["Next week there is more."]),
        ("Twice is once here. Twice is once here.", ["Twice is once here."]),
        ("次回はもっと詳しく書きます。短い。", ["次回はもっと詳しく書きます。"]),
        ("---\n\n&lt;p&gt; &amp; more will come.", ["<p> & more will come."]),
        ("", []),
    )  # fmt: skip

    def test_only_prose_is_offered(self) -> None:
        texts = [text for text, _sentences in self.OFFERED]
        rendered = render_many(texts, Profile.POST)
        for (text, sentences), html in zip(self.OFFERED, rendered, strict=True):
            with self.subTest(text):
                self.assertEqual(sentences_of(html), sentences)
                for sentence in sentences:
                    self.assertIsNotNone(Anchor(sentence).find(text_of(html)))
