"""Plan to tell of the articles that are scheduled, as for those scheduled from now on."""

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.utils import timezone

# The default of `limits.TELL_AFTER`.
TELL_AFTER = timedelta(minutes=10)


def plan(apps: Any, _schema_editor: Any) -> None:
    """Add an announcement for each article that is not published yet, but scheduled."""
    rows = apps.get_model("posts", "Post").objects.filter(published_at__gt=timezone.now())
    announcements = apps.get_model("posts", "Announcement").objects
    for pk, published_at in rows.values_list("pk", "published_at"):
        announcements.get_or_create(post_id=pk, defaults={"due_at": published_at + TELL_AFTER})


class Migration(migrations.Migration):
    """Add rows."""

    dependencies = [
        ("posts", "0011_announcement"),
    ]

    operations = [
        migrations.RunPython(plan, migrations.RunPython.noop, elidable=True),
    ]
