"""Measure a ranking beside a bare read, a reaction beside a bare write; part of `make bench`.

The post has 10,000 comments and 2,000 readers; the times are of one process, its SQLite database
included, in turn within the same run. A reaction and the bare insertion of the same row are both
sent through the whole stack. `python -m bench.writes.ranking` measures only this.
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from tests.services import ROOT

from ..report.table import table

COMMENTS, READERS, REACTIONS = 10_000, 2_000, 20_000
RUNS, PRESSES = 5, 200
PRESSES_EACH = 50  # reactions of one reader, fewer than the rate limit RATE_REACTIONS
# At most. A ranking took 6.4 times a bare read of its rows before badges rested on evidence, and
# may take a fifth more.
GOALS = {"times a bare read": 7.7, "MB": 200, "times a bare write": 1.3}


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    with tempfile.TemporaryDirectory(prefix="counterpoint-bench-") as folder:
        _be_a_site(Path(folder))
        post = _discussion()
        ranked, read = map(statistics.median, zip(*_rankings(post), strict=True))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        pressed, bare = _presses(post)
    found = {
        "times a bare read": ranked / read,
        "MB": memory,
        "times a bare write": pressed / bare,
    }
    rows = [(name, f"{found[name]:.2f}", f"{goal}") for name, goal in GOALS.items()]
    rows += [("seconds of a ranking", f"{ranked:.2f}", ""), ("of a bare read", f"{read:.2f}", "")]
    rows += [("ms of a reaction", f"{pressed:.2f}", ""), ("ms of a bare write", f"{bare:.2f}", "")]
    print(f"{COMMENTS:,} comments, {READERS:,} readers, {REACTIONS:,} reactions")
    print(table(("what", "measured", "goal at most"), rows))
    return int(any(found[name] > goal for name, goal in GOALS.items()))


def _be_a_site(folder: Path) -> None:
    os.environ |= {
        "DEBUG": "0",
        "SECRET_KEY": "only-to-rank-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "testserver",
    }
    os.environ |= {"SITE_URL": "https://testserver", "DATA_DIR": str(folder)}
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    sys.path.insert(1, str(ROOT / "site"))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def _discussion() -> Any:
    """Return a post with its comments, its readers' answers, and their reactions."""
    from django.db import transaction
    from django.utils import timezone

    from comments.actions import stances
    from comments.models import Comment, Reaction, StanceSource
    from comments.seeding.generator import GeneratedDiscussion
    from tests import factories

    post = factories.make_post(factories.make_user("author"))
    question = factories.make_question(post)
    sum(GeneratedDiscussion(post, COMMENTS, 1, timezone.now()).write())
    random = Random(1)
    offered = list(question.stances.select_related("question__version"))
    with transaction.atomic():
        readers = [factories.make_user(is_demo=True) for _reader in range(READERS)]
        version = question.versions.get()
        for reader in readers:
            stances.record(
                reader=reader,
                question=question,
                version=version,
                stance=random.choice(offered),
                source=StanceSource.BARE,
                now=post.published_at,
            )
    ids = list(Comment.objects.filter(post=post).values_list("pk", flat=True))
    pairs = {(random.choice(ids), random.choice(readers).pk) for _press in range(REACTIONS)}
    Reaction.objects.bulk_create(
        [
            Reaction(post=post, comment_id=comment, reader_id=reader, stance=offered[reader % 3])
            for comment, reader in pairs
        ],
        batch_size=500,
    )
    return post


def _rankings(post: Any) -> list[tuple[float, float]]:
    """Return the processor seconds of rankings, and of reading the same rows without one."""
    from django.utils import timezone

    from comments.models import Appraisal
    from comments.ranking.inputs import load_inputs
    from comments.ranking.tasks import rank

    seconds = []
    for _run in range(RUNS):
        Appraisal.objects.all().delete()
        start = time.process_time()
        rank(post, timezone.now())
        ranked = time.process_time()
        load_inputs(post)
        seconds.append((ranked - start, time.process_time() - ranked))
    return seconds


def _presses(post: Any) -> tuple[float, float]:
    """Return the median milliseconds of a reaction, and of a bare row through the same view."""
    from unittest import mock

    from django.test import Client
    from django.urls import reverse

    from comments.actions import reactions
    from comments.models import Comment, Reaction
    from tests.factories import make_user

    def bare(comment: Any, *, by: Any) -> bool:
        Reaction.objects.create(post=comment.post, comment=comment, reader=by)
        return True

    client = Client()
    ids = list(Comment.objects.readable().filter(post=post).values_list("pk", flat=True))
    times: dict[Callable[..., bool], list[float]] = {reactions.press: [], bare: []}
    for number, pk in enumerate(ids[: 2 * PRESSES]):
        if number % PRESSES_EACH == 0:
            client.force_login(make_user(is_demo=True))
        way = (reactions.press, bare)[number % 2]
        with mock.patch("comments.actions.reactions.press", way):
            start = time.perf_counter()
            answer = client.post(
                reverse("comments:well-argued", args=[pk]),
                headers={"HX-Request": "true"},
                secure=True,
            )
            times[way].append((time.perf_counter() - start) * 1000)
        assert answer.status_code == 200, answer.status_code
    return statistics.median(times[reactions.press]), statistics.median(times[bare])


if __name__ == "__main__":
    sys.exit(main())
