"""The models of an account, its roles and its former handles."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from asgiref.sync import sync_to_async
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower, Now
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core.caching.reverse import cached_reverse
from core.text import LOOK_LENGTH, look, skeleton
from publication.models import ZONE_MAX

from ..naming.initials import initials
from ..naming.shown import shown_name
from ..passwords.checking import matches
from ..passwords.spellings import normal_form
from ..querysets import UserManager, UserQuerySet

HANDLE_LENGTH = 30
# Characters of the line that a person says about themselves: two lines on a phone.
ABOUT_LENGTH = 160
# The columns of look-alike keys, by the columns that they are computed from.
_KEYS = {"handle": "handle_skeleton", "name": "name_look"}


class Role(models.TextChoices):
    """What a person may do beyond reading and answering; every account is a reader."""

    AUTHOR = "author", _("author")
    MODERATOR = "moderator", _("moderator")
    ADMIN = "admin", _("admin")


class Admission(models.TextChoices):
    """Whether an account may be used; one that was not admitted may only read."""

    ADMITTED = "", _("admitted")
    WAITING = "waiting", _("waiting for approval")
    DECLINED = "declined", _("declined")


class User(AbstractBaseUser):
    """A person's account. An erased account keeps its row without personal data."""

    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    handle = models.CharField(_("handle"), max_length=HANDLE_LENGTH, unique=True)
    handle_skeleton = models.CharField(max_length=HANDLE_LENGTH, unique=True, editable=False)
    handle_changed_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    name_look = models.CharField(
        max_length=LOOK_LENGTH, blank=True, default="", db_default="", editable=False
    )
    # Set while the name is not shown, because it looks like that of an author or of staff.
    name_hidden_at = models.DateTimeField(null=True, blank=True)
    # A line about themselves, in plain text, shown on the public profile.
    about = models.CharField(max_length=ABOUT_LENGTH, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    # Null for accounts not claimed yet: of guests and imported writers.
    claimed_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    admission = models.CharField(
        max_length=16,
        choices=Admission.choices,
        blank=True,
        default=Admission.ADMITTED,
        db_default=Admission.ADMITTED,
    )
    suspended_until = models.DateTimeField(null=True, blank=True)
    banned_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    # Set when the person dismissed the nudge to mark comments with other answers.
    nudge_dismissed_at = models.DateTimeField(null=True, blank=True)
    # The zone of daily and weekly mails; empty for that of the site.
    time_zone = models.CharField(max_length=ZONE_MAX, blank=True, default="", db_default="")
    # How often all sessions were ended at once. Code from before this column leaves it out.
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0)

    # For the signed-in person, set by `second_factor.requirement`: the roles that wait for a second
    # factor, and until when it may be missing.
    waiting_roles: frozenset[str] = frozenset()
    second_factor_due: datetime | None = None

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["handle"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_unique", condition=Q(email__isnull=False)
            ),
            models.CheckConstraint(
                name="user_admission_known", condition=Q(admission__in=Admission.values)
            ),
            models.CheckConstraint(
                name="user_erased_is_anonymous",
                condition=Q(erased_at__isnull=True)
                | Q(email__isnull=True, name="", is_active=False),
            ),
            models.CheckConstraint(
                name="user_erased_says_nothing",
                condition=Q(erased_at__isnull=True) | Q(about=""),
            ),
            # SQLite keeps longer texts than a column is wide.
            models.CheckConstraint(
                name="user_about_fits",
                condition=LessThanOrEqual(Length(F("about")), ABOUT_LENGTH),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_look"], name="user_name_look"),
            models.Index(fields=["id"], condition=~Q(admission=""), name="user_not_admitted"),
            models.Index(
                fields=["id"], condition=Q(name_hidden_at__isnull=False), name="user_name_hidden"
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the look-alike keys of handle and name updated."""
        self.handle_skeleton = skeleton(self.handle)
        self.name_look = look(self.name)
        fields: Iterable[str] | None = kwargs.get("update_fields")
        if fields is not None:
            keys = {_KEYS[field] for field in fields if field in _KEYS}
            kwargs["update_fields"] = {*fields, *keys}
        super().save(*args, **kwargs)

    def set_password(self, raw_password: str | None) -> None:
        """Set the password, hashed in its normal form; None leaves no usable one."""
        super().set_password(None if raw_password is None else normal_form(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Return whether this is the password, in its normal form or as typed."""
        return matches(self, raw_password or "")

    async def acheck_password(self, raw_password: str | None) -> bool:
        """Return what `check_password` returns."""
        return await sync_to_async(self.check_password)(raw_password)

    def get_absolute_url(self) -> str:
        """Return the address of the public profile."""
        return cached_reverse("comments:profile", self.handle)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Return what a session must know to stay: it changes with the password, and on request."""
        known: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        if not self.sessions_ended:
            return known
        ended = f"{known}{self.sessions_ended}"
        return salted_hmac("accounts.sessions_ended", ended, secret=secret).hexdigest()

    @property
    def display_name(self) -> str:
        """The name, or the handle if there is none or the name is hidden."""
        return shown_name(self.handle, self.name, self.name_hidden_at)

    @property
    def shown_about(self) -> str:
        """The line about themselves; empty while the person is suspended or banned."""
        return "" if self.is_suspended() else self.about

    @property
    def zone(self) -> ZoneInfo | None:
        """The time zone that the person chose; None without one, or for one that is no more."""
        try:
            return ZoneInfo(self.time_zone) if self.time_zone else None
        except (ZoneInfoNotFoundError, ValueError):
            return None

    @property
    def initials(self) -> str:
        """The initials of the name that is shown, where a face would be."""
        return initials(self.display_name)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles granted to this person."""
        return frozenset(grant.role for grant in self.role_grants.all())

    @property
    def is_admin(self) -> bool:
        """Whether the person administers the site."""
        return Role.ADMIN in self.roles

    @property
    def is_author(self) -> bool:
        """Whether the person may write posts."""
        return self.is_admin or Role.AUTHOR in self.roles

    @property
    def is_moderator(self) -> bool:
        """Whether the person may moderate discussions."""
        return self.is_admin or Role.MODERATOR in self.roles

    @property
    def is_staff(self) -> bool:
        """Whether the person moderates: comments not held, no rate limits, short sessions."""
        return self.is_moderator

    @property
    def is_banned(self) -> bool:
        """Whether the person is suspended without an end."""
        return self.banned_at is not None

    def verify_email(self) -> None:
        """Mark the e-mail address as verified, as after entering its code."""
        self.emailaddress_set.update_or_create(  # type: ignore[attr-defined]
            email=self.email, defaults={"verified": True, "primary": True}
        )

    def is_suspended(self, now: datetime | None = None) -> bool:
        """Return whether the person is suspended or banned at `now`."""
        if self.is_banned:
            return True
        return self.suspended_until is not None and self.suspended_until > (now or timezone.now())

    def dismiss_nudge(self) -> None:
        """Stop showing the nudge; a second call changes nothing."""
        if self.nudge_dismissed_at is None:
            self.nudge_dismissed_at = timezone.now()
            self.save(update_fields=["nudge_dismissed_at"])

    def welcome_nudge(self) -> None:
        """Show the nudge again."""
        self.nudge_dismissed_at = None
        self.save(update_fields=["nudge_dismissed_at"])

    @property
    def counts_in_totals(self) -> bool:
        """Whether the person's answers count in totals: neither banned nor erased."""
        return not self.is_banned and self.erased_at is None

    def erase(self, now: datetime | None = None) -> None:
        """Erase all personal data; the row stays, because replies of others refer to it."""
        self.emailaddress_set.all().delete()  # type: ignore[attr-defined]
        self.former_handles.all().delete()
        self.snapshots.all().delete()
        self.role_grants.all().delete()
        self.authenticator_set.all().delete()  # type: ignore[attr-defined]
        self.email = None
        self.name, self.name_hidden_at = "", None
        self.about = self.time_zone = ""
        self.handle = f"former-reader-{self.pk}"
        self.handle_changed_at = self.last_login = self.nudge_dismissed_at = None
        self.set_unusable_password()
        self.is_active = False
        self.erased_at = now or timezone.now()
        self.save()


class RoleGrant(models.Model):
    """A role granted to a person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=16, choices=Role.choices)
    granted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="grants_given"
    )
    granted_at = models.DateTimeField(default=timezone.now)
    # Staff have a week from here to add a second factor. The database sets it, so that grants from
    # before there was a second factor begin with the upgrade.
    grace_from = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "role"], name="role_grant_unique"),
            models.CheckConstraint(
                name="role_grant_known",
                condition=Q(role__in=[value for value, _label in Role.choices]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class FormerHandle(models.Model):
    """A former handle: it redirects to its person and is reserved until `released_at`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_handles")
    handle = models.CharField(max_length=HANDLE_LENGTH, db_index=True)
    handle_skeleton = models.CharField(max_length=HANDLE_LENGTH, db_index=True)
    released_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.handle


class ReservedHandle(models.Model):
    """The handle of an erased account, as a keyed hash (`accounts.handles`), for a year."""

    digest = models.CharField(max_length=64, unique=True)
    released_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest
