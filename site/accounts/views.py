"""Pages of one's own account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.exceptions import ActionRefused

from . import actions, drafts
from .forms import HandleForm
from .guards import form_page, person_asking, signed_in, writer_required
from .permissions import may_write
from .restoring.second_factor import has_second_factor


@require_safe
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """Show what is so of the account, each with the way to change it."""
    person = person_asking(request)
    context = {
        "may_rename": may_write(person),
        "has_second_factor": has_second_factor(person),
    }
    return render(request, "accounts/account.html", context)


@form_page
@writer_required
def handle(request: HttpRequest) -> HttpResponse:
    """Show and save the form to change one's handle and name."""
    person = person_asking(request)
    data = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = HandleForm(data, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_names(person, **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, _("Saved. This is how others see you now."))
            return redirect("people:handle")
    return render(
        request, "accounts/handle.html", {"form": form}, status=422 if form.errors else 200
    )
