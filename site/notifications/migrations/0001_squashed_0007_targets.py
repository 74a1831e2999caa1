import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notifications', '0001_initial'), ('notifications', '0002_credit'), ('notifications', '0003_credit_removed'), ('notifications', '0004_name_hidden'), ('notifications', '0005_dropped_verdicts'), ('notifications', '0006_closing_changed'), ('notifications', '0007_targets')]

    initial = True

    dependencies = [
        ('accounts', '0011_squashed_0013_admission'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('subject_id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('target', models.CharField(blank=True, db_default='', default='', max_length=16)),
                ('target_id', models.BigIntegerField(blank=True, null=True)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('read_at__isnull', True)), fields=['recipient', '-created_at', '-id'], name='notification_waiting'), models.Index(condition=models.Q(('read_at__isnull', False)), fields=['recipient', '-created_at', '-id'], name='notification_done')],
                'constraints': [models.UniqueConstraint(fields=('recipient', 'kind', 'subject_id'), name='notification_once'), models.UniqueConstraint(fields=('recipient', 'target', 'target_id'), name='notification_one_of_target')],
            },
        ),
    ]
