import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('posts', '0001_initial'), ('posts', '0002_front'), ('posts', '0003_closing'), ('posts', '0004_sealed_answer'), ('posts', '0005_post_closing'), ('posts', '0006_carried_from'), ('posts', '0007_first_published_at'), ('posts', '0008_late_sealings'), ('posts', '0009_bin'), ('posts', '0010_slugs_of_any_script')]

    initial = True

    dependencies = [
        ('accounts', '0011_squashed_0013_admission'),
    ]

    operations = [
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('title', models.CharField(max_length=200, verbose_name='announced title')),
                ('summary', models.CharField(blank=True, max_length=300, verbose_name='announced summary')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='part_position_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Authorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('number', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='edition_is_one')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(allow_unicode=True, max_length=80, unique=True, verbose_name='address')),
                ('language', models.CharField(default='en', max_length=16, verbose_name='language')),
                ('direction', models.CharField(choices=[('ltr', 'left to right'), ('rtl', 'right to left')], default='ltr', max_length=3, verbose_name='direction')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='publication time')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('form_key', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('comment_count', models.PositiveIntegerField(default=0)),
                ('page_version', models.PositiveBigIntegerField(default=0)),
                ('front', models.TextField(blank=True, default='', editable=False)),
                ('closing', models.TextField(blank=True, default='', editable=False)),
                ('first_published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('binned_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('authors', models.ManyToManyField(related_name='posts', through='posts.Authorship', to=settings.AUTH_USER_MODEL)),
                ('binned_from', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='posts.part')),
            ],
            options={
                'ordering': ['-published_at', '-id'],
                'indexes': [models.Index(fields=['-published_at', '-id'], name='post_newest'), models.Index(condition=models.Q(('binned_at__isnull', False)), fields=['binned_at'], name='post_in_bin')],
                'constraints': [models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('first_published_at__isnull', True), ('published_at', models.F('first_published_at')), _connector='OR'), name='post_keeps_first_time'), models.CheckConstraint(condition=models.Q(('binned_at__isnull', True), ('published_at__isnull', True), _connector='OR'), name='post_in_bin_is_draft')],
            },
        ),
        migrations.AddField(
            model_name='part',
            name='post',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='part', to='posts.post'),
        ),
        migrations.AddField(
            model_name='authorship',
            name='post',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authorships', to='posts.post'),
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('exact', models.CharField(max_length=500, verbose_name='the sentence')),
                ('prefix', models.CharField(blank=True, max_length=64)),
                ('suffix', models.CharField(blank=True, max_length=64)),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='what it promises')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=300, verbose_name='why it was withdrawn')),
                ('parts', models.ManyToManyField(blank=True, related_name='promises', to='posts.part')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='posts.post')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('post', 'exact', 'prefix'), name='promise_once'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), models.Q(('withdrawn_reason', ''), _negated=True), _connector='OR'), name='promise_withdrawn_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reveal', models.CharField(choices=[('always', 'always'), ('after_answer', 'to each reader once they have answered'), ('after_close', 'to everybody from a moment on')], default='always', max_length=16)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('carried_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried_to', to='posts.question')),
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='question', to='posts.post')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reveal', 'after_close'), _negated=True), ('closes_at__isnull', False), _connector='OR'), name='question_closing_has_a_time'), models.CheckConstraint(condition=models.Q(('carried_from__isnull', True), models.Q(('carried_from', models.F('id')), _negated=True), _connector='OR'), name='question_carried_from_another')],
            },
        ),
        migrations.CreateModel(
            name='QuestionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.CharField(max_length=300, verbose_name='question')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='posts.question')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('question', 'number'), name='question_version_unique')],
            },
        ),
        migrations.AddField(
            model_name='question',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.questionversion'),
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('standfirst', models.CharField(blank=True, max_length=300, verbose_name='standfirst')),
                ('body', models.TextField(verbose_name='text')),
                ('body_html', models.TextField(editable=False)),
                ('markup_version', models.PositiveSmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='posts.post')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('post', 'number'), name='revision_number_unique')],
            },
        ),
        migrations.AddField(
            model_name='post',
            name='live_revision',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.revision'),
        ),
        migrations.AddField(
            model_name='post',
            name='newest_revision',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.revision'),
        ),
        migrations.CreateModel(
            name='SealedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens_at', models.DateTimeField(blank=True, null=True)),
                ('opens_after', models.PositiveIntegerField(blank=True, null=True)),
                ('sealed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealed_answers', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealed_answers', to='posts.question')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.questionversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('question', 'author'), name='sealed_answer_unique'), models.CheckConstraint(condition=models.Q(('opens_at__isnull', False), ('opens_after__isnull', False), _connector='OR'), name='sealed_answer_opens'), models.CheckConstraint(condition=models.Q(('opens_after__isnull', True), ('opens_after__gte', 1), _connector='OR'), name='sealed_answer_after_somebody'), models.CheckConstraint(condition=models.Q(('opened_at__isnull', True), ('opened_at__gte', models.F('sealed_at')), _connector='OR'), name='sealed_answer_opens_after_sealing')],
            },
        ),
        migrations.CreateModel(
            name='LateSealing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('answers', models.PositiveIntegerField()),
                ('is_change', models.BooleanField()),
                ('sealed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='late_sealings', to='posts.sealedanswer')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_change', False)), fields=('sealed',), name='late_sealing_one_first')],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(allow_unicode=True, max_length=80, unique=True, verbose_name='address')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('standfirst', models.CharField(blank=True, max_length=300, verbose_name='standfirst')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('description_html', models.TextField(blank=True, editable=False)),
                ('markup_version', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('form_key', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'series',
            },
        ),
        migrations.AddField(
            model_name='part',
            name='series',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='posts.series'),
        ),
        migrations.CreateModel(
            name='Stance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=32)),
                ('position', models.PositiveSmallIntegerField()),
                ('shape', models.CharField(choices=[('apart', 'two circles apart'), ('within', 'one circle in the other'), ('crossing', 'two circles crossing'), ('touching', 'two circles touching'), ('open', 'one circle, one open'), ('stacked', 'one circle above the other')], max_length=16)),
                ('colour', models.CharField(choices=[('blue', 'blue'), ('orange', 'orange'), ('green', 'green'), ('plum', 'plum'), ('slate', 'slate')], max_length=16)),
                ('word', models.CharField(max_length=30, verbose_name='word')),
                ('meaning', models.CharField(blank=True, max_length=120, verbose_name='meaning')),
                ('is_offered', models.BooleanField(default=True)),
                ('answer_count', models.PositiveIntegerField(default=0)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stances', to='posts.question')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('question', 'key'), name='stance_key_unique'), models.CheckConstraint(condition=models.Q(('shape__in', ['apart', 'within', 'crossing', 'touching', 'open', 'stacked']), ('colour__in', ['blue', 'orange', 'green', 'plum', 'slate'])), name='stance_known_look')],
            },
        ),
        migrations.AddField(
            model_name='sealedanswer',
            name='stance',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.stance'),
        ),
        migrations.CreateModel(
            name='StanceWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=30)),
                ('meaning', models.CharField(blank=True, max_length=120)),
                ('stance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wordings', to='posts.stance')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='posts.questionversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'stance'), name='stance_wording_unique')],
            },
        ),
        migrations.AddConstraint(
            model_name='authorship',
            constraint=models.UniqueConstraint(fields=('post', 'user'), name='authorship_unique'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('live_revision__isnull', False), _connector='OR'), name='post_published_has_text'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.UniqueConstraint(fields=('series', 'position'), name='part_position_unique'),
        ),
        migrations.AddConstraint(
            model_name='sealedanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stance__isnull', False), ('withdrawn_at__isnull', True)), models.Q(('opened_at__isnull', True), ('stance__isnull', True), ('withdrawn_at__isnull', False)), _connector='OR'), name='sealed_answer_withdrawn_is_forgotten'),
        ),
    ]
