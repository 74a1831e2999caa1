"""Offer the parts of series as choices of a post's form, and place the post as chosen."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.exceptions import ActionRefused

from ..actions import PartInput, place_post, set_parts
from ..models import Part, Post, Series


def position_value(post: Post) -> str:
    """Return the choice for the present part of `post`, an empty string for none."""
    part: Part | None = getattr(post, "part", None)
    return f"part-{part.pk}" if part else ""


def position_choices(author: User, post: Post | None) -> list[Any]:
    """Return the choices of a part for `post`, or for a new post where it is None.

    They are no series, then for each series of `author` its free parts and a new part at the end.
    """
    series = Series.objects.editable_by(author).prefetch_related("parts").order_by("title", "id")
    groups = [(one.title, _choices_in(one, post)) for one in series]
    own: Part | None = getattr(post, "part", None) if post else None
    if own and own.series_id not in {one.pk for one in series}:
        groups.append((own.series.title, [(f"part-{own.pk}", _label(own))]))
    return [("", _("Not part of a series")), *groups]


def _choices_in(series: Series, post: Post | None) -> list[tuple[str, str]]:
    free = [
        part
        for part in series.parts.all()
        if part.post_id is None or (post is not None and part.post_id == post.pk)
    ]
    return [
        *((f"part-{part.pk}", _label(part)) for part in free),
        (f"new-{series.pk}", _("A new part at the end")),
    ]


def _label(part: Part) -> str:
    return _("Part %(number)d: %(title)s") % {"number": part.position, "title": part.title}


def move_to_position(post: Post, choice: str, by: User) -> None:
    """Attach `post` to the part of `choice`, one of `position_choices`.

    Raises `ActionRefused` if another post has the part by now, or the series is deleted.
    """
    if choice == position_value(Post.objects.select_related("part").get(pk=post.pk)):
        return
    kind, _dash, number = choice.partition("-")
    if kind == "part":
        place_post(post, Part.objects.get(pk=int(number)))
        return
    place_post(post, None)
    if kind == "new":
        series = Series.objects.editable_by(by).select_for_update().filter(pk=int(number)).first()
        if series is None:
            raise ActionRefused(_("This series is gone."), field="place")
        set_parts(series, [*part_inputs(series), PartInput(title=post.title, post_id=post.pk)])


def part_inputs(series: Series) -> list[PartInput]:
    """Return the present parts of `series` as input of `set_parts`."""
    return [
        PartInput(title=part.title, summary=part.summary, post_id=part.post_id, id=part.pk)
        for part in series.parts.all()
    ]
