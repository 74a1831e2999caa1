"""Test the list of what one saved: its rows, its types, taking off and putting back."""

import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import states
from comments.actions.comments import delete_comment
from comments.me.erasure import erase
from comments.me.export import export_of
from comments.models import Comment, CommentState
from comments.reading import saving, visits
from posts.models import Post, SavedItem, SavedKind, Visit
from tests.cast import Cast
from tests.factories import make_comment, make_post


class SavedListCase(Cast):
    """An article and a comment that the reader saved, the comment later."""

    def setUp(self) -> None:
        self.url = reverse("comments:my-saved")
        self.removal = reverse("comments:my-saved-removal")
        self.undo = reverse("comments:my-saved-removal-undo")
        self.comment = make_comment(self.post, self.stranger, body="Well *said*.")
        self.save(self.post)
        self.save(self.comment)
        self.sign_in(self.reader)

    def save(self, thing: Post | Comment, by: User | None = None) -> None:
        is_post = isinstance(thing, Post)
        kind = SavedKind.POST if is_post else SavedKind.COMMENT
        post = thing if isinstance(thing, Post) else thing.post
        saving.save(kind, thing.pk, on=post, by=by or self.reader)

    def titles(self, query: str = "") -> list[str]:
        page = self.client.get(f"{self.url}{query}").text
        found = re.findall(r'(?s)<h2 class="saved__title[^>]*>(.*?)</h2>', page)
        return [re.sub("<[^>]+>", "", title) for title in found]


class ListTests(SavedListCase):
    """What it shows."""

    def test_the_newest_is_first_with_its_words(self) -> None:
        self.assertEqual(self.titles(), ["A comment by sam", self.post.title])
        page = self.client.get(self.url)
        self.assertContains(page, "“Well said.”")
        self.assertContains(page, f'href="{self.comment.get_absolute_url()}"')
        self.assertContains(page, f'href="{self.post.get_absolute_url()}"')

    def test_a_comment_says_where_it_stands_and_an_article_how_long_it_takes(self) -> None:
        answered = make_comment(self.post, self.stranger, self.stances["same"], body="Alike.")
        note = make_comment(self.post, self.moderator, body="A note.")
        for comment in (answered, note):
            self.save(comment)
        rows = self.client.get(self.url).text.split('<article class="saved"')[1:]
        stands = [re.findall(r'class="stance">.*?</svg> (.*?)</span>', row) for row in rows]
        self.assertEqual(stands, [[], ["Same"], ["Different"], []])
        minutes = [re.findall(r"(\d+) min read", row) for row in rows]
        self.assertEqual(minutes, [[], [], [], ["1"]])

    def test_one_type_at_a_time(self) -> None:
        self.assertEqual(self.titles("?kind=post"), [self.post.title])
        self.assertEqual(self.titles("?kind=comment"), ["A comment by sam"])
        self.assertEqual(len(self.titles("?kind=nonsense")), 2)
        page = self.client.get(f"{self.url}?kind=post")
        self.assertContains(page, 'aria-current="true">Articles')

    def test_nobody_elses(self) -> None:
        self.sign_in(self.stranger)
        page = self.client.get(self.url)
        self.assertContains(page, "Nothing saved yet.")
        self.assertNotContains(page, self.comment.get_absolute_url())

    def test_nothing_of_one_type(self) -> None:
        saving.remove(SavedKind.POST, self.post.pk, by=self.reader)
        self.assertContains(self.client.get(f"{self.url}?kind=post"), "Nothing of this kind.")

    def test_visitors_sign_in_first(self) -> None:
        self.client.logout()
        for answer in (self.client.get(self.url), self.client.post(self.removal)):
            self.assertIn(reverse("account_login"), answer["Location"])

    def test_the_menu_of_the_account_leads_there(self) -> None:
        self.assertContains(self.client.get("/about/"), f'href="{self.url}">Saved for later')

    def test_pages_have_a_cursor(self) -> None:
        SavedItem.objects.all().delete()
        comments = [make_comment(self.post, self.stranger) for _number in range(45)]
        now = timezone.now()
        SavedItem.objects.bulk_create(
            SavedItem(
                reader=self.reader,
                kind=SavedKind.COMMENT,
                target_id=comment.pk,
                post=self.post,
                saved_at=now - timedelta(seconds=number // 2),
            )
            for number, comment in enumerate(comments)
        )
        seen: list[str] = []
        address, pages = f"{self.url}?kind=comment", 0
        while address:
            page = self.client.get(address).text
            seen += re.findall(r'name="target" value="(\d+)"', page)
            found = re.search(r'class="pages"><a href="([^"]+)"', page)
            address, pages = (found[1].replace("&amp;", "&") if found else ""), pages + 1
        self.assertEqual((len(seen), len(set(seen)), pages), (45, 45, 3))
        self.assertEqual(self.client.get(f"{self.url}?after=x").status_code, 404)

    def test_the_queries_are_the_same_for_two_and_for_sixty(self) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                self.client.get(self.url)
            return len(captured)

        queries()
        few = queries()
        for _number in range(29):
            self.save(make_post(self.author))
            self.save(make_comment(self.post, self.stranger))
        self.assertEqual(queries(), few)


class GoneTests(SavedListCase):
    """What is no longer there says so without its words, and can be taken off."""

    def test_a_comment_that_was_removed_or_deleted_or_held(self) -> None:
        second = make_comment(self.post, self.stranger, body="Other words.")
        third = make_comment(self.post, self.stranger, body="Third words.")
        self.save(second)
        self.save(third)
        states.change_state(self.comment, to=CommentState.REMOVED, removed_reason="attack")
        states.change_state(third, to=CommentState.HELD, held_reason="links")
        delete_comment(second)
        for person in (self.reader, self.moderator):
            if person is self.moderator:
                for comment in (self.comment, second, third):
                    self.save(comment, by=person)
                self.sign_in(person)
            self.assertEqual(self.titles("?kind=comment"), ["This comment is no longer there."] * 3)
            page = self.client.get(self.url)
            for words in ("Well said", "Other words", "Third words", "sam"):
                self.assertNotContains(page, words)

    def test_an_article_that_was_taken_back(self) -> None:
        Post.objects.filter(pk=self.post.pk).update(published_at=None, live_revision=None)
        gone = ["This comment is no longer there.", "This article is no longer there."]
        self.assertEqual(self.titles(), gone)
        self.assertNotContains(self.client.get(self.url), self.post.title)

    def test_it_can_be_taken_off_and_not_put_back(self) -> None:
        states.change_state(self.comment, to=CommentState.REMOVED, removed_reason="attack")
        form = {"kind": "comment", "target": self.comment.pk}
        answer = self.client.post(self.removal, form)
        removed = answer["Location"].split("removed=")[1]
        self.assertEqual(self.titles(), [self.post.title])
        self.assertEqual(self.client.post(self.undo, {"removed": removed}).status_code, 404)
        self.assertEqual(SavedItem.objects.count(), 1)


class RemovalTests(SavedListCase):
    """Taking something off the list, and undoing that."""

    def test_it_comes_back_to_its_place(self) -> None:
        before = self.titles()
        for thing, kind in ((self.post, "post"), (self.comment, "comment")):
            answer = self.client.post(self.removal, {"kind": kind, "target": thing.pk})
            self.assertEqual(len(self.titles()), 1)
            page = self.client.get(answer["Location"])
            self.assertContains(page, "Removed from what you saved.")
            removed = re.search(r'name="removed" value="([^"]+)"', page.text)
            assert removed
            self.client.post(self.undo, {"removed": removed[1]})
            self.assertEqual(self.titles(), before)

    def test_the_type_that_was_chosen_stays(self) -> None:
        form = {"kind": "post", "target": self.post.pk, "only": "post"}
        self.assertIn("?kind=post&removed=", self.client.post(self.removal, form)["Location"])

    def test_somebody_elses_row_and_nonsense_change_nothing(self) -> None:
        self.sign_in(self.stranger)
        for form in (
            {"kind": "post", "target": self.post.pk},
            {"kind": "x", "target": self.post.pk},
            {"kind": "post", "target": "x"},
            {},
        ):
            self.assertRedirects(self.client.post(self.removal, form), self.url)
        for removed in ("", "x", "post-1-x", "post-1", "series-1-1"):
            self.assertRedirects(self.client.post(self.undo, {"removed": removed}), self.url)
        self.assertEqual(SavedItem.objects.filter(reader=self.reader).count(), 2)
        self.assertFalse(SavedItem.objects.filter(reader=self.stranger).exists())

    def test_nothing_can_be_put_back_that_one_may_not_read_or_into_the_future(self) -> None:
        draft = make_post(self.author, published_at=None)
        self.sign_in(self.author)
        form = {"removed": f"post-{draft.pk}-1"}
        self.assertEqual(self.client.post(self.undo, form).status_code, 404)
        self.client.post(self.undo, {"removed": f"post-{self.post.pk}-{9 * 10**16}"})
        item = SavedItem.objects.get(reader=self.author)
        self.assertLessEqual(item.saved_at, timezone.now())

    def test_other_methods(self) -> None:
        for url in (self.removal, self.undo):
            self.assertEqual(self.client.get(url).status_code, 405)
        self.assertEqual(self.client.post(self.url).status_code, 405)


class PersonalTests(SavedListCase):
    """The download of one's data, and the end of an account."""

    def test_the_download_has_it_and_erasing_ends_it(self) -> None:
        visits.read_up_to(self.post, 1, by=self.reader)
        visits.read_up_to(self.post, 1, by=self.stranger)
        self.save(self.post, by=self.stranger)
        data = export_of(self.reader)
        saved = [(row["kind"], row["target_id"], row["post_slug"]) for row in data["saved"]]
        slug = self.post.slug
        self.assertEqual(saved, [("post", self.post.pk, slug), ("comment", self.comment.pk, slug)])
        self.assertEqual([row["post_slug"] for row in data["visits"]], [slug])
        erase(self.reader, delete_texts=False)
        for model in (SavedItem, Visit):
            self.assertEqual([row.reader for row in model.objects.all()], [self.stranger])
