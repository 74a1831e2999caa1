"""Send broken values to every route and parameter: the routes, the values, and what must hold."""

import re
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from typing import Any, NamedTuple
from unittest import mock
from urllib.parse import quote_from_bytes, unquote

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseBase, QueryDict
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve, reverse

from accounts.drafts import KEPT
from accounts.models import User
from comments.models import ChangeOfMind
from core.csrf import DRAWN_FOR
from tests.cast import Cast
from tests.permission_rows import World
from tests.reauthenticated import reauthenticate
from tests.test_permissions import TABLE, route_names

FORM = "application/x-www-form-urlencoded"
# One value for each class of what no page of ours sends; a list is sent as the same name twice.
BROKEN: dict[str, bytes | list[bytes]] = {
    "too large": b"9223372036854775808",
    "negative": b"-1",
    "zero": b"0",
    "empty": b"",
    "not a number": b"nine",
    "null": b"1\x001",
    "not UTF-8": b"\xed\xa0\x80\xff\xfe",
    "very long": b"9" * 5_000,
    "twice": [b"1", b"2"],
    "a date": b"2026-02-30T25:61:00Z",
    "invisible": "\u202e1\u200b\u2066\ufeff".encode(),
    "markup": b"<script>{{ 7*7 }}%s%(a)s{0.__class__}'\"--</script>",
    "half an address": b"http://[",
}
# The classes that a driver, and no form, would refuse.
ALONE = ("too large", "null", "not UTF-8")
# To a database these are a number or a text like those of other classes, so one database is enough.
ALIKE_TO_DATABASES = {"zero", "twice", "invisible", "markup", "half an address"}
# Names that the same code reads for every route: kept forms, our guards, allauth.
SHARED = {KEPT, DRAWN_FOR, "next"}
# Reads its parameters as `posts:detail` does, by comments/listing/params.py.
_ASKED_ALIKE = "posts:preview"
# Seconds of processor time for one request; the slowest page takes a twentieth.
LONGEST = 2.0
# allauth's routes: who asks, and a form that passes. tests/data/permissions.json has all others.
ACCOUNT_ROUTES: dict[str, tuple[str, dict[str, str]]] = {
    "account_login": ("anonymous", {"login": "robin@example.org", "password": "wrong"}),
    "account_logout": ("reader", {}),
    "account_inactive": ("anonymous", {}),
    "account_signup": (
        "anonymous",
        {"email": "new@example.org", "name": "newcomer", "password1": "a long enough one"},
    ),
    "account_reauthenticate": ("reader", {"password": "wrong"}),
    "account_request_reauthentication_code": ("reader", {}),
    "account_confirm_reauthentication_code": ("reader", {"code": "AAAAAA"}),
    "account_email": ("reader", {"action_add": "", "email": "another@example.org"}),
    "account_email_verification_sent": ("anonymous", {"code": "AAAAAA"}),
    "account_change_password": ("reader", {"oldpassword": "x", "password1": "y"}),
    "account_set_password": ("reader", {"password1": "y", "password2": "y"}),
    "account_reset_password": ("anonymous", {"email": "robin@example.org"}),
    "account_confirm_login_code": ("anonymous", {"code": "AAAAAA"}),
    "account_request_login_code": ("anonymous", {"email": "robin@example.org"}),
    "account_reset_password_from_key_done": ("anonymous", {}),
    "account_reset_password_from_key": ("anonymous", {"password1": "y", "password2": "y"}),
    "account_reset_password_done": ("anonymous", {}),
    "mfa_index": ("reader", {}),
    "mfa_authenticate": ("anonymous", {"code": "000000"}),
    "mfa_reauthenticate": ("reader", {"code": "000000"}),
    "mfa_reauthenticate_webauthn": ("reader", {"credential": "{}"}),
    "mfa_login_webauthn": ("anonymous", {"credential": "{}"}),
    "mfa_activate_totp": ("reader", {"code": "000000"}),
    "mfa_deactivate_totp": ("reader", {}),
    "mfa_view_recovery_codes": ("reader", {}),
    "mfa_generate_recovery_codes": ("reader", {}),
    "mfa_download_recovery_codes": ("reader", {}),
    "mfa_list_webauthn": ("reader", {}),
    "mfa_add_webauthn": ("reader", {"name": "My phone", "credential": "{}"}),
    "mfa_edit_webauthn": ("reader", {"name": "My phone"}),
    "mfa_remove_webauthn": ("reader", {}),
}
OF_A_PASSKEY = {"mfa_edit_webauthn", "mfa_remove_webauthn"}
# The first of these that a row of the table lets in asks.
_ROLES = ("reader", "author", "moderator", "admin", "anonymous")
# What a request may leave behind when it is refused: its session, and what limits it.
_OF_NO_ACCOUNT = re.compile(rf"django_session|\"?{settings.CACHE_TABLE}\"?|SAVEPOINT")
_WRITE = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
# The rows of a form after its first, and the field of every form.
_REPEATED = re.compile(r"stance-[1-9]")
_OWN = {"csrfmiddlewaretoken"}
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


class Sent(NamedTuple):
    """A request: what is broken in it, its method, its path and query, its form."""

    what: str
    method: str
    path: str
    body: str = ""


class Target(NamedTuple):
    """A route with arguments that exist, a person it lets in, a form that passes, its method."""

    path: str
    actor: User | AnonymousUser
    form: dict[str, Any]
    method: str


def all_routes() -> list[str]:
    """Return the names of all routes."""
    return sorted(set(route_names(get_resolver().url_patterns)))


def has_fixture(route: str) -> bool:
    """Return whether `target` knows how to ask `route`."""
    return route in ACCOUNT_ROUTES or _row(route) is not None


def target(case: Cast, route: str) -> Target:
    """Make the rows that `route` needs; return how to ask it."""
    if route in ACCOUNT_ROUTES:
        role, form = ACCOUNT_ROUTES[route]
        path = reverse(route, args=_passkey(case, route) or _reset_key(case, route))
        return Target(path, _actor(case, role), form, "GET")
    row = _row(route)
    assert row is not None, f"tests/data/permissions.json has no row for {route}"
    actor = _actor(case, next((role for role in _ROLES if row[role] == "A"), "stranger"))
    arguments, more = World(case, actor).target(row["on"])
    if row["on"] == "change":
        actor = _person_of_change(route, arguments[0])
    form = {**row.get("data", {}), **more}
    return Target(reverse(route, args=arguments), actor, form, row["method"])


def _row(route: str) -> dict[str, Any] | None:
    """Return the row of the table for `route`: one that lets somebody in, one with a form."""
    rows = [row for row in TABLE["rows"] if row["route"] == route]
    return max(
        rows,
        key=lambda row: (any(row[role] == "A" for role in _ROLES), row["method"] == "POST"),
        default=None,
    )


def _person_of_change(route: str, pk: int) -> User:
    """Return the person who may act on a change of mind by `route`."""
    change = ChangeOfMind.objects.get(pk=pk)
    if route == "comments:change-revocation":
        return change.giver
    assert change.comment is not None
    return change.comment.author if route == "comments:change-answer" else _moderator()


def _moderator() -> User:
    return User.objects.get(handle="june")


def _actor(case: Cast, role: str) -> User | AnonymousUser:
    return AnonymousUser() if role == "anonymous" else getattr(case, role)


def _reset_key(case: Cast, route: str) -> list[str]:
    if route != "account_reset_password_from_key":
        return []
    return [user_pk_to_url_str(case.reader), default_token_generator.make_token(case.reader)]


def _passkey(case: Cast, route: str) -> list[int]:
    """Give the reader a passkey if `route` names one; return its id."""
    if route not in OF_A_PASSKEY:
        return []
    data = {"name": "My phone", "credential": {}}
    passkey = case.reader.authenticator_set.create(type="webauthn", data=data)  # type: ignore[attr-defined]
    return [passkey.pk]


class Asking:
    """A client of one person, who has just reauthenticated; its requests leave nothing behind."""

    def __init__(self, actor: User | AnonymousUser) -> None:
        self.client = Client(raise_request_exception=False)
        if isinstance(actor, User):
            self.client.force_login(actor)
            reauthenticate(self.client, actor)
        self._kept = {name: morsel.value for name, morsel in self.client.cookies.items()}

    @contextmanager
    def ask(self, sent: Sent, content_type: str = FORM) -> Iterator[HttpResponseBase]:
        """Send a request, yield its answer, and roll back what it wrote."""
        self.client.cookies.clear()
        for name, value in self._kept.items():
            self.client.cookies[name] = value
        if settings.REDIS_URL:  # a cache in the database is rolled back
            cache.clear()
        with transaction.atomic():
            if sent.method == "GET":
                yield self.client.get(sent.path)
            else:
                yield self.client.post(sent.path, sent.body.encode(), content_type=content_type)
            transaction.set_rollback(True)


def faults(asking: Asking, sent: Sent) -> Iterator[str]:
    """Send a request; yield a sentence for each thing that must not happen."""
    started = time.thread_time()
    with _noting_writes() as writes, asking.ask(sent) as answer:
        took = time.thread_time() - started
        if answer.status_code >= 500:
            yield f"{sent.what}: {answer.status_code} for {sent.method} {sent.path[:100]}"
        elif took > LONGEST:
            yield f"{sent.what}: {took:.1f} s for {sent.method} {sent.path[:100]}"
        refused = answer.status_code >= 400
        after = all_rows() if refused and writes else None
    if after is not None and after != all_rows():
        yield f"{sent.what}: refused with {answer.status_code}, and {writes[0][:80]} stays"


@contextmanager
def _noting_writes() -> Iterator[list[str]]:
    writes: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITE.match(sql) and not _OF_NO_ACCOUNT.search(sql):
            writes.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield writes


def all_rows() -> dict[str, list[Any]]:
    """Return the values of every row but those of sessions, by the name of the model."""
    models = [m for m in apps.get_models() if m._meta.label != "sessions.Session"]
    return {m._meta.label: list(m._default_manager.order_by("pk").values_list()) for m in models}


def values_sent() -> dict[str, Any]:
    """Return the broken values to send on the present database: all of them on SQLite."""
    left_out = set() if connection.vendor == "sqlite" else ALIKE_TO_DATABASES
    return {what: value for what, value in BROKEN.items() if what not in left_out}


class Broken:
    """The requests to many routes that have broken values in them."""

    def __init__(self, alone: Iterable[str] = ALONE, shared: Collection[str] = SHARED) -> None:
        """Take the classes in which each field is broken alone, and the names of shared code.

        Fields are broken all at once in the other classes, since a form reads each by itself. Of a
        name that shared code reads, a route is sent one class, the next route the next one.
        """
        self.values = values_sent()
        self._alone = tuple(alone)
        self._shared = shared
        self._turns: dict[str, Iterator[str]] = defaultdict(lambda: cycle(self.values))

    def requests(self, asking: Asking, at: Target) -> Iterator[Sent]:
        """Yield requests to `at` with broken values in each part of the path, parameter and field.

        A view may stop at the first broken field, so that none may be broken only with others.
        """
        asked, told = names_read(asking, at)
        yield from self._with_broken_paths(at)
        for name in asked:
            for what in self._classes_of_parameter(at, name):
                query = encoded({name: self.values[what]})
                yield Sent(f"{what} as ?{name}", "GET", f"{at.path}?{query}")
        for name in told:
            for what in self._one_in_turn(name) if name in self._shared else self._alone:
                form = encoded({**at.form, name: self.values[what]})
                yield Sent(f"{what} as {name}", "POST", at.path, form)
        yield from self._with_all_fields_broken(at, [n for n in told if n not in self._shared])

    def _with_broken_paths(self, at: Target) -> Iterator[Sent]:
        for path in filter(_resolves, [f"{at.path}nine/"]):
            yield Sent("one part more", "GET", path)
        for what, value in self.values.items():
            for path in filter(_resolves, broken_paths(at.path, value)):
                yield Sent(f"{what} in the path", at.method, path, encoded(at.form))

    def _classes_of_parameter(self, at: Target, name: str) -> Iterable[str]:
        if name in self._shared or (self._shared and resolve(at.path).view_name == _ASKED_ALIKE):
            return self._one_in_turn(f"?{name}")
        return self.values

    def _one_in_turn(self, name: str) -> list[str]:
        return [next(self._turns[name])]

    def _with_all_fields_broken(self, at: Target, told: list[str]) -> Iterator[Sent]:
        for what in self.values if told else ():
            if what not in self._alone:
                form = encoded(dict.fromkeys(told, self.values[what]))
                yield Sent(f"{what} as every field", "POST", at.path, form)


def names_read(asking: Asking, at: Target) -> tuple[list[str], list[str]]:
    """Return the names of query parameters and of form fields that the view of `at` reads."""
    with _noting_names() as names, asking.ask(Sent("", "GET", at.path)):
        asked = names - _OWN
    told = set(at.form)
    for form in ({}, at.form):
        with _noting_names() as names, asking.ask(Sent("", "POST", at.path, encoded(form))):
            told |= names
    return sorted(asked), sorted(name for name in told - _OWN if not _REPEATED.match(name))


def _resolves(path: str) -> bool:
    """Return whether `path` leads to a view; elsewhere all answers are the same 404."""
    try:
        resolve(unquote(path))
    except Resolver404:
        return False
    return True


@contextmanager
def _noting_names() -> Iterator[set[str]]:
    """Note the names that are looked up in any QueryDict."""
    names: set[str] = set()

    def noting(method: str) -> Any:
        original = getattr(QueryDict, method)

        def look_up(self: QueryDict, name: str, *rest: Any) -> Any:
            names.add(name)
            return original(self, name, *rest)

        return mock.patch.object(QueryDict, method, look_up)

    with noting("get"), noting("getlist"), noting("__getitem__"):
        yield names


def broken_paths(path: str, value: bytes | list[bytes]) -> Iterator[str]:
    """Yield `path` with `value` in the place of each of its arguments."""
    if isinstance(value, list):
        value = b"/".join(value)
    match = resolve(path)
    for name in match.kwargs:
        parts = {**{key: str(kept).encode() for key, kept in match.kwargs.items()}, name: value}
        if _CONVERTER.search(match.route) and "(?P<" not in match.route:
            filled = _CONVERTER.sub(lambda found: _quoted(parts[found[1]]), match.route)  # noqa: B023
            yield f"/{filled}"
        else:
            yield path.replace(str(match.kwargs[name]), _quoted(value))


def encoded(form: Mapping[str, Any]) -> str:
    """Return `form` as the text of a query or a body; values are text, bytes, or lists of them."""
    return "&".join(
        f"{_quoted(name)}={_quoted(each)}"
        for name, value in form.items()
        for each in (value if isinstance(value, list) else [value])
    )


def _quoted(value: Any) -> str:
    return quote_from_bytes(value if isinstance(value, bytes) else str(value).encode())
