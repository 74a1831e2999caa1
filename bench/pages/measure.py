"""Measure pages and writes and their limits in turn, within one run."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from ..harness.load import Request, Target
from ..harness.site import MeasuredDiscussion, MeasuredSite, application, fill
from ..limits.running import (
    BARE,
    COMMITS,
    UNCACHED,
    UNCHANGED,
    ask_for_tag,
    bare_twins,
    behind_nginx,
    commits,
    uncached_page,
)
from ..writes.replies import BATCH, Answering, ReplyWriters, check_kept, inserting, replying
from .rebuilt import ROUNDS, STALE, Afresh, at_once, first_views

SMALL = 60  # additional discussions of the smallest size, whose first views are requested at once
ONE_BY_ONE = ", one by one"
Part = Callable[[float], None]


def measure(
    place: MeasuredSite,
    discussions: list[MeasuredDiscussion],
    runs: int,
    seconds: float,
    *,
    reads: bool,
    writes: bool,
) -> list[Target]:
    """Return every target at every size, each measured in `runs` rounds over all."""
    small = small_discussions(place, discussions[0]) if reads else []
    everywhere = [*discussions, *small]
    replies = (runs + 1) * (ROUNDS * len(discussions) + len(small) + 2 * BATCH * len(discussions))
    writers = ReplyWriters(place.site, discussions, replies)
    answering = {each: Answering(writers, each) for each in everywhere}
    with contextlib.ExitStack() as stack:
        targets = stack.enter_context(steady(place, discussions, reads=reads))
        parts: list[Part] = [refreshing(place, targets), measuring(targets)]
        if reads:
            limits = [each for each in targets if each.name in {BARE, UNCACHED}]
            single = [one_by_one(each) for each in limits]
            many = [at_once(each, len(small)) for each in limits]
            many.append(first_views(place, small, answering))
            fresh = Afresh(place, discussions, answering)
            parts += [measuring(many), lambda _seconds: fresh.measure(single)]
            targets = [*targets, *many, *single, *fresh.targets]
        if writes:
            url, pid = stack.enter_context(application(place.site, "bench.limits.inserting"))
            written = [inserting(place, url, pid, writers)]
            written += [replying(place, each, answering[each]) for each in discussions]
            committing = Target(COMMITS, 0, "", (), Request(""))
            parts += [commit_part(place, committing), measuring(written)]
            targets = [*targets, committing, *written]
        take_turns(targets, parts, runs, seconds)
    for each, form in answering.items():
        check_kept(place.site, each, form.posted)
    place.site.manage("check_integrity")
    return targets


def small_discussions(
    place: MeasuredSite, smallest: MeasuredDiscussion
) -> list[MeasuredDiscussion]:
    """Fill and return `SMALL` more discussions of the smallest size."""
    # The size is in the names, since a larger site is measured again with other discussions.
    names = (f"{smallest.slug}-{smallest.size}-{number}" for number in range(SMALL))
    return fill(place.site, [MeasuredDiscussion(smallest.size, name) for name in names])


@contextlib.contextmanager
def steady(
    place: MeasuredSite, discussions: list[MeasuredDiscussion], *, reads: bool
) -> Iterator[list[Target]]:
    """Yield the targets that respond the same each time; only the bare view unless `reads`."""
    with contextlib.ExitStack() as stack:
        targets = stack.enter_context(bare_twins(place, discussions))
        if reads:
            targets.append(stack.enter_context(uncached_page(place, discussions[-1])))
            targets += stack.enter_context(behind_nginx(place, discussions[-1]))
        yield targets if reads else [each for each in targets if each.name == BARE]


def one_by_one(target: Target) -> Target:
    """Return a copy of `target` whose requests are sent one at a time."""
    limit = f"{target.limit}{ONE_BY_ONE}" if target.limit else ""
    return replace(target, name=f"{target.name}{ONE_BY_ONE}", limit=limit, runs=[])


def take_turns(targets: list[Target], parts: list[Part], runs: int, seconds: float) -> None:
    """Run all parts in turn, `runs` times; a round before these only warms up."""
    for run in range(runs + 1):
        for part in parts:
            part(seconds)
        if run == 0:
            for target in targets:
                target.runs.clear()


def measuring(targets: list[Target]) -> Part:
    """Return a part that measures `targets` one after the other."""

    def measure_each(seconds: float) -> None:
        for target in targets:
            target.measure(seconds)

    return measure_each


def refreshing(place: MeasuredSite, targets: list[Target]) -> Part:
    """Return a part that waits until earlier writes are visible, and renews the known ETags."""

    def refresh(_seconds: float) -> None:
        time.sleep(STALE)
        for target in targets:
            if target.name == UNCHANGED:
                ask_for_tag(place.site, target.request)

    return refresh


def commit_part(place: MeasuredSite, target: Target) -> Part:
    """Return a part that commits rows."""

    def commit(seconds: float) -> None:
        target.runs.append(commits(place.site, seconds))

    return commit
