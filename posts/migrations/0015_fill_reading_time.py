from itertools import count
from typing import Any

from django.db import migrations

from posts.text.reading_time import reading_minutes

# Texts at a time: few enough for memory, and no writer waits long.
_BATCH = 100


def fill(apps: Any, schema_editor: Any) -> None:
    """Store the reading time of the texts from before it was stored, a batch at a time."""
    revisions = apps.get_model('posts', 'Revision').objects.using(schema_editor.connection.alias)
    for _batch in count():
        rows = list(revisions.filter(minutes=None).order_by('pk').only('body')[:_BATCH])
        if not rows:
            return
        for row in rows:
            row.minutes = reading_minutes(row.body)
        revisions.bulk_update(rows, ['minutes'])


class Migration(migrations.Migration):
    # Each batch is stored by itself; run again, it goes on where it stopped.
    atomic = False

    dependencies = [
        ('posts', '0014_reading_time'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
