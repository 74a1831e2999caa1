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
from core.numbers import number
from notifications import kinds, marking
from posts.models import Post

from ...listing.query_params import place
from ...models import ChangeOfMind
from ..next_steps import newest_question_url
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
    waiting = _credits(person) if begins.is_first and begins.group is None else []
    context = {
        "inbox": Inbox.of(person, begins, apart={change.pk for change in waiting}),
        "credits": waiting,
        "groups": kinds.groups_for(person),
        "group": begins.group,
        "is_first": begins.is_first,
        "marked": number(request.GET.get("marked", "")),
        "marks_more": "rest" in request.GET,
        "question_url": newest_question_url,
        **suspension_context(person),
    }
    return render(request, "me/inbox.html", context)


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
    return _back(request, marked=marked.at, **({"rest": 1} if marked.goes_on else {}))


@post_only
@signed_in
def read_undo(request: HttpRequest) -> HttpResponse:
    """Mark those as unread that were marked as read at the time `marked`, in microseconds."""
    marked = number(request.POST.get("marked", ""))
    with suppress(OverflowError):  # Of a number that is no time.
        marking.mark_unread(person_asking(request).pk, marked or 0, _kinds(request))
    return _back(request)


def _kinds(request: HttpRequest) -> list[str] | None:
    """Return the names of the chosen kinds, None for all."""
    group = group_called(request.POST.get("kind", ""))
    return kinds.names_in(group) if group else None


def _back(request: HttpRequest, **more: Any) -> HttpResponse:
    """Redirect to the inbox with the chosen kinds."""
    group = group_called(request.POST.get("kind", ""))
    asked = more | ({"kind": group.name} if group else {})
    return redirect(f"{reverse('comments:me')}{'?' if asked else ''}{urlencode(asked)}")
