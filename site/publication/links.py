"""Read the links of menu and footer: a line each, the words and then the address."""

from typing import TypedDict
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# More do not fit beside the name, or are not read.
LINKS_MAX = 8
# Characters: of the words of a link, and of its address.
LABEL_MAX, ADDRESS_MAX = 40, 300


class MenuLink(TypedDict):
    """A link of the menu or the footer, as it is stored."""

    label: str
    address: str


def read_links(text: str) -> list[MenuLink]:
    """Return the links in `text`, one a line, without empty lines.

    Raises ValidationError, which names each line that is no link.
    """
    lines = [line.split() for line in text.splitlines() if line.strip()]
    problems = [problem for line in lines if (problem := _problem_of(line))]
    if len(lines) > LINKS_MAX:
        problems.append(_("These are too many: at most %(limit)d links.") % {"limit": LINKS_MAX})
    if problems:
        raise ValidationError(problems)
    return [{"label": " ".join(words), "address": address} for *words, address in lines]


def write_links(links: list[MenuLink]) -> str:
    """Return `links` as `read_links` reads them."""
    return "\n".join(f"{link['label']} {link['address']}" for link in links)


def is_allowed(address: str) -> bool:
    """Return whether `address` is a path of this site, or an http, https or mailto address."""
    if not address.isprintable() or " " in address or "\\" in address:
        return False
    if address.startswith("/"):
        return not address.startswith("//")
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) if parts.scheme in {"http", "https"} else "@" in parts.path
    except ValueError:
        return False
    return parts.scheme in {"http", "https", "mailto"} and named


def _problem_of(line: list[str]) -> str:
    """Return the sentence about what is wrong with the words of `line`, or an empty string."""
    *words, address = line
    label = " ".join(words)
    if not is_allowed(address):
        return _(
            "“%(line)s” is not a link. End it with an address that begins with /, https:// or "
            "mailto:."
        ) % {"line": " ".join(line)[:ADDRESS_MAX]}
    if not label:
        return _("%(address)s has no words. Write them before the address.") % {"address": address}
    if len(label) > LABEL_MAX or len(address) > ADDRESS_MAX:
        return _("“%(label)s” or its address is too long. Shorten it.") % {
            "label": label[:LABEL_MAX]
        }
    return ""
