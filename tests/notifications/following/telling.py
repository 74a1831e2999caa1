"""Give the tests of telling followers a person who follows, and the jobs that tell them."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from comments.actions.comments import Draft, post_comment
from comments.models import Comment
from core.jobs.worker import JobWorker
from notifications.following.actions import follow
from notifications.models import Outgoing, Subscription
from notifications.targets import Key
from tests.comments.me.inbox.test_kinds import Told

LATER = timedelta(minutes=11)
ADDRESS = "pat@example.org"


def run_jobs() -> None:
    """Run the jobs that are due."""
    worker = JobWorker()
    while worker.turn():
        pass


class Telling(Told):
    """People who follow, and what becomes of it."""

    def follow(self, person: User, name: str, pk: int, detail: str = "") -> None:
        follow(person, name, Key(pk, detail))

    def address(self, name: str, pk: int, address: str = ADDRESS) -> Subscription:
        now = timezone.now()
        return Subscription.objects.create(
            address=address, target=name, target_id=pk, confirmed_at=now
        )

    def write(self, by: User, parent: Comment | None = None, key: str = "same") -> Comment:
        return post_comment(
            Draft(by, self.post, f"Words {by.pk} {parent}", stance=self.stances[key], parent=parent)
        ).comment


def mailed() -> list[tuple[str, str, int]]:
    """Return what addresses without an account are to be sent."""
    rows = Outgoing.objects.exclude(address="").order_by("pk")
    return list(rows.values_list("address", "kind", "subject_id"))
