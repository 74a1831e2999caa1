import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import publication.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('publication', '0001_site_profile'), ('publication', '0002_default_answers'), ('publication', '0003_newcomers_and_orders'), ('publication', '0004_signing_up'), ('publication', '0005_logo_and_icon'), ('publication', '0006_say_choices_plainly')]

    initial = True

    dependencies = [
        ('accounts', '0011_squashed_0013_admission'),
        ('pictures', '0001_picture'),
    ]

    operations = [
        migrations.CreateModel(
            name='SiteProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('name', models.CharField(default='Counterpoint', max_length=60)),
                ('tagline', models.CharField(blank=True, default='Articles that end in a question', max_length=120)),
                ('description', models.CharField(blank=True, default='Every article ends in a question. Readers answer it, and say where they stand.', max_length=300)),
                ('contact', models.EmailField(blank=True, default='', max_length=254)),
                ('language', models.CharField(default='en', max_length=16)),
                ('time_zone', models.CharField(default='UTC', max_length=64)),
                ('menu', models.JSONField(blank=True, default=publication.models.default_menu, validators=[publication.models.check_links])),
                ('footer', models.JSONField(blank=True, default=publication.models.default_footer, validators=[publication.models.check_links])),
                ('made_with', models.BooleanField(default=True)),
                ('palette', models.JSONField(blank=True, default=dict)),
                ('typefaces', models.CharField(choices=[('reading', 'Made for reading: Newsreader with Figtree'), ('plain', 'Plain: Figtree alone'), ('device', 'The reader’s own: nothing to load')], default='reading', max_length=16)),
                ('about', models.TextField(blank=True, default='')),
                ('rules', models.TextField(blank=True, default='')),
                ('privacy', models.TextField(blank=True, default='')),
                ('imprint', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answers', models.CharField(choices=[('comparison', 'Different, same, overlap: for comparing two things'), ('yes_or_no', 'Yes, no, it depends: for something one can do or not'), ('agreement', 'Agree, partly, disagree: for a claim'), ('own', 'Answers of your own')], db_default='comparison', default='comparison', max_length=16)),
                ('own_answers', models.JSONField(blank=True, db_default=[], default=list)),
                ('newcomer_comments', models.PositiveSmallIntegerField(db_default=2, default=2)),
                ('orders_left_out', models.JSONField(blank=True, db_default=[], default=list)),
                ('domains_allowed', models.JSONField(blank=True, db_default=[], default=list)),
                ('domains_refused', models.JSONField(blank=True, db_default=[], default=list)),
                ('signing_up', models.CharField(choices=[('open', 'Anybody with an e-mail address'), ('approval', 'Anybody, once a moderator has approved them'), ('invitation', 'People with an invitation link'), ('closed', 'Nobody for now; existing accounts can still sign in')], db_default='open', default='open', max_length=16)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('icon', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pictures.picture')),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pictures.picture')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='profile_number_counts'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='profile_is_named'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('name')), 60), name='profile_name_fits'), models.CheckConstraint(condition=models.Q(('typefaces__in', ['reading', 'plain', 'device'])), name='profile_typefaces_are_shipped'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('tagline')), 120), name='profile_tagline_fits'), models.CheckConstraint(condition=models.Q(('answers__in', ['comparison', 'yes_or_no', 'agreement', 'own'])), name='profile_answers_are_known'), models.CheckConstraint(condition=models.Q(('newcomer_comments__lte', 50)), name='profile_holds_few'), models.CheckConstraint(condition=models.Q(('signing_up__in', ['open', 'approval', 'invitation', 'closed'])), name='profile_signing_up_is_known')],
            },
        ),
    ]
