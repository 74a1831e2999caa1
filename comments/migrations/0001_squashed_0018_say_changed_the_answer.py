import comments.models.closing_status
import comments.models.path_field
import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('comments', '0001_initial'), ('comments', '0002_branches'), ('comments', '0003_common_ground'), ('comments', '0004_steelman'), ('comments', '0005_closing'), ('comments', '0006_change_removal'), ('comments', '0007_reaction_rate'), ('comments', '0008_flagged_text'), ('comments', '0009_textless_relations'), ('comments', '0010_decision_reasons'), ('comments', '0011_badge_evidence'), ('comments', '0012_badge_changes'), ('comments', '0013_settled_readers'), ('comments', '0014_dropped_verdicts'), ('comments', '0015_closing_sides_now'), ('comments', '0016_followed_answers'), ('comments', '0017_admissions'), ('comments', '0018_say_changed_the_answer')]

    initial = True

    dependencies = [
        ('accounts', '0011_squashed_0013_admission'),
        ('posts', '0001_squashed_0010_slugs_of_any_script'),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reader', 'comment'), ('note', 'note'), ('steelman', 'best reason for another answer'), ('imported', 'imported comment')], default='reader', max_length=16)),
                ('body', models.TextField()),
                ('body_html', models.TextField()),
                ('markup_version', models.PositiveSmallIntegerField()),
                ('seen_totals', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'unknown')], default='unknown', max_length=8)),
                ('form_key', models.UUIDField(blank=True, null=True)),
                ('path', comments.models.path_field.PathField(max_length=133)),
                ('depth', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('held', 'waiting for approval'), ('published', 'published'), ('hidden', 'hidden until someone looks'), ('removed', 'removed by a moderator')], max_length=16)),
                ('held_reason', models.CharField(blank=True, max_length=32)),
                ('removed_reason', models.CharField(blank=True, max_length=32)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('locked_at', models.DateTimeField(blank=True, null=True)),
                ('thread_published_at', models.DateTimeField(blank=True, null=True)),
                ('is_shown', models.BooleanField(default=False)),
                ('reply_count', models.PositiveIntegerField(default=0)),
                ('thread_size', models.PositiveIntegerField(default=0)),
                ('arrival', models.PositiveBigIntegerField(blank=True, null=True)),
                ('minds_moved', models.TextField(blank=True, default='')),
                ('well_argued', models.TextField(blank=True, default='')),
                ('verdicts', models.TextField(blank=True, default='')),
                ('argues_for', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steelmen', to='posts.stance')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='comments.comment')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='posts.post')),
                ('question_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.questionversion')),
                ('stance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='posts.stance')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comments.comment')),
            ],
            options={
                'ordering': ['id'],
                'base_manager_name': 'textless',
                'indexes': [models.Index(condition=models.Q(('depth__lte', 5), ('is_shown', True)), fields=['post', 'thread_published_at', 'thread', 'path'], name='comment_threads_oldest'), models.Index(condition=models.Q(('depth__lte', 5), ('is_shown', True)), fields=['post', '-thread_published_at', '-thread', 'path'], name='comment_threads_newest'), models.Index(condition=models.Q(('deleted_at__isnull', True), ('state', 'published')), fields=['post', 'stance', 'published_at', 'id'], name='comment_by_stance'), models.Index(condition=models.Q(('is_shown', True), ('parent__isnull', True)), fields=['post', '-thread_size', 'id'], name='comment_threads_replied'), models.Index(condition=models.Q(('deleted_at__isnull', True), ('state', 'published')), fields=['post', 'stance', '-reply_count', 'id'], name='comment_stance_replied'), models.Index(condition=models.Q(('deleted_at__isnull', True), ('state', 'published')), fields=['post', 'arrival', 'id'], name='comment_arrivals'), models.Index(condition=models.Q(('is_shown', True)), fields=['thread', 'path'], name='comment_branch'), models.Index(fields=['author', '-created_at'], name='comment_by_author'), models.Index(condition=models.Q(('deleted_at__isnull', True), ('state', 'held')), fields=['created_at', 'id'], name='comment_held'), models.Index(condition=models.Q(('argues_for__isnull', False)), fields=['argues_for'], name='comment_steelmen')],
                'constraints': [models.UniqueConstraint(fields=('post', 'path'), name='comment_path_unique'), models.UniqueConstraint(fields=('author', 'form_key'), name='comment_form_key_unique'), models.CheckConstraint(condition=models.Q(('depth__gte', 0), ('depth__lte', 18)), name='comment_depth_in_range'), models.CheckConstraint(condition=models.Q(models.Q(('depth', 0), ('parent__isnull', True)), models.Q(('depth__gt', 0), ('parent__isnull', False)), _connector='OR'), name='comment_root_has_no_parent'), models.CheckConstraint(condition=models.Q(models.Q(('depth', 0), ('thread', models.F('id'))), models.Q(('depth__gt', 0), models.Q(('thread', models.F('id')), _negated=True)), _connector='OR'), name='comment_root_is_its_thread'), models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='comment_not_its_own_parent'), models.CheckConstraint(condition=models.Q(('state__in', ['held', 'published', 'hidden', 'removed'])), name='comment_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='comment_published_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'removed'), _negated=True), models.Q(('removed_reason', ''), _negated=True), _connector='OR'), name='comment_removed_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['note', 'imported']), _negated=True), ('stance__isnull', True), _connector='OR'), name='comment_note_has_no_stance'), models.CheckConstraint(condition=models.Q(('stance__isnull', True), ('question_version__isnull', False), _connector='OR'), name='comment_stance_knows_wording'), models.CheckConstraint(condition=models.Q(('locked_at__isnull', True), ('depth', 0), _connector='OR'), name='comment_lock_is_on_root'), models.CheckConstraint(condition=models.Q(models.Q(('argues_for__isnull', False), ('kind', 'steelman'), ('stance__isnull', False)), models.Q(models.Q(('kind', 'steelman'), _negated=True), ('argues_for__isnull', True)), _connector='OR'), name='comment_steelman_argues_for'), models.CheckConstraint(condition=models.Q(('argues_for__isnull', True), models.Q(('argues_for', models.F('stance')), _negated=True), _connector='OR'), name='comment_argues_for_another')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('textless', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='BadgeChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('is_earned', models.BooleanField()),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='badge_changes', to='comments.comment')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='BranchMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_path', comments.models.path_field.PathField(max_length=133)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('top', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comments.comment')),
            ],
        ),
        migrations.CreateModel(
            name='ChangeOfMind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paragraph', models.TextField(blank=True)),
                ('kind', models.CharField(choices=[('moved', 'My answer changed'), ('softened', 'Same answer, less sure'), ('new_reason', 'Same answer, better reasons')], max_length=16)),
                ('words', models.CharField(max_length=280)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('disputed_at', models.DateTimeField(blank=True, null=True)),
                ('dispute', models.CharField(blank=True, max_length=280)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('removed_reason', models.CharField(blank=True, default='', max_length=32)),
                ('comment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes_of_mind', to='comments.comment')),
                ('from_stance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.stance')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes_given', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes_of_mind', to='posts.post')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes_of_mind', to='posts.question')),
                ('to_stance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.stance')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['post', '-id'], name='change_by_post'), models.Index(fields=['giver', '-id'], name='change_by_giver')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('comment__isnull', False), ('paragraph', '')), models.Q(('comment__isnull', True), models.Q(('paragraph', ''), _negated=True)), _connector='OR'), name='change_has_one_target'), models.CheckConstraint(condition=models.Q(('kind__in', ['moved', 'softened', 'new_reason'])), name='change_kind_known'), models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), ('disputed_at__isnull', True), _connector='OR'), name='change_one_verdict'), models.UniqueConstraint(condition=models.Q(('comment__isnull', False), ('revoked_at__isnull', True)), fields=('giver', 'comment'), name='change_once_for_a_comment'), models.CheckConstraint(condition=models.Q(models.Q(('removed_at__isnull', True), ('removed_reason', '')), models.Q(('removed_at__isnull', False), models.Q(('removed_reason', ''), _negated=True)), _connector='OR'), name='change_removal_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('body', models.TextField()),
                ('body_html', models.TextField()),
                ('markup_version', models.PositiveSmallIntegerField()),
                ('beginning', models.CharField(max_length=240)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('status', models.CharField(default=comments.models.closing_status.ClosingStatus['DRAFT'], max_length=16)),
                ('judged_anew_from', models.DateTimeField(blank=True, null=True)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='posts.post')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('post', 'number'), name='closing_number_unique'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'contested', 'final'])), name='closing_status_known')],
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='comments.comment')),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='comments.closing')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('closing', 'comment'), name='citation_once')],
            },
        ),
        migrations.CreateModel(
            name='ClosingSide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fair', models.PositiveIntegerField(default=0)),
                ('judges', models.PositiveIntegerField(default=0)),
                ('is_cited', models.BooleanField(db_default=True, default=True)),
                ('is_given', models.BooleanField(db_default=True, default=True)),
                ('contested_before', models.BooleanField(blank=True, null=True)),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sides', to='comments.closing')),
                ('stance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.stance')),
            ],
            options={
                'ordering': ['stance__position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('closing', 'stance'), name='closing_side_unique'), models.CheckConstraint(condition=models.Q(('fair__lte', models.F('judges'))), name='closing_side_fair_are_judges')],
            },
        ),
        migrations.CreateModel(
            name='ClosingVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_fair', models.BooleanField()),
                ('judged_at', models.DateTimeField()),
                ('counts_from', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='comments.closing')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.stance')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['counts_from'], name='closingverdict_waiting')],
                'constraints': [models.UniqueConstraint(fields=('closing', 'reader'), name='closing_verdict_one_per_reader'), models.CheckConstraint(condition=models.Q(('settled_at__isnull', True), models.Q(('counts_from__isnull', False), ('settled_at__gte', models.F('counts_from'))), _connector='OR'), name='closingverdict_settled_in_time')],
            },
        ),
        migrations.CreateModel(
            name='CommentRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('body', models.TextField()),
                ('body_html', models.TextField()),
                ('markup_version', models.PositiveSmallIntegerField()),
                ('written_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_public', models.BooleanField()),
                ('dropped_verdicts', models.PositiveIntegerField(db_default=0, default=0)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='comments.comment')),
                ('replaced_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('comment', 'number'), name='comment_revision_number_unique')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(choices=[('approve', 'approved'), ('remove', 'removed'), ('remove_branch', 'removed with everything beneath it'), ('restore', 'restored'), ('dismiss', 'dismissed flags'), ('reopen', 'put back in the queue'), ('lock', 'locked a thread'), ('unlock', 'unlocked a thread'), ('detach', 'made a thread of its own'), ('retag', 'changed the answer'), ('remove_change', 'removed a change of mind'), ('restore_change', 'restored a change of mind'), ('suspend', 'suspended'), ('ban', 'banned'), ('lift', 'lifted a suspension'), ('admit', 'approved an account'), ('decline', 'declined an account'), ('grant', 'granted a role'), ('revoke', 'revoked a role')], max_length=16)),
                ('reason', models.CharField(blank=True, max_length=32)),
                ('state_before', models.CharField(blank=True, max_length=32)),
                ('state_after', models.CharField(blank=True, max_length=32)),
                ('body_sha256', models.CharField(blank=True, max_length=64)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL)),
                ('change', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='comments.changeofmind')),
                ('comment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='comments.comment')),
                ('part_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='comments.decision')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions_about', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('part_of__isnull', True)), fields=['by', 'id'], name='decision_own'), models.Index(condition=models.Q(('part_of__isnull', True)), fields=['id'], name='decision_whole')],
                'constraints': [models.CheckConstraint(condition=models.Q(('part_of__isnull', True), models.Q(('action__in', ['remove', 'restore']), ('comment__isnull', False)), _connector='OR'), name='decision_part_is_about_comment'), models.CheckConstraint(condition=models.Q(('comment__isnull', False), ('person__isnull', False), ('change__isnull', False), _connector='OR'), name='decision_about_something'), models.CheckConstraint(condition=models.Q(models.Q(('action__in', ['remove', 'remove_branch', 'remove_change', 'suspend', 'ban']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='decision_removal_has_reason'), models.CheckConstraint(condition=models.Q(('by__isnull', False), ('action__in', ['grant', 'revoke']), _connector='OR'), name='decision_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('action', 'lock'), ('state_after', 'locked'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='decision_lock_has_reason'), models.CheckConstraint(condition=models.Q(('action__in', ['approve', 'remove', 'remove_branch', 'restore', 'dismiss', 'reopen', 'lock', 'unlock', 'detach', 'retag', 'remove_change', 'restore_change', 'suspend', 'ban', 'lift', 'admit', 'decline', 'grant', 'revoke'])), name='decision_known')],
            },
        ),
        migrations.CreateModel(
            name='DecisionNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='note', to='comments.decision')),
            ],
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('attack', 'attacks a person, not an argument'), ('harassment', 'harasses somebody'), ('hate', 'hates people for what they are'), ('spam', 'is spam or advertising'), ('off_topic', 'is off topic'), ('private', 'gives away private information'), ('illegal', 'is against the law'), ('other', 'does not belong here for another reason')], max_length=32)),
                ('note', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text_number', models.PositiveIntegerField(db_default=1, default=1)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='comments.comment')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='comments.decision')),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('decision__isnull', True)), fields=['comment'], name='flag_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decision__isnull', True)), fields=('comment', 'reporter'), name='flag_once_while_open'), models.CheckConstraint(condition=models.Q(('reason__in', ['attack', 'harassment', 'hate', 'spam', 'off_topic', 'private', 'illegal', 'other'])), name='flag_reason_known'), models.CheckConstraint(condition=models.Q(('text_number__gte', 1)), name='flag_text_is_numbered')],
            },
        ),
        migrations.CreateModel(
            name='Ranking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('threads', models.TextField(blank=True)),
                ('opening', models.TextField(blank=True)),
                ('rates', models.TextField(blank=True)),
                ('page_version', models.PositiveBigIntegerField()),
                ('reaction_id', models.BigIntegerField(default=0)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('totals', models.TextField(blank=True, db_default='', default='')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rankings', to='posts.post')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('post', 'number'), name='ranking_number_unique')],
            },
        ),
        migrations.CreateModel(
            name='Reaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('counts_from', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reactions', to='comments.comment')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reactions', to='posts.post')),
                ('reader', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reactions', to=settings.AUTH_USER_MODEL)),
                ('stance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.stance')),
            ],
            options={
                'indexes': [models.Index(fields=['reader', '-created_at'], name='reaction_by_reader'), models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['counts_from'], name='reaction_waiting')],
                'constraints': [models.UniqueConstraint(fields=('comment', 'reader'), name='reaction_one_per_reader'), models.CheckConstraint(condition=models.Q(('settled_at__isnull', True), models.Q(('counts_from__isnull', False), ('settled_at__gte', models.F('counts_from'))), _connector='OR'), name='reaction_settled_in_time')],
            },
        ),
        migrations.CreateModel(
            name='StanceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('source', models.CharField(choices=[('comment', 'with a comment'), ('bare', 'without a comment'), ('change', 'by a change of mind'), ('correction', 'by correcting a comment'), ('retag', "by a moderator's re-tag")], max_length=16)),
                ('seen_totals', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'unknown')], max_length=8)),
                ('comment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stance_records', to='comments.comment')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='posts.question')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stance_records', to=settings.AUTH_USER_MODEL)),
                ('stance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='records', to='posts.stance')),
                ('supersedes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='comments.stancerecord')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.questionversion')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('supersedes__isnull', True)), fields=('reader', 'question'), name='stance_record_one_first'), models.CheckConstraint(condition=models.Q(('supersedes__isnull', True), ('supersedes__lt', models.F('id')), _connector='OR'), name='stance_record_follows_older'), models.CheckConstraint(condition=models.Q(('source__in', ['comment', 'bare', 'change', 'correction', 'retag']), ('seen_totals__in', ['yes', 'no', 'unknown'])), name='stance_record_known'), models.CheckConstraint(condition=models.Q(models.Q(('source__in', ['comment', 'correction', 'retag']), _negated=True), ('comment__isnull', False), _connector='OR'), name='stance_record_comment_is_named')],
            },
        ),
        migrations.CreateModel(
            name='CurrentStance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('followed', models.BigIntegerField(db_default=0, default=0)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='current_stances', to='posts.question')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='current_stances', to=settings.AUTH_USER_MODEL)),
                ('stance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='current_readers', to='posts.stance')),
                ('record', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comments.stancerecord')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('followed', models.F('record')), _negated=True), fields=['record'], name='current_stance_changed')],
                'constraints': [models.UniqueConstraint(fields=('question', 'reader'), name='current_stance_one_per_reader')],
            },
        ),
        migrations.AddField(
            model_name='changeofmind',
            name='record',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='change', to='comments.stancerecord'),
        ),
        migrations.CreateModel(
            name='SteelmanVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_fair', models.BooleanField()),
                ('judged_at', models.DateTimeField()),
                ('counts_from', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steelman_verdicts', to='comments.comment')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.stance')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['counts_from'], name='steelmanverdict_waiting')],
                'constraints': [models.UniqueConstraint(fields=('comment', 'reader'), name='steelman_verdict_one_per_reader'), models.CheckConstraint(condition=models.Q(('settled_at__isnull', True), models.Q(('counts_from__isnull', False), ('settled_at__gte', models.F('counts_from'))), _connector='OR'), name='steelmanverdict_settled_in_time')],
            },
        ),
        migrations.CreateModel(
            name='TakenBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pressed_at', models.DateTimeField()),
                ('reader', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['reader', '-pressed_at'], name='taken_back_by_reader')],
            },
        ),
        migrations.CreateModel(
            name='Appraisal',
            fields=[
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='appraisal', serialize=False, to='comments.comment')),
                ('lift', models.FloatField(default=1.0)),
                ('spread', models.FloatField(blank=True, null=True)),
                ('sides', models.TextField(blank=True)),
                ('is_divisive', models.BooleanField(default=False)),
                ('has_badge', models.BooleanField(default=False)),
                ('passing_since', models.DateTimeField(blank=True, null=True)),
                ('earned_at', models.DateTimeField(blank=True, null=True)),
                ('is_failing', models.BooleanField(default=False)),
                ('is_doubtful', models.BooleanField(default=False)),
                ('badge_sides', models.TextField(blank=True, db_default='', default='')),
                ('evidence', models.FloatField(blank=True, null=True)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appraisals', to='posts.post')),
                ('speaks_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.stance')),
            ],
            options={
                'indexes': [models.Index(fields=['post', '-lift', 'comment'], name='appraisal_lift'), models.Index(condition=models.Q(('spread__isnull', False)), fields=['post', '-spread', 'comment'], name='appraisal_spread'), models.Index(condition=models.Q(('is_doubtful', True)), fields=['comment'], name='appraisal_doubtful')],
                'constraints': [models.CheckConstraint(condition=models.Q(('lift__gt', 0)), name='appraisal_lift_positive'), models.CheckConstraint(condition=models.Q(('has_badge', False), ('earned_at__isnull', False), _connector='OR'), name='appraisal_badge_was_earned'), models.CheckConstraint(condition=models.Q(('evidence__gte', 0)), name='appraisal_evidence_not_negative')],
            },
        ),
        migrations.AddConstraint(
            model_name='changeofmind',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'moved'), ('record__isnull', False)), models.Q(models.Q(('kind', 'moved'), _negated=True), ('record__isnull', True)), _connector='OR'), name='change_moved_has_record'),
        ),
    ]
