"""Define the form of the site profile."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core import limits
from core.forms import NumberField, SafeLineField, SafeTextField
from core.markdown.html import MarkupRefused
from publication import look, pages
from publication.current import with_environment
from publication.links import read_links, write_links
from publication.look import SCHEMES
from publication.models import PAGES, SiteProfile, Typefaces
from publication.palette import NAMES, problems_of

from ..studio.forms.base import StudioForm

_WHEN = {"day": _("by day"), "night": _("by night")}
_COLOURS = [(scheme, name) for scheme in SCHEMES for name in look.COLOURS]
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


class ColourField(forms.RegexField):
    """Accept a colour as the browser's picker writes it."""

    def __init__(self, name: str, scheme: str) -> None:
        super().__init__(
            r"^#[0-9a-f]{6}$",
            label=format_lazy("{name}, {when}", name=NAMES[name], when=_WHEN[scheme]),
            required=False,
            widget=forms.TextInput(attrs={"type": "color"}),
            error_messages={"invalid": _("Write a colour like #0a5c96.")},
        )

    def to_python(self, value: Any) -> str:
        """Return the colour in small letters."""
        return str(super().to_python(value)).lower()


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
    typefaces = forms.ChoiceField(
        label=_("Typefaces"), choices=Typefaces.choices, initial=Typefaces.READING
    )
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
        colours = look.palette_of(profile)
        shown |= {_colour(scheme, name): colours[scheme][name] for scheme, name in _COLOURS}
        super().__init__(data, initial={**profile.chosen, **shown, "based_on": profile.number})
        for scheme, name in _COLOURS:
            self.fields[_colour(scheme, name)] = ColourField(name, scheme)
        for name in settings.PROFILE_FROM_ENVIRONMENT:
            del self.fields[name]

    @property
    def chosen(self) -> dict[str, Any]:
        """The valid values by field of the profile."""
        fields = SiteProfile.CHOSEN
        return {name: value for name, value in self.cleaned_data.items() if name in fields}

    @property
    def colours(self) -> list[dict[str, Any]]:
        """The colours of the palette: the name of each, and its fields by day and by night."""
        return [
            {"label": NAMES[name], "fields": [self[_colour(scheme, name)] for scheme in SCHEMES]}
            for name in look.COLOURS
        ]

    def clean(self) -> dict[str, Any]:
        """Return the values: of pages and colours only those that are not as they ship."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        number = cleaned.get("based_on") or 0
        before = SiteProfile.objects.filter(number=number).first() or SiteProfile.of_new_site()
        for page in PAGES:
            text = cleaned.get(page, "")
            if text.split() == pages.starting_text(page, with_environment(before)).split():
                cleaned[page] = ""
            elif text:
                self._check_page(page, text)
        cleaned["palette"] = self._palette(cleaned)
        return cleaned

    def _palette(self, cleaned: dict[str, Any]) -> dict[str, dict[str, str]]:
        """Return the colours that differ from ours; add what is wrong with one to its field."""
        chosen: dict[str, dict[str, str]] = {scheme: {} for scheme in SCHEMES}
        for scheme, name in _COLOURS:
            shipped = look.shipped()[scheme][name]
            chosen[scheme][name] = cleaned.get(_colour(scheme, name)) or shipped
        if not any(_colour(scheme, name) in self.errors for scheme, name in _COLOURS):
            for problem in problems_of(chosen):
                self.add_error(_colour(problem.scheme, problem.name), problem.sentence)
        return {
            scheme: own
            for scheme, colours in chosen.items()
            if (own := dict(colours.items() - look.shipped()[scheme].items()))
        }

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
            {"label": self._label_of(name), "mine": _shown(mine), "theirs": _shown(theirs)}
            for name, mine in self.chosen.items()
            if mine != (theirs := getattr(saved, name))
        ]

    def _label_of(self, name: str) -> Any:
        return self.fields[name].label if name in self.fields else _("Colours")


def _colour(scheme: str, name: str) -> str:
    """Return the name of the field of a colour."""
    return f"palette-{scheme}-{name}"


def _shown(value: Any) -> str:
    """Return a value of the profile as a person reads it."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict):
        return "\n".join(
            f"{NAMES[name]}, {_WHEN[scheme]}: {colour}"
            for scheme, colours in sorted(value.items())
            for name, colour in sorted(colours.items())
        )
    return write_links(value) if isinstance(value, list) else str(value)


class GoingBackForm(forms.Form):
    """Say to which version to go back, and from which."""

    number = NumberField()
    based_on = NumberField()
