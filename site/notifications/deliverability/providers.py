"""Providers of mail whose webhooks are understood, and what they call a failure that may pass.

Of those that django-anymail supports these tell a failure for good from one for now, send the
secret in the address of the webhook, and need no further package. The settings read this module,
so it imports neither Django nor django-anymail.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# What a provider tells of one mail, in its own words.
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Provider:
    """A provider of mail.

    `view` is the path of the view of django-anymail that reads its webhooks, and `key_setting` the
    setting of django-anymail for the key with which it signs them, empty if it signs nothing.
    `is_passed_over` returns whether a report is no reason to stop an address, whatever
    django-anymail makes of it.
    """

    label: str
    view: str
    is_passed_over: Callable[[Told], bool]
    key_setting: str = ""


def _never(_report: Told) -> bool:
    return False


def _brevo(report: Told) -> bool:
    return report.get("event") == "soft_bounce"


def _mailjet(report: Told) -> bool:
    """Return whether a mailbox is full, or a bounce is not marked as hard."""
    is_soft = report.get("event") == "bounce" and report.get("hard_bounce") is not True
    return is_soft or report.get("error") == "quota exceeded"


def _postmark(report: Told) -> bool:
    """Return whether it is a soft bounce, or the filter of the receiver took the mail for spam."""
    return report.get("Type") in {"SoftBounce", "SpamNotification"}


PROVIDERS = {
    "brevo": Provider("Brevo", "anymail.webhooks.brevo.BrevoTrackingWebhookView", _brevo),
    "mailgun": Provider(
        "Mailgun",
        "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
        _never,
        key_setting="MAILGUN_WEBHOOK_SIGNING_KEY",
    ),
    "mailjet": Provider("Mailjet", "anymail.webhooks.mailjet.MailjetTrackingWebhookView", _mailjet),
    "mailtrap": Provider(
        "Mailtrap",
        "anymail.webhooks.mailtrap.MailtrapTrackingWebhookView",
        _never,
        key_setting="MAILTRAP_TRACKING_SECRET",
    ),
    "postmark": Provider(
        "Postmark", "anymail.webhooks.postmark.PostmarkTrackingWebhookView", _postmark
    ),
}
