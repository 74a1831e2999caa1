"""The settings page: whether the nudge to mark other answers is shown."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.guards import person_asking, post_only, signed_in
from core.htmx import is_fragment
from core.numbers import number
from posts.models import Post


@require_safe
@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """Show the settings."""
    return render(request, "me/settings.html", {"person": person_asking(request)})


@post_only
@signed_in
def dismiss_nudge(request: HttpRequest) -> HttpResponse:
    """Dismiss the nudge and return to the post on which it was shown."""
    person_asking(request).dismiss_nudge()
    if is_fragment(request):
        return render(request, "me/_nudge_dismissed.html")
    messages.success(
        request, _("You will not see this again. You can switch it back on in your settings.")
    )
    readable = Post.objects.visible_to(request.user)
    post = readable.filter(pk=number(request.POST.get("post", "")) or 0).first()
    return redirect(f"{post.get_absolute_url()}#discussion" if post else "comments:my-settings")


@post_only
@signed_in
def welcome_nudge(request: HttpRequest) -> HttpResponse:
    """Show the nudge again."""
    person_asking(request).welcome_nudge()
    messages.success(
        request, _("Your balance is on again. You see it when there is something to say.")
    )
    return redirect("comments:my-settings")
