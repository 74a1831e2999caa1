"""Permissions of accounts, and the sentence for people who may not write."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Admission, User

# Returns why somebody is suspended and until when, "" for somebody who is not. The app that knows
# the reasons adds its own.
Explanation = Callable[[User], str]
_explanations: list[Explanation] = []
# Why an account that was not admitted cannot write, by its `Admission`.
WHY_NOT = {
    Admission.WAITING.value: gettext_lazy(
        "Your account is waiting for approval. We will e-mail you. Until then you can read, "
        "and edit what you have written."
    ),
    Admission.DECLINED.value: gettext_lazy(
        "Your account was not approved, so you can read but not post. The reason is on your "
        "page of comments."
    ),
}


def may_write(user: User | AnonymousUser, now: datetime | None = None) -> bool:
    """Return whether `user` may write: signed in, active, admitted and not suspended at `now`."""
    if not user.is_authenticated:
        return False
    return user.is_active and not user.admission and not user.is_suspended(now)


def explain_suspensions_by(explanation: Explanation) -> None:
    """Let refusals to suspended people say what `explanation` returns."""
    if explanation not in _explanations:
        _explanations.append(explanation)


def why_not_write(user: User | None) -> str:
    """Return why `user` may not write, until when, and what is still open to them.

    It takes queries. None is an account that is gone.
    """
    if user and user.admission:
        return str(WHY_NOT[user.admission])
    found = [explanation(user) for explanation in _explanations] if user else []
    why = " ".join(filter(None, found)) or _("You cannot write at the moment.")
    return f"{why} {_('You can read, export and delete, but not post.')}"
