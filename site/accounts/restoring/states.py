"""What opens an account at one moment, and how two moments differ in words."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from ..models import User


@dataclass(frozen=True)
class AccountState:
    """E-mail address and password hash of an account, and each verified address: is it primary."""

    email: str | None
    password: str
    addresses: dict[str, bool]

    @classmethod
    def of(cls, person: User) -> "AccountState":
        """Read the state of `person` from the database."""
        email, password = User.objects.values_list("email", "password").get(pk=person.pk)
        rows = EmailAddress.objects.filter(user=person, verified=True)
        return cls(email, password, dict(rows.values_list("email", "primary")))

    def changes_to(self, after: "AccountState") -> list[str]:
        """Return a sentence for each difference of `after`."""
        old = self.addresses.keys()
        new = after.addresses.keys()
        return [
            *(_("%s was added.") % each for each in sorted(new - old)),
            *(_("%s was removed.") % each for each in sorted(old - new)),
            *([_("Mail now goes to %s.") % after.email] if after.email != self.email else []),
            *([_("The password is another one.")] if after.password != self.password else []),
        ]
