"""Fill the outbox of a site: `python -m bench.mail_kill.events fill NUMBER`, or `left`.

`fill` tells so many people of one reply, `left` prints as JSON what has become of the rows.
"""

import json
import sys
from typing import Any

BATCH = 1000


def main(what: str, number: int) -> None:
    """Fill the outbox, or print what is left in it."""
    import django

    django.setup()
    print(json.dumps(fill(number) if what == "fill" else left()))


def fill(number: int) -> int:
    """Notify `number` new people of one reply, due at once; return how many rows there are."""
    from django.db import transaction

    from notifications.mailing.models import Outgoing

    Outgoing.objects.all().delete()
    with transaction.atomic():
        for start in range(0, number, BATCH):
            _notify(range(start, min(start + BATCH, number)))
    return Outgoing.objects.count()


def _notify(numbers: range) -> None:
    from allauth.account.models import EmailAddress
    from django.utils import timezone

    from accounts.models import User
    from comments.models import Comment
    from comments.notifications import REPLY
    from core.text import skeleton
    from notifications.mailing import outbox
    from notifications.models import Notification

    reply = Comment.objects.readable().exclude(parent=None).earliest("pk")
    handles = [f"told-{number}" for number in numbers]
    people = User.objects.bulk_create(
        User(handle=each, handle_skeleton=skeleton(each), email=f"{each}@mail.example")
        for each in handles
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=each, email=each.email, verified=True, primary=True) for each in people
    )
    Notification.objects.bulk_create(
        Notification(
            recipient=each,
            kind=REPLY.name,
            subject_id=reply.pk,
            target=REPLY.target,
            target_id=reply.pk,
        )
        for each in people
    )
    rows = [outbox.row_for(REPLY, each.pk, reply.pk, reply.pk, timezone.now()) for each in people]
    for row in rows:
        row.due_at = row.created_at
    outbox.queue_all(rows)


def left() -> dict[str, Any]:
    """Return how many rows there are in each state."""
    from django.db.models import Count

    from notifications.mailing.models import Outgoing

    found = Outgoing.objects.order_by().values_list("state").annotate(number=Count("pk"))
    return dict(found)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
