"""Validators of new passwords; each judges the normal form, which is the one that is hashed."""

import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .breached import is_listed
from .names import is_made_of_names
from .repetition import is_repetition
from .spellings import normal_form, spellings

logger = logging.getLogger(__name__)


class _OfNormalForm:
    """Mixin of Django's validators that gives them the normal form of a password."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if the normal form of `password` is refused."""
        super().validate(normal_form(password), user)  # type: ignore[misc]


class LongEnough(_OfNormalForm, password_validation.MinimumLengthValidator):
    """Refuses short passwords."""


class Uncommon(_OfNormalForm, password_validation.CommonPasswordValidator):
    """Refuses the passwords that most people think of."""


class UnlikeThePerson(_OfNormalForm, password_validation.UserAttributeSimilarityValidator):
    """Refuses passwords that resemble handle, name or e-mail address.

    Those that are little more than such names are left to `NotANameAlone`, which says it better.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if `password` resembles a name without being one."""
        if not is_made_of_names(password, user):
            super().validate(password, user)


class NotANameAlone:
    """Refuses the names of the site and of the person, however decorated."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if `password` is little more than such names."""
        if is_made_of_names(password, user):
            raise ValidationError(
                _(
                    "This is little more than your name or that of this site, which is easy "
                    "to guess. Please add words that nobody connects with you."
                ),
                "password_of_names",
            )

    def get_help_text(self) -> str:
        """Return the rule as a sentence."""
        return gettext("Your password cannot be your name or that of this site.")


class NotRepeated:
    """Refuses one or two characters and short runs, repeated until they are long enough."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if `password` is little more than such a run."""
        if is_repetition(normal_form(password)):
            raise ValidationError(
                _(
                    "This repeats the same few characters, which is easy to guess. Please "
                    "choose several words instead."
                ),
                "password_repeated",
            )

    def get_help_text(self) -> str:
        """Return the rule as a sentence."""
        return gettext("Your password cannot be the same few characters again and again.")


class NotBreached:
    """Refuses passwords in the list of `BREACHED_PASSWORDS`, where there is one."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if `password` is in the list, in any spelling.

        A list that cannot be read is logged and refuses nobody: signing up matters more.
        """
        if settings.BREACHED_PASSWORDS and _is_breached(password, settings.BREACHED_PASSWORDS):
            raise ValidationError(
                _(
                    "This password is in a public list of stolen passwords, so it is easy to "
                    "guess. Please choose another, and change it wherever else you use it."
                ),
                "password_breached",
            )

    def get_help_text(self) -> str:
        """Return the rule as a sentence."""
        return gettext("Your password cannot be one from a public list of stolen passwords.")


def _is_breached(password: str, path: Path) -> bool:
    try:
        return any(is_listed(spelling, path) for spelling in spellings(password))
    except OSError as error:
        logger.error("BREACHED_PASSWORDS cannot be read: %s", error)
        return False
