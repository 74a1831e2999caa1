"""Write series and their parts, and place posts in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core.db.transactions import retried
from core.exceptions import ActionRefused
from core.markdown.html import PIPELINE_VERSION, Profile, render

from ..models import Part, Post, Promise, Series
from ..slugs import free_slug
from . import announcements
from .locking import locked

# Parts. A longer series would be a publication of its own.
PARTS_MAX = 100


@dataclass(frozen=True)
class PartInput:
    """Hold an author's input for one part; `id` refers to an existing part.

    The position in a list of these is the part's number. `post_id` is the part's post, if any.
    """

    title: str
    summary: str = ""
    post_id: int | None = None
    id: int | None = None


def save_series(
    series: Series | None,
    *,
    by: User,
    title: str,
    slug: str = "",
    standfirst: str = "",
    description: str = "",
    form_key: UUID | None = None,
) -> Series:
    """Save the title and descriptions of `series`, or of a new one owned by `by` where it is None.

    An empty `slug` keeps the address, or makes one from the title.

    Raises `ActionRefused`, `MarkupRefused` for a description that cannot be rendered, and
    `IntegrityError` for a second new series with the same `form_key`.
    """
    if not title.strip():
        raise ActionRefused(_("A series needs a title."), field="title")
    description_html = render(description, Profile.POST) if description.strip() else ""
    words = {"title": title.strip(), "standfirst": standfirst, "description": description}
    return _store(series, by, slug, form_key, {**words, "description_html": description_html})


@retried
def _store(
    series: Series | None, by: User, slug: str, form_key: UUID | None, words: dict[str, str]
) -> Series:
    slug_source = slug or words["title"]
    series = series or Series(owner=by, slug=free_slug(Series, slug_source), form_key=form_key)
    _change_slug(series, slug)
    for name, value in words.items():
        setattr(series, name, value)
    series.markup_version = PIPELINE_VERSION
    series.save()
    return series


@retried
def set_parts(series: Series, parts: Sequence[PartInput]) -> list[Part]:
    """Set the parts of `series`, in this order, and return them.

    Existing parts not in the list are deleted; their posts stay, outside the series.

    Raises `ActionRefused` if a published part would be deleted or a post would be in two parts.
    """
    _refuse_unless_possible(parts)
    series = Series.objects.select_for_update().get(pk=series.pk)
    present = {part.pk: part for part in series.parts.select_related("post")}
    named = {given.id for given in parts}
    before = announcements.kept(_promises_to(series))
    _delete([part for pk, part in present.items() if pk not in named])
    # Positions and posts are unique after every statement, on both databases: so positions are
    # first moved out of the range in use, and posts detached.
    series.parts.update(position=F("position") + PARTS_MAX, post=None)
    saved = [
        _save(present.get(given.id or 0) or Part(series=series), number, given)
        for number, given in enumerate(parts, start=1)
    ]
    announcements.kept_since(each for each in _promises_to(series) if each.pk not in before)
    return saved


@retried
def place_post(post: Post, part: Part | None) -> None:
    """Attach `post` to `part` and detach it from any other; None only detaches it.

    Raises `ActionRefused` if the part has another post.
    """
    locked(post)
    Part.objects.filter(post=post).update(post=None)
    if part is None:
        return
    part = Part.objects.select_for_update().get(pk=part.pk)
    if part.post_id not in {None, post.pk}:
        raise ActionRefused(_("Another article has this place in the series."), field="part")
    part.post = post
    part.save(update_fields=["post"])
    announcements.kept_since(part.promises.all())


def _promises_to(series: Series) -> QuerySet[Promise]:
    """Return the promises that parts of `series` are to keep."""
    return Promise.objects.filter(parts__series=series).distinct().prefetch_related("parts__post")


def _refuse_unless_possible(parts: Sequence[PartInput]) -> None:
    if len(parts) > PARTS_MAX:
        raise ActionRefused(_("A series has at most 100 parts."), field="parts")
    if any(not given.title.strip() for given in parts):
        raise ActionRefused(_("Every part needs a title."), field="parts")
    posts = [given.post_id for given in parts if given.post_id]
    if Post.objects.filter(pk__in=posts, binned_at__isnull=False).exists():
        raise ActionRefused(_("One of these articles is in the bin."), field="parts")
    if len(set(posts)) < len(posts):
        raise ActionRefused(_("An article can be only one part."), field="parts")
    named = [given.id for given in parts if given.id]
    if Part.objects.filter(post__in=posts).exclude(pk__in=named).exists():
        raise ActionRefused(
            _("One of these articles is already part of another series."), field="parts"
        )


def _delete(parts: Sequence[Part]) -> None:
    for part in parts:
        if part.published_post():
            raise ActionRefused(
                _("“%(title)s” is published. A published part stays in its series.")
                % {"title": part.title},
                field="parts",
            )
        part.delete()


def _save(part: Part, number: int, given: PartInput) -> Part:
    part.position = number
    part.title, part.summary = given.title.strip(), given.summary
    part.post_id = given.post_id
    part.save()
    return part


def _change_slug(series: Series, slug: str) -> None:
    """Change the slug; refused once a part is published, since other sites may link to it."""
    if not slug or slug == series.slug:
        return
    if series.pk and any(part.published_post() for part in series.parts.select_related("post")):
        raise ActionRefused(
            _("The address of a series cannot change once its first part is published."),
            field="slug",
        )
    if Series.objects.filter(slug=slug).exclude(pk=series.pk).exists():
        raise ActionRefused(_("Another series has this address."), field="slug")
    series.slug = slug
