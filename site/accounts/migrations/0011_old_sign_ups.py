"""Let accounts from before `SignUp` that nobody has confirmed be deleted as later ones are."""

from typing import Any

from django.db import migrations

# Rows in one statement.
_BATCH = 1_000


def note_sign_ups(apps: Any, schema_editor: Any) -> None:
    """Note accounts as signed up when they were made, if they have only unconfirmed addresses.

    Nobody has ever signed in to them. Guests, demonstration accounts and imported writers have no
    row of an address. Deleting looks once more at what each has (`signing_up.actions.purge`).
    """
    using = schema_editor.connection.alias
    addresses = apps.get_model("account", "EmailAddress").objects.using(using)
    sign_ups = apps.get_model("accounts", "SignUp").objects.using(using)
    people = apps.get_model("accounts", "User").objects.using(using)
    old = people.filter(
        pk__in=addresses.filter(verified=False).values("user"),
        last_login=None,
        claimed_at__isnull=False,
        erased_at=None,
        is_demo=False,
        role_grants=None,
        sign_up=None,
    ).exclude(pk__in=addresses.filter(verified=True).values("user"))
    sign_ups.bulk_create(
        (
            sign_ups.model(person_id=pk, at=joined_at, address_key="")
            for pk, joined_at in old.order_by("pk").values_list("pk", "joined_at")
        ),
        batch_size=_BATCH,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('accounts', '0010_attempts_by_address'),
    ]

    operations = [
        migrations.RunPython(note_sign_ups, migrations.RunPython.noop, elidable=True),
    ]
