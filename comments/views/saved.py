"""Save articles and comments for later, and take that back, on the page that shows them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.guards import person_asking, post_only, signed_in
from core.htmx import is_fragment
from posts.models import Post, SavedKind

from ..access import get_comment, get_post
from ..listing import permalinks
from ..models import Comment
from ..reading import saving

SAVED, TAKEN_BACK = _("Saved for later."), _("Removed from what you saved.")


@post_only
@signed_in
def save_post(request: HttpRequest, slug: str) -> HttpResponse:
    """Save an article for later."""
    post = _published(request, slug)
    return _save(request, SavedKind.POST, post.pk, post, post.get_absolute_url())


@post_only
@signed_in
def remove_post(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an article off the list of what was saved."""
    post = _published(request, slug)
    saving.remove(SavedKind.POST, post.pk, by=person_asking(request))
    return _answer(request, SavedKind.POST, slug, post.get_absolute_url(), is_saved=False)


@post_only
@signed_in
def save_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a comment for later."""
    comment = _readable(request, pk)
    return _save(request, SavedKind.COMMENT, pk, comment.post, permalinks.page_url(comment))


@post_only
@signed_in
def remove_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a comment off the list of what was saved."""
    comment = _readable(request, pk)
    saving.remove(SavedKind.COMMENT, pk, by=person_asking(request))
    url = permalinks.page_url(comment)
    return _answer(request, SavedKind.COMMENT, pk, url, is_saved=False)


def _save(request: HttpRequest, kind: SavedKind, pk: int, post: Post, url: str) -> HttpResponse:
    saving.save(kind, pk, on=post, by=person_asking(request))
    place = post.slug if kind == SavedKind.POST else pk
    return _answer(request, kind, place, url, is_saved=True)


def _answer(
    request: HttpRequest, kind: SavedKind, place: Any, url: str, *, is_saved: bool
) -> HttpResponse:
    """Answer htmx with the button as it is now, all others with the page it stands on."""
    done = SAVED if is_saved else TAKEN_BACK
    if is_fragment(request):
        context = {
            "saved": "yes" if is_saved else "no",
            "save_url": saving.press_url(kind, place, is_saved=is_saved),
            "announcement_of_save": done,
        }
        return render(request, "comments/_save.html", context)
    messages.success(request, done)
    return redirect(url)


def _published(request: HttpRequest, slug: str) -> Post:
    """Return the post with `slug`; 404 for a draft, to its authors as well."""
    post = get_post(request.user, slug)
    if not post.is_published():
        raise Http404
    return post


def _readable(request: HttpRequest, pk: int) -> Comment:
    """Return a comment that everyone can read; 404 for all others."""
    comment = get_comment(request.user, pk)
    if not comment.is_readable:
        raise Http404(_("This comment is no longer there."))
    return comment
