"""The forms whose drafts are saved while they are written, by route, and who may have one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from accounts.drafts import PARENT, FormPlace
from accounts.models import User

from ...access import get_comment, get_post
from ...permissions import wrote_post


def _of_post(user: User, slug: str) -> None:
    """Raise Http404 unless `user` may read the post."""
    get_post(user, slug)


def _of_author(user: User, slug: str) -> None:
    """Raise Http404 unless `user` wrote the post."""
    if not wrote_post(user, get_post(user, slug)):
        raise Http404


def _of_comment(user: User, pk: int) -> None:
    """Raise Http404 unless `user` may read the comment."""
    get_comment(user, pk)


def _of_writer(user: User, pk: int) -> None:
    """Raise Http404 unless `user` wrote the comment."""
    if get_comment(user, pk).author_id != user.pk:
        raise Http404


@dataclass(frozen=True)
class WritingForm:
    """A form that people write in: the name of its drafts, and the check of who may have one."""

    name: str | LazyText
    check: Callable[..., None]


KINDS: dict[str, WritingForm] = {
    "comments:answer": WritingForm(_("A comment"), _of_post),
    "comments:edit": WritingForm(_("An edit of your comment"), _of_writer),
    "comments:flags": WritingForm(_("A report"), _of_comment),
    "comments:changes": WritingForm(_("A change of mind"), _of_comment),
    "comments:post-changes": WritingForm(_("A change of mind"), _of_post),
    "comments:closing-edit": WritingForm(_("A closing summary"), _of_author),
}
_REPLY = _("A reply")
_OTHER = _("Something you sent before signing in")


def kind_of(path: str) -> tuple[WritingForm | None, dict[str, Any]]:
    """Return the kind of the form at `path`, None for any other page, and what the path names."""
    try:
        match = resolve(path)
    except Resolver404:
        return None, {}
    return KINDS.get(match.view_name), match.kwargs


def sent_place(user: User, form: QueryDict) -> FormPlace:
    """Return the place that the field `form` names; 404 unless `user` may have a draft there."""
    place = named_place(form)
    kind, named = kind_of(place.path)
    if kind is None:
        raise Http404
    kind.check(user, **named)
    return place


def named_place(form: QueryDict) -> FormPlace:
    """Return the place that the field `form` names, whatever is there."""
    return FormPlace.of(unquote(form.get("form", "")), form.get(PARENT, ""))


def name_of(path: str, parent: str) -> str:
    """Return what a draft of the form at `path` is called, a reply if it has a `parent`."""
    kind, _named = kind_of(path)
    if kind is None:
        return str(_OTHER)
    return str(_REPLY if parent else kind.name)
