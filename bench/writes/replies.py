"""Post durable replies as many readers with browsers would, and check that all are stored."""

import contextlib
import re
import secrets
import uuid
from http.client import HTTPConnection
from itertools import count, cycle
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.browser.site import BrowserSite

from ..harness.captured import Captured
from ..harness.load import Request, Target
from ..harness.site import READER, MeasuredDiscussion, MeasuredSite, cookie, run_for_json

# Replies in each run: a number and not a time, so that a fast machine needs no more readers.
BATCH = 100
# The rate limits allow six comments in ten minutes, and one in five seconds. With these numbers a
# reader's next turn comes after more than a whole run, however fast replies are.
REPLIES_EACH = 5
READERS_MIN = 6 * BATCH
REPLYING, INSERTING = "durable reply", "view inserting one row"
INSERT_PATH = "/bench/row/"  # of the view in `bench.limits.inserting`
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class ReplyWriters:
    """Readers who write in turn, each time with a new text."""

    def __init__(
        self, site: BrowserSite, discussions: list[MeasuredDiscussion], replies: int
    ) -> None:
        """Make as many readers as the rate limits require for `replies` in all."""
        number = max(READERS_MIN, replies // REPLIES_EACH + 1)
        slugs = [each.slug for each in discussions]
        made: dict[str, Any] = run_for_json("bench.harness.readers", [str(number), *slugs], site)
        name = cookie(site, READER)["Cookie"].partition("=")[0]
        self.site = site
        self.stance: str = made["stance"]
        self._cookies = cycle(f"{name}={key}" for key in made["sessions"])
        self._texts = cycle(made["texts"])
        self._numbers = count(1)

    def next_cookie(self) -> str:
        """Return the session cookie of the next reader."""
        return next(self._cookies)

    def next_text(self) -> str:
        """Return a comment in Markdown of a realistic length."""
        return f"{next(self._texts)}\n\nThis is reply number {next(self._numbers)}."


class Answering:
    """The form that replies to the first comment of a discussion, sent by readers in turn."""

    def __init__(self, writers: ReplyWriters, discussion: MeasuredDiscussion) -> None:
        """Request the form once, as a browser would."""
        self.writers = writers
        self.address = f"{discussion.path}answer/"
        page = Captured.from_site(writers.site.url, Request(discussion.path)).content.decode()
        first = re.search(r'data-comment-id="(\d+)"', page)
        assert first, "the page shows no comment"
        fields, self.csrf_cookie = self._form(f"{self.address}?parent={first[1]}")
        self.fields = fields | {"stance": writers.stance, "wish": "post"}
        self.posted = 0

    def reply(self) -> Request:
        """Return a reply by the next reader."""
        self.posted += 1
        headers = {"Cookie": f"{self.writers.next_cookie()}; {self.csrf_cookie}", **FORM}
        fresh = {"body": self.writers.next_text(), "form_key": str(uuid.uuid4())}
        return Request(self.address, headers, urlencode(self.fields | fresh), status=302)

    def batch(self) -> list[Request]:
        """Return the replies of a run."""
        return [self.reply() for _ in range(BATCH)]

    def _form(self, address: str) -> tuple[dict[str, str], str]:
        """Return the hidden fields of the form at `address`, and its cookie."""
        netloc = urlsplit(self.writers.site.url).netloc
        with contextlib.closing(HTTPConnection(netloc)) as connection:
            headers = {"Cookie": self.writers.next_cookie()}
            connection.request("GET", address, headers=headers)
            response = connection.getresponse()
            form = response.read().decode().partition("data-composer")[2]
            given = response.headers.get_all("Set-Cookie") or []
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        assert {"csrfmiddlewaretoken", "parent", "form_key"} <= hidden.keys(), (
            "no form to reply with"
        )
        # It names the reader to whom the form was shown, and all readers send it in turn.
        del hidden["drawn_for"]
        return hidden, "; ".join(each.partition(";")[0] for each in given)


def replying(place: MeasuredSite, discussion: MeasuredDiscussion, answering: Answering) -> Target:
    """Return a target that posts replies, each durable once its response is sent."""
    request = Request(answering.address)
    site = place.site
    return Target(REPLYING, discussion.size, site.url, place.pids, request, answering.batch)


def inserting(place: MeasuredSite, url: str, pid: int, writers: ReplyWriters) -> Target:
    """Return a target that sends rows to the view of `bench.limits.inserting`."""
    token = secrets.token_hex(16)

    def insert() -> Request:
        headers = {"Cookie": f"{writers.next_cookie()}; csrftoken={token}", **FORM}
        body = urlencode({"csrfmiddlewaretoken": token, "body": writers.next_text()})
        return Request(INSERT_PATH, headers, body, status=302)

    def batch() -> list[Request]:
        return [insert() for _ in range(BATCH)]

    pids = (pid, *place.pids[1:])
    return Target(INSERTING, 0, url, pids, Request(INSERT_PATH), batch)


def check_kept(site: BrowserSite, discussion: MeasuredDiscussion, posted: int) -> None:
    """Raise RuntimeError unless exactly the acknowledged replies are stored."""
    expected, found = discussion.size + posted, comments_in(site, discussion.slug)
    if found != expected:
        raise RuntimeError(f"{discussion.slug}: {expected} comments expected, {found} stored")


def comments_in(site: BrowserSite, slug: str) -> int:
    """Return the post's own count of its comments."""
    script = f"from posts.models import Post;print(Post.objects.get(slug={slug!r}).comment_count)"
    return int(site.manage("shell", "--no-imports", "-c", script))
