"""Triggers that keep the first publication time of a post, whatever program writes."""

from django.db import DEFAULT_DB_ALIAS, connections

from core.db import triggers

_REFUSAL = "the first publication time of a post stays"
_KEPT, _STAYS = "posts_post_first_time_kept", "posts_post_first_time_stays"
_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION counterpoint_keep_first_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.first_published_at IS NOT NULL
            AND NEW.first_published_at IS DISTINCT FROM OLD.first_published_at
        OR OLD.published_at <= clock_timestamp() AND NEW.published_at <> OLD.published_at THEN
        RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.published_at <= clock_timestamp() AND NEW.published_at IS NULL THEN
        NEW.first_published_at := OLD.published_at;
    END IF;
    RETURN NEW;
END $$
"""
_POSTGRES = {
    _KEPT: f"CREATE TRIGGER {_KEPT} BEFORE UPDATE OF published_at, first_published_at "
    "ON posts_post FOR EACH ROW EXECUTE FUNCTION counterpoint_keep_first_time()",
}
_REMEMBER = "UPDATE posts_post SET first_published_at = OLD.published_at WHERE id = NEW.id"
# In the text format of stored times, so that they compare as texts.
_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
# A trigger cannot change the row that is being written, so the time is added afterwards.
_SQLITE = {
    _STAYS: f"CREATE TRIGGER {_STAYS} BEFORE UPDATE OF published_at, first_published_at "
    "ON posts_post WHEN OLD.first_published_at IS NOT NULL "
    "AND NEW.first_published_at IS NOT OLD.first_published_at "
    f"OR OLD.published_at <= {_NOW} AND NEW.published_at <> OLD.published_at "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    _KEPT: f"CREATE TRIGGER {_KEPT} AFTER UPDATE OF published_at ON posts_post "
    f"WHEN OLD.published_at <= {_NOW} AND NEW.published_at IS NULL "
    f"AND NEW.first_published_at IS NULL BEGIN {_REMEMBER}; END",
}


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create the triggers that the database `using` lacks."""
    triggers.install(using, _POSTGRES_FUNCTION, missing(using))


def missing(using: str = DEFAULT_DB_ALIAS) -> dict[str, str]:
    """Return the missing triggers: name to the statement that creates it."""
    wanted = _POSTGRES if connections[using].vendor == "postgresql" else _SQLITE
    installed = triggers.installed(using)
    return {name: statement for name, statement in wanted.items() if name not in installed}
