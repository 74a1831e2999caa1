"""Test that released migrations build the same schema; only their imports may change.

`tests/data/migrations.json` holds a digest of the SQL of each migration on each database, and of
each model after the last migration. A module that moves changes none of them. After a new
migration run

    python -m tests.test_migrations

It adds what is new, replaces the digests of models, and refuses to touch those of SQL that is
already there.
"""

import hashlib
import json
import os
import re
import sys
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

STORED = Path(__file__).parent / "data/migrations.json"
APPS = ("pictures", "publication", "accounts", "notifications", "posts", "comments")

Digests = dict[str, Any]


def sql_digests() -> dict[str, str]:
    """Return a digest of the SQL of each migration on the database of these settings.

    `sqlmigrate` looks up names of constraints in the tables of today, which later migrations
    change; here it finds none, so the SQL of a migration stays the same.
    """
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    with mock.patch.object(type(connection.introspection), "get_constraints", return_value={}):
        return {
            f"{app}.{name}": _digest(_statements(_sql(app, name)))
            for app, name in sorted(MigrationLoader(connection).disk_migrations)
            if app in APPS
        }


def _sql(app: str, name: str) -> str:
    from django.core.management import call_command

    output = StringIO()
    call_command("sqlmigrate", app, name, stdout=output, no_color=True)
    return output.getvalue()


def model_digests() -> dict[str, str]:
    """Return a digest of each model's fields and options after the last migration."""
    from django.db.migrations.loader import MigrationLoader

    models = MigrationLoader(None).project_state().models
    return {
        ".".join(key): _digest(_without_modules(_fields(model)))
        for key, model in sorted(models.items())
        if key[0] in APPS
    }


def _fields(model: Any) -> str:
    """Return the fields, options and bases of the state of a model as text, in a fixed order."""
    fields = {name: _as_text(field) for name, field in model.fields.items()}
    options = {name: _as_text(value) for name, value in model.options.items()}
    for name in {"constraints", "indexes"} & options.keys():
        options[name] = sorted(_as_text(each) for each in model.options[name])
    managers = [_as_text(each) for each in model.managers]
    bases = [base if isinstance(base, str) else base.__name__ for base in model.bases]
    return json.dumps([model.name, fields, options, managers, bases], sort_keys=True)


def _as_text(value: Any) -> Any:
    from django.db.migrations.writer import MigrationWriter

    return MigrationWriter.serialize(value)[0]


def _without_modules(text: str) -> str:
    """Return `text` without names that may change: modules, and classes of enumerations."""
    bare = re.sub(rf"\b(?:core|{'|'.join(APPS)})(?:\.[a-z_]+)+\.(?=[A-Za-z_])", "", text)
    return re.sub(r"\b[A-Za-z]+(?=\['[A-Z_]+'\])", "", bare)


def _statements(sql: str) -> str:
    """Return the statements of `sql` without comments, which name operations in Django's words."""
    lines = (line.rstrip() for line in sql.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("--"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def stored() -> Digests:
    """Return the committed digests."""
    return dict(json.loads(STORED.read_text())) if STORED.exists() else {}


@pytest.mark.django_db(transaction=True)  # SQLite changes tables outside of transactions only
def test_each_migration_runs_the_sql_it_was_released_with() -> None:
    from django.db import connection

    assert sql_digests() == stored()[connection.vendor]


def test_migrations_lead_to_the_same_models() -> None:
    assert model_digests() == stored()["models"]


def test_squashed_migrations_make_the_models_of_those_they_replace() -> None:
    from django.db.migrations.loader import MigrationLoader

    squashed, single = MigrationLoader(None), MigrationLoader(None, replace_migrations=False)
    replacing = {key: found for key, found in squashed.disk_migrations.items() if found.replaces}
    assert replacing
    for node, migration in replacing.items():
        made, replaced = squashed.project_state([node]), single.project_state(migration.replaces)
        assert _models_of(node[0], made) == _models_of(node[0], replaced), node


def _models_of(app: str, state: Any) -> dict[str, str]:
    return {model.name: _fields(model) for key, model in state.models.items() if key[0] == app}


def test_a_renamed_module_changes_no_digest() -> None:
    before = "posts.models.post.PathField(default=comments.tree.paths.first, to='posts.post')"
    after = "posts.fields.PathField(default=comments.paths.first, to='posts.post')"
    assert _without_modules(before) == _without_modules(after)
    assert "to='posts.post'" in _without_modules(before)
    assert _without_modules(before) != _without_modules(after.replace("first", "last"))
    old, new = "posts.status.Status['DRAFT']", "posts.models.status.PostStatus['DRAFT']"
    assert _without_modules(old) == _without_modules(new) == "['DRAFT']"


def write() -> None:
    """Add the digests of new migrations to the committed ones, on the database of the settings."""
    from django.db import connection

    digests, found = stored(), sql_digests()
    kept = digests.get(connection.vendor, {})
    changed = [name for name, digest in kept.items() if found.get(name) != digest]
    if changed:
        sys.exit(f"The SQL of released migrations has changed: {', '.join(changed)}")
    digests |= {connection.vendor: found, "models": model_digests()}
    STORED.write_text(json.dumps(digests, indent=1, sort_keys=True) + "\n")


def main() -> None:
    """Write the digests for the database in DATABASE_URL, SQLite if there is none."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    write()


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "site")]
    main()
