"""Test reworded questions: comments keep the wording they answered, and mark the change."""

from django.test import Client
from django.urls import reverse

from posts.actions import StanceInput, set_question
from tests.cast import Cast
from tests.factories import DEFAULT_STANCES, make_comment, make_post


class WordingTests(Cast):
    """One comment before and one after the question was reworded."""

    def setUp(self) -> None:
        self.url = reverse("posts:wordings", args=[self.post.slug])
        self.before = make_comment(self.post, self.reader, self.stances["same"])
        self.reword("Are they one?", same="One job")
        stance = type(self.stances["same"]).objects.get(pk=self.stances["same"].pk)
        self.after = make_comment(self.post, self.stranger, stance)

    def reword(self, text: str, same: str, meaning: str = "") -> None:
        set_question(
            self.post,
            text=text,
            stances=[
                StanceInput(key, word.replace("Same", same), shape, colour, meaning or own)
                for key, word, own, shape, colour in DEFAULT_STANCES
            ],
        )
        self.post.refresh_from_db()

    def card(self, pk: int) -> str:
        page = Client().get(self.post.get_absolute_url()).text
        start = page.index(f'id="comment-{pk}"')
        return page[start : page.index("</article>", start)]

    def test_a_comment_keeps_the_word_it_answered_and_says_so(self) -> None:
        self.assertIn('<span class="stance">Same</span>', self.card(self.before.pk))
        self.assertIn(f'href="{self.url}">to an earlier wording', self.card(self.before.pk))
        self.assertIn('<span class="stance">One job</span>', self.card(self.after.pk))
        self.assertNotIn("earlier wording", self.card(self.after.pk))

    def test_ones_own_answers_say_it_too(self) -> None:
        client = Client()
        for person, word, is_earlier in (
            (self.reader, "Same", True),
            (self.stranger, "One job", False),
        ):
            client.force_login(person)
            page = client.get(reverse("comments:my-comments")).text
            self.assertIn(f'<span class="stance">{word}</span>', page)
            self.assertEqual(f'href="{self.url}">to an earlier wording' in page, is_earlier)

    def test_going_back_to_a_wording_makes_it_no_earlier_one(self) -> None:
        self.reword("Are they different?", same="Same")
        for pk, person, is_earlier in (
            (self.before.pk, self.reader, False),
            (self.after.pk, self.stranger, True),
        ):
            self.assertEqual("to an earlier wording" in self.card(pk), is_earlier)
            client = Client()
            client.force_login(person)
            page = client.get(reverse("comments:my-comments")).text
            self.assertEqual("to an earlier wording" in page, is_earlier)

    def test_other_words_for_one_answer_or_another_meaning_make_an_earlier_one(self) -> None:
        for same, meaning in (("The same", ""), ("Same", "Another meaning.")):
            with self.subTest(same):
                self.reword("Are they different?", same=same, meaning=meaning)
                self.assertIn("to an earlier wording", self.card(self.before.pk))

    def test_all_wordings_can_be_read(self) -> None:
        page = Client().get(self.url).text
        self.assertLess(page.index("Are they one?"), page.index("Are they different?"))
        self.assertIn("current wording", page)

    def test_what_is_not_there(self) -> None:
        draft = make_post(self.author, published_at=None)
        for slug in (draft.slug, make_post(self.author).slug, "nothing"):
            url = reverse("posts:wordings", args=[slug])
            self.assertEqual(Client().get(url).status_code, 404, slug)
