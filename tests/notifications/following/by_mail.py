"""Give the tests of following without an account somebody who asks and confirms."""

import re
from datetime import timedelta
from typing import Any

from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from notifications.models import Subscription
from tests.notifications.following.test_following import Follows

ADDRESS = "pat@example.org"
LINK = re.compile(r"https?://[^/]+(/follow/confirm/\S+)")


class ByMail(Follows):
    """Somebody without an account."""

    def setUp(self) -> None:
        super().setUp()
        cache.clear()
        self.visitor = Client()

    def ask(self, name: str = "promise", email: str = ADDRESS, client: Any = None) -> Any:
        return (client or self.visitor).post(self.url(name, self.all[name]), {"email": email})

    def link(self) -> str:
        """Return the path of the link in the newest e-mail."""
        found = LINK.search(str(mail.outbox[-1].body))
        assert found, mail.outbox[-1].body
        return found[1]

    def confirm(self, link: str = "") -> Any:
        link = link or self.link()
        chosen = re.findall(r'name="chosen" value="(\d+)"', self.visitor.get(link).text)
        return self.visitor.post(link, {"chosen": chosen})

    def active(self, address: str = ADDRESS) -> set[str]:
        rows = Subscription.objects.of_address(address).active()
        return set(rows.values_list("target", flat=True))

    def a_day_later(self) -> None:
        cache.clear()
        rows = Subscription.objects.exclude(mailed_at=None)
        rows.update(mailed_at=timezone.now() - timedelta(hours=24, minutes=1))
