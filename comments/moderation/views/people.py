"""Views of decisions about people: suspensions, and roles for admins."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.guards import admin_required, form_page, moderator_required, person_asking, post_only
from accounts.models import Role, User
from accounts.reauthentication.guards import reauthentication_required
from core.exceptions import ActionRefused

from ...models.moderation import Action, Decision
from .. import actions, permissions
from ..actions import Outcome
from ..cases import facts_about
from ..forms import EndForm, RoleForm, SuspensionForm

# People listed, more than anyone reads; a longer search text finds the others.
PEOPLE_SHOWN = 25

_SUSPENSIONS = [Action.SUSPEND, Action.BAN, Action.LIFT]


@form_page
@moderator_required
def suspension(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask for length and reason, then suspend a person."""
    person = _to_suspend(request, handle)
    if request.method != "POST":
        return _show_suspension(request, person)
    form = SuspensionForm(request.POST, person=person)
    if not form.is_valid():
        return _show_suspension(request, person, form, status=422)
    try:
        outcome = actions.suspend(
            person,
            by=person_asking(request),
            days=form.days,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            seen=form.cleaned_data["seen"],
        )
    except ActionRefused as refused:
        form.add_error(None, str(refused.message))
        return _show_suspension(request, person, form, status=refused.status)
    return _done(request, outcome, _("Suspended. They will read why."), request.path)


@post_only
@moderator_required
def suspension_end(request: HttpRequest, handle: str) -> HttpResponse:
    """Lift a suspension or ban."""
    person = _to_suspend(request, handle)
    form = EndForm(request.POST, auto_id="end-%s")
    if not form.is_valid():
        return _show_suspension(request, person, end=form, status=422)
    outcome = actions.lift_suspension(person, by=person_asking(request), **form.cleaned_data)
    url = reverse("comments:suspension", args=[person.handle])
    return _done(request, outcome, _("The suspension is ended. They can write again."), url)


@require_safe
@admin_required
def people(request: HttpRequest) -> HttpResponse:
    """Search people and show their roles; without a search text, list all people with roles."""
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())
    return _show_people(request, asked)


@post_only
@admin_required
@reauthentication_required()
def roles(request: HttpRequest, handle: str) -> HttpResponse:
    """Grant or revoke a role."""
    person = _person(handle)
    if not permissions.can_change_roles(request.user, person):
        raise PermissionDenied(_("You cannot change your own roles. Ask another admin."))
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _show_people(request, person.handle, _("Please choose a role."), status=422)
    change = actions.grant_role if form.cleaned_data["wish"] == "grant" else actions.revoke_role
    try:
        outcome = change(person, by=person_asking(request), role=form.cleaned_data["role"])
    except ActionRefused as refused:
        return _show_people(request, person.handle, str(refused.message), status=refused.status)
    url = f"{reverse('comments:people')}?q={person.handle}"
    return _done(request, outcome, _("Roles changed."), url)


def _person(handle: str) -> User:
    """Return the person with `handle`; 404 without one."""
    return get_object_or_404(User.objects.by_handle(handle).prefetch_related("role_grants"))


def _to_suspend(request: HttpRequest, handle: str) -> User:
    """Return the person with `handle`; 404 without one, 403 if the user may not suspend them."""
    person = _person(handle)
    if not permissions.can_suspend(request.user, person):
        raise PermissionDenied(
            _("You cannot suspend yourself or an admin. Only an admin can suspend a moderator.")
        )
    return person


def _show_suspension(
    request: HttpRequest,
    person: User,
    form: SuspensionForm | None = None,
    end: EndForm | None = None,
    status: int = 200,
) -> HttpResponse:
    history = list(
        Decision.objects.filter(person=person, action__in=_SUSPENSIONS).select_related("by", "note")
    )
    last = Decision.objects.filter(person=person).order_by("-id").first()
    seen = last.pk if last else 0
    begun = max((each.pk for each in history if each.action != Action.LIFT), default=None)
    context = {
        "person": person,
        "form": form or SuspensionForm(person=person, initial={"seen": seen}),
        "end": end or EndForm(auto_id="end-%s", initial={"seen": begun}),
        "changing": form is not None,
        "seen": seen,
        "history": history,
        "facts": facts_about(person),
        "is_suspended": person.is_suspended(),
    }
    return render(request, "moderation/suspension.html", context, status=status)


def _show_people(
    request: HttpRequest, asked: str, notice: Any = "", status: int = 200
) -> HttpResponse:
    found = User.objects.public().prefetch_related("role_grants").order_by("handle")
    if asked:
        found = found.filter(
            Q(handle__icontains=asked) | Q(name__icontains=asked) | Q(email__iexact=asked)
        )
    else:
        found = found.filter(role_grants__isnull=False).distinct()
    rows = list(found[: PEOPLE_SHOWN + 1])
    context = {
        "asked": asked,
        "people": [_with_roles(request, person) for person in rows[:PEOPLE_SHOWN]],
        "has_more": len(rows) > PEOPLE_SHOWN,
        "notice": notice,
    }
    return render(request, "moderation/people.html", context, status=status)


def _with_roles(request: HttpRequest, person: User) -> dict[str, Any]:
    """Return the context of one person: every role, and the address that changes them or None."""
    may = permissions.can_change_roles(request.user, person)
    return {
        "person": person,
        "url": reverse("comments:roles", args=[person.handle]) if may else None,
        "roles": [
            {"key": role.value, "label": role.label, "held": role.value in person.roles}
            for role in Role
        ],
    }


def _done(request: HttpRequest, outcome: Outcome, done: Any, url: str) -> HttpResponse:
    messages.success(request, done if outcome.is_new else _("That was done already."))
    return redirect(url)
