"""The private Atom feed of a person's notifications, and the page of its address."""

from collections.abc import Sequence
from hashlib import sha256

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.guards import form_page, person_asking, post_only, signed_in
from accounts.models import User
from accounts.reauthentication.guards import reauthentication_required
from core.errors import not_found
from core.markdown.html import plain
from notifications import feed_guesses, feed_tokens, reading
from notifications.models import Notification
from notifications.reading import InboxRow
from notifications.words import line_of
from posts.feeds import absolute, tag
from posts.models import Post
from posts.pages.page_versions import current_edition
from publication import current

from . import page as _loaders  # noqa: F401  (it registers what loads each kind)

# Entries: a feed reader that asks once a day misses none of a busy one.
FEED_LENGTH = 30
# Characters of the line of a notification, of which the longest has two names in it.
LINE_LENGTH = 400
TOO_MANY = 429


@require_safe
def private_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """Return the newest notifications of the person with `token`, as far as they may read them.

    The token alone decides: no cookie is read. Who has guessed wrong too often is not answered.
    """
    if feed_guesses.too_many(request):
        return _private(HttpResponse(status=TOO_MANY))
    person = feed_tokens.person_with(token)
    if person is None:
        feed_guesses.count(request)
        return _private(not_found(request, Http404()))
    rows = newest_of(person)
    etag = etag_of(person, rows)
    # `get_conditional_response` returns its last argument if the reader has another version.
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged or HttpResponse(
        feed_of(person, reading.read(person, rows), request.path).writeString("utf-8"),
        content_type=Atom1Feed.content_type,
    )
    response.headers["ETag"] = etag
    return _private(response)


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """Return `response`, which is not to be kept between nor listed."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def newest_of(person: User) -> list[Notification]:
    """Return the newest notifications of `person`: a range of each index of the inbox."""
    mine = Notification.objects.filter(recipient=person).order_by("-created_at", "-id")
    rows = [*mine.unread()[:FEED_LENGTH], *mine.read()[:FEED_LENGTH]]
    return sorted(rows, key=lambda row: (row.created_at, row.pk), reverse=True)[:FEED_LENGTH]


def etag_of(person: User, rows: Sequence[Notification]) -> str:
    """Return the ETag of the feed of `rows`, without loading what they say.

    The edition of the site and the versions of its discussions change with whatever could be read
    there until now, and with names.
    """
    discussions = Post.objects.aggregate(total=Sum("page_version"))["total"]
    parts = [
        *(person.pk, person.is_suspended(), *sorted(person.roles)),
        *(current_edition(), current.current().number, discussions),
        *(row.pk for row in rows),
    ]
    return quote_etag(sha256(repr(parts).encode()).hexdigest()[:32])


def feed_of(person: User, rows: Sequence[InboxRow], path: str) -> Atom1Feed:
    """Return the feed of `rows`, which `person` may read, at the address `path`."""
    site = current.current()
    feed = Atom1Feed(
        title=_("Notifications of %(site)s") % {"site": site.name},
        link=absolute(reverse("comments:me")),
        description="",
        feed_url=absolute(path),
        feed_guid=tag(person.joined_at, f"notifications-{person.pk}"),
        language=site.language,
    )
    for row in rows:
        _add_entry(feed, row)
    return feed


def _add_entry(feed: Atom1Feed, row: InboxRow) -> None:
    content, told = row.content, row.notification
    place = content.place.title if content.place else ""
    words = format_html("<p>{}</p><blockquote>{}</blockquote>", place, content.quote)
    feed.add_item(
        title=plain(line_of(row.kind, content), LINE_LENGTH),
        link=absolute(content.url),
        description=words if content.quote else format_html("<p>{}</p>", place),
        author_name=content.person.display_name if content.person else None,
        unique_id=tag(told.created_at, f"notification-{told.pk}"),
        pubdate=told.created_at,
        updateddate=told.created_at,
    )


@form_page
@signed_in
@never_cache
@reauthentication_required()
def feed_address(request: HttpRequest) -> HttpResponse:
    """Show whether the person has a feed; make its address, which is shown this once."""
    person = person_asking(request)
    address = ""
    if request.method == "POST":
        address = absolute(reverse("comments:private-feed", args=[feed_tokens.make(person)]))
    context = {"token": feed_tokens.of(person), "address": address}
    return render(request, "me/feed.html", context)


@post_only
@signed_in
@reauthentication_required()
def feed_revocation(request: HttpRequest) -> HttpResponse:
    """Let the address of the person's feed show nothing any more."""
    feed_tokens.revoke(person_asking(request))
    return redirect("comments:feed-address")
