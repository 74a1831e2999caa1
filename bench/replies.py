"""Durable replies: what many readers post, as their browsers would, and whether all was kept."""

import contextlib
import json
import re
import uuid
from http.client import HTTPConnection
from itertools import count, cycle
from urllib.parse import urlencode, urlsplit

from tests.browser.site import Site

from .load import Request, Target
from .place import READER, SIZES, Discussion, cookie, public_page, run_module

# So many in each run. A number instead of a time, so that a fast machine needs no more readers.
BATCH = 100
# A reader may write six comments in ten minutes, and not two within five seconds: everybody's
# turn comes after at least two other runs.
REPLIES_EACH = 5
READERS_MIN = 3 * BATCH


class Writers:
    """Readers who take turns, each time with words that nobody has written before."""

    def __init__(self, site: Site, discussions: list[Discussion], runs: int) -> None:
        """Make as many readers as `runs` of each discussion and a warm-up need."""
        number = max(READERS_MIN, BATCH * (runs + 1) * len(SIZES) // REPLIES_EACH + 1)
        slugs = [each.slug for each in discussions]
        made = json.loads(run_module("bench.readers", [str(number), *slugs], site))
        name = cookie(site, READER)["Cookie"].partition("=")[0]
        self.stance: str = made["stance"]
        self._cookies = cycle(f"{name}={key}" for key in made["sessions"])
        self._texts = cycle(made["texts"])
        self._numbers = count(1)

    def next_cookie(self) -> str:
        """Return the session cookie of whose turn it is."""
        return next(self._cookies)

    def next_text(self) -> str:
        """Return a comment in Markdown, of the length that people write."""
        return f"{next(self._texts)}\n\nThis is reply number {next(self._numbers)}."


def replying(site: Site, discussion: Discussion, writers: Writers) -> Target:
    """Return the posting of replies to the first comment, each durable once it is answered."""
    address = f"{discussion.path}answer/"
    fields, csrf_cookie = _form(site, discussion, writers.next_cookie())
    fields |= {"stance": writers.stance, "wish": "post"}

    def batch() -> list[Request]:
        return [_reply(address, fields, csrf_cookie, writers) for _ in range(BATCH)]

    return Target("durable reply", discussion.size, site.url, site.pid, Request(address), batch)


def _reply(address: str, fields: dict[str, str], csrf_cookie: str, writers: Writers) -> Request:
    headers = {
        "Cookie": f"{writers.next_cookie()}; {csrf_cookie}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    fresh = {"body": writers.next_text(), "form_key": str(uuid.uuid4())}
    return Request(address, headers, urlencode(fields | fresh), status=302)


def _form(site: Site, discussion: Discussion, session: str) -> tuple[dict[str, str], str]:
    """Return the hidden fields of the form that answers the first comment, and its cookie."""
    first = re.search(r'data-comment-id="(\d+)"', public_page(site, discussion).decode())
    assert first, "the page shows no comment"
    address = f"{discussion.path}answer/?parent={first[1]}"
    with contextlib.closing(HTTPConnection(urlsplit(site.url).netloc)) as connection:
        connection.request("GET", address, headers={"Cookie": session})
        response = connection.getresponse()
        form = response.read().decode().partition("data-composer")[2]
        given = response.headers.get_all("Set-Cookie") or []
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    assert {"csrfmiddlewaretoken", "parent", "form_key"} <= hidden.keys(), "no form to reply with"
    return hidden, "; ".join(each.partition(";")[0] for each in given)


def check_kept(site: Site, discussion: Discussion, target: Target) -> None:
    """Raise RuntimeError unless every reply that was answered is there, and no other."""
    expected = discussion.size + target.answered
    script = (
        "from posts.models import Post;"
        f"print(Post.objects.get(slug={discussion.slug!r}).comment_count)"
    )
    found = int(site.manage("shell", "--no-imports", "-c", script))
    if found != expected:
        raise RuntimeError(f"{discussion.slug}: {expected} comments expected, {found} kept")
