"""Versions of what public pages show, so that a page that is kept knows when it is out of date.

A discussion has `Post.page_version`, which `comments` moves. Everything else, which changes
seldom, has one number, the edition; the database moves it at any write to the tables and columns
below, whoever writes.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from core.caching import pages
from core.db import triggers
from core.db.prepared import Prepared

from ..models import Edition, Post, Question, SealedAnswer

EDITION = "edition"
_ANY = "INSERT OR UPDATE OR DELETE"
# The writes that show, by table.
WATCHED = {
    "accounts_user": "UPDATE OF handle, name, banned_at, erased_at",
    "posts_authorship": _ANY,
    "posts_part": _ANY,
    "posts_post": "INSERT OR DELETE OR "
    "UPDATE OF slug, language, direction, published_at, live_revision_id",
    "posts_promise": _ANY,
    "posts_promise_parts": _ANY,
    "posts_question": _ANY,
    "posts_questionversion": _ANY,
    "posts_revision": "UPDATE OF title, standfirst, body_html",
    "posts_sealedanswer": _ANY,
    "posts_series": _ANY,
    "posts_stance": "INSERT OR DELETE OR "
    "UPDATE OF question_id, key, position, shape, colour, word, meaning, is_offered",
}
_MOVE = "UPDATE posts_edition SET number = number + 1"
_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION counterpoint_move_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {_MOVE}; RETURN NULL; END $$
"""


def move() -> None:
    """Say that every public page may show something else now."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_MOVE)


def number() -> int:
    """Return the present edition."""
    return numbers()[0]


def begin(request: HttpRequest) -> int:
    """Return the present edition for a page that everyone gets; to be asked before all else.

    A personal page is not kept, so for one nothing is asked.
    """
    return number() if request.public else 0  # type: ignore[attr-defined]


def keep(
    request: HttpRequest, edition: int, posts: Iterable[Post] = (), until: float | None = None
) -> None:
    """Let a public page, begun at `edition`, be kept until it or what it says of `posts` moves.

    It also ends at `until` (seconds since 1970), by default when the next post comes out.
    """
    if request.public:  # type: ignore[attr-defined]
        ends = next_publication(timezone.now()) if until is None else until
        pages.keep(request, of(edition, posts), ends)


def of(edition: int, posts: Iterable[Post]) -> dict[str, int]:
    """Return the versions of a page that shows the discussions of `posts`, or figures of them."""
    return {EDITION: edition, **{str(post.pk): post.page_version for post in posts}}


def present(versions: Mapping[str, int]) -> dict[str, int]:
    """Return the present versions of what `versions` names; what is gone is left out."""
    ids = [int(name) for name in versions if name != EDITION]
    if not ids:
        return {EDITION: number()}
    rows = _PRESENT.rows(pk=ids[0]) if len(ids) == 1 else _present(Post.objects.filter(pk__in=ids))
    found: dict[str, int] = {}
    for pk, version, edition in rows:
        found |= {str(pk): version, EDITION: edition}
    return found


def _present(posts: "QuerySet[Post]") -> Any:
    rows = posts.order_by().annotate(edition=Subquery(numbers()))
    return rows.values_list("pk", "page_version", "edition")


_PRESENT = Prepared(lambda pk: _present(Post.objects.filter(pk=pk)), pk=int)


def numbers() -> "QuerySet[Edition, int]":
    """Return the query for the present edition, to be asked with another."""
    return Edition.objects.values_list("number", flat=True)


def next_publication(now: datetime) -> float:
    """Return when time next changes a page, in seconds since 1970; infinite if it does not.

    That is when a post comes out, or the totals of a question, or when a sealed answer opens.
    """
    coming = Post.objects.filter(published_at__gt=now).order_by("published_at")
    hidden = Question.objects.exclude(reveal=Question.Reveal.ALWAYS).filter(closes_at__gt=now)
    sealed = SealedAnswer.objects.closed(now).filter(opens_at__isnull=False)
    each = Edition.objects.values_list(
        Subquery(coming.values("published_at")[:1]),
        Subquery(hidden.order_by("closes_at").values("closes_at")[:1]),
        Subquery(sealed.order_by("opens_at").values("opens_at")[:1]),
    )
    moments = [moment.timestamp() for moment in each[0] if moment]
    return min(moments, default=float("inf"))


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create the edition and the triggers that move it, where they are lacking."""
    statements = _postgres() if connections[using].vendor == "postgresql" else _sqlite()
    triggers.install(using, _POSTGRES_FUNCTION, statements)
    Edition.objects.using(using).get_or_create()


def _postgres() -> dict[str, str]:
    """Return a trigger for each table. It fires first, so all writers lock the edition first."""
    return {
        f"{table}_moves_edition": f"CREATE TRIGGER {table}_moves_edition BEFORE {events} "
        f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION counterpoint_move_edition()"
        for table, events in WATCHED.items()
    }


def _sqlite() -> dict[str, str]:
    """Return a trigger for each table and event."""
    found: dict[str, str] = {}
    for table, events in WATCHED.items():
        for event in events.split(" OR "):
            name = f"{table}_{event.split()[0].lower()}_moves_edition"
            found[name] = f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {_MOVE}; END"
    return found
