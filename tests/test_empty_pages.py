"""Test what pages say where they have nothing to show yet: a sentence, and a next step."""

import re
from html.parser import HTMLParser
from pathlib import Path

from django.test import Client
from django.utils import timezone

from posts.models import Post, Series
from tests.cast import Cast
from tests.factories import make_post, make_series
from tests.reauthenticated import client_of
from tests.test_public_and_personal_pages import crawl

TEMPLATES = Path(__file__).parents[1] / "templates"
# Who opens the pages: the attribute of the cast, "" for somebody signed out.
PEOPLE = ("", "reader", "author", "moderator", "admin")
AUTHORS, OTHERS = {"author", "admin"}, {"", "reader", "moderator"}
STAFF = {"moderator", "admin"}
# Pages without any article: who sees what, and the step that follows.
WITHOUT_ARTICLES = [
    ("/", OTHERS, "The first article is being written.", "/about/"),
    ("/", AUTHORS, "Your first article will appear here", "/studio/posts/new/"),
    ("/archive/", OTHERS, "The first article is being written.", "/about/"),
    ("/archive/?by=series", AUTHORS, "Your first article will appear here", "/studio/posts/new/"),
    ("/series/", OTHERS, "No series yet.", "/archive/"),
    ("/series/", AUTHORS, "A series appears here once", "/studio/series/new/"),
    ("/@sam/", set(PEOPLE), "Comments by sam will appear on this page.", "/"),
    ("/@robin/", {"reader"}, "Your comments will appear here", "/about/"),
    ("/me/notifications/", {"reader", "author"}, "Nothing yet.", "/about/"),
    ("/me/comments/", {"reader", "admin"}, "You have not written anything yet.", "/about/"),
    ("/", {"", "reader"}, "The first article is being written.", "/follow/site/1/"),
    (
        "/archive/",
        {"admin"},
        "Your first article will appear here",
        "/settings/site/setup/article/",
    ),
    ("/accounts/2fa/webauthn/", {"reader"}, "no passkey yet", "/accounts/2fa/webauthn/add/"),
    ("/studio/", AUTHORS, "A series tells readers what is still to come.", "/studio/series/new/"),
    ("/moderation/", STAFF, "All clear.", "/archive/"),
    ("/moderation/log/", STAFF, "Nothing has been decided yet.", "/moderation/"),
    ("/moderation/people/?q=xyz", {"admin"}, "No one found.", "/moderation/people/"),
    ("/moderation/jobs/", {"admin"}, "Nothing waits and nothing failed.", "/moderation/"),
]
# Pages of an article that nobody has answered, with `{post}` for its address.
WITHOUT_ANSWERS = [
    ("{post}", {""}, "Say where you stand, and why.", "{post}answer/"),
    ("{post}", {"reader", "admin"}, "Say where you stand, and why.", "#question"),
    (
        "{post}",
        {"author"},
        "No comments yet. They will appear here.",
        "/studio/posts/{pk}/question/",
    ),
    ("{post}?stance=same", {"", "reader"}, "argued for Same", "{post}answer/?stance=same"),
    ("{post}?stance=same", {"suspended"}, "argued for Same", "{post}"),
    ("{post}", {"suspended"}, "No comments yet.", "/archive/"),
    ("{post}stances/", {"", "reader"}, "Yours would be the first.", "{post}#question"),
    ("{post}changes/", {""}, "No one yet has said what changed", "/accounts/login/?next={post}"),
    ("{post}changes/", {"reader"}, "No one yet has said what changed", "{post}"),
    ("{silent}", {""}, "No comments yet.", "{silent}answer/"),
    ("{silent}", {"reader"}, "No comments yet.", "#answer-form"),
    ("{silent}", {"author"}, "asks no question", "/studio/posts/{silent_pk}/question/"),
    ("/me/notifications/", {"reader"}, "Nothing yet.", "{post}"),
    ("/@robin/", {"reader"}, "Your comments will appear here", "{post}"),
    ("/studio/", {"author"}, "No drafts.", "/studio/posts/new/"),
    ("/studio/posts/{pk}/promises/", {"author"}, "You have marked no sentence.", "#mark"),
    ("/studio/series/{series}/", {"author"}, "You have announced nothing yet.", "#announce"),
    ("/series/{slug}/", {"author"}, "No part is announced yet.", "/studio/series/{series}/"),
    ("/moderation/?queue=held", STAFF, "All clear.", "/archive/"),
]


class Look(HTMLParser):
    """Find what a page leaves bare, and what it says where it has nothing to show."""

    def __init__(self, html: str) -> None:
        super().__init__()
        # Lists without an entry and headings without anything below them, in words.
        self.bare: list[str] = []
        # The text of each part without content, and the links in it and behind it.
        self.sentences: list[str] = []
        self.steps: list[str] = []
        self.ids: set[str] = set()
        self._lists: list[tuple[str, int]] = []
        self._heading: str | None = None
        self._in_heading = self._in_main = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._in_main |= tag == "main"
        self.ids.add(values.get("id") or "")
        if values.get("class") == "empty":
            self.sentences.append("")
        if self._in_main and self.sentences and tag in {"a", "form"}:
            self.steps.append(values.get("href") or values.get("action") or "#here")
        if tag in {"ul", "ol"} and self._in_main:
            self._lists.append((str(values.get("id") or values.get("class")), 0))
        if tag == "li" and self._lists:
            name, entries = self._lists[-1]
            self._lists[-1] = name, entries + 1
        if re.fullmatch("h[2-6]", tag):
            if self._heading and tag <= self._heading:
                self.bare.append(f"a heading {self._heading}")
            self._heading, self._in_heading = tag, True
        elif tag in {"input", "textarea", "select", "button", "img"}:
            self._heading = None

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self._lists:
            name, entries = self._lists.pop()
            self.bare += [] if entries or name == "threads" else [f"the list {name}"]
        if re.fullmatch("h[2-6]", tag):
            self._in_heading = False
        if tag in {"section", "main"} and self._heading:
            self.bare.append(f"a heading {self._heading}")
        if tag == "main":
            self._in_main = False

    def handle_data(self, data: str) -> None:
        if self.sentences and self._in_main and not self.steps:
            self.sentences[-1] += data
        if data.strip() and not self._in_heading:
            self._heading = None


class EmptyPageTests(Cast):
    """A site of which everybody sees the pages before there is anything on them."""

    def setUp(self) -> None:
        """Sign everybody in once, as if just now."""
        people = {name: getattr(self, name) for name in (*PEOPLE, "suspended") if name}
        signed_in = {name: client_of(person) for name, person in people.items()}
        self.clients = {**signed_in, "": Client()}

    def walk(self, pages: list[tuple[str, set[str], str, str]], **places: object) -> None:
        """Find on each of `pages` its sentence and its next step, and open that."""
        for address, people, sentence, step in pages:
            for who in people:
                with self.subTest(address=address, who=who or "signed out"):
                    self.look_at(
                        self.clients[who], address.format(**places), sentence, step.format(**places)
                    )

    def look_at(self, client: Client, address: str, sentence: str, step: str) -> None:
        """Find `sentence` and `step` on a page; the step is on the page, or one that opens."""
        answer = client.get(address)
        assert answer.status_code == 200
        look = Look(answer.text)
        assert any(sentence in each for each in look.sentences), look.sentences
        found = next(each for each in look.steps if each.startswith(step))
        path, _hash, anchor = found.partition("#")
        opened = client.get(path) if path else answer
        assert opened.status_code == 200
        assert not anchor or anchor in Look(opened.text).ids

    def nothing_is_bare(self, who: str) -> None:
        """Follow every link as `who`: no list is without entry, no heading alone."""
        bare = {at: Look(text).bare for at, text, _headers in crawl(self.clients[who])}
        assert not {at: found for at, found in bare.items() if found}

    def test_before_the_first_article(self) -> None:
        Post.objects.update(published_at=None, live_revision=None)
        self.walk(WITHOUT_ARTICLES)
        self.nothing_is_bare("admin")

    def test_before_the_first_answer(self) -> None:
        silent = make_post(self.author, published_at=timezone.now())
        series: Series = make_series(self.author)
        self.walk(
            WITHOUT_ANSWERS,
            post=self.post.get_absolute_url(),
            pk=self.post.pk,
            silent=silent.get_absolute_url(),
            silent_pk=silent.pk,
            series=series.pk,
            slug=series.slug,
        )
        self.nothing_is_bare("author")


def test_one_template_draws_them_all() -> None:
    """Require the look of an empty place to be in one template."""
    drawn = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if re.search(r'class="[^"]*\bempty\b', path.read_text())
    }
    assert drawn == {"components/_empty.html"}
