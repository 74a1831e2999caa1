"""Test writing closings: permissions, required citations, and new versions."""

from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from comments.actions import comments, states
from comments.models import Closing, ClosingVerdict, Comment, CommentState
from comments.ranking import constants
from core import limits
from posts.models import Authorship, Post, Question
from tests.accounts.drafts.test_kept import next_of
from tests.factories import make_comment, make_post, make_question, make_user, stances_by_key

from .cases import WORDS, ClosingCase


class WritingTests(ClosingCase):
    """The form of the summary."""

    def assert_refused(self, sentence: str, status: int = 422, /, **changes: object) -> None:
        before = Closing.objects.count()
        answer = self.write(**changes)
        self.assertContains(answer, sentence, status_code=status)
        self.assertContains(answer, 'role="alert"', status_code=status)
        self.assertEqual(Closing.objects.count(), before)

    def test_it_is_written_and_everybody_reads_it(self) -> None:
        answer = self.write(body=f"{WORDS}\n\nI *thank* you. <script>no</script>")
        self.assertRedirects(answer, self.url, fetch_redirect_response=False)
        page = self.page()
        self.assertIn("<em>thank</em>", page)
        self.assertNotIn("<script>no", page)
        self.assertIn("A case for same.", page)
        self.assertIn(self.comments["same"].author.handle, page)
        self.assertIn(f'href="{self.comments["same"].get_absolute_url()}"', page)
        self.assertIn("Most of you keep the two apart", self.post_page())
        self.assertIn(f'href="{self.url}"', self.post_page())
        stances = self.page(url=f"{self.post.get_absolute_url()}stances/")
        self.assertIn(f'href="{self.url}"', stances)

    def test_the_sheet_offers_comments_and_ticks_those_cited(self) -> None:
        ticked = f'value="{self.comments["same"].pk}" checked'
        page = self.page(self.author, self.edit_url)
        self.assertIn("A case for same.", page)
        self.assertNotIn("checked", page)
        self.write()
        page = self.page(self.author, self.edit_url)
        self.assertIn(ticked, page)
        self.assertIn("makes a new version", page)
        self.assertIn('name="based_on" value="1"', page)

    def test_a_comment_is_cited_by_its_address_or_number(self) -> None:
        other, third = (make_comment(self.post, self.reader, self.stances["same"]) for _n in "ab")
        named = f"http://testserver/comments/{other.pk}/ #{third.pk}"
        self.assertEqual(self.write(**{"same-cited": [], "same-named": named}).status_code, 302)
        cited = Closing.objects.get().citations.values_list("comment", flat=True)
        self.assertEqual(list(cited), [self.comments["different"].pk, other.pk, third.pk])
        self.assertIn(other.body, self.page())

    def test_an_answer_with_few_readers_may_be_cited_and_need_not_be(self) -> None:
        self.assertEqual(self.write(**self.cites("overlap")).status_code, 302)
        self.assertIn("A case for overlap.", self.page())
        self.assertNotIn("who answer Overlap", self.page())

    def test_an_answer_without_a_comment_need_not_be_cited(self) -> None:
        for _reader in range(5):
            self.person("overlap")
        states.change_state(self.comments["overlap"], to=CommentState.HIDDEN)
        self.assertEqual(self.write().status_code, 302)

    def test_what_cannot_be_cited(self) -> None:
        elsewhere = make_post(self.author)
        make_question(elsewhere)
        foreign = make_comment(elsewhere, self.reader, stances_by_key(elsewhere)["same"])
        note = comments.post_comment(comments.Draft(self.author, self.post, "A note.")).comment
        held = make_comment(self.post, make_user(), self.stances["same"])
        removed = make_comment(self.post, self.reader, self.stances["same"])
        states.change_state(removed, to=CommentState.REMOVED, removed_reason="spam")
        deleted = make_comment(self.post, self.reader, self.stances["same"])
        comments.delete_comment(deleted)
        steelman = make_comment(self.post, self.reader, self.stances["same"])
        target = self.stances["overlap"]
        Comment.objects.filter(pk=steelman.pk).update(kind="steelman", argues_for=target)
        self.assertEqual(held.state, CommentState.HELD)
        for comment in (foreign, note, held, removed, deleted, steelman):
            for field in ("same-cited", "same-named"):
                with self.subTest(comment.body, state=comment.state, field=field):
                    sentence = f"There is no comment {comment.pk} with an answer"
                    self.assert_refused(sentence, **{field: str(comment.pk)})
        self.assert_refused(f"There is no comment {10**17} ", **{"same-named": str(10**17)})

    def test_a_comment_is_cited_for_its_own_answer(self) -> None:
        handle = self.comments["different"].author.handle
        sentence = f"The comment by {handle} argues for Different, not for Same."
        self.assert_refused(sentence, **{"same-named": str(self.comments["different"].pk)})

    def test_nonsense_in_place_of_an_address(self) -> None:
        for named in ("the one by Sam", "12x", "-1", "9" * 19, "https://example.org/"):
            self.assert_refused("addresses or numbers of comments", **{"same-named": named})
        self.assert_refused("Select a valid choice", **{"same-cited": ["x"]})

    def test_too_many_citations(self) -> None:
        many = [make_comment(self.post, self.reader, self.stances["same"]).pk for _n in range(6)]
        self.assert_refused(
            f"at most {limits.CLOSING_CITATIONS} comments for Same", **{"same-cited": many}
        )

    def test_too_short_too_long_and_unsafe(self) -> None:
        self.assert_refused("at least 100 characters", body="Too short.")
        self.assert_refused("Please write your summary", body="   ")
        self.assert_refused("1 character too long", body="x" * (limits.CLOSING_MAX + 1))
        self.assert_refused("are nested too deeply", body=f"{'> ' * 200}{WORDS}")

    def test_what_was_typed_is_kept(self) -> None:
        answer = self.write(**{"body": "Short.", "same-named": "here?"})
        self.assertContains(answer, "Short.</textarea>", status_code=422)
        self.assertContains(answer, 'value="here?"', status_code=422)
        ticked = f'value="{self.comments["same"].pk}" checked'
        self.assertContains(answer, ticked, status_code=422)

    def test_sent_twice_it_is_one_version(self) -> None:
        for _click in range(2):
            self.assertRedirects(self.write(), self.url, fetch_redirect_response=False)
        self.assertEqual(Closing.objects.count(), 1)

    def test_of_two_authors_at_once_the_second_is_told(self) -> None:
        second = make_user()
        Authorship.objects.create(post=self.post, user=second, position=1)
        self.write()
        answer = self.write(second, body=f"{WORDS} Mine.")
        self.assertContains(answer, "Somebody saved another version", status_code=409)
        self.assertContains(answer, 'name="based_on" value="1"', status_code=409)
        self.assertContains(answer, "Mine.</textarea>", status_code=409)
        self.assertEqual(self.write(second, body=f"{WORDS} Mine.", based_on="1").status_code, 302)
        self.assertIn("Mine.", self.page())


class VersionTests(ClosingCase):
    """A changed text is judged again."""

    def test_other_words_take_no_verdict_over(self) -> None:
        self.write()
        self.all_judge("different", *["fair"] * 3)
        self.all_judge("same", *["fair"] * 3)
        self.assertIn("Final", self.page())
        self.write(body=f"{WORDS} One more thing.", based_on="1")
        page = self.page()
        self.assertIn("changed on", page)
        self.assertIn("judged again", page)
        self.assertIn("Draft: 3 more readers who answered Different and 3 more", page)
        self.assertNotIn("Final", self.post_page())
        self.assertEqual(ClosingVerdict.objects.filter(closing__number=1).count(), 6)
        self.assertNotIn("You find it", self.page(self.people["same"][0]))

    def test_other_citations_are_another_version(self) -> None:
        self.write()
        self.write(based_on="1", **self.cites("overlap"))
        self.assertEqual(Closing.objects.count(), 2)

    def test_which_answers_are_live_is_fixed_with_the_version(self) -> None:
        self.write()
        for _reader in range(4):
            self.person("overlap")
        self.assertNotIn("who answer Overlap", self.page())
        answer = self.write(body=f"{WORDS} Again.", based_on="1")
        self.assertContains(answer, "at least one comment for Overlap", status_code=422)

    def test_a_cited_comment_that_goes_is_said_to_be_gone(self) -> None:
        self.write()
        comments.delete_comment(self.comments["different"])
        removed = Comment.objects.get(pk=self.comments["same"].pk)
        states.change_state(removed, to=CommentState.REMOVED, removed_reason="spam")
        page = self.page()
        self.assertIn("A comment that its writer has deleted.", page)
        self.assertIn("This comment is no longer there.", page)
        self.assertNotIn("A case for", page)
        for key in ("different", "same"):
            self.assertNotIn(self.comments[key].author.handle, page)


class ClosingPermissionTests(ClosingCase):
    """Permissions, and the answers required before a closing."""

    def test_the_authors_alone(self) -> None:
        for person in (self.reader, self.other_author, self.moderator, self.admin):
            self.assertEqual(self.write(person).status_code, 403)
            self.assertEqual(self.send(person, self.edit_url, {}, "get").status_code, 403)
        Authorship.objects.create(post=self.post, user=self.suspended, position=1)
        self.assertEqual(self.write(self.suspended).status_code, 403)
        self.assertFalse(Closing.objects.exists())

    def test_who_is_not_signed_in_finds_the_words_again(self) -> None:
        self.client.logout()
        data = {"body": WORDS, "based_on": "0", **self.cites("same")}
        answer = self.client.post(self.edit_url, data)
        self.assertIn("/accounts/login/", answer["Location"])
        self.sign_in(self.author)
        self.assertContains(self.client.get(next_of(answer)), "Most of you keep")
        self.assertFalse(Closing.objects.exists())

    def test_wrong_methods(self) -> None:
        self.assertEqual(self.send(self.author, self.edit_url, {}, "put").status_code, 405)
        self.assertEqual(self.send(self.author, self.url, {}).status_code, 405)

    def test_no_question_no_closing(self) -> None:
        silent = make_post(self.author)
        for part in ("", "edit/", "verdict/", "verdict/withdrawal/"):
            url = f"{silent.get_absolute_url()}closing/{part}"
            method = "post" if "verdict" in part else "get"
            self.assertEqual(self.send(self.author, url, {}, method).status_code, 404, url)
        self.assertEqual(self.page(url=f"{silent.get_absolute_url()}closing/").count("<h1"), 1)

    def test_not_before_there_is_something_to_cite(self) -> None:
        with patch.object(constants, "LIVE_READERS", 6):
            page = self.page(self.author, self.edit_url)
            self.assertIn("It is too early to sum up", page)
            self.assertNotIn("<textarea", page)
            self.assertContains(self.write(), "It is too early to sum up", status_code=409)
        self.assertFalse(Closing.objects.exists())

    def test_not_before_everybody_sees_the_totals(self) -> None:
        for reveal, closes_at in (("after_answer", None), ("after_close", timedelta(hours=1))):
            when = timezone.now() + closes_at if closes_at else None
            Question.objects.update(reveal=reveal, closes_at=when)
            self.assertContains(self.write(), "once everybody sees", status_code=409)
            self.assertNotIn("<textarea", self.page(self.author, self.edit_url))
            self.assertNotIn(self.edit_url, self.post_page(self.author))
        self.assertFalse(Closing.objects.exists())
        Question.objects.update(closes_at=timezone.now() - timedelta(hours=1))
        self.assertEqual(self.write().status_code, 302)

    def test_authors_find_the_way_to_it(self) -> None:
        studio = f"/studio/posts/{self.post.pk}/"
        for page in (self.post_page(self.author), self.page(self.author, studio)):
            self.assertIn(f'href="{self.edit_url}"', page)
        for person in (None, self.reader, self.moderator):
            self.assertNotIn(self.edit_url, self.post_page(person))
        self.write()
        self.assertIn(f'href="{self.edit_url}"', self.post_page(self.author))
        self.assertIn(f'href="{self.edit_url}"', self.page(self.author))
        self.assertNotIn(self.edit_url, self.page(self.reader))

    def test_what_is_not_published_is_not_summed_up_in_public(self) -> None:
        self.write()
        Post.objects.filter(pk=self.post.pk).update(published_at=None)
        for person in (None, self.reader, self.moderator):
            self.assertEqual(self.send(person, self.url, {}, "get").status_code, 404)
        self.assertEqual(self.send(self.author, self.url, {}, "get").status_code, 200)
