"""Whether rows keep the rules of their own table, and agree with the rows they name."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.models import CheckConstraint, Exists, F, ForeignKey, Model, OuterRef, Q

from posts.models import SealedAnswer

from ..models import Comment, Flag, StanceRecord
from .faults import Fault
from .queries import Window, differ, name

# In this order: what is counted is repaired before it is counted.
APPS = ("accounts", "notifications", "comments", "posts")

RULE = "no page writes such a row: find out who did, correct it by hand, and put the rule back"
AGREE = "look which of the two is right, in a backup if need be, and correct the other by hand"
NOWHERE = "bring the row it names back from a backup; if it is gone for good, so is this one"


def own_models() -> list[type[Model]]:
    """Return every model of ours."""
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def broken_rules(window: Window) -> Iterator[Fault]:
    """Yield the rows that break a declared rule, such as what each state of a comment requires.

    The database refuses such rows, unless somebody took a rule away for a while.
    """
    for rule in window.model._meta.constraints:
        if isinstance(rule, CheckConstraint):
            broken = window.model._default_manager.exclude(rule.condition)
            for (pk,) in window.read(broken, "pk"):
                says = f"{name(window.model, pk)}: it breaks the rule {rule.name}"
                yield Fault(says, advice=RULE)


def rows_pointing_nowhere(window: Window) -> Iterator[Fault]:
    """Yield the rows that name a row which does not exist; PostgreSQL never lets one in."""
    if connection.vendor != "sqlite":
        return
    for field in window.model._meta.concrete_fields:
        target = field.related_model if isinstance(field, ForeignKey) else None
        if target is None or isinstance(target, str):
            continue
        named = target._default_manager.filter(pk=OuterRef(field.attname))
        lost = window.model._default_manager.filter(
            ~Exists(named), **{f"{field.name}__isnull": False}
        )
        for pk, other in window.read(lost, "pk", field.attname):
            says = f"{name(window.model, pk)}: its {field.name} is {name(target, other)}"
            yield Fault(f"{says}, which does not exist", advice=NOWHERE)


def disagreeing_comments(window: Window) -> Iterator[Fault]:
    """Yield the comments whose stance does not belong to what they belong to."""
    comments = Comment.objects.filter(stance__isnull=False)
    for rows, says in (
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
            yield Fault(f"comment {pk}: {says}", advice=AGREE)


def disagreeing_records(window: Window) -> Iterator[Fault]:
    """Yield the stance records that name rows which do not belong to what they belong to."""
    records = StanceRecord.objects.all()
    said = records.filter(comment__isnull=False)
    for rows, says in (
        (records.filter(~Q(version__question=F("question"))), "its wording is of another question"),
        (
            records.filter(stance__isnull=False).filter(~Q(stance__question=F("question"))),
            "its stance is of another question",
        ),
        (said.filter(~Q(comment__author=F("reader"))), "its comment is somebody else's"),
        (
            said.filter(~Q(comment__post=F("question__post"))),
            "its comment is under another post than its question",
        ),
    ):
        for (pk,) in window.read(rows, "pk"):
            yield Fault(f"stance record {pk}: {says}", advice=AGREE)


def disagreeing_flags(window: Window) -> Iterator[Fault]:
    """Yield the flags that a decision about something else has closed."""
    closed = Flag.objects.filter(decision__isnull=False)
    for (pk,) in window.read(closed.filter(differ("decision__comment", "comment")), "pk"):
        says = f"flag {pk}: it was closed by a decision on another comment"
        yield Fault(says, advice="clear its decision, so that a moderator looks at it again")


def disagreeing_seals(window: Window) -> Iterator[Fault]:
    """Yield the sealed answers that are answers to another question."""
    rows = SealedAnswer.objects.filter(
        ~Q(version__question=F("question"))
        | Q(stance__isnull=False) & ~Q(stance__question=F("question"))
    )
    for (pk,) in window.read(rows, "pk"):
        says = f"sealed answer {pk}: its stance or its wording is of another question"
        yield Fault(says, advice=AGREE)
