"""Test that every text column is registered, with the person whose words it holds or a reason."""

import pytest
from django.apps import apps
from django.db import connection, models

from core import personal

# Columns of other types cannot hold words; one of a type that is not named here counts as text.
WORDLESS = (
    models.AutoField,
    models.BooleanField,
    models.DateField,
    models.FloatField,
    models.ForeignKey,
    models.IntegerField,
    models.UUIDField,
)


def text_columns() -> set[str]:
    """Return every text column of every model, ours and third-party, as "app.Model.column"."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if not isinstance(field, WORDLESS)
    }


def registered() -> set[str]:
    held = {column for each in personal.holdings() for column in each.text_columns()}
    assert not held & set(personal.columns_of_nobody())
    return held | set(personal.columns_of_nobody())


def test_every_text_column_names_the_person_whose_words_it_holds_or_why_none() -> None:
    assert registered() == text_columns()


def test_a_new_text_column_without_an_entry_fails() -> None:
    before = text_columns()
    models.CharField(max_length=9, default="").contribute_to_class(
        apps.get_model("accounts.RoleGrant"), "remark"
    )
    try:
        assert text_columns() - before == {"accounts.RoleGrant.remark"}
        assert text_columns() != registered()
    finally:
        meta = apps.get_model("accounts.RoleGrant")._meta
        meta.local_fields = [field for field in meta.local_fields if field.name != "remark"]
        meta._expire_cache()  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_every_table_is_of_a_model_or_says_why_it_holds_no_words() -> None:
    tables = set(connection.introspection.table_names())
    of_models = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables - of_models <= set(personal.tables_of_nobody())


def test_every_holding_can_be_downloaded_or_is_part_of_another() -> None:
    silent = {each.name for each in personal.holdings() if each.download is None}
    assert silent == {
        "email_addresses",
        "former_handles",
        "snapshot_addresses",
        "snapshot_factors",
        "earlier_texts",
        "closings_in_force",
        "sentences_to_readers",
    }


def test_names_of_holdings_are_different_keys_of_the_download() -> None:
    names = [each.name for each in personal.holdings()]
    assert len(names) == len(set(names))
