"""The promises of a post: which sentences announce more, and what becomes of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import drafts
from accounts.guards import author_required, person_asking

from ...actions import PromiseWords, set_promises
from ...models import Post, Promise
from ...pages.promise_notes import note_on
from ...text.anchors import Anchor
from ...text.html_text import text_of
from ..access import get_post, get_promise
from ..forms import NewPromiseForm, PromiseForm, StudioForm, attempt
from ..sentences import sentences_of

Change = Callable[[list[PromiseWords]], list[PromiseWords]]


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """List the promises of a post, and add one."""
    post = get_post(person_asking(request), pk)
    data = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = NewPromiseForm(
        data, author=person_asking(request), post=post, sentences=sentences_of(_html(post))
    )
    if request.method == "POST" and _saved(form, post, _adding(form)):
        messages.success(request, _("The promise is marked in the text."))
        return redirect("posts:studio-promises", pk=post.pk)
    return _show(request, post, form)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def change(request: HttpRequest, pk: int, promise_pk: int) -> HttpResponse:
    """Say which parts keep a promise, or withdraw it with a reason."""
    promise = get_promise(person_asking(request), pk, promise_pk)
    data = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = PromiseForm(data, author=person_asking(request), promise=promise)
    if request.method == "POST" and _saved(form, promise.post, _with(promise, form)):
        messages.success(request, _("The promise is changed."))
        return redirect("posts:studio-promises", pk=pk)
    context = {
        "form": form,
        "promise": promise,
        "post": promise.post,
        "is_found": _is_found(promise, text_of(_html(promise.post))),
    }
    return render(request, "posts/studio/promise.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def remove(request: HttpRequest, pk: int, promise_pk: int) -> HttpResponse:
    """Ask, then take the mark from a sentence that never was a promise."""
    promise = get_promise(person_asking(request), pk, promise_pk)
    if request.method != "POST":
        context = {"promise": promise, "post": promise.post}
        return render(request, "posts/studio/promise_removal.html", context)
    _change(promise.post, lambda words: [one for one in words if one.id != promise.pk])
    messages.success(request, _("The sentence is no promise any more."))
    return redirect("posts:studio-promises", pk=pk)


def _saved(form: StudioForm, post: Post, change: Change) -> bool:
    """Return whether a valid `form` could change the promises of `post`; else it says why not."""
    return attempt(form, lambda: _change(post, change)) is not None


@transaction.atomic
def _change(post: Post, change: Change) -> list[Promise]:
    """Set the promises of `post` to what `change` makes of the present ones."""
    Post.objects.select_for_update().get(pk=post.pk)
    present = [_words_of(promise) for promise in post.promises.prefetch_related("parts")]
    return set_promises(post, change(present))


def _adding(form: NewPromiseForm) -> Change:
    def added(words: list[PromiseWords]) -> list[PromiseWords]:
        note = form.cleaned_data["note"]
        return [*words, PromiseWords(form.exact, note=note, part_ids=form.part_ids)]

    return added


def _with(promise: Promise, form: PromiseForm) -> Change:
    def changed(words: list[PromiseWords]) -> list[PromiseWords]:
        new: dict[str, Any] = {
            "note": form.cleaned_data["note"],
            "withdrawn_reason": form.cleaned_data["withdrawn_reason"],
            "part_ids": form.part_ids,
        }
        return [replace(one, **new) if one.id == promise.pk else one for one in words]

    return changed


def _words_of(promise: Promise) -> PromiseWords:
    return PromiseWords(
        exact=promise.exact,
        prefix=promise.prefix,
        suffix=promise.suffix,
        note=promise.note,
        part_ids=tuple(part.pk for part in promise.parts.all()),
        withdrawn_reason=promise.withdrawn_reason,
        id=promise.pk,
    )


def _show(request: HttpRequest, post: Post, form: NewPromiseForm) -> HttpResponse:
    now, text = timezone.now(), text_of(_html(post))
    promises = list(post.promises.prefetch_related("parts__post__live_revision", "parts__series"))
    rows = [(note_on(promise, now), _is_found(promise, text)) for promise in promises]
    context = {"post": post, "state": post.state(now), "form": form, "rows": rows}
    return render(request, "posts/studio/promises.html", context, status=form.status)


def _html(post: Post) -> str:
    return post.newest_revision.body_html if post.newest_revision else ""


def _is_found(promise: Promise, text: str) -> bool:
    return Anchor(promise.exact, promise.prefix, promise.suffix).find(text) is not None
