"""Save, throw away, bring back and list a person's drafts. Nobody else's are ever found."""

from uuid import UUID

from allauth.core import ratelimit
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import drafts
from accounts.guards import person_asking, post_only, signed_in
from accounts.models import User
from core import limits
from core.csrf import is_of_another
from core.htmx import redirect_for

from ...access import get_post
from ...draft_places import of_change, of_comment
from ...models import Comment
from ..next_steps import next_step
from . import places
from .own_drafts import OwnDrafts

# Fields of a request about a draft that are no part of it.
_BESIDE = {"form", "list", "wish"}


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save what a page sends while it is written; answer with the moment, null for an empty form.

    The status is 409, and nothing changes, if another page of the form has saved newer words. For
    scripts: nobody is led to signing in, and nothing is kept for later.
    """
    person = request.user
    if not isinstance(person, User) or is_of_another(request):
        raise PermissionDenied
    place, typed = places.sent_place(person, request.POST), _typed(request)
    page = drafts.SendingPage.of(request.POST)
    kind, named = places.kind_of(place.path)
    if kind is None or not _fits(typed, kind):
        return HttpResponse(status=413)
    if not ratelimit.consume(request, action="draft", key=str(person.pk)):
        return HttpResponse(status=429)
    if _is_posted(person, request.POST.get("form_key", "")):
        return JsonResponse({"saved": None})
    if kind.is_unsent and not kind.is_unsent(person, request.POST, **named):
        drafts.forget_from(person.pk, place, page)
        return JsonResponse({"saved": None})
    try:
        draft = drafts.save(person.pk, place, typed, page)
    except drafts.NewerDraft:
        return HttpResponse(status=409)
    return JsonResponse({"saved": draft.version if draft else None})


@post_only
@signed_in
def throw_away(request: HttpRequest) -> HttpResponse:
    """Throw away the draft of a form, as it is sent; it can be brought back for a while.

    What is too long to be kept is not: as it was kept last, the draft can be brought back.
    """
    person = person_asking(request)
    place = places.named_place(request.POST)
    if not drafts.has(person.pk, place):  # what is only in the browser yet
        place = places.sent_place(person, request.POST)
    page = drafts.SendingPage.of(request.POST)
    typed, (kind, _named) = _typed(request), places.kind_of(place.path)
    is_kept = kind is not None and _fits(typed, kind)
    drafts.throw_away(person.pk, place, typed if is_kept else {}, page)
    return redirect_for(request, _way_back(request, place))


@post_only
@signed_in
def bring_back(request: HttpRequest) -> HttpResponse:
    """Bring back the draft of a form that was thrown away."""
    person = person_asking(request)
    place = places.named_place(request.POST)
    if not drafts.bring_back(person.pk, place):
        raise Http404(_("This draft was thrown away too long ago to bring it back."))
    return redirect_for(request, _way_back(request, place))


@require_safe
@signed_in
def of_post(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the person's drafts of comments and replies under a post, for its scripts.

    `others` are the paths of all other forms that they have begun: a page marks what leads there.
    No link leads to a change of mind about a paragraph, so `paragraph` has its number, empty for
    none that is chosen.
    """
    post, person = get_post(request.user, slug), person_asking(request)
    place = of_comment(post, None)
    found = drafts.drafts_at(person.pk, place.path)
    others = drafts.drafts_of(person.pk).filter(parent="").exclude(path=place.path)
    rows = [
        {"parent": draft.parent, "saved": draft.version, "fields": dict(draft.fields.lists())}
        for draft in found.order_by("pk")
    ]
    paths = [path for path in others.values_list("path", flat=True) if places.kind_of(path)[0]]
    change = of_change(post, None).path
    paragraph = _paragraph(person, change) if change in paths else ""
    return JsonResponse({"drafts": rows, "others": paths, "paragraph": paragraph})


def _paragraph(person: User, path: str) -> str:
    """Return the paragraph that a person has chosen in the draft of the form at `path`."""
    draft = drafts.drafts_at(person.pk, path).first()
    return draft.fields.get("paragraph") or "" if draft else ""


@require_safe
@signed_in
def own_drafts(request: HttpRequest) -> HttpResponse:
    """List all drafts of the person, also where the place of one is gone."""
    person = person_asking(request)
    context = {
        "own": OwnDrafts.of(person),
        "most": limits.DRAFTS,
        "undo_minutes": limits.UNDO_OFFER // 60,
        "next_step": next_step,
    }
    return render(request, "me/drafts.html", context)


def _way_back(request: HttpRequest, place: drafts.FormPlace) -> str:
    """Return the page that asked: the list of drafts, or that of the form."""
    return reverse("comments:my-drafts") if "list" in request.POST else place.address


def _fits(typed: dict[str, list[str]], kind: places.WritingForm) -> bool:
    """Return whether a draft is short enough; names of fields count: anybody can send long ones."""
    length = sum(len(name) + sum(map(len, values)) for name, values in typed.items())
    return bool(length <= getattr(limits, kind.limit))


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """Return the fields of the form whose draft this is."""
    typed = drafts.typed_in(request)
    return {name: values for name, values in typed.items() if name not in _BESIDE}


def _is_posted(person: User, form_key: str) -> bool:
    """Return whether `person` has posted the form with the key: this is an earlier state of it."""
    try:
        key = UUID(form_key)
    except ValueError:
        return False
    return Comment.objects.filter(author=person, form_key=key).exists()
