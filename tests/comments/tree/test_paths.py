"""Test paths, whose text sorts in tree order."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.tree import paths

IDS = st.integers(min_value=1, max_value=36**paths.WIDTH - 1)
CHAINS = st.lists(IDS, min_size=1, max_size=18)


def path_of(chain: list[int]) -> str:
    """Return the path of the last of `chain`, each the parent of the next."""
    path = ""
    for row_id in chain:
        path = paths.child(path, row_id)
    return path


@given(CHAINS)
def test_a_path_names_its_ancestors_in_order(chain: list[int]) -> None:
    path = path_of(chain)
    assert paths.row_ids(path) == chain
    assert paths.depth(path) == len(chain) - 1


@given(st.lists(IDS, min_size=2, max_size=30, unique=True))
def test_later_ids_sort_behind_earlier_ones(ids: list[int]) -> None:
    in_order = sorted(ids)
    assert sorted(map(paths.segment, ids)) == list(map(paths.segment, in_order))


@given(st.lists(CHAINS, min_size=2, max_size=12))
def test_paths_sort_as_trees_are_read(chains: list[list[int]]) -> None:
    assert sorted(map(path_of, chains)) == list(map(path_of, sorted(chains)))


@given(CHAINS, CHAINS)
def test_a_branch_is_a_range(branch: list[int], other: list[int]) -> None:
    start, path = path_of(branch), path_of(other)
    inside = other[: len(branch)] == branch
    assert (start <= path < start + paths.LAST) == inside


@pytest.mark.parametrize("row_id", [0, -1, 36**paths.WIDTH])
def test_what_does_not_fit_is_refused(row_id: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        paths.segment(row_id)


def test_the_width_is_fixed() -> None:
    widths = [len(paths.segment(row_id)) for row_id in (1, 35, 36, 36**6, 36**paths.WIDTH - 1)]
    assert all(first == second == paths.WIDTH for first, second in pairwise(widths))
