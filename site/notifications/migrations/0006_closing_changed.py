from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0005_dropped_verdicts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('reply', 'Reply'), ('credit', 'Credit'), ('credit_removed', 'Credit Removed'), ('name_hidden', 'Name Hidden'), ('verdict_dropped', 'Verdict Dropped'), ('closing_dropped', 'Closing Dropped'), ('closing_changed', 'Closing Changed')], max_length=16),
        ),
    ]
