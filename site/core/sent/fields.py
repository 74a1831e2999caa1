"""Tell the fields of a sent form apart by name, to give words back and to say what is sent.

`tests/core/sent/test_fields.py` finds every field of a form that has no entry here.
"""

import re
from typing import NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from ..csrf import DRAWN_FOR
from ..timestamps import in_present_zone

# Parts of the names of fields whose values no page may show again.
SECRET = ("password", "csrfmiddlewaretoken", "code", "token", "credential", DRAWN_FOR)
_WHEN = in_present_zone(_("Date and time ({zone})"))
# What people type.
TEXTS: dict[str, LazyText] = {
    "about": _("About"),
    "answers": _("Answers"),
    "at": _WHEN,
    "author_name": _("Your own name"),
    "body": _("Text"),
    "closes_at": _WHEN,
    "contact": _("Contact address"),
    "content": _("Text"),
    "description": _("Description"),
    "domains_allowed": _("Only e-mail addresses at"),
    "domains_refused": _("No e-mail addresses at"),
    "email": _("E-mail address"),
    "footer": _("Footer"),
    "handle": _("Handle"),
    "imprint": _("Imprint"),
    "label": _("Who it is for"),
    "last_day": _("Last day"),
    "login": _("E-mail address"),
    "meaning": _("What it means"),
    "menu": _("Menu"),
    "name": _("Name"),
    "named": _("Quoted comments"),
    "note": _("Note"),
    "opens_after": _("Readers who have answered"),
    "opens_at": _WHEN,
    "own_answers": _("Your own answers"),
    "privacy": _("Privacy"),
    "question": _("Question"),
    "recipient": _("E-mail address"),
    "rules": _("Rules"),
    "slug": _("Address"),
    "standfirst": _("Standfirst"),
    "summary": _("What it will be about"),
    "tagline": _("Tagline"),
    "text": _("Question"),
    "title": _("Title"),
    "to_readers": _("Your sentence to readers"),
    "username": _("Handle"),
    "uses": _("How many people can use it"),
    "withdrawn_reason": _("Why it will not be kept"),
    "word": _("Word"),
    "words": _("Your own words"),
}
# What people choose. The values are words, too.
CHOICES: dict[str, LazyText] = {
    "act": _("To do"),
    "argues_for": _("Best reason for"),
    "colour": _("Colour"),
    "direction": _("Direction"),
    "follows": _("What they will follow"),
    "is_fair": _("Judgement"),
    "kind": _("Kind"),
    "language": _("Language"),
    "length": _("Days"),
    "made_with": _("Made with Counterpoint"),
    "mailed_as": _("E-mail to followers"),
    "newcomer_comments": _("First comments checked by a moderator"),
    "orders": _("Orders of comments to offer"),
    "reason": _("Reason"),
    "remember": _("Remember me"),
    "reveal": _("When readers see where others stand"),
    "role": _("Role"),
    "said": _("Judgement"),
    "shape": _("Shape"),
    "signing_up": _("Who can make an account"),
    "stance": _("Answer"),
    "time_zone": _("Time zone"),
    "typefaces": _("Typefaces"),
    "texts": _("Comments and articles"),
    "wish": _("To do"),
    "closes": _("Close the discussion"),
    "with_replies": _("With all replies to it"),
}
# Numbers and marks of the site, also where people choose what they stand for.
KEYS = frozenset(
    "based_on began cited desk draft_known draft_page file form form_key icon key list logo next "
    "number over paragraph parent part parts picture place post removal saw_totals seen sentence "
    "was".split()
)
# Characters. Of a field without an entry, a shorter value is no text a person would miss.
WORTH_KEEPING = 12
# Characters. A longer text gets a field of several lines.
ONE_LINE = 80
_NUMBER = re.compile(r"-(\d+)-")


class Field(NamedTuple):
    """A value of a sent form: its name, its kind ("text", "choice" or "key"), and its label."""

    name: str
    value: str
    kind: str
    label: str

    @property
    def rows(self) -> int:
        """The lines of a field that shows the value."""
        return 8 if len(self.value) > ONE_LINE or "\n" in self.value else 2

    @property
    def shown(self) -> str:
        """The value of a choice in words."""
        return self.value.replace("_", " ").replace("-", " ")


def fields_of(form: QueryDict) -> list[Field]:
    """Return the fields of a sent `form` in its order, without secrets."""
    return [
        Field(name, str(value), *_described(name, str(value)))
        for name, values in form.lists()
        if not is_secret(name)
        for value in values
    ]


def texts_of(form: QueryDict) -> list[Field]:
    """Return the fields of a sent `form` that somebody typed something into, without secrets."""
    return [field for field in fields_of(form) if field.kind == "text" and field.value.strip()]


def is_secret(name: str) -> bool:
    """Return whether the values of the field `name` must not be shown again."""
    return any(secret in name.lower() for secret in SECRET)


def _described(name: str, value: str) -> tuple[str, str]:
    """Return kind and label; long values of fields without an entry are texts, to lose no words."""
    own = name.rpartition("-")[2]
    number = _NUMBER.search(name)
    which = f" ({int(number[1]) + 1})" if number else ""
    if own in TEXTS:
        return "text", f"{TEXTS[own]}{which}"
    if own in CHOICES:
        return "choice", f"{CHOICES[own]}{which}"
    if own in KEYS or len(value) < WORTH_KEEPING:
        return "key", ""
    return "text", str(_("Your words"))
