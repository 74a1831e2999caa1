"""The tables of notifications: what people are told and are not, what they follow, their mail."""

from ..deliverability.models import ArticlePause, DeliveryEvent, SentOnDay, WebhookEvent
from ..mailing.models import MailChoice, Outgoing, StoppedAddress
from ..subscribers.models import FormerFollower, ImportRow, StatedConsent, SubscriberImport
from .feed_token import FeedToken
from .notification import Notification, NotificationQuerySet
from .subscription import Subscription, SubscriptionQuerySet
from .unsent import Unsent, UnsentReason

__all__ = [
    "ArticlePause",
    "DeliveryEvent",
    "FeedToken",
    "FormerFollower",
    "ImportRow",
    "MailChoice",
    "Notification",
    "NotificationQuerySet",
    "Outgoing",
    "SentOnDay",
    "StatedConsent",
    "StoppedAddress",
    "SubscriberImport",
    "Subscription",
    "SubscriptionQuerySet",
    "Unsent",
    "UnsentReason",
    "WebhookEvent",
]
