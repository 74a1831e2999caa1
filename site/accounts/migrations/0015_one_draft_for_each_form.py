import json
from typing import Any

from django.db import migrations, models

# Characters; longer addresses fit into no index, and none of ours is.
PATH = 500


def name_parents(apps: Any, schema_editor: Any) -> None:
    """Name the comment to which a kept reply answers, and keep the newest form of each place."""
    forms = apps.get_model('accounts', 'KeptForm').objects.using(schema_editor.connection.alias)
    seen = set()
    for pk in list(forms.order_by('-pk').values_list('pk', flat=True)):
        kept = forms.get(pk=pk)
        kept.parent = parent_of(kept.typed)
        place = (kept.person_id, kept.path, kept.parent)
        if kept.person_id is not None and (place in seen or len(kept.path) > PATH):
            kept.delete()
            continue
        seen.add(place)
        kept.save(update_fields=['parent'])


def parent_of(typed: str) -> str:
    values = json.loads(typed).get('parent') or ['']
    named = str(values[0])
    is_number = named.isascii() and named.isdigit() and len(named) < 19
    return named.lstrip('0') if is_number else ''


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_time_zone'),
    ]

    operations = [
        migrations.AddField(
            model_name='keptform',
            name='parent',
            field=models.CharField(blank=True, default='', max_length=20),
        ),
        migrations.AddField(
            model_name='keptform',
            name='thrown_away_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(name_parents, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='keptform',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('person', 'path', 'parent'), name='one_draft_per_form'),
        ),
    ]
