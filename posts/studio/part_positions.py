"""Which part of which series a post may become, as a form's choice and back."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.exceptions import ActionRefused

from ..actions import PartPlan, place_post, set_parts
from ..models import Part, Post, Series


def place_value(post: Post) -> str:
    """Return the choice that stands for where `post` is now."""
    part: Part | None = getattr(post, "part", None)
    return f"part-{part.pk}" if part else ""


def place_choices(author: User, post: Post | None) -> list[Any]:
    """Return no series, then each series of `author` with its free parts and a new one."""
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


def put(post: Post, place: str, by: User) -> None:
    """Put `post` where the choice `place` says. Raises `ActionRefused` if that is taken by now."""
    if place == place_value(Post.objects.select_related("part").get(pk=post.pk)):
        return
    kind, _dash, number = place.partition("-")
    if kind == "part":
        place_post(post, Part.objects.get(pk=int(number)))
        return
    place_post(post, None)
    if kind == "new":
        series = Series.objects.editable_by(by).select_for_update().filter(pk=int(number)).first()
        if series is None:
            raise ActionRefused(_("This series is gone."), field="place")
        set_parts(series, [*plans_of(series), PartPlan(title=post.title, post_id=post.pk)])


def plans_of(series: Series) -> list[PartPlan]:
    """Return the parts of `series` as they are, to be changed and set again."""
    return [
        PartPlan(title=part.title, summary=part.summary, post_id=part.post_id, id=part.pk)
        for part in series.parts.all()
    ]
