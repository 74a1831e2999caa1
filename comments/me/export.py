"""The export of everything the site holds about one person, and nothing about anyone else."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from core import personal


def export_of(person: User) -> dict[str, Any]:
    """Return everything stored about `person`, in values that `DjangoJSONEncoder` takes.

    The registry names the rows, each a dict of columns; times are in UTC. The people who decided
    about them, flagged them or answered them are left out: that is other people's data.
    """
    return {"made_at": timezone.now(), **personal.download_of(person)}
