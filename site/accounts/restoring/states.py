"""What opens an account at one moment, and how two moments differ in words."""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from ..models import User
from .second_factor import factors_of


@dataclass(frozen=True)
class AccountState:
    """What opens an account: its e-mail address, password hash, addresses and second factors.

    `addresses` says of each verified address whether it is primary; `factors` has the columns of
    each second factor by the id of its row.
    """

    email: str | None
    password: str
    addresses: dict[str, bool]
    factors: dict[int, dict[str, Any]]

    @classmethod
    def of(cls, person: User) -> "AccountState":
        """Read the state of `person` from the database."""
        email, password = User.objects.values_list("email", "password").get(pk=person.pk)
        rows = EmailAddress.objects.filter(user=person, verified=True)
        addresses = dict(rows.values_list("email", "primary"))
        return cls(email, password, addresses, factors_of(person))

    def changes_to(self, after: "AccountState") -> list[str]:
        """Return a sentence for each difference of `after`."""
        old = self.addresses.keys()
        new = after.addresses.keys()
        return [
            *(_("%s was added.") % each for each in sorted(new - old)),
            *(_("%s was removed.") % each for each in sorted(old - new)),
            *([_("E-mail now goes to %s.") % after.email] if after.email != self.email else []),
            *([_("The password was changed.")] if after.password != self.password else []),
            *self._changes_of_factors(after),
        ]

    def _changes_of_factors(self, after: "AccountState") -> list[str]:
        added = {after.factors[pk]["type"] for pk in after.factors.keys() - self.factors.keys()}
        removed = {self.factors[pk]["type"] for pk in self.factors.keys() - after.factors.keys()}
        sentences = {
            Authenticator.Type.TOTP: (
                _("An authenticator app was added."),
                _("An authenticator app was removed."),
            ),
            Authenticator.Type.WEBAUTHN: (
                _("A passkey was added."),
                _("A passkey was removed."),
            ),
            Authenticator.Type.RECOVERY_CODES: (
                _("New recovery codes were made."),
                _("The recovery codes were removed."),
            ),
        }
        return [
            *(was_added for kind, (was_added, _gone) in sentences.items() if kind in added),
            *(gone for kind, (_added, gone) in sentences.items() if kind in removed - added),
        ]
