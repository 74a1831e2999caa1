"""The old dotted paths of jobs, and the ones that lead to the same functions today.

A row of the queue stores the dotted path of its function, and a new release finds rows that the
last one stored. So a function that moves leaves its old path here for one release. A row takes the
new path when a worker claims it or an admin retries it.
"""

# Old path: new path. Delete an entry in the second release after the move.
ALIASES: dict[str, str] = {
    # Moved on 2026-11-28, before the first version.
    "comments.branches.finish_move": "comments.actions.branches.finish_move",
    "comments.ranks.rank_post": "comments.ranking.tasks.rank_post",
}


def current_path(path: str) -> str:
    """Return the path at which the function stored as `path` is found today."""
    return ALIASES.get(path, path)
