"""Define the form of the site profile."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core import limits
from core.forms import NumberField, SafeLineField, SafeTextField, ZoneField
from core.markdown.html import MarkupRefused
from pictures.forms import PictureField
from pictures.models import Picture
from pictures.purposes import Purpose
from publication import look, orders, pages
from publication.answers import AnswerSet
from publication.current import with_environment
from publication.joining import SigningUp
from publication.links import read_links, write_links
from publication.look import SCHEMES
from publication.models import PAGES, SiteProfile, Typefaces
from publication.palette import NAMES, problems_of

from ..studio.forms.base import StudioForm
from .fields import AnswersField, DomainsField

_WHEN = {"day": _("light"), "night": _("dark")}
_COLOURS = [(scheme, name) for scheme in SCHEMES for name in look.COLOURS]
_LINKS = _(
    "One link a line: its words, then its address, such as “Our workshop "
    "https://workshop.example/”."
)
# Fields that forms of the first release do not send.
_LATER = (
    "answers",
    "own_answers",
    "newcomer_comments",
    "orders",
    "signing_up",
    "domains_allowed",
    "domains_refused",
)


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
            help_text=_("In Markdown. If empty, the page shows its original text."),
        )


class ColourField(forms.RegexField):
    """Accept a colour as the browser's picker writes it."""

    def __init__(self, name: str, scheme: str) -> None:
        super().__init__(
            r"\A#[0-9a-f]{6}\Z",
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
        help_text=_("A few words about what you publish. Visitors read them first."),
    )
    description = SafeLineField(
        label=_("Description"),
        max_length=limits.SITE_DESCRIPTION_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "A sentence or two, shown by search engines and wherever somebody shares a link."
        ),
    )
    contact = forms.EmailField(
        label=_("Contact address"),
        required=False,
        help_text=_("Your e-mail address for readers, shown at the foot of every page."),
    )
    logo = PictureField(
        Purpose.LOGO,
        label=_("Logo"),
        help_text=_(
            "PNG, JPEG or WebP. It replaces the name at the top of every page, always on a "
            "light ground."
        ),
    )
    icon = PictureField(
        Purpose.ICON,
        label=_("Icon"),
        help_text=_(
            "For browser tabs and home screens: a square picture, best 512 pixels wide, at "
            "least 180."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_(
            "For the site’s own buttons and texts. Each article can have its own language."
        ),
    )
    time_zone = ZoneField(label=_("Time zone"))
    typefaces = forms.ChoiceField(
        label=_("Typefaces"), choices=Typefaces.choices, initial=Typefaces.READING
    )
    menu = LinksField(label=_("Menu"))
    footer = LinksField(label=_("Footer"))
    made_with = forms.BooleanField(
        label=_("Say “Made with Counterpoint” at the foot of the page"), required=False
    )
    about = PageField(_("About"))
    rules = PageField(_("Rules"))
    privacy = PageField(_("Privacy"))
    imprint = PageField(_("Imprint"))
    answers = forms.ChoiceField(
        label=_("Answers a new question starts with"),
        choices=AnswerSet.choices,
        widget=forms.RadioSelect,
        help_text=_("Authors can change them. Questions already asked keep theirs."),
    )
    own_answers = AnswersField(
        label=_("Your own answers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Two to five, one a line: a word, then a colon and what it means, such as “Yes: "
            "it is worth it”."
        ),
    )
    signing_up = forms.ChoiceField(
        label=_("Who can make an account"),
        choices=SigningUp.choices,
        widget=forms.RadioSelect,
    )
    domains_allowed = DomainsField(
        _("Only e-mail addresses at"),
        _(
            "One domain a line, such as example.org; its subdomains count too. If empty, "
            "every address is welcome. Existing accounts stay."
        ),
    )
    domains_refused = DomainsField(
        _("No e-mail addresses at"), _("One domain a line. This list wins over the one above.")
    )
    newcomer_comments = NumberField(
        label=_("First comments checked by a moderator"),
        max_value=limits.NEWCOMER_COMMENTS_MAX,
        help_text=_(
            "How many comments of each newcomer wait for approval. With 0, they appear at once."
        ),
    )
    orders = forms.MultipleChoiceField(
        label=_("Orders of comments to offer"),
        choices=orders.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Best of each side and Oldest are always offered: discussions start with them, and "
            "links to comments need them."
        ),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, profile: SiteProfile, by: Any = None
    ) -> None:
        shown: dict[str, Any] = {
            page: pages.source_of(page, with_environment(profile)) for page in PAGES
        }
        colours = look.palette_of(profile)
        shown |= {_colour(scheme, name): colours[scheme][name] for scheme, name in _COLOURS}
        shown["orders"] = [
            key for key, _label in orders.choices() if key not in profile.orders_left_out
        ]
        initial = {**profile.chosen, **shown, "based_on": profile.number}
        super().__init__(self._with_saved(data, initial), files, initial=initial)
        for name in SiteProfile.PICTURES:
            self.fields[name].by = by  # type: ignore[attr-defined]
        for scheme, name in _COLOURS:
            self.fields[_colour(scheme, name)] = ColourField(name, scheme)
        for name in settings.PROFILE_FROM_ENVIRONMENT:
            del self.fields[name]

    def _with_saved(self, data: Any, saved: dict[str, Any]) -> Any:
        """Return the sent `data`, with what is `saved` for the fields of which it says nothing.

        So a program, or a page of an earlier release, that knows less of the profile keeps it.
        """
        if data is None or "signing_up" in data:
            return data
        data = data.copy()
        for name in _LATER:
            value = self.base_fields[name].prepare_value(saved[name])
            data.setlist(name, value if isinstance(value, list) else [value])
        return data

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
        offered = cleaned.get("orders", [])
        cleaned["orders_left_out"] = [key for key, _label in orders.choices() if key not in offered]
        own = cleaned.get("own_answers")
        if cleaned.get("answers") == AnswerSet.OWN and own == [] and not self.errors:
            self.add_error("own_answers", _("Please write at least two answers."))
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
            {
                "label": self._label_of(name),
                "mine": self._as_read(name, mine),
                "theirs": self._as_read(name, theirs),
            }
            for name, mine in self.chosen.items()
            if mine != (theirs := getattr(saved, name))
        ]

    def _label_of(self, name: str) -> Any:
        if name == "orders_left_out":
            return _("Orders of comments not offered")
        return self.fields[name].label if name in self.fields else _("Colours")

    def _as_read(self, name: str, value: Any) -> str:
        """Return a value of the field `name` as a person reads it."""
        field = self.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            labels: Any = field.choices
            return str(dict(labels).get(value, value))
        if name == "orders_left_out":
            return ", ".join(str(label) for key, label in orders.choices() if key in value)
        return (
            str(field.prepare_value(value)) if field and isinstance(value, list) else _shown(value)
        )


def _colour(scheme: str, name: str) -> str:
    """Return the name of the field of a colour."""
    return f"palette-{scheme}-{name}"


def _shown(value: Any) -> str:
    """Return a value of the profile as a person reads it."""
    if value is None or isinstance(value, Picture):
        return str(value or "")
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict):
        return "\n".join(
            f"{NAMES[name]}, {_WHEN[scheme]}: {colour}"
            for scheme, colours in sorted(value.items())
            for name, colour in sorted(colours.items())
        )
    return str(value)


class GoingBackForm(forms.Form):
    """Say to which version to go back, and from which."""

    number = NumberField()
    based_on = NumberField()
