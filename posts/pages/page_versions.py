"""Version the content of public pages, so that a cached page is dropped when it is out of date.

The version of a discussion is `Post.page_version`, raised by `comments`. Everything else changes
seldom and has one version, the site edition; database triggers raise it at every write to the
tables and columns below, from any program.
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
from publication import current

from ..models import Edition, Post, Question, SealedAnswer

EDITION = "edition"
_ANY = "INSERT OR UPDATE OR DELETE"
# By table, the writes that change a public page.
WATCHED = {
    "accounts_user": "UPDATE OF handle, name, name_hidden_at, banned_at, erased_at",
    "publication_siteprofile": _ANY,
    "posts_authorship": _ANY,
    "posts_part": _ANY,
    "posts_post": "INSERT OR DELETE OR "
    "UPDATE OF slug, language, direction, published_at, live_revision_id, closed_at, closed_reason",
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
_BUMP = "UPDATE posts_edition SET number = number + 1"
_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION counterpoint_move_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {_BUMP}; RETURN NULL; END $$
"""


def bump_edition() -> None:
    """Raise the edition, so that no public page cached before is used again."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_BUMP)


def current_edition() -> int:
    """Return the number of the current edition; the page shows the profile of its time."""
    edition, profile = (
        edition_query().annotate(profile=newest_profile()).values_list("number", "profile")[0]
    )
    current.saw(profile)
    return edition


def edition_for(request: HttpRequest) -> int:
    """Return the current edition for a public page, 0 without a query for a personal one.

    Call it before any other query of the page: a write after it then makes the page out of date.
    """
    return current_edition() if request.public else 0  # type: ignore[attr-defined]


def allow_caching(
    request: HttpRequest, edition: int, posts: Iterable[Post] = (), until: float | None = None
) -> None:
    """Allow a public page to be cached until `edition` or a page version of `posts` changes.

    The page expires at `until` (seconds since 1970), by default at `next_change`.
    """
    if request.public:  # type: ignore[attr-defined]
        ends = next_change(timezone.now()) if until is None else until
        pages.keep(request, versions_of(edition, posts), ends)


def versions_of(edition: int, posts: Iterable[Post]) -> dict[str, int]:
    """Return the versions of a page about `posts` by name: the edition, and each post's by its id.

    `posts` are those whose discussions, or figures about them, are on the page.
    """
    return {EDITION: edition, **{str(post.pk): post.page_version for post in posts}}


def current_versions(versions: Mapping[str, int]) -> dict[str, int]:
    """Return the current versions under the names of `versions`, without deleted posts."""
    ids = [int(name) for name in versions if name != EDITION]
    if not ids:
        return {EDITION: current_edition()}
    rows = _CURRENT.rows(pk=ids[0]) if len(ids) == 1 else _current(Post.objects.filter(pk__in=ids))
    found: dict[str, int] = {}
    for pk, version, edition in rows:
        found |= {str(pk): version, EDITION: edition}
    return found


def _current(posts: "QuerySet[Post]") -> Any:
    rows = posts.order_by().annotate(edition=Subquery(edition_query()))
    return rows.values_list("pk", "page_version", "edition")


_CURRENT = Prepared(lambda pk: _current(Post.objects.filter(pk=pk)), pk=int)


def newest_profile() -> Subquery:
    """Return the number of the newest site profile, for the query that reads the edition.

    Read together they fit: a page of one edition never shows the profile of an earlier one.
    """
    return Subquery(current.newest_number())


def edition_query() -> "QuerySet[Edition, int]":
    """Return the query of the current edition, to run alone or as a subquery."""
    return Edition.objects.values_list("number", flat=True)


def next_change(now: datetime) -> float:
    """Return when a page next changes without a write, in seconds since 1970; infinite if never.

    That is when a scheduled post is published, a question shows its totals to everybody, or a
    sealed answer opens by time.
    """
    coming = Post.objects.filter(published_at__gt=now).order_by("published_at")
    hidden = Question.objects.exclude(reveal=Question.Reveal.ALWAYS).filter(closes_at__gt=now)
    sealed = SealedAnswer.objects.closed(now).filter(opens_at__isnull=False)
    each = Edition.objects.values_list(
        Subquery(coming.values("published_at")[:1]),
        Subquery(hidden.order_by("closes_at").values("closes_at")[:1]),
        Subquery(sealed.order_by("opens_at").values("opens_at")[:1]),
    )
    times = [time.timestamp() for time in each[0] if time]
    return min(times, default=float("inf"))


def install_triggers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create the edition and its triggers in the database `using` where they are missing."""
    statements = _postgres() if connections[using].vendor == "postgresql" else _sqlite()
    triggers.install(using, _POSTGRES_FUNCTION, statements)
    Edition.objects.using(using).get_or_create()


def _postgres() -> dict[str, str]:
    """Return a statement for each trigger, one per table, by trigger name.

    They fire before the write, so that every writer locks the edition first.
    """
    return {
        f"{table}_moves_edition": f"CREATE TRIGGER {table}_moves_edition BEFORE {events} "
        f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION counterpoint_move_edition()"
        for table, events in WATCHED.items()
    }


def _sqlite() -> dict[str, str]:
    """Return a statement for each trigger, one per table and event, by trigger name."""
    found: dict[str, str] = {}
    for table, events in WATCHED.items():
        for event in events.split(" OR "):
            name = f"{table}_{event.split()[0].lower()}_moves_edition"
            found[name] = f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {_BUMP}; END"
    return found
