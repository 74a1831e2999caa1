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
from posts.studio import access as studio
from posts.studio.unsaved import is_unsaved

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


def _of_any_author(user: User) -> None:
    """Raise Http404 unless `user` may write articles."""
    if not user.is_author:
        raise Http404


def _is_unsaved(user: User, typed: QueryDict, pk: int | None = None) -> bool:
    """Return whether the form of the article `pk`, or of a new one, has something unsaved."""
    return is_unsaved(user, None if pk is None else studio.get_post(user, pk), typed)


@dataclass(frozen=True)
class WritingForm:
    """A form that people write in: the name of its drafts, and the check of who may have one."""

    name: str | LazyText
    check: Callable[..., object]
    # The name of the limit of its characters in `core.limits`.
    limit: str = "DRAFT_CHARACTERS"
    # Whether what was typed is still to be sent, for those that can tell.
    is_unsent: Callable[..., bool] | None = None
    is_of_article: bool = False


def _article(name: LazyText, check: Callable[..., object]) -> WritingForm:
    """Return the form of an article in the studio."""
    limit = "ARTICLE_DRAFT_CHARACTERS"
    return WritingForm(name, check, limit, is_unsent=_is_unsaved, is_of_article=True)


KINDS: dict[str, WritingForm] = {
    "comments:answer": WritingForm(_("A comment"), _of_post),
    "comments:edit": WritingForm(_("An edit of your comment"), _of_writer),
    "comments:flags": WritingForm(_("A report"), _of_comment),
    "comments:changes": WritingForm(_("A change of mind"), _of_comment),
    "comments:post-changes": WritingForm(_("A change of mind"), _of_post),
    "comments:closing-edit": WritingForm(_("A closing summary"), _of_author),
    "posts:studio-post-create": _article(_("A new article"), _of_any_author),
    "posts:studio-post": _article(_("Changes to an article"), studio.get_post),
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
