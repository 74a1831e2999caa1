"""Give tests an admin who brings lists of addresses, and gets them."""

import csv
import re
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4

from django.core.cache import cache

from notifications.models import SubscriberImport, Subscription
from posts.models import Part, Series
from tests.cast import Cast
from tests.factories import make_series
from tests.notifications.mailing.mailbox import run_worker
from tests.reauthenticated import client_of

HERE = "/settings/subscribers/"
EXPORT = f"{HERE}export/"


def rows_of(answer: Any) -> list[list[str]]:
    """Return the rows of a downloaded file, as a program reads them."""
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


class Lists(Cast):
    """A test in which the admin has just given the password."""

    series: Series

    def setUp(self) -> None:
        cache.clear()
        self.series = make_series(self.author)
        Part.objects.create(series=self.series, position=1, title="One", post=self.post)
        self.ines = client_of(self.admin)

    def bring(self, file: bytes | str, **more: Any) -> Any:
        """Send a file, whose addresses are to follow the series, and return the answer."""
        data = file.encode() if isinstance(file, str) else file
        sent = {"form_key": str(uuid4()), "follows": f"series:{self.series.pk}", **more}
        return self.ines.post(HERE, {**sent, "file": BytesIO(data)}, follow=True)

    def press(self, made: SubscriberImport | None = None) -> Any:
        """Press the button that imports the newest trial, and let the worker run."""
        made = made or SubscriberImport.objects.latest("pk")
        answer = self.ines.post(f"{HERE}imports/{made.pk}/start/")
        run_worker()
        return answer

    def imported(self, file: bytes | str) -> None:
        """Bring a file, press, and let the worker run."""
        self.bring(file)
        self.press()

    def left_out(self) -> list[tuple[int, str]]:
        """Return line and reason of each row that the newest list leaves out."""
        rows = SubscriberImport.objects.latest("pk").rows.filter(outcome="left")
        return list(rows.order_by("line").values_list("line", "reason"))

    def active(self) -> set[str]:
        """Return the addresses that follow the series without an account."""
        rows = Subscription.objects.active().to("series", self.series.pk)
        return set(rows.values_list("address", flat=True)) - {""}


def words(answer: Any) -> str:
    """Return the words of a page without line breaks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
