"""Serve the bin: what an author has thrown away, throwing away, and bringing back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.guards import author_required, form_page, person_asking, post_only
from core.exceptions import ActionRefused

from ...actions.bin import TIME_IN_BIN, bring_back, throw_away
from ...models import Post
from ..access import get_post


@require_safe
@author_required
def listed(request: HttpRequest) -> HttpResponse:
    """Show the author's posts in the bin, and when each is deleted."""
    posts = Post.objects.in_bin_of(person_asking(request)).with_text()
    rows = [(post, post.binned_at + TIME_IN_BIN) for post in posts if post.binned_at]
    return render(request, "posts/studio/bin.html", {"rows": rows, "days": TIME_IN_BIN.days})


@form_page
@author_required
def throw(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, then put a draft into the bin; only its authors may."""
    user = person_asking(request)
    if Post.objects.in_bin_of(user).filter(pk=pk).exists():
        return redirect("posts:studio-bin")
    post = get_post(user, pk)
    if user.pk not in post.author_ids:
        raise PermissionDenied(_("Only the authors of an article can throw it away."))
    if request.method != "POST":
        context = {"post": post, "state": post.state(), "days": TIME_IN_BIN.days}
        return render(request, "posts/studio/throw_away.html", context)
    try:
        throw_away(post, by=user)
    except ActionRefused as refused:
        messages.error(request, str(refused.message))
        return redirect("posts:studio-binning", pk=post.pk)
    messages.success(request, _("The draft is in the bin. You can bring it back from there."))
    return redirect("posts:studio-bin")


@post_only
@author_required
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a post of the author out of the bin; one that is out of it stays as it is."""
    user = person_asking(request)
    post = get_object_or_404(Post, pk=pk, authorships__user=user)
    bring_back(post, by=user)
    messages.success(request, _("The draft is back, as it was."))
    return redirect("posts:studio-post", pk=post.pk)
