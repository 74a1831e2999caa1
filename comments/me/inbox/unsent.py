"""The page of what a person was not told, each with the reason."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.guards import person_asking, signed_in
from accounts.models import User
from core import limits
from notifications import kinds, reading
from notifications.kinds import Content, NotificationKind
from notifications.models import Notification, Unsent
from notifications.unsent import KEPT_DAYS

from ...listing.query_params import place
from ..own_comments import next_page_url, rows_after
from . import page as _loaders  # noqa: F401  (it registers what loads each kind)


@dataclass(frozen=True)
class UnsentRow:
    """Something not sent: its kind, and what it said if its recipient may read that and know."""

    unsent: Unsent
    kind: NotificationKind
    content: Content | None


@require_safe
@signed_in
def unsent(request: HttpRequest) -> HttpResponse:
    """Show what the person was not told of, the newest first."""
    person = person_asking(request)
    after = place(request.GET)
    rows = Unsent.objects.filter(recipient=person).order_by("-created_at", "-id")
    size = limits.THREADS_PER_PAGE
    found = list(rows_after(rows, after, "created_at")[: size + 1])
    context = {
        "rows": rows_of(person, found[:size]),
        "next_page_url": next_page_url(found, size, reverse("comments:unsent"), "created_at"),
        "groups": kinds.groups_for(person),
        "is_unsent": True,
        "days": KEPT_DAYS,
    }
    return render(request, "me/unsent.html", context)


def rows_of(person: User, found: list[Unsent]) -> list[UnsentRow]:
    """Return `found` with what `person` can read of each, in a fixed number of queries.

    Nothing is loaded of those whose reason is concealed: not even whether it can be read, since
    that would tell one of these reasons from another.
    """
    open_rows = [
        Notification.of_event(each, pk=each.pk, recipient=person, created_at=each.created_at)
        for each in found
        if not each.is_concealed
    ]
    contents = {row.notification.pk: row.content for row in reading.read(person, open_rows)}
    return [
        UnsentRow(each, kind, contents.get(each.pk))
        for each in found
        if (kind := kinds.kind_of(each.kind))
    ]
