"""Adapt allauth to our accounts: validate handles, save new accounts, and stay on this site."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme

from . import handles


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter, with our rules for handles and our fields."""

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Return the cleaned handle, or raise ValidationError."""
        username = username.strip().removeprefix("@")
        if not shallow:
            handles.check(username)
        return username

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether `url`, from the parameter `next`, is an address of this site.

        On a site with https, http addresses are none. allauth's own method takes them, and fails
        for an address that cannot be parsed.
        """
        hosts = {context.request.get_host(), urlsplit(settings.SITE_URL).netloc}
        return url_has_allowed_host_and_scheme(url, hosts, require_https=settings.HTTPS)

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
