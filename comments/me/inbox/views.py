"""Views of the inbox: read it, mark notifications as read, and undo that."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.guards import person_asking, post_only, signed_in
from accounts.models import User
from core.htmx import is_fragment
from core.numbers import number
from notifications import kinds, marking
from posts.models import Post

from ...listing.query_params import place
from ...models import ChangeOfMind
from ..next_steps import next_step
from ..suspensions import suspension_context
from .page import Inbox, Start, group_called

# Unanswered changes of mind shown at a time; the others follow once these are answered.
CREDITS_SHOWN = 20


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Redirect from the former address of the inbox."""
    return redirect("comments:me", permanent=False)


@require_safe
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the notifications of the person, unread first, without marking any as read."""
    person = person_asking(request)
    begins = Start(
        unread=place(request.GET, "unread"),
        read=place(request.GET),
        group=group_called(request.GET.get("kind", "")),
    )
    context = {
        **_contents(person, begins),
        "marked": number(request.GET.get("marked", "")),
        "marks_more": "rest" in request.GET,
        **suspension_context(person),
    }
    return render(request, "me/inbox.html", context)


def _contents(person: User, begins: Start) -> dict[str, Any]:
    """Return what the page of the inbox that begins at `begins` shows."""
    waiting = _credits(person) if begins.is_first and begins.group is None else []
    return {
        "inbox": Inbox.of(person, begins, apart={change.pk for change in waiting}),
        "credits": waiting,
        "groups": kinds.groups_for(person),
        "group": begins.group,
        "is_first": begins.is_first,
        "next_step": next_step,
    }


def _credits(person: User) -> list[ChangeOfMind]:
    """Return the changes of mind that wait for an answer of `person`, under posts to be read."""
    waiting = ChangeOfMind.objects.unanswered_by(person).with_words_for(person)
    return list(waiting.filter(post__in=Post.objects.visible_to(person))[:CREDITS_SHOWN])


@post_only
@signed_in
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notification as read, or all up to `newest`, so none that came after the page."""
    person, kinds_chosen = person_asking(request), _kinds(request)
    one, newest = number(request.POST.get("one", "")), number(request.POST.get("newest", ""))
    if one is not None:
        marked = marking.mark_one(person.pk, one)
    else:
        marked = marking.mark_read(person.pk, up_to=newest or 0, kinds=kinds_chosen)
    if is_fragment(request):
        shown = {"marked": marked.at, "marks_more": marked.goes_on, "is_marked": True}
        return _in_place(request, shown)
    return _back(request, marked=marked.at, **({"rest": 1} if marked.goes_on else {}))


@post_only
@signed_in
def read_undo(request: HttpRequest) -> HttpResponse:
    """Mark those as unread that were marked as read at the time `marked`, in microseconds."""
    marked = number(request.POST.get("marked", ""))
    with suppress(OverflowError):  # Of a number that is no time.
        marking.mark_unread(person_asking(request).pk, marked or 0, _kinds(request))
    return _in_place(request, {"is_undone": True}) if is_fragment(request) else _back(request)


def _kinds(request: HttpRequest) -> list[str] | None:
    """Return the names of the chosen kinds, None for all."""
    group = group_called(request.POST.get("kind", ""))
    return kinds.names_in(group) if group else None


def _in_place(request: HttpRequest, shown: dict[str, Any]) -> HttpResponse:
    """Return the first page of the inbox without its frame, and with `shown`."""
    begins = Start(group=group_called(request.POST.get("kind", "")))
    context = {**_contents(person_asking(request), begins), **shown}
    return render(request, "me/_inbox.html", context)


def _back(request: HttpRequest, **more: Any) -> HttpResponse:
    """Redirect to the inbox with the chosen kinds."""
    group = group_called(request.POST.get("kind", ""))
    asked = more | ({"kind": group.name} if group else {})
    return redirect(f"{reverse('comments:me')}{'?' if asked else ''}{urlencode(asked)}")
