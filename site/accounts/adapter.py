"""Adapt allauth to our accounts: validate handles, save new accounts, and stay on this site."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from . import handles
from .restoring.changes import recorded


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter, with our rules for handles and our fields."""

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Return the cleaned handle, or raise ValidationError."""
        username = username.strip().removeprefix("@")
        if not shallow:
            handles.check(username)
        return username

    def set_password(self, user: Any, password: str) -> None:
        """Set and save the password; by the link of a reset, record it and tell the owner."""
        if self.request.user.is_authenticated:  # its page is recorded as a whole
            super().set_password(user, password)
            return
        with recorded(user):
            super().set_password(user, password)

    def pre_login(self, request: Any, user: Any, **kwargs: Any) -> Any:
        """Refuse a code that was sent to an address which is no longer the person's."""
        email = (kwargs.get("email") or "").lower()
        if email and email != user.email and not user.emailaddress_set.filter(email=email).exists():
            return redirect("account_login")
        return super().pre_login(request, user, **kwargs)

    def send_notification_mail(self, template_prefix: str, *args: Any, **kwargs: Any) -> None:
        """Send a notice of allauth's, unless ours says the same and has a link besides."""
        if not template_prefix.startswith("account/email/"):
            super().send_notification_mail(template_prefix, *args, **kwargs)

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
