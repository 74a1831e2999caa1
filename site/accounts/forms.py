"""Forms of accounts: signing up, handle and name."""

import re
import unicodedata
from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.models import Login
from django import forms
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.exceptions import ActionRefused
from core.forms import SafeLineField
from publication import current
from publication.joining import SigningUp

from . import handles
from .admission import gate
from .admission.models import Invitation
from .guessing import counting
from .guessing.forms import RequestLoginCodeForm
from .guessing.rehearsing import nobody
from .models import ABOUT_LENGTH, HANDLE_LENGTH, User
from .naming import rules
from .passwords.spellings import normal_form
from .signing_up import actions as signing_up
from .words.forms import OurWords

NAME_LENGTH = 80
# What looks like a web address; the line about a person is shown as text, without links.
_LINK = re.compile(r"\S*(?:://|www\.)\S*|[\w-]+(?:\.[\w-]+)+(?:/\S*)?", re.IGNORECASE)


def _says_something(character: str) -> bool:
    """Return whether it is a letter, a digit or a picture, not only a sign between links."""
    return character.isalnum() or unicodedata.category(character) == "So"


def _about_the_address() -> Any:
    """Return the sentences that say what an address is for and who sees it."""
    if current.current().signing_up == SigningUp.APPROVAL:
        return _(
            "Readers never see it; moderators who approve accounts see the part after the @. "
            "We send a code there each time you sign in, so you need no password."
        )
    return _(
        "Readers never see it. We send a code there each time you sign in, so you need no password."
    )


class SignupForm(OurWords, AllauthSignupForm):
    """The form to sign up: e-mail address, name, and a password from those who want one."""

    field_order = ("email", "name", "password1")
    name = SafeLineField(
        label=_("Your name on this site"),
        max_length=NAME_LENGTH,
        help_text=_(
            "Shown with your comments. It need not be your real name, and you can change it later."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
    )
    # The account that the same form has made already, with None for a first time.
    made: User | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _about_the_address()
        self.fields["password1"].label = _("Password")

    def validate_unique_email(self, value: str) -> str:
        """Return the address: whether it is known decides nothing that the form shows."""
        return value

    def clean(self) -> Any:
        """Check password and name; what this very form has made already is no other's."""
        # allauth compares the password with a user of this name.
        self.cleaned_data["username"] = handles.stem_of(self.cleaned_data.get("name", ""))
        data = super().clean()
        words = self._words()
        self.made = signing_up.find(**words) if words else None
        if "name" in data and not self.made:
            try:
                rules.check(data["name"])
            except forms.ValidationError as error:
                self.add_error("name", error)
        return data

    def clean_email(self) -> str:
        """Return the address; refuse one whose domain no account may have, known or not."""
        email: str = super().clean_email()
        gate.check_address(email)
        return email

    def sign_up(self, invitation: Invitation | None = None) -> User:
        """Make the account and return it, or the one that the same form has made a moment ago.

        Raises `ActionRefused`, with the field.
        """
        if self.made:
            signing_up.come_by(self.made, invitation)
            return self.made
        words = self._words()
        # Hashed before the lock of names, which others wait for.
        password = normal_form(words["password"]) or None
        try:
            hashed = make_password(password)
            return signing_up.sign_up(**{**words, "password": hashed}, invitation=invitation)
        except ActionRefused:
            made = signing_up.find(**words)
            if made is None:
                raise
            return made

    def _words(self) -> dict[str, str]:
        """Return what an account is made of, nothing as long as a field is missing or wrong."""
        fields = {"email": "email", "name": "name", "password": "password1"}
        if not self.cleaned_data.keys() >= {*fields.values()}:
            return {}
        return {name: self.cleaned_data[field] for name, field in fields.items()}


class LoginForm(OurWords, AllauthLoginForm):
    """The form to sign in: with a password, or without one by a code that is mailed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = False
        # What is refused takes the focus itself.
        self.fields["login"].widget.attrs["autofocus"] = not self.is_bound

    def user_credentials(self) -> dict[str, Any]:
        """Return address and password; the password is left out where the code was chosen."""
        credentials: dict[str, Any] = super().user_credentials()
        if self.data.get("way") == "code":
            credentials.pop("password", None)
        return credentials

    def _clean_without_password(self, email: str | None, phone: str | None) -> Any:
        """Return the data, and find whose code it is, as the form for codes does."""
        form = RequestLoginCodeForm({"email": email})
        for error in form.errors.get("email", []):
            self.add_error("login", error)
        self.user = getattr(form, "_user", None)
        return self.cleaned_data

    def _clean_with_password(self, credentials: dict[str, Any]) -> Any:
        """Return the data; after many wrong passwords, right and wrong ones lead to a code."""
        try:
            return super()._clean_with_password(credentials)
        except forms.ValidationError as error:
            address = credentials.get("email", "")
            if error.code != "email_password_mismatch" or not counting.is_guessed_at(address):
                raise
        self._login = Login(user=nobody(address, self.request), email=address)
        return self.cleaned_data

    def login(self, request: Any, redirect_url: str | None = None) -> Any:
        """Sign in, or say why a code is asked for besides."""
        if "password" not in self.user_credentials():
            return super().login(request, redirect_url=redirect_url)
        guessed = counting.is_guessed_at(self.cleaned_data["login"])
        if guessed or counting.is_guessed(self._login.user):
            messages.info(
                request,
                _(
                    "There were many wrong passwords for this account, or from your network. "
                    "If yours was right, a code is on its way to you by e-mail. You can also "
                    "sign in with a code alone."
                ),
            )
        return super().login(request, redirect_url=redirect_url)


class HandleForm(forms.Form):
    """The form to change what others see of a person: name, a line about them, handle."""

    field_order = ("name", "about", "handle")
    handle = SafeLineField(
        label=_("Handle"),
        max_length=HANDLE_LENGTH,
        help_text=_(
            "You can change it once in 30 days. Links to the old one lead to you for a year."
        ),
    )
    name = SafeLineField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("Shown with what you write. Without one, your handle is shown."),
    )
    about = SafeLineField(
        label=_("A line about you"),
        max_length=ABOUT_LENGTH,
        required=False,
        help_text=_(
            "What you do, or why you read here: up to 160 characters, shown on your public page."
        ),
        widget=forms.TextInput(attrs={"data-behaviour": "counter"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        kwargs["initial"] = {
            "handle": person.handle,
            "name": person.name,
            "about": person.about,
        }
        super().__init__(*args, **kwargs)

    def clean_handle(self) -> str:
        """Return the handle; refuse one that is taken, or a change too soon after the last."""
        handle: str = self.cleaned_data["handle"].removeprefix("@")
        if handle == self.person.handle:
            return handle
        handles.check(handle, of=self.person)
        wait = handles.wait_until_change(self.person)
        if wait is not None:
            raise forms.ValidationError(
                ngettext(
                    "You changed your handle less than 30 days ago. You can change it again "
                    "in %(days)d day.",
                    "You changed your handle less than 30 days ago. You can change it again "
                    "in %(days)d days.",
                    wait.days + 1,
                ),
                "too_soon",
                {"days": wait.days + 1},
            )
        return handle

    def clean_name(self) -> str:
        """Return the name; refuse one that passes for somebody else's."""
        name: str = self.cleaned_data["name"]
        if name and name != self.person.name:
            rules.check(name, of=self.person)
        return name

    def clean_about(self) -> str:
        """Return the line; refuse one of links alone."""
        about: str = self.cleaned_data["about"]
        words = _LINK.sub("", about)
        if words != about and not any(map(_says_something, words)):
            raise forms.ValidationError(
                _("There are only links here. Say something about yourself in words."), "links"
            )
        return about
