"""Store the site profile: what a publication is called, says of itself and looks like."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core import limits

from .answers import AnswerSet, OwnAnswer, check_answers
from .joining import SigningUp
from .links import MenuLink, is_allowed

# The widths of the columns of codes: the longest name of a zone has 32.
LANGUAGE_MAX, ZONE_MAX, TYPEFACES_MAX, ANSWERS_MAX, SIGNING_UP_MAX = 16, 64, 16, 16, 16
# The pages of the publication, by address and column.
PAGES = ("about", "rules", "privacy", "imprint")


def default_menu() -> list[MenuLink]:
    """Return the links of the masthead before anybody has chosen any."""
    return [
        {"label": "Series", "address": "/series/"},
        {"label": "Archive", "address": "/archive/"},
        {"label": "About", "address": "/about/"},
    ]


def default_footer() -> list[MenuLink]:
    """Return the links of the footer before anybody has chosen any."""
    return [
        *default_menu(),
        {"label": "Rules", "address": "/rules/"},
        {"label": "Privacy", "address": "/privacy/"},
        {"label": "RSS", "address": "/feeds/posts/"},
    ]


def check_links(links: Any) -> None:
    """Raise ValidationError unless every link of `links` may stand on a page."""
    if not all(is_allowed(link["address"]) for link in links):
        raise ValidationError("A link leads where none may.")


class Typefaces(models.TextChoices):
    """The sets of typefaces that are shipped; `publication.look` says what each consists of."""

    READING = "reading", _("Made for reading: Newsreader with Figtree")
    PLAIN = "plain", _("Plain: Figtree alone")
    DEVICE = "device", _("The reader’s own: nothing to load")


class SiteProfile(models.Model):
    """Store one version of the profile; the newest counts, and none is changed after it is saved.

    `number` counts the versions from 1. Version 0 is that of a new site: it has no row.
    """

    # What a person chooses, in the order of the form.
    CHOSEN: ClassVar = (
        "name",
        "tagline",
        "description",
        "contact",
        "language",
        "time_zone",
        "menu",
        "footer",
        "made_with",
        "logo",
        "icon",
        "palette",
        "typefaces",
        *PAGES,
        "answers",
        "own_answers",
        "newcomer_comments",
        "orders_left_out",
        "signing_up",
        "domains_allowed",
        "domains_refused",
    )

    # What it refers to, read in the query of the profile.
    PICTURES: ClassVar = ("logo", "icon")

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=limits.SITE_NAME_MAX, default="Counterpoint")
    tagline = models.CharField(
        max_length=limits.SITE_TAGLINE_MAX, blank=True, default="Articles that end in a question"
    )
    description = models.CharField(
        max_length=limits.SITE_DESCRIPTION_MAX,
        blank=True,
        default="Every article ends in a question. Readers answer it, and say where they stand.",
    )
    contact = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=LANGUAGE_MAX, default="en")
    time_zone = models.CharField(max_length=ZONE_MAX, default="UTC")
    menu = models.JSONField(default=default_menu, blank=True, validators=[check_links])
    footer = models.JSONField(default=default_footer, blank=True, validators=[check_links])
    made_with = models.BooleanField(default=True)
    # Of every version, so that going back finds them.
    logo = models.ForeignKey(
        "pictures.Picture", models.PROTECT, related_name="+", null=True, blank=True
    )
    icon = models.ForeignKey(
        "pictures.Picture", models.PROTECT, related_name="+", null=True, blank=True
    )
    # Colours by name, "#rrggbb" by day and by night; those that are not there are as shipped.
    palette = models.JSONField(default=dict, blank=True)
    typefaces = models.CharField(
        max_length=TYPEFACES_MAX, choices=Typefaces.choices, default=Typefaces.READING
    )
    # Markdown; empty while the page has the text that it came with.
    about = models.TextField(blank=True, default="")
    rules = models.TextField(blank=True, default="")
    privacy = models.TextField(blank=True, default="")
    imprint = models.TextField(blank=True, default="")
    # The answers of a new question (`publication.answers`); code from before leaves both out.
    answers = models.CharField(
        max_length=ANSWERS_MAX,
        choices=AnswerSet.choices,
        default=AnswerSet.COMPARISON,
        db_default=AnswerSet.COMPARISON,
    )
    own_answers: models.Field[list[OwnAnswer], list[OwnAnswer]] = models.JSONField(
        default=list, db_default=[], blank=True
    )
    # A person's first comments that are held; 0 holds none.
    newcomer_comments = models.PositiveSmallIntegerField(
        default=limits.NEWCOMER_COMMENTS, db_default=limits.NEWCOMER_COMMENTS
    )
    # Orders of comments that are not offered, by key: one that a release adds is offered.
    orders_left_out = models.JSONField(default=list, db_default=[], blank=True)
    signing_up = models.CharField(
        max_length=SIGNING_UP_MAX,
        choices=SigningUp.choices,
        default=SigningUp.OPEN,
        db_default=SigningUp.OPEN,
    )
    # Of e-mail addresses, in their normal form (`publication.joining`). Without any that are
    # allowed, all are.
    domains_allowed = models.JSONField(default=list, db_default=[], blank=True)
    domains_refused = models.JSONField(default=list, db_default=[], blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="profile_number_counts", condition=Q(number__gte=1)),
            models.CheckConstraint(name="profile_is_named", condition=~Q(name="")),
            # SQLite keeps longer texts than a column is wide.
            models.CheckConstraint(
                name="profile_name_fits",
                condition=LessThanOrEqual(Length(F("name")), limits.SITE_NAME_MAX),
            ),
            models.CheckConstraint(
                name="profile_typefaces_are_shipped",
                condition=Q(typefaces__in=Typefaces.values),
            ),
            models.CheckConstraint(
                name="profile_answers_are_known", condition=Q(answers__in=AnswerSet.values)
            ),
            models.CheckConstraint(
                name="profile_signing_up_is_known", condition=Q(signing_up__in=SigningUp.values)
            ),
            models.CheckConstraint(
                name="profile_holds_few",
                condition=Q(newcomer_comments__lte=limits.NEWCOMER_COMMENTS_MAX),
            ),
            models.CheckConstraint(
                name="profile_tagline_fits",
                condition=LessThanOrEqual(Length(F("tagline")), limits.SITE_TAGLINE_MAX),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    def clean(self) -> None:
        """Raise ValidationError if answers of one's own are chosen that no question can have."""
        if self.answers == AnswerSet.OWN:
            check_answers(self.own_answers)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which pages show times."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def look(self) -> str:
        """What names the style sheet of this version, empty if it needs none."""
        from . import look

        return look.digest_of(look.sheet_of(self))

    @property
    def chosen(self) -> dict[str, Any]:
        """The values that a person chooses, by field."""
        return {name: getattr(self, name) for name in self.CHOSEN}

    @classmethod
    def of_new_site(cls) -> "SiteProfile":
        """Return the profile before anybody has saved one."""
        return cls(number=0)
