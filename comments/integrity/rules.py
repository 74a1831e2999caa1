"""Checks of constraints and foreign keys, and that rows agree with the rows they refer to."""

from collections.abc import Iterator
from functools import cache, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import (
    CheckConstraint,
    Exists,
    F,
    ForeignKey,
    Model,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.functions import Coalesce

from core.db.prepared import Prepared
from posts.models import SealedAnswer

from ..models import Comment, CommentRevision, Flag, StanceRecord
from .faults import Fault
from .queries import Window, differ, name

# In this order: rows that are counted are repaired before the figures counted from them.
APPS = ("pictures", "publication", "accounts", "notifications", "comments", "posts")

RULE = "the site writes no such row: find the cause, correct it by hand, restore the constraint"
AGREE = "find out which of the two is right, from a backup if needed; correct the other by hand"
NOWHERE = "restore the missing row from a backup; if that is impossible, delete this one"


def own_models() -> list[type[Model]]:
    """Return every model of this project's apps."""
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def broken_rows(window: Window) -> Iterator[Fault]:
    """Yield the rows that break a constraint of their model or refer to a missing row.

    The database refuses such rows, unless the constraint was dropped for a while. One prepared
    statement asks for all kinds at once, and each by itself only where there is one.
    """
    if _any_broken(window):
        yield from _rows_with_missing_targets(window)
        yield from _rows_that_break_a_rule(window)


def _any_broken(window: Window) -> bool:
    bounds = {"high": window.high}
    if window.low is not None:
        bounds["low"] = window.low
    kinds = frozenset((bound, type(value)) for bound, value in bounds.items())
    suspects = _suspects(window.model, kinds, connection.vendor)
    return suspects is not None and bool(suspects.rows(**bounds))


@cache
def _suspects(
    model: type[Model], kinds: frozenset[tuple[str, type]], vendor: str
) -> Prepared | None:
    """Return the query of one row that breaks anything in a window with bounds of `kinds`."""
    broken = [~Q(rule.condition) for rule in _check_constraints(model)]
    if vendor == "sqlite":  # PostgreSQL never accepts a row with a missing target
        broken += [_lacks(field, target) for field, target in _references(model)]
    if not broken:
        return None
    rows = model._default_manager.filter(reduce(or_, broken)).values_list("pk")

    def within(high: Any, low: Any = None) -> Any:
        return rows.filter(pk__lte=high, **({} if low is None else {"pk__gt": low}))[:1]

    return Prepared(within, **dict(kinds))


def _check_constraints(model: type[Model]) -> list[CheckConstraint]:
    return [rule for rule in model._meta.constraints if isinstance(rule, CheckConstraint)]


def _references(model: type[Model]) -> Iterator[tuple[Any, type[Model]]]:
    for field in model._meta.concrete_fields:
        target = field.related_model if isinstance(field, ForeignKey) else None
        if target is not None and not isinstance(target, str):
            yield field, target


def _lacks(field: Any, target: type[Model]) -> Q:
    """Return the condition that `field` refers to no row of `target`."""
    named = target._default_manager.filter(pk=OuterRef(field.attname))
    return ~Q(Exists(named)) & Q(**{f"{field.name}__isnull": False})


def _rows_that_break_a_rule(window: Window) -> Iterator[Fault]:
    for rule in _check_constraints(window.model):
        broken = window.model._default_manager.exclude(rule.condition)
        for (pk,) in window.read(broken, "pk"):
            message = f"{name(window.model, pk)}: it breaks the constraint {rule.name}"
            yield Fault(message, advice=RULE)


def _rows_with_missing_targets(window: Window) -> Iterator[Fault]:
    for field, target in _references(window.model):
        lost = window.model._default_manager.filter(_lacks(field, target))
        for pk, other in window.read(lost, "pk", field.attname):
            message = f"{name(window.model, pk)}: its {field.name} is {name(target, other)}"
            yield Fault(f"{message}, which does not exist", advice=NOWHERE)


def disagreeing_comments(window: Window) -> Iterator[Fault]:
    """Yield the comments whose stance or wording is of another question."""
    comments = Comment.objects.filter(stance__isnull=False)
    for rows, message in (
        (
            comments.filter(~Q(stance__question__post=F("post"))),
            "its stance answers the question of another post",
        ),
        (
            comments.filter(~Q(question_version__question=F("stance__question"))),
            "its wording is of another question than its stance",
        ),
        (
            comments.filter(argues_for__isnull=False).filter(
                ~Q(argues_for__question=F("stance__question"))
            ),
            "it argues for an answer to another question",
        ),
    ):
        for (pk,) in window.read(rows, "pk"):
            yield Fault(f"comment {pk}: {message}", advice=AGREE)


def disagreeing_records(window: Window) -> Iterator[Fault]:
    """Yield the stance records whose wording, stance or comment belongs to something else."""
    records = StanceRecord.objects.all()
    with_comment = records.filter(comment__isnull=False)
    for rows, message in (
        (records.filter(~Q(version__question=F("question"))), "its wording is of another question"),
        (
            records.filter(stance__isnull=False).filter(~Q(stance__question=F("question"))),
            "its stance is of another question",
        ),
        (with_comment.filter(~Q(comment__author=F("reader"))), "its comment is somebody else's"),
        (
            with_comment.filter(~Q(comment__post=F("question__post"))),
            "its comment is under another post than its question",
        ),
    ):
        for (pk,) in window.read(rows, "pk"):
            yield Fault(f"stance record {pk}: {message}", advice=AGREE)


def disagreeing_flags(window: Window) -> Iterator[Fault]:
    """Yield the flags closed by a decision about another comment, or about a text there is not."""
    closed = Flag.objects.filter(decision__isnull=False)
    for (pk,) in window.read(closed.filter(differ("decision__comment", "comment")), "pk"):
        message = f"flag {pk}: it was closed by a decision on another comment"
        yield Fault(message, advice="clear its decision, so that a moderator decides about it")
    for pk, number in window.read(_flags_on_lost_texts(), "pk", "text_number"):
        message = f"flag {pk}: the text it is about, number {number}, is not kept"
        yield Fault(message, advice=AGREE)


def _flags_on_lost_texts() -> Any:
    """Return the flags about a text that does not exist, but for those of erased accounts."""
    texts = CommentRevision.objects.filter(comment=OuterRef("comment")).order_by("-number")
    present = Coalesce(Subquery(texts.values("number")[:1]), 0) + 1
    kept = texts.filter(number=OuterRef("text_number"))
    flags = Flag.objects.filter(~Exists(kept), comment__author__erased_at__isnull=True)
    return flags.exclude(text_number=present)


def disagreeing_seals(window: Window) -> Iterator[Fault]:
    """Yield the sealed answers whose stance or wording is of another question."""
    rows = SealedAnswer.objects.filter(
        ~Q(version__question=F("question"))
        | Q(stance__isnull=False) & ~Q(stance__question=F("question"))
    )
    for (pk,) in window.read(rows, "pk"):
        message = f"sealed answer {pk}: its stance or its wording is of another question"
        yield Fault(message, advice=AGREE)
