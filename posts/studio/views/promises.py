"""Serve the pages to list, add, change and remove the promises of a post."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import drafts
from accounts.guards import author_required, form_page, person_asking
from core.db.transactions import retried
from core.exceptions import ActionRefused

from ...actions import PromiseInput, set_promises
from ...actions.locking import locked
from ...models import Post, Promise
from ...pages.promise_notes import note_on
from ...text.anchors import Anchor
from ...text.html_text import text_of
from ..access import get_post, get_promise
from ..forms import NewPromiseForm, PromiseForm, StudioForm, attempt
from ..head import head_of
from ..sentences import sentences_of

Change = Callable[[list[PromiseInput]], list[PromiseInput]]


@form_page
@author_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """List the promises of a post, and add one."""
    post = get_post(person_asking(request), pk)
    data = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = NewPromiseForm(
        data, author=person_asking(request), post=post, sentences=sentences_of(_html(post))
    )
    if request.method == "POST" and _save(form, post, _adding(form)):
        messages.success(request, _("The promise is marked in the text."))
        return redirect("posts:studio-promises", pk=post.pk)
    return _show(request, post, form)


@form_page
@author_required
def change(request: HttpRequest, pk: int, promise_pk: int) -> HttpResponse:
    """Change the parts that keep a promise, or withdraw it with a reason."""
    promise = get_promise(person_asking(request), pk, promise_pk)
    data = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = PromiseForm(data, author=person_asking(request), promise=promise)
    if request.method == "POST" and _save(form, promise.post, _changing(promise, form)):
        messages.success(request, _("The promise is changed."))
        return redirect("posts:studio-promises", pk=pk)
    context = {
        "form": form,
        "promise": promise,
        "post": promise.post,
        "is_found": _is_found(promise, text_of(_html(promise.post))),
    }
    return render(request, "posts/studio/promise.html", context, status=form.status)


@form_page
@author_required
def remove(request: HttpRequest, pk: int, promise_pk: int) -> HttpResponse:
    """Confirm, then delete a promise whose sentence was marked by mistake."""
    promise = get_promise(person_asking(request), pk, promise_pk)
    if request.method != "POST":
        context = {"promise": promise, "post": promise.post}
        return render(request, "posts/studio/promise_removal.html", context)
    _change(promise.post, lambda promises: [one for one in promises if one.id != promise.pk])
    messages.success(request, _("The mark is removed. The sentence stays."))
    return redirect("posts:studio-promises", pk=pk)


def _save(form: StudioForm, post: Post, change: Change) -> bool:
    """Apply `change` if `form` is valid; return whether it was saved, with the reason in `form`."""
    return attempt(form, lambda: _change(post, change)) is not None


@retried
def _change(post: Post, change: Change) -> list[Promise]:
    """Set the promises of `post` to the result of `change` on the present ones."""
    locked(post)
    present = [_input_of(promise) for promise in post.promises.prefetch_related("parts")]
    return set_promises(post, change(present))


def _adding(form: NewPromiseForm) -> Change:
    def add_promise(promises: list[PromiseInput]) -> list[PromiseInput]:
        note = form.cleaned_data["note"]
        return [*promises, PromiseInput(form.exact, note=note, part_ids=form.part_ids)]

    return add_promise


def _changing(promise: Promise, form: PromiseForm) -> Change:
    def change_promise(promises: list[PromiseInput]) -> list[PromiseInput]:
        if all(one.id != promise.pk for one in promises):
            raise ActionRefused(_("This promise has been removed."), status=409)
        new: dict[str, Any] = {
            "note": form.cleaned_data["note"],
            "withdrawn_reason": form.cleaned_data["withdrawn_reason"],
            "part_ids": form.part_ids,
        }
        return [replace(one, **new) if one.id == promise.pk else one for one in promises]

    return change_promise


def _input_of(promise: Promise) -> PromiseInput:
    return PromiseInput(
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
    context = {**head_of(post, now), "form": form, "rows": rows}
    return render(request, "posts/studio/promises.html", context, status=form.status)


def _html(post: Post) -> str:
    return post.newest_revision.body_html if post.newest_revision else ""


def _is_found(promise: Promise, text: str) -> bool:
    return Anchor(promise.exact, promise.prefix, promise.suffix).find(text) is not None
