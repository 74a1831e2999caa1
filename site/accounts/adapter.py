"""Adapt allauth to our accounts: validate handles and save new accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter

from . import handles


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter, with our rules for handles and our fields."""

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Return the cleaned handle, or raise ValidationError."""
        username = username.strip().removeprefix("@")
        if not shallow:
            handles.check(username)
        return username

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        """Set the fields of `user` from the sign-up form, save and return it.

        allauth's own method also sets first and last names, which our accounts do not have.
        """
        data = form.cleaned_data
        user.email = data["email"].lower()
        user.handle = data["username"]
        if data.get("password1"):
            user.set_password(data["password1"])
        else:
            user.set_unusable_password()
        if commit:
            user.save()
        return user
