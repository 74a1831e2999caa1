"""Fill a site with followers: `python -m bench.fan_out.followers fill NUMBER`, or `left`.

Half of them have an account, half an address alone. All follow the site, every tenth the author,
too, so that a second mail would be due if reasons were counted one by one. `fill` then publishes an
article, which is due at once; `left` prints as JSON what has become of its mails.
"""

import json
import logging
import sys
from datetime import timedelta
from typing import Any

BATCH = 1000
# Words of the article, of which the mails have the beginning.
ARTICLE = "\n\n".join(f"Paragraph {number}. {'word ' * 60}" for number in range(12))


def main(what: str, number: int) -> None:
    """Fill the site, or print what is left to be sent."""
    import django

    django.setup()
    logging.disable(logging.INFO)
    print(json.dumps(fill(number) if what == "fill" else left()))


def fill(number: int) -> int:
    """Add `number` followers and publish an article; return how many follow the site."""
    from django.db import transaction

    from accounts.models import User
    from notifications.mailing.models import Outgoing
    from notifications.models import Subscription
    from posts.models import Announcement

    Outgoing.objects.all().delete()
    Announcement.objects.all().delete()
    author = User.objects.get(handle="author")
    Subscription.objects.all().delete()
    with transaction.atomic():
        for start in range(0, number, BATCH):
            _add(range(start, min(start + BATCH, number)), author.pk)
        _publish(author)
    return Subscription.objects.filter(target="site").count()


def _add(numbers: range, author: int) -> None:
    from notifications.models import Subscription

    people = _people([each for each in numbers if each % 2])
    addresses = [{"address": f"address-{each}@mail.example"} for each in numbers if not each % 2]
    followers: list[dict[str, Any]] = [*({"user_id": person} for person in people), *addresses]
    Subscription.objects.bulk_create(_follow(each, "site", 1) for each in followers)
    Subscription.objects.bulk_create(_follow(each, "author", author) for each in followers[::10])


def _follow(follower: dict[str, Any], target: str, key: int) -> Any:
    from django.utils import timezone

    from notifications.models import Subscription

    return Subscription(
        target=target, target_id=key, confirmed_at=timezone.now() - timedelta(days=1), **follower
    )


def _people(numbers: list[int]) -> list[int]:
    from allauth.account.models import EmailAddress
    from django.utils import timezone

    from accounts.models import User
    from core.text import skeleton

    handles = [f"follower-{each}" for each in numbers]
    people = User.objects.bulk_create(
        User(
            handle=each,
            handle_skeleton=skeleton(each),
            email=f"{each}@mail.example",
            claimed_at=timezone.now(),
        )
        for each in handles
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=each, email=each.email, verified=True, primary=True) for each in people
    )
    return [each.pk for each in people]


def _publish(author: Any) -> None:
    from django.utils import timezone

    from posts.actions import publish, save_draft
    from posts.models import Announcement

    post = save_draft(None, by=author, title="To all followers", body=ARTICLE)
    publish(post, by=author)
    Announcement.objects.filter(post=post).update(due_at=timezone.now())


def left() -> dict[str, Any]:
    """Return how many mails of the article there are in each state."""
    from django.db.models import Count

    from notifications.mailing.models import Outgoing

    rows = Outgoing.objects.filter(issue__isnull=False).order_by()
    return dict(rows.values_list("state").annotate(number=Count("pk")))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
