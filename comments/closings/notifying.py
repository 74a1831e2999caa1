"""Notify those whom a closing cites, and those whose verdict it waits for."""

from django_tasks import task

from notifications.actions import News, notify_all, withdraw_all

from ..models import Citation, Closing, ClosingVerdict, Comment, CurrentStance
from ..notifications import CITED, CLOSING_WAITS

# Readers notified in one transaction.
BATCH = 500


def of_closing(closing: Closing, before: Closing | None) -> None:
    """Notify those whom `closing` cites and the version `before` did not.

    Those whom only earlier versions cite lose the notification of it. Of the first version a job
    notifies everybody whose verdict it waits for. Later versions ask only those who judged the one
    before (`judging.ask_again`).
    """
    cited = Comment.objects.filter(citations__closing=closing)
    if before is not None:
        cited = cited.exclude(citations__closing=before)
    writers = cited.order_by("author").values_list("author", flat=True).distinct()
    news = (News(writer, subject=closing.pk, target=closing.pk) for writer in writers)
    notify_all(CITED, news, cause=closing.written_by)
    if before is None:
        ask_readers.enqueue(closing.pk)
    else:
        _withdraw_citations(closing)


def _withdraw_citations(closing: Closing) -> None:
    """Delete "cites you" of those whom earlier versions cite and `closing` does not."""
    earlier = Citation.objects.filter(closing__post=closing.post).order_by()
    writers = set(earlier.values_list("comment__author", flat=True))
    cited = set(earlier.filter(closing=closing).values_list("comment__author", flat=True))
    withdraw_all([CITED], writers - cited, versions_of(closing))


def versions_of(closing: Closing) -> list[int]:
    """Return the ids of all versions of `closing`."""
    return list(Closing.objects.filter(post=closing.post).values_list("pk", flat=True))


@task()
def ask_readers(pk: int) -> None:
    """Notify all readers who give an answer that the closing `pk` speaks of, in batches.

    Those who have judged it are not asked. Interrupted, it begins again and notifies nobody twice.
    """
    closing = Closing.objects.select_related("written_by").get(pk=pk)
    sides = closing.sides.order_by().values("stance")
    judges = ClosingVerdict.objects.filter(closing=closing).values("reader")
    waiting = CurrentStance.objects.of_readers().filter(stance__in=sides)
    waiting = waiting.exclude(reader__in=judges)
    rows = waiting.order_by("pk").values_list("pk", "reader")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        news = (News(reader, subject=pk, target=pk) for _row, reader in batch)
        notify_all(CLOSING_WAITS, news, cause=closing.written_by)
        last = batch[-1][0]
