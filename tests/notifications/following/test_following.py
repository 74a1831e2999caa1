"""Test following with an account: one press, a second ends it, the list, and what is hidden."""

from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments.actions import states
from comments.models import CommentState
from core import limits
from notifications import targets
from notifications.following.actions import follow
from notifications.models import Subscription
from notifications.targets import Key
from posts.actions import PromiseInput, set_promises
from posts.models import Part
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_series, make_user
from tests.reauthenticated import client_of


class Follows(Cast):
    """A post with a promise, in a series, and a thread: one target of each type."""

    def setUp(self) -> None:
        self.thread = make_comment(self.post, self.stranger, self.stances["same"])
        [self.promise] = set_promises(self.post, [PromiseInput("There will be more.", note="More")])
        self.series = make_series(self.author)
        Part.objects.create(series=self.series, position=1, title="One", post=self.post)
        self.all = {
            "post": Key(self.post.pk),
            "stance": Key(self.post.pk, "same"),
            "thread": Key(self.thread.pk),
            "series": Key(self.series.pk),
            "promise": Key(self.promise.pk),
            "author": Key(self.author.pk),
            "site": Key(1),
        }

    def url(self, name: str, key: Key) -> str:
        return reverse("following:follow", args=[name, key.id, *filter(None, [key.detail])])

    def press(self, name: str, *, on: bool = True, **more: Any) -> Any:
        url = self.url(name, self.all[name])
        return self.client.post(url, {"follow": "1" if on else "0"}, **more)

    def followed(self) -> set[str]:
        rows = Subscription.objects.of(self.reader).active()
        return set(rows.values_list("target", flat=True))


class PressTests(Follows):
    """The button."""

    def test_every_type_is_followed_by_one_press_and_ended_by_a_second(self) -> None:
        self.sign_in(self.reader)
        assert {each.name for each in targets.registered()} == set(self.all)
        for name in self.all:
            with self.subTest(name):
                page = self.press(name)
                assert page.status_code == 302, page.content
                self.assertContains(self.client.get(page["Location"], follow=True), "You follow")
                assert self.followed() == {name}
                assert self.press(name, on=False).status_code == 302
                assert self.followed() == set()

    def test_a_second_press_of_the_same_button_changes_nothing(self) -> None:
        self.sign_in(self.reader)
        for _ in range(2):
            self.press("series")
            assert self.followed() == {"series"}
        for _ in range(2):
            self.press("series", on=False)
            assert self.followed() == set()
        self.press("series")
        assert self.followed() == {"series"}
        assert Subscription.objects.count() == 1

    def test_with_scripts_the_button_takes_the_place_of_the_other(self) -> None:
        self.sign_in(self.reader)
        button = self.press("series", headers={"HX-Request": "true"})
        self.assertContains(button, "Stop following")
        self.assertNotContains(button, "<html")
        button = self.press("series", on=False, headers={"HX-Request": "true"})
        self.assertContains(button, "Follow this series")

    def test_signed_out_nothing_is_stored(self) -> None:
        for name in self.all:
            assert self.press(name).status_code in {200, 302}
        assert not Subscription.objects.exists()

    def test_a_session_that_ended_leads_to_signing_in(self) -> None:
        self.sign_in(self.reader)
        page = self.client.get(self.url("post", self.all["post"])).text
        signed = page.partition('name="drawn_for" value="')[2].partition('"')[0]
        self.client.logout()
        url = self.url("post", self.all["post"])
        answer = self.client.post(url, {"follow": "1", "drawn_for": signed})
        self.assertIn(reverse("account_login"), answer["Location"])

    def test_other_methods_are_refused(self) -> None:
        self.sign_in(self.reader)
        assert self.client.put(self.url("post", self.all["post"])).status_code == 405

    def test_what_is_not_there_cannot_be_followed(self) -> None:
        self.sign_in(self.reader)
        for url in (
            "/follow/post/999999/",
            "/follow/nothing/1/",
            f"/follow/stance/{self.post.pk}/nowhere/",
            f"/follow/stance/{self.post.pk}/",
            f"/follow/post/{self.post.pk}/same/",
            f"/follow/author/{self.reader.pk}/",
            f"/follow/thread/{make_comment(self.post, self.author, parent=self.thread).pk}/",
            "/follow/post/99999999999999999999/",
        ):
            with self.subTest(url):
                assert self.client.get(url).status_code == 404
                assert self.client.post(url, {"follow": "1"}).status_code == 404
        assert not Subscription.objects.exists()

    def test_a_kept_promise_is_not_followed(self) -> None:
        part = Part.objects.create(
            series=self.series, position=2, title="Two", post=make_post(self.author)
        )
        self.promise.parts.add(part)
        self.sign_in(self.reader)
        self.assertContains(self.client.get(self.url("promise", self.all["promise"])), "is kept")
        assert self.press("promise").status_code == 409
        assert not Subscription.objects.exists()

    def test_one_may_follow_so_much(self) -> None:
        self.enterContext(patch.object(limits, "FOLLOWED_MAX", 2))
        self.sign_in(self.reader)
        self.press("post")
        self.press("series")
        assert self.press("author").status_code == 422
        assert self.press("series").status_code == 302
        self.press("post", on=False)
        self.press("author")
        assert self.followed() == {"series", "author"}

    def test_an_undo_is_no_way_around_that(self) -> None:
        self.enterContext(patch.object(limits, "FOLLOWED_MAX", 2))
        self.sign_in(self.reader)
        for name in ("post", "series"):
            self.press(name)
        ended = Subscription.objects.get(target="post")
        self.client.post(f"/me/following/{ended.pk}/end/")
        self.press("author")
        answer = self.client.post(f"/me/following/{ended.pk}/end/undo/")
        assert answer.status_code == 422
        assert "which is the most you can" in answer.text
        assert self.followed() == {"series", "author"}
        self.press("author", on=False)
        for _n in range(2):
            self.client.post(f"/me/following/{ended.pk}/end/undo/")
        assert self.followed() == {"series", "post"}


class HiddenTests(Follows):
    """What one may not see is not followed, and its title is told to nobody."""

    def hide(self) -> None:
        self.title = self.post.title
        self.post.published_at = None
        self.post.live_revision = None
        self.post.save()

    def test_a_draft_and_all_that_is_in_it(self) -> None:
        self.hide()
        self.sign_in(self.stranger)
        del self.all["site"]
        for name, key in self.all.items():
            with self.subTest(name):
                assert self.client.get(self.url(name, key)).status_code == 404
                assert self.client.post(self.url(name, key), {"follow": "1"}).status_code == 404
        assert not Subscription.objects.exists()

    def test_a_held_comment_even_by_its_writer(self) -> None:
        held = make_comment(self.post, self.reader, self.stances["same"])
        states.change_state(held, to=CommentState.HELD, held_reason="links")
        for person in (self.reader, self.stranger, self.moderator):
            client = client_of(person)
            url = self.url("thread", Key(held.pk))
            assert client.get(url).status_code == 404
            assert client.post(url, {"follow": "1"}).status_code == 404
        assert not Subscription.objects.exists()

    def test_what_was_hidden_since_is_listed_without_its_title_and_can_be_ended(self) -> None:
        self.sign_in(self.reader)
        del self.all["site"]
        for name in self.all:
            self.press(name)
        self.hide()
        page = self.client.get(reverse("following:mine"))
        self.assertContains(page, "This is not there at the moment.", count=len(self.all))
        for secret in (self.title, self.series.title, ">More<", "same", self.author.handle):
            self.assertNotContains(page, secret)
        for name in self.all:
            assert self.press(name, on=False).status_code == 302
        assert self.followed() == set()

    def test_a_thread_whose_beginning_is_gone_names_nobody(self) -> None:
        make_comment(self.post, self.author, parent=self.thread)
        states.change_state(self.thread, to=CommentState.REMOVED, removed_reason="spam")
        page = self.client_class().get(self.url("thread", self.all["thread"]))
        self.assertNotContains(page, self.stranger.handle)


class ListTests(Follows):
    """What I follow: with the button to end each, and an undo."""

    def setUp(self) -> None:
        super().setUp()
        for name, key in self.all.items():
            follow(self.reader, name, key)
        self.sign_in(self.reader)
        self.list_url = reverse("following:mine")

    def test_it_lists_all_with_titles_by_type(self) -> None:
        page = self.client.get(self.list_url)
        for words in (self.post.title, self.series.title, "More", "ada", "The thread by sam"):
            self.assertContains(page, words)

    def test_ending_one_offers_an_undo(self) -> None:
        row = Subscription.objects.of(self.reader).get(target="promise")
        page = self.client.post(reverse("following:end", args=[row.pk]), follow=True)
        self.assertContains(page, "You no longer follow “More”.")
        assert "promise" not in self.followed()
        self.client.post(reverse("following:end-undo", args=[row.pk]))
        assert "promise" in self.followed()
        self.assertNotContains(self.client.get(self.list_url), "no longer follow")

    def test_that_of_another_is_not_found(self) -> None:
        row = follow(self.stranger, "post", self.all["post"])
        for name in ("end", "end-undo"):
            assert self.client.post(reverse(f"following:{name}", args=[row.pk])).status_code == 404
        row.refresh_from_db()
        assert row.is_active
        assert "no longer" not in self.client.get(f"{self.list_url}?ended={row.pk}").text

    def test_signed_out_one_signs_in(self) -> None:
        self.client.logout()
        row = Subscription.objects.of(self.reader)[0]
        assert self.client.get(self.list_url).status_code == 302
        assert self.client.post(reverse("following:end", args=[row.pk])).status_code == 302
        assert len(self.followed()) == len(self.all)

    def test_forms_are_not_read(self) -> None:
        row = Subscription.objects.of(self.reader)[0]
        for name in ("end", "end-undo"):
            assert self.client.get(reverse(f"following:{name}", args=[row.pk])).status_code == 405
        assert self.client.post(self.list_url).status_code == 405

    def test_an_empty_list_says_what_to_do(self) -> None:
        self.sign_in(make_user())
        self.assertContains(self.client.get(self.list_url), "Nothing yet.")

    def test_a_long_list_costs_no_more_queries(self) -> None:
        few = self.queries()
        for _ in range(12):
            post = make_post(self.author)
            for name, key in (("post", Key(post.pk)), ("author", Key(make_post(make_user()).pk))):
                follow(self.reader, name, key)
            follow(self.reader, "thread", Key(make_comment(self.post, self.stranger).pk))
        assert self.queries() == few

    def queries(self) -> int:
        self.client.get(self.list_url)
        with CaptureQueriesContext(connection) as asked:
            self.client.get(self.list_url)
        return len(asked)


class ButtonTests(Follows):
    """Where the button stands, and what it knows."""

    def pages(self) -> dict[str, str]:
        """Return the page with the button of each type."""
        post = self.post.get_absolute_url()
        return {
            "post": post,
            "stance": f"{post}?stance=same",
            "thread": post,
            "series": self.series.get_absolute_url(),
            "promise": post,
            "author": self.author.get_absolute_url(),
            "site": reverse("posts:home"),
        }

    def test_it_stands_on_the_page_and_says_what_a_press_does(self) -> None:
        self.sign_in(self.reader)
        for name, page in self.pages().items():
            with self.subTest(name):
                url = self.url(name, self.all[name])
                assert self.state(page, url) == "1"
                self.press(name)
                assert self.state(page, url) == "0"
                self.press(name, on=False)
                assert self.state(page, url) == "1"

    def test_series_and_author_can_be_followed_on_the_page_of_the_article(self) -> None:
        self.sign_in(self.reader)
        for name in ("series", "author", "site"):
            self.press(name)
            url = self.url(name, self.all[name])
            assert self.state(self.post.get_absolute_url(), url) == "0"

    def test_signed_out_it_is_a_link(self) -> None:
        for name, page in self.pages().items():
            if name != "thread":
                with self.subTest(name):
                    text = self.client_class().get(page).text
                    assert f'href="{self.url(name, self.all[name])}"' in text
                    assert "<form" not in text.replace('<form class="search"', "")

    def test_the_archive_offers_the_site_too(self) -> None:
        self.sign_in(self.reader)
        assert self.state(reverse("posts:archive"), self.url("site", self.all["site"])) == "1"

    def test_another_site_cannot_be_followed(self) -> None:
        self.sign_in(self.reader)
        assert self.client.post("/follow/site/2/", {"follow": "1"}).status_code == 404
        assert self.client.post("/follow/site/1/x/", {"follow": "1"}).status_code == 404

    def test_what_another_follows_changes_nothing_of_mine(self) -> None:
        for name, key in self.all.items():
            follow(self.stranger, name, key)
        self.sign_in(self.reader)
        for page in self.pages().values():
            self.assertNotContains(self.client.get(page), "Stop following")

    def test_a_draft_has_none(self) -> None:
        draft = make_post(self.author, published_at=None)
        self.sign_in(self.author)
        self.assertNotContains(self.client.get(draft.get_absolute_url()), "/follow/")

    def test_one_does_not_follow_oneself_from_the_profile(self) -> None:
        self.sign_in(self.author)
        page = self.client.get(self.author.get_absolute_url())
        self.assertNotContains(page, self.url("author", self.all["author"]))

    def test_following_much_costs_the_page_no_query(self) -> None:
        self.sign_in(self.reader)
        few = self.queries()
        for name, key in self.all.items():
            follow(self.reader, name, key)
        for number in range(100):
            follow(self.reader, "thread", Key(10_000 + number))
        assert self.queries() == few <= 8

    def test_in_a_menu_the_button_stays_one_of_the_menu(self) -> None:
        self.sign_in(self.reader)
        url = self.url("thread", self.all["thread"])
        headers = {"HX-Request": "true"}
        answer = self.client.post(url, {"follow": "1", "in_menu": "1"}, headers=headers)
        self.assertContains(answer, 'form="praise"')
        self.assertContains(answer, "Stop following this thread")

    def state(self, page: str, url: str) -> str:
        """Return the value that the button for `url` on `page` sends."""
        text = self.client.get(page).text
        for kind in (f'action="{url}"', f'formaction="{url}"'):
            if kind in text:
                return text.partition(kind)[2].partition('name="follow" value="')[2][0]
        return ""

    def queries(self) -> int:
        self.client.get(self.post.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            self.client.get(self.post.get_absolute_url())
        return len(asked)
