"""Read the pages that a publication has about itself, and the texts that they come with."""

import re
from functools import cache, lru_cache
from pathlib import Path
from string import Template

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.markdown.html import Profile, render

from .models import PAGES, SiteProfile

TEXTS = Path(__file__).with_name("texts")
# Pages of some versions; a version has four.
RENDERED_MAX = 32
# What Markdown may take for markup.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+.!|~&-])")


def title_of(page: str, profile: SiteProfile) -> str:
    """Return the heading of one of `PAGES`."""
    return {
        "about": _("About %(name)s") % {"name": profile.name},
        "rules": _("The rules"),
        "privacy": _("Privacy"),
        "imprint": _("Imprint"),
    }[page]


def source_of(page: str, profile: SiteProfile) -> str:
    """Return the Markdown of one of `PAGES`: what an admin wrote, else the text it comes with."""
    written: str = getattr(profile, page)
    return written or starting_text(page, profile)


def html_of(page: str, profile: SiteProfile) -> SafeString:
    """Return one of `PAGES` as HTML; raises MarkupRefused."""
    return rendered(source_of(page, profile))


@lru_cache(maxsize=RENDERED_MAX)
def rendered(source: str) -> SafeString:
    """Return the Markdown `source` as HTML; raises MarkupRefused."""
    return render(source, Profile.POST)


def starting_text(page: str, profile: SiteProfile) -> str:
    """Return the text that one of `PAGES` comes with, with the name of the site in it."""
    contact = (
        _("Write to %(address)s.") % {"address": profile.contact}
        if profile.contact
        else _("There is no contact address yet.")
    )
    name = _MARKUP.sub(r"\\\1", profile.name)
    return _template(page).substitute(name=name, contact=contact)


@cache
def _template(page: str) -> Template:
    assert page in PAGES
    return Template((TEXTS / f"{page}.md").read_text(encoding="utf-8").strip())
