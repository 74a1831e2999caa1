"""Save a version of the site profile, go back to an earlier one, and refuse overtaken forms."""

from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from core.db.transactions import retried
from core.exceptions import ActionRefused

from . import current
from .models import SiteProfile

CONFLICT = 409
_OVERTAKEN = _(
    "Somebody else saved these settings while you were editing. Nothing of yours is lost."
)


def newest() -> SiteProfile:
    """Return the newest version as it is stored, without what the environment sets."""
    saved = SiteProfile.objects.select_related("created_by", *SiteProfile.PICTURES)
    return saved.order_by("-number").first() or SiteProfile.of_new_site()


def save_profile(values: dict[str, Any], *, based_on: int, by: Any) -> SiteProfile:
    """Save the newest version with `values` in place of its own, and return it.

    `based_on` is the number of the version that `by` had before them. Values that the newest
    version has already make no other. Raises `ActionRefused` (409) if another was saved meanwhile.
    """
    try:
        saved = _save(values, based_on, by)
    except IntegrityError:  # another process saved the same number
        raise ActionRefused(_OVERTAKEN, status=CONFLICT) from None
    current.saw(saved.number)
    return saved


def go_back(number: int, *, based_on: int, by: Any) -> SiteProfile:
    """Save the values of version `number` as the newest version; raises as `save_profile`."""
    earlier = SiteProfile.objects.filter(number=number).first() or SiteProfile.of_new_site()
    return save_profile(earlier.chosen, based_on=based_on, by=by)


@retried
def _save(values: dict[str, Any], based_on: int, by: Any) -> SiteProfile:
    before = newest()
    chosen = before.chosen | values
    if before.number and chosen == before.chosen:
        return before
    if before.number != based_on:
        raise ActionRefused(_OVERTAKEN, status=CONFLICT)
    made = SiteProfile(number=before.number + 1, created_by=by, **chosen)
    made.full_clean(validate_unique=False, validate_constraints=False)
    made.save(force_insert=True)
    return made
