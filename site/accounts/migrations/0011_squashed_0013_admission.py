import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', '0011_old_sign_ups'), ('accounts', '0012_forms_kept_while_signing_up'), ('accounts', '0013_admission')]

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('accounts', '0001_squashed_0010_attempts_by_address'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('label', models.CharField(blank=True, max_length=80)),
                ('uses', models.PositiveSmallIntegerField(default=1)),
                ('ends_at', models.DateTimeField()),
                ('form_key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='InvitationUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name='keptform',
            name='signing_up',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='kept_to_send', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='user',
            name='admission',
            field=models.CharField(blank=True, choices=[('', 'admitted'), ('waiting', 'waiting for approval'), ('declined', 'declined')], db_default='', default='', max_length=16),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('admission', ''), _negated=True), fields=['id'], name='user_not_admitted'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('admission__in', ['', 'waiting', 'declined'])), name='user_admission_known'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signup',
            name='invitation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.invitation'),
        ),
        migrations.AddField(
            model_name='invitationuse',
            name='invitation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses_made', to='accounts.invitation'),
        ),
        migrations.AddField(
            model_name='invitationuse',
            name='person',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='invitation_use', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('uses__gte', 1), ('uses__lte', 500)), name='invitation_lets_some_in'),
        ),
        migrations.AddConstraint(
            model_name='invitationuse',
            constraint=models.UniqueConstraint(fields=('invitation', 'place'), name='invitation_place_is_of_one'),
        ),
        migrations.AddConstraint(
            model_name='invitationuse',
            constraint=models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 500)), name='invitation_place_counts'),
        ),
    ]
