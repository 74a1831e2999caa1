"""Say who may make an account: how signing up goes, and the domains of e-mail addresses.

A listed domain counts with all its subdomains, in any case, in letters or as `xn--…`: addresses are
compared in the form in which mail is sent to them. What stands before the @ does not count.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.encoding import punycode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from .models import SiteProfile

# More are the work of a list that somebody keeps, not of a form.
DOMAINS_MAX = 200
# Domains that a sentence names; more are not read.
DOMAINS_NAMED = 5


class SigningUp(models.TextChoices):
    """The ways in which people come to an account."""

    OPEN = "open", gettext_lazy("Anybody with an e-mail address")
    APPROVAL = "approval", gettext_lazy("Anybody, once a moderator has approved them")
    INVITATION = "invitation", gettext_lazy("People with an invitation link")
    CLOSED = "closed", gettext_lazy("Nobody for now; existing accounts can still sign in")


def read_domains(text: str) -> list[str]:
    """Return the domains in `text`, one a line, in their normal form, each once.

    Raises ValidationError, which names each line that is no domain.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    wrong = [line for line in lines if not _is_domain(line)]
    problems = [
        _("“%(line)s” is not a domain. Write it like example.org.") % {"line": line[:80]}
        for line in wrong
    ]
    if len(lines) > DOMAINS_MAX:
        problems.append(
            _("These are too many: at most %(limit)d domains.") % {"limit": DOMAINS_MAX}
        )
    if problems:
        raise ValidationError(problems)
    return list(dict.fromkeys(map(normal_domain, lines)))


def normal_domain(domain: str) -> str:
    """Return `domain` in small letters and ASCII, without what people write before it.

    Raises ValueError for what no mail can be sent to. A number in square brackets is none, though
    mail could: nobody owns such an address for long, and no list of domains can have it.
    """
    if domain.strip().startswith("["):
        raise ValueError(domain)
    bare = domain.strip().removeprefix("*").lstrip("@.").rstrip(".")
    return punycode(bare).lower()


def why_refused(email: str, profile: "SiteProfile") -> str:
    """Return why no account of this site may have the address `email`, or an empty string."""
    try:
        domain = normal_domain(email.rpartition("@")[2])
    except ValueError:
        return _("This is not an e-mail address. Please check it.")
    if _is_within(domain, profile.domains_refused):
        return _("Addresses at %(domain)s cannot be used here. Please use another one.") % {
            "domain": domain
        }
    if profile.domains_allowed and not _is_within(domain, profile.domains_allowed):
        return _("Accounts here need an e-mail address at %(domains)s.") % {
            "domains": named(profile.domains_allowed)
        }
    return ""


def named(domains: Collection[str]) -> str:
    """Return the first of `domains` as a sentence names them."""
    shown = list(domains)[:DOMAINS_NAMED]
    return ", ".join([*shown, "…"] if len(domains) > len(shown) else shown)


def _is_within(domain: str, listed: Collection[str]) -> bool:
    """Return whether `domain` is one of `listed`, or a subdomain of one."""
    return any(domain == each or domain.endswith(f".{each}") for each in listed)


def _is_domain(line: str) -> bool:
    try:
        # A domain of one word, as `edu`, stands for all within it.
        validate_email(f"a@a.{normal_domain(line)}")
    except (ValueError, ValidationError):
        return False
    return True
