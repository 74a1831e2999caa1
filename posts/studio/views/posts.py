"""Serve the pages to write a new post and to change an existing one."""

import math
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import drafts
from accounts.drafts import KNOWN, PAGE
from accounts.guards import author_required, form_page, person_asking
from accounts.models import KeptForm
from core import limits
from core.images.cleaning import sentence
from core.images.refusal import PictureFault
from core.timestamps import moment_of
from pictures.forms import ACCEPTED

from ...models import Post, PostState, Revision
from ...newsletter.audience import reach_of
from .. import saving, unsaved
from ..access import get_post
from ..forms import Act, PostForm, attempt
from ..forms.post import sent_key
from ..head import head_of
from ..preview import preview_url

CONFLICT = 409


@form_page
@author_required
def create(request: HttpRequest) -> HttpResponse:
    """Create a post; the same form sent twice creates one."""
    user = person_asking(request)
    if request.method != "POST":
        return _show_draft(request, None)
    existing = saving.find_by_form_key(sent_key(request.POST.get("form_key")), user)
    form = PostForm(request.POST, author=user, post=existing)
    post = attempt(form, lambda: _save_new(form, existing, request))
    if post is not None:
        return _redirect_after(request, form, post)
    return _show(request, form)


@form_page
@author_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a post, and preview, publish or schedule it if the pressed button says so."""
    user = person_asking(request)
    post = get_post(user, pk)
    if request.method != "POST":
        return _show_draft(request, post)
    form = PostForm(request.POST, author=user, post=post)
    saved = attempt(form, lambda: saving.save(form, post, by=user))
    if saved is not None:
        return _redirect_after(request, form, saved)
    return _show(request, form)


def _save_new(form: PostForm, existing: Post | None, request: HttpRequest) -> Post:
    if existing is not None:
        return saving.save(form, existing, by=person_asking(request))
    return saving.save_new(form, by=person_asking(request))


def _redirect_after(request: HttpRequest, form: PostForm, post: Post) -> HttpResponse:
    """Redirect to the preview if asked for, else to the form, with a message of success."""
    place = unsaved.place_of(post, form.cleaned_data["form_key"])
    mark = place.mark_of(person_asking(request).pk)
    messages.success(request, success_message(form.act, post), extra_tags=mark)
    if form.act == Act.PREVIEW:
        return redirect(preview_url(post))
    return redirect("posts:studio-post", pk=post.pk)


def success_message(act: Act, post: Post) -> str:
    """Return the sentence that tells the author the result of `act`."""
    if act == Act.PUBLISH:
        return f"{_published_message(post)} {_mailing_message(post)}".rstrip()
    if act == Act.SCHEDULE and post.published_at is not None:
        when = moment_of(post.published_at)
        return _("Readers will see this text from %(when)s.") % {"when": when}
    if post.state() == PostState.DRAFT:
        return _("Saved. Only its authors can see it.")
    if post.has_unpublished_changes:
        return _("Saved. Readers do not see these changes yet.")
    return _("Saved.")


def _published_message(post: Post) -> str:
    if post.question_or_none is None:
        return _("Published. It asks no question, so readers comment without choosing an answer.")
    return _("Published. Readers see this text now.")


def _mailing_message(post: Post) -> str:
    """Return when followers get `post`, just published, by e-mail; empty if none do."""
    reach = reach_of(post)
    if reach.is_begun or not reach.expected:
        return ""
    minutes = math.ceil(limits.TELL_AFTER / 60)
    return ngettext(
        "Followers get it by e-mail in %(minutes)d minute. To stop that, unpublish it before then.",
        "Followers get it by e-mail in %(minutes)d minutes. To stop that, unpublish it before "
        "then.",
        minutes,
    ) % {"minutes": minutes}


def _show_draft(request: HttpRequest, post: Post | None) -> HttpResponse:
    """Return the page of `post`, or of a new one, with what the author typed and did not save."""
    draft = drafts.show(request)
    words = draft.words if draft else {}
    form = PostForm(author=person_asking(request), post=post, words=words)
    return _show(request, form, draft=draft, overtaken_by=unsaved.newer_than(words, post))


def _show(
    request: HttpRequest,
    form: PostForm,
    *,
    draft: KeptForm | None = None,
    overtaken_by: Revision | None = None,
) -> HttpResponse:
    """Return the page of `form`; `overtaken_by` is a revision saved since its words were begun."""
    post = form.post
    context: dict[str, Any] = {
        "form": form,
        **(head_of(post) if post else {"post": None, "state": PostState.DRAFT}),
        "draft": draft,
        # A form that comes back is still the same page to its draft.
        "draft_page": request.POST.get(PAGE) or uuid4().hex,
        "draft_known": request.POST.get(KNOWN) or (draft.version if draft else ""),
        "may_bin": post is not None and person_asking(request).pk in post.author_ids,
        "overtaken_by": overtaken_by,
        "now": timezone.now(),
        "reach": reach_of(post) if post else None,
        "accepted": ACCEPTED,
        "picture_bytes": limits.PICTURE_BYTES,
        "too_large": sentence(PictureFault.BYTES),
    }
    if post is not None and form.status == CONFLICT:
        # Query again: the conflicting revision is newer than `post`.
        newest = Post.objects.with_text().get(pk=post.pk).newest_revision
        if newest is not None:
            form.take_as_newest(newest.number)
            context["overtaken_by"] = newest
    return render(request, "posts/studio/post.html", context, status=form.status)
