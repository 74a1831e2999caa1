from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0014_dropped_verdicts'),
    ]

    operations = [
        migrations.AddField(
            model_name='closingside',
            name='is_cited',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='closingside',
            name='is_given',
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
