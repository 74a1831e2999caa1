"""Where allauth asks us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter

from . import handles


class AccountAdapter(DefaultAccountAdapter):
    """Our answers to allauth's questions: what a handle may be."""

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Return the handle asked for; raises ValidationError with what to do instead."""
        username = username.strip().removeprefix("@")
        if not shallow:
            handles.check(username)
        return username

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        """Fill `user` with what the sign-up form says and save it.

        allauth also sets names that our accounts do not have; they stay unset.
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
