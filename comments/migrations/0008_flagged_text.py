from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def number_texts(apps: Any, schema_editor: Any) -> None:
    """Let each flag name the text that stood when it was raised."""
    flags = apps.get_model('comments', 'Flag').objects.using(schema_editor.connection.alias)
    revisions = apps.get_model('comments', 'CommentRevision').objects
    before = revisions.filter(comment=OuterRef('comment'), replaced_at__lte=OuterRef('created_at'))
    number = before.order_by().values('comment').annotate(number=Count('pk')).values('number')
    flags.update(text_number=1 + Coalesce(Subquery(number), 0))


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0007_reaction_rate'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='flag',
            name='text_number',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.CheckConstraint(condition=models.Q(('text_number__gte', 1)), name='flag_text_is_numbered'),
        ),
        migrations.RunPython(number_texts, migrations.RunPython.noop, elidable=True),
    ]
