"""Views of a person's own pages and of profiles."""

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import drafts
from accounts.guards import person_asking, signed_in
from accounts.handles import was_erased
from accounts.models import HANDLE_LENGTH, FormerHandle, User
from accounts.reauthentication.guards import reauthentication_required
from core.exceptions import ActionRefused

from ..listing.query_params import place
from . import erasure
from .export import export_of
from .forms import DELETE, ErasureForm
from .next_steps import next_step
from .own_comments import OwnComments
from .profiles import open_profile
from .suspensions import suspension_context


@require_safe
@signed_in
def my_comments(request: HttpRequest) -> HttpResponse:
    """Show the person's own comments and their state, with reasons."""
    person = person_asking(request)
    context = {
        "own": OwnComments.of(person, place(request.GET)),
        "next_step": next_step,
        **suspension_context(person),
    }
    return render(request, "me/comments.html", context)


@require_safe
@signed_in
@reauthentication_required(reading=True)
def export(request: HttpRequest) -> HttpResponse:
    """Send everything that the site holds about the person, as a JSON file."""
    person = person_asking(request)
    response = JsonResponse(
        export_of(person), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@reauthentication_required()
def erase(request: HttpRequest) -> HttpResponse:
    """Ask, with the handle, then erase the account and sign out."""
    person = person_asking(request)
    if request.method != "POST":
        typed = drafts.take(request, request.path)
        return _show_erasure(request, ErasureForm(typed, person=person))
    form = ErasureForm(request.POST, person=person)
    if not form.is_valid():
        return _show_erasure(request, form, status=422)
    try:
        erasure.erase(person, delete_texts=form.cleaned_data["texts"] == DELETE)
    except ActionRefused as refused:
        form.add_error(None, str(refused.message))
        return _show_erasure(request, form, status=refused.status)
    logout(request)
    return redirect("comments:erased")


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """Confirm that an account was erased."""
    return render(request, "me/erased.html")


@require_safe
def profile(request: HttpRequest, handle: str) -> HttpResponse:
    """Show a profile; redirect from a former handle to the present one.

    What an erased account wrote may stay, and names it: its page says that it is deleted. So does
    that of its former handle, which mentions in what others wrote lead to.
    """
    person = _person(handle)
    if person is None:
        return render(request, "comments/profile_erased.html", status=410)
    if person.erased_at is not None:
        return render(request, "comments/profile_erased.html", {"person": person})
    if person.handle != handle:
        return redirect(person)
    shown = open_profile(person, request.user, place(request.GET))
    response = render(request, "comments/profile.html", {"profile": shown})
    if not shown.has_texts:
        response["X-Robots-Tag"] = "noindex"
    return response


def _person(handle: str) -> User | None:
    """Return the person with `handle`, present or former; None if it was erased, 404 without one.

    An erased account has only the handle that it was given when it was erased.
    """
    if len(handle) > HANDLE_LENGTH or "\0" in handle:
        raise Http404
    person = User.objects.by_handle(handle).prefetch_related("role_grants").first()
    if person is not None:
        return person
    former = FormerHandle.objects.filter(
        handle__iexact=handle, released_at__gt=timezone.now(), user__erased_at__isnull=True
    )
    found = former.select_related("user").order_by("-pk").first()
    if found is not None:
        return found.user
    erased = User.objects.filter(handle=handle, erased_at__isnull=False).first()
    if erased is None and not was_erased(handle):
        raise Http404
    return erased


def _show_erasure(request: HttpRequest, form: ErasureForm, status: int = 200) -> HttpResponse:
    return render(request, "me/erasure.html", {"form": form}, status=status)
