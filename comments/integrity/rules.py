"""Whether rows keep the rules of their own table, and agree with the rows they name."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import CheckConstraint, F, Model, Q, QuerySet

from ..models import Comment, Flag, StanceRecord
from .queries import differ, name, stream

APPS = ("accounts", "notifications", "posts", "comments")


def own_models() -> list[type[Model]]:
    """Return every model of ours."""
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def broken_rules() -> Iterator[str]:
    """Yield the rows that break a declared rule, such as what each state of a comment requires.

    The database refuses such rows, unless somebody took a rule away for a while.
    """
    for model in own_models():
        for rule in model._meta.constraints:
            if isinstance(rule, CheckConstraint):
                broken = model._default_manager.exclude(rule.condition)
                for (pk,) in stream(broken, "pk"):
                    yield f"{name(model, pk)}: it breaks the rule {rule.name}"


def disagreeing_rows() -> Iterator[str]:
    """Yield the rows that name another row which does not belong to what they belong to."""
    for rows, fault in _disagreements():
        for (pk,) in stream(rows, "pk"):
            yield f"{name(rows.model, pk)}: {fault}"


def _disagreements() -> Iterator[tuple[QuerySet[Any], str]]:
    comments = Comment.objects.filter(stance__isnull=False)
    yield (
        comments.filter(~Q(stance__question__post=F("post"))),
        "its stance answers the question of another post",
    )
    yield (
        comments.filter(~Q(question_version__question=F("stance__question"))),
        "its wording is of another question than its stance",
    )
    records = StanceRecord.objects.all()
    yield records.filter(~Q(version__question=F("question"))), "its wording is of another question"
    yield (
        records.filter(stance__isnull=False).filter(~Q(stance__question=F("question"))),
        "its stance is of another question",
    )
    said = records.filter(comment__isnull=False)
    yield said.filter(~Q(comment__author=F("reader"))), "its comment is somebody else's"
    yield (
        said.filter(~Q(comment__post=F("question__post"))),
        "its comment is under another post than its question",
    )
    closed = Flag.objects.filter(decision__isnull=False)
    yield (
        closed.filter(differ("decision__comment", "comment")),
        "it was closed by a decision on another comment",
    )
