"""Adapt allauth to our accounts: handles, passwords, mail, and redirects within this site."""

from contextlib import nullcontext
from email.utils import formataddr, parseaddr
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from core import limits
from publication import current
from publication.mail.layout import html_of_text

from . import drafts, handles, sent_twice
from .admission import gate
from .guessing import counting
from .guessing.rehearsing import is_nobody, is_rehearsal, rehearse_mail
from .restoring.changes import recorded
from .restoring.second_factor import has_second_factor
from .signing_up.confirming import PASSWORD_IS_PROVEN
from .words.errors import ERRORS
from .words.mails import act_of
from .words.ways import WAYS


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter, with our rules."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        **ERRORS,
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Return the cleaned handle, or raise ValidationError."""
        username = username.strip().removeprefix("@")
        if not shallow:
            handles.check(username)
        return username

    def set_password(self, user: Any, password: str) -> None:
        """Set and save the password, and record it unless the page is recorded as a whole.

        No other column: a handle or a suspension may have changed since the user was loaded.
        """
        is_recorded = getattr(self.request, "is_recorded", False)
        with nullcontext() if is_recorded else recorded(user):
            user.set_password(password)
            user.save(update_fields=["password"])

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        """Count the attempt, unless too many came from one address of the network."""
        super().pre_authenticate(request, **credentials)
        self._attempt = counting.begin(credentials.get("email") or "")

    def authenticate(self, request: Any, **credentials: Any) -> Any:
        """Return the user whose password is right, or None; only wrong ones stay counted."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            counting.was_right(self._attempt)
        return user

    def is_login_by_code_required(self, login: Any) -> bool:
        """Return whether signing in needs a code, too: after many wrong passwords, for anybody."""
        if login.signup:
            return False
        if is_nobody(login.user):  # a wrong password or an unknown address, answered alike
            return True
        records = get_authentication_records(self.request, login.user)
        if not records or records[-1]["method"] != "password":
            return False
        has_other = has_second_factor(login.user)
        return counting.is_guessed(login.user) and not has_other

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to say who one is; after many wrong passwords, the others if any."""
        methods: list[dict[str, Any]] = [
            {**method, "description": WAYS[method["id"]]}
            for method in super().get_reauthentication_methods(user)
        ]
        others = [method for method in methods if method["id"] != "reauthenticate"]
        return others if others and counting.is_guessed(user) else methods

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; one to an unknown address is written, for the time, and goes to nobody."""
        if not is_rehearsal(self.request):
            super().send_mail(template_prefix, email, context)
            return
        site = {"current_site": get_current_site(self.request), "email": email}
        rehearse_mail(self.render_mail(template_prefix, email, {**context, **site}))

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """Return a mail of allauth's or ours: written as text, and laid out as HTML besides."""
        message = super().render_mail(template_prefix, email, context, headers)
        assert isinstance(message, EmailMultiAlternatives)
        act = str(act_of(template_prefix, context))
        html = html_of_text(str(message.subject), str(message.body), act)
        message.attach_alternative(html, "text/html")
        return message

    def get_from_email(self) -> str:
        """Return the sender of every mail: in the name of the site, unless the setting has one."""
        name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        return formataddr((name or current.current().name, address))

    def is_open_for_signup(self, request: Any) -> bool:
        """Return whether the person asking may make an account."""
        return gate.joining_of(request).is_open

    def confirm_email(self, request: Any, email_address: Any) -> bool:
        """Confirm an address by the code that the page asks for where it was typed.

        Not one whose domain is refused since the code was sent.
        """
        try:
            gate.check_address(email_address.email)
        except ValidationError as refused:
            self.add_message(request, messages.ERROR, message=refused.messages[0])
            return False
        setattr(request, PASSWORD_IS_PROVEN, True)
        return bool(super().confirm_email(request, email_address))

    def send_confirmation_mail(self, request: Any, emailconfirmation: Any, signup: bool) -> None:
        """Mail the code; after signing up with a known address, tell its owner instead."""
        address = emailconfirmation.email_address
        if signup and address.pk is None:
            self.send_account_already_exists_mail(address.email)
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def pre_login(self, request: Any, user: Any, **kwargs: Any) -> Any:
        """Refuse a code that was sent to an address which is no longer the person's."""
        email = (kwargs.get("email") or "").lower()
        own = not email or kwargs["signup"] or email == (user.email or "").lower()
        if not own and not user.emailaddress_set.filter(email__iexact=email).exists():
            return redirect("account_login")
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request: Any, user: Any, **kwargs: Any) -> Any:
        """Remember where signing in leads, for a form that is sent twice."""
        response = super().post_login(request, user, **kwargs)
        sent_twice.remember(request, response["Location"])
        return response

    def get_login_redirect_url(self, request: Any) -> str:
        """Return where signing in leads that was not begun elsewhere: to words of the last day.

        Those typed signed out are not older. Of a form that was sent twice, where it led the
        first time.
        """
        waits_at = sent_twice.led_to(request) or drafts.newest_address(
            request.user, limits.KEPT_FOR_NOBODY
        )
        return waits_at or str(super().get_login_redirect_url(request))

    def get_password_change_redirect_url(self, request: Any) -> str:
        """Return where one is after changing or setting the password: at the account."""
        return reverse("people:account")

    def send_notification_mail(self, template_prefix: str, *args: Any, **kwargs: Any) -> None:
        """Send a notice of allauth's, unless ours says the same and has a link besides."""
        if not template_prefix.startswith(("account/email/", "mfa/email/")):
            super().send_notification_mail(template_prefix, *args, **kwargs)

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether `url`, from the parameter `next`, is an address of this site.

        On a site with https, http addresses are none. allauth's own method takes them, and fails
        for an address that cannot be parsed.
        """
        hosts = {context.request.get_host(), urlsplit(settings.SITE_URL).netloc}
        return url_has_allowed_host_and_scheme(url, hosts, require_https=settings.HTTPS)
