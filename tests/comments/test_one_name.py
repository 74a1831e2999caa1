"""A person is called by one name wherever people read; the handle is for addresses and staff."""

import re

from django.urls import reverse
from django.utils import timezone

from accounts.actions import change_names
from accounts.models import User
from comments.models import Comment
from posts.pages.page_versions import current_edition
from tests.cast import Cast
from tests.factories import make_comment
from tests.reauthenticated import client_of

from . import test_withholding as everywhere
from .planted import Planted

NAME = "Sister Agnes O'Brien"
SHOWN = "Sister Agnes O&#x27;Brien"
NAMES = {"writer": NAME, "reader": "Robin Vale", "author": "Ada Marsh", "moderator": "June Abara"}
HANDLE = "{}-osb"
# Where handles belong: addresses of profiles, and the sign for a handle, which staff pages, one's
# own pages and profiles put before it.
ADDRESSES = re.compile(r"/(@|%40)[\w-]+/")
SIGNED = re.compile(r"@[\w-]+-osb")
WRITTEN = re.compile(r"[\w-]+-osb")
MAY_SIGN = re.compile(
    "comments:(text$|moderation|log|people|suspension|removal|change-removal|lock|me$|my-|profile"
    "|erasure|requests|retag|jobs)|people:|posts:site-"
)
# Pages with handles for programs, and the field that asks for one's own.
MAY_WRITE = {
    "comments:export": "a download for programs, with both",
    "people:handle": "its field holds the handle",
    "people:restoration": "names an account whose name may be an attacker's",
}
# Pages on which the name has to be, so that the walk proves something.
NAMED = {
    "comments:answer",
    "comments:changes",
    "comments:closing",
    "comments:history",
    "comments:moderation-case",
    "comments:profile",
    "comments:text",
    "comments:well-argued",
    "posts:detail",
}
# What addresses are made of.
PLANTED = ("planted", "changes", "post", "series", "writer", "reader")
# Who asks for which routes: everybody's pages, a writer's own, those of staff.
ASKED = {
    "visitor": re.compile("comments:|posts:(?!studio|site)"),
    "writer": re.compile("comments:(me|my|export|answer|edit|profile)|posts:(home|detail)"),
    "admin": re.compile(
        "comments:(text$|moderation|log|people|suspension|removal|change-removal|lock|requests|retag)"
        "|posts:(studio|site)|people:"
    ),
}


class EveryPageTests(Planted):
    """Every address of a site whose people have set names."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Give everybody a name, after all is written."""
        super().setUpTestData()
        for who, name in NAMES.items():
            person: User = getattr(cls, who)
            setattr(cls, who, change_names(person, handle=HANDLE.format(person.handle), name=name))

    def test_no_page_calls_them_by_the_handle(self) -> None:
        found, named = [], set()
        clients = {"visitor": self.client, "writer": client_of(self.writer)}
        clients["admin"] = client_of(self.admin)
        for route, address in self.addresses():
            for asker, client in clients.items():
                if ASKED[asker].match(route):
                    text = ADDRESSES.sub("", everywhere.text_of(client.get(address)))
                    named |= {route} if SHOWN in text or NAME in text else set()
                    found += [f"{asker}, {address}: {said}" for said in handles_in(route, text)]
        self.assertEqual(found, [])
        self.assertEqual(NAMED - named, set())

    def addresses(self) -> list[tuple[str, str]]:
        """Return an address of every route, about the published comment where it names one."""
        own = everywhere.WithholdingTests()
        own.__dict__ |= {name: getattr(self, name) for name in PLANTED}
        return [
            (route, reverse(route, kwargs=keys))
            for route, pattern in everywhere.routes()
            for keys in own.keys(route, pattern)[:1]
        ]


def handles_in(route: str, text: str) -> list[str]:
    """Return the handles in `text` of a page of `route` that have no place there, in context."""
    if route in MAY_WRITE:
        return []
    text = SIGNED.sub("", text) if MAY_SIGN.match(route) else text
    return [text[max(0, each.start() - 60) : each.end()] for each in WRITTEN.finditer(text)]


class CardTests(Cast):
    """A comment and its reply, by people who set a display name."""

    comment: Comment
    reply: Comment

    @classmethod
    def setUpTestData(cls) -> None:
        """Give the writers names of their own."""
        super().setUpTestData()
        cls.reader = change_names(cls.reader, handle="agnes-osb", name=NAME)
        cls.stranger = change_names(cls.stranger, handle="sam", name="Samir Haddad")
        cls.comment = make_comment(cls.post, cls.reader, cls.stances["same"])
        cls.reply = make_comment(cls.post, cls.stranger, cls.stances["same"], parent=cls.comment)

    def test_cards_say_it(self) -> None:
        page = self.client.get(self.post.get_absolute_url())
        self.assertContains(page, f'href="/@agnes-osb/">{SHOWN}</a>')
        self.assertContains(page, 'data-face="SO"')
        self.assertContains(page, f"in reply to <bdi>{SHOWN}</bdi>")
        self.assertNotIn("agnes-osb", page.content.decode().replace("/@agnes-osb/", ""))
        flat = self.client.get(self.post.get_absolute_url(), {"stance": "same"})
        self.assertContains(flat, f"in reply to <bdi>{SHOWN}</bdi>")

    def test_a_comment_that_is_gone_names_nobody(self) -> None:
        Comment.objects.filter(pk=self.comment.pk).update(state="removed", removed_reason="attack")
        flat = self.client.get(self.post.get_absolute_url(), {"stance": "same"})
        self.assertContains(flat, "in reply to a comment that is gone")
        self.assertNotContains(flat, "Agnes")

    def test_every_page_follows_a_change_of_the_name(self) -> None:
        """A page is dropped by its edition, which any of these changes."""
        make_comment(self.post, self.author)
        for change, called in (
            ({"name": "Agnes"}, "Agnes"),
            ({"name_hidden_at": timezone.now()}, "ada"),
            ({"name_hidden_at": None}, "Agnes"),
            ({"name": ""}, "ada"),
        ):
            with self.subTest(change=change):
                before = current_edition()
                User.objects.filter(pk=self.author.pk).update(**change)
                self.assertGreater(current_edition(), before)
                page = self.client.get(self.post.get_absolute_url()).content.decode()
                self.assertIn(f'href="/@ada/">{called}</a>', page)
                self.assertIn(f'rel="author">{called}</a>', page)
                feed = self.client.get("/feeds/posts/").content.decode()
                self.assertIn(f"<name>{called}</name>", feed)
                self.assertContains(self.client.get("/@ada/"), f"<h1><bdi>{called}</bdi></h1>")

    def test_two_readers_of_one_name_are_told_apart(self) -> None:
        """By the addresses of their profiles, and the handle there and on the comment's page."""
        change_names(self.stranger, handle="sam", name=NAME)
        page = self.client.get(self.post.get_absolute_url())
        for handle, comment in (("agnes-osb", self.comment), ("sam", self.reply)):
            self.assertContains(page, f'href="/@{handle}/">{SHOWN}</a>')
            self.assertContains(self.client.get(f"/@{handle}/"), f"<bdi>@{handle}</bdi>")
            alone = self.client.get(reverse("comments:text", args=[comment.pk]))
            self.assertContains(alone, f"<bdi>@{handle}</bdi>")
