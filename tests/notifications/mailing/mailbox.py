"""Let events happen, time pass and the worker run, and read what arrives."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import Message
from typing import Any
from unittest.mock import patch

from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from accounts.models import User
from comments.models import Comment
from core.jobs.worker import JobWorker
from notifications.mailing import sending
from notifications.mailing.models import Outgoing
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_comment

# When mail is gathered for ten minutes, this is afterwards.
SOON = timedelta(minutes=11)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` in the block."""
    with patch("django.utils.timezone.now", return_value=moment):
        yield


def run_worker() -> None:
    """Do what a worker does in a minute, until the queue is empty."""
    sending.enqueue_due()
    worker = JobWorker()
    worker._next_periodic = float("inf")
    while worker.turn():
        failed = Job.objects.exclude(exception_class_path="").values_list("traceback", flat=True)
        assert not failed, "\n".join(failed)


class Mailbox(Cast):
    """A test about mail: `reader` wrote a comment that others reply to."""

    def setUp(self) -> None:
        self.mine = self.write(self.reader, body="In a team of four nobody is two people.")

    def write(self, author: User, parent: Comment | None = None, **words: Any) -> Comment:
        return make_comment(words.pop("post", self.post), author, parent=parent, **words)

    def reply(self, body: str = "And when two are ill?", by: User | None = None) -> Comment:
        """Let somebody reply to the reader's comment."""
        return self.write(by or self.stranger, self.mine, body=body)

    def elsewhere(self, post: Post) -> Comment:
        """Let somebody reply to a comment of the reader under another post."""
        mine = self.write(self.reader, post=post)
        return self.write(self.stranger, mine, post=post)

    def after(self, passed: timedelta = SOON) -> list[Any]:
        """Let the worker run after this time, and return the mails that arrive."""
        return self.at(timezone.now() + passed)

    def at(self, moment: datetime) -> list[Any]:
        """Let the worker run at `moment`, and return the mails that arrive."""
        mail.outbox.clear()
        with at(moment):
            run_worker()
        return list(mail.outbox)

    def reason(self) -> str:
        """Return why the only row was dropped."""
        return Outgoing.objects.get().reason


def html_of(message: Any) -> str:
    """Return the HTML of a mail."""
    ((html, _kind),) = message.alternatives
    return str(html)


def headers_of(message: Any) -> Message:
    """Return a mail with its headers, as it is sent."""
    sent: Message = message.message()
    return sent
