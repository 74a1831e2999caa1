"""Define the form of the site profile."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core import limits
from core.forms import NumberField, SafeLineField, SafeTextField
from core.markdown.html import MarkupRefused
from publication import pages
from publication.current import with_environment
from publication.links import read_links, write_links
from publication.models import PAGES, SiteProfile

from ..studio.forms.base import StudioForm

_LINKS = _("A line each: the words, then the address, as “Our workshop https://workshop.example/”.")


class LinksField(SafeTextField):
    """Accept links, one a line; see `publication.links`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 5, "spellcheck": "false"})
        super().__init__(required=False, widget=widget, help_text=_LINKS, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return stored links as the lines of the form."""
        return write_links(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Return the links; raise `ValidationError` that names the lines which are none."""
        return read_links(super().clean(value))


class PageField(SafeTextField):
    """Accept the Markdown of a page of the publication."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            max_length=limits.POST_MAX,
            required=False,
            widget=forms.Textarea(attrs={"rows": 12}),
            help_text=_("In Markdown. Leave it empty, and the page has the text it came with."),
        )


def zones() -> list[tuple[str, str]]:
    """Return the time zones that a person may choose, by name."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and "Etc/" not in zone)
    return [(zone, zone.replace("_", " ")) for zone in ["UTC", *named]]


class ProfileForm(StudioForm):
    """Edit the site profile; what the environment sets has no field."""

    based_on = NumberField(widget=forms.HiddenInput)
    name = SafeLineField(
        label=_("Name"),
        max_length=limits.SITE_NAME_MAX,
        error_messages={"required": _("Please give the site a name.")},
    )
    tagline = SafeLineField(
        label=_("Tagline"),
        max_length=limits.SITE_TAGLINE_MAX,
        required=False,
        help_text=_("One sentence. It is the first thing a stranger reads."),
    )
    description = SafeLineField(
        label=_("Description"),
        max_length=limits.SITE_DESCRIPTION_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For search engines, feeds and link previews."),
    )
    contact = forms.EmailField(
        label=_("Where readers write to you"),
        required=False,
        help_text=_("An e-mail address, shown at the foot of every page."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of buttons and texts of the site. Each article can have its own."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    menu = LinksField(label=_("Menu"))
    footer = LinksField(label=_("Foot of the page"))
    made_with = forms.BooleanField(
        label=_("Say “Made with Counterpoint” at the foot of the page"), required=False
    )
    about = PageField(_("About"))
    rules = PageField(_("Rules"))
    privacy = PageField(_("Privacy"))
    imprint = PageField(_("Imprint"))

    def __init__(self, data: Any = None, *, profile: SiteProfile) -> None:
        shown = {page: pages.source_of(page, with_environment(profile)) for page in PAGES}
        super().__init__(data, initial={**profile.chosen, **shown, "based_on": profile.number})
        for name in settings.PROFILE_FROM_ENVIRONMENT:
            del self.fields[name]

    @property
    def chosen(self) -> dict[str, Any]:
        """The valid values by field of the profile."""
        return {name: value for name, value in self.cleaned_data.items() if name != "based_on"}

    def clean(self) -> dict[str, Any]:
        """Return the values, with a page that has the text it came with as an empty one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        number = cleaned.get("based_on") or 0
        before = SiteProfile.objects.filter(number=number).first() or SiteProfile.of_new_site()
        for page in PAGES:
            text = cleaned.get(page, "")
            if text.split() == pages.starting_text(page, with_environment(before)).split():
                cleaned[page] = ""
            elif text:
                self._check_page(page, text)
        return cleaned

    def _check_page(self, page: str, text: str) -> None:
        try:
            pages.rendered(text)
        except MarkupRefused as refused:
            self.add_error(page, str(refused.message))

    @property
    def pages(self) -> list[forms.BoundField]:
        """The fields of the pages of the publication."""
        return [self[page] for page in PAGES]

    def differences(self, saved: SiteProfile) -> list[dict[str, Any]]:
        """Return each field whose value differs from that of `saved`: label, mine and theirs."""
        return [
            {"label": self.fields[name].label, "mine": _shown(mine), "theirs": _shown(theirs)}
            for name, mine in self.chosen.items()
            if mine != (theirs := getattr(saved, name))
        ]


def _shown(value: Any) -> str:
    """Return a value of the profile as a person reads it."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return write_links(value) if isinstance(value, list) else str(value)


class GoingBackForm(forms.Form):
    """Say to which version to go back, and from which."""

    number = NumberField()
    based_on = NumberField()
