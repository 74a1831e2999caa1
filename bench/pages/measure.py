"""Pages and writes beside their limits, measured in turn within one run."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from ..harness.load import Request, Target
from ..harness.site import MeasuredDiscussion, MeasuredSite, application, fill
from ..limits.running import (
    BARE,
    COMMITS,
    HONEST,
    UNCHANGED,
    ask_for_tag,
    bare_twins,
    behind_nginx,
    commits,
    honest_page,
)
from ..writes.replies import BATCH, Answering, ReplyWriters, check_kept, inserting, replying
from .rebuilt import ROUNDS, STALE, Afresh, at_once, first_views

SMALL = 60  # discussions more of the smallest size, whose first views are asked for at once
ONE_BY_ONE = ", one by one"
Part = Callable[[float], None]


def measure(
    place: MeasuredSite,
    read: list[MeasuredDiscussion],
    runs: int,
    seconds: float,
    *,
    reads: bool,
    writes: bool,
) -> list[Target]:
    """Return every target at every size, all measured in turn `runs` times over."""
    small = small_discussions(place, read[0]) if reads else []
    everywhere = [*read, *small]
    replies = (runs + 1) * (ROUNDS * len(read) + len(small) + 2 * BATCH * len(read))
    writers = ReplyWriters(place.site, read, replies)
    answering = {each: Answering(writers, each) for each in everywhere}
    with contextlib.ExitStack() as stack:
        targets = stack.enter_context(steady(place, read, reads=reads))
        parts: list[Part] = [refreshing(place, targets), measuring(targets)]
        if reads:
            limits = [each for each in targets if each.name in {BARE, HONEST}]
            single = [one_by_one(each) for each in limits]
            many = [at_once(each, len(small)) for each in limits]
            many.append(first_views(place, small, answering))
            fresh = Afresh(place, read, answering)
            parts += [measuring(many), lambda _seconds: fresh.measure(single)]
            targets = [*targets, *many, *single, *fresh.targets]
        if writes:
            url, pid = stack.enter_context(application(place.site, "bench.limits.inserting"))
            written = [inserting(place, url, pid, writers)]
            written += [replying(place, each, answering[each]) for each in read]
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
    """Fill and return some more discussions of the smallest size."""
    # Its size is in their names, since a larger site is measured again with others of them.
    names = (f"{smallest.slug}-{smallest.size}-{number}" for number in range(SMALL))
    return fill(place.site, [MeasuredDiscussion(smallest.size, name) for name in names])


@contextlib.contextmanager
def steady(
    place: MeasuredSite, read: list[MeasuredDiscussion], *, reads: bool
) -> Iterator[list[Target]]:
    """Yield what gets the same answer each time; only the bare view unless `reads`."""
    with contextlib.ExitStack() as stack:
        targets = stack.enter_context(bare_twins(place, read))
        if reads:
            targets.append(stack.enter_context(honest_page(place, read[-1])))
            targets += stack.enter_context(behind_nginx(place, read[-1]))
        yield targets if reads else [each for each in targets if each.name == BARE]


def one_by_one(target: Target) -> Target:
    """Return `target` again, to be asked for once at a time."""
    limit = f"{target.limit}{ONE_BY_ONE}" if target.limit else ""
    return replace(target, name=f"{target.name}{ONE_BY_ONE}", limit=limit, runs=[])


def take_turns(targets: list[Target], parts: list[Part], runs: int, seconds: float) -> None:
    """Let each part measure in turn; the first time only warms up."""
    for run in range(runs + 1):
        for part in parts:
            part(seconds)
        if run == 0:
            for target in targets:
                target.runs.clear()


def measuring(targets: list[Target]) -> Part:
    """Return the part that measures `targets` one after the other."""

    def measure_each(seconds: float) -> None:
        for target in targets:
            target.measure(seconds)

    return measure_each


def refreshing(place: MeasuredSite, targets: list[Target]) -> Part:
    """Return the part that lets what was written before become visible, and its version known."""

    def refresh(_seconds: float) -> None:
        time.sleep(STALE)
        for target in targets:
            if target.name == UNCHANGED:
                ask_for_tag(place.site, target.request)

    return refresh


def commit_part(place: MeasuredSite, target: Target) -> Part:
    """Return the part that commits rows."""

    def commit(seconds: float) -> None:
        target.runs.append(commits(place.site, seconds))

    return commit
