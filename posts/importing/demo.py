"""Load the demonstration's article, question, promises and series from `posts/importing/data/`."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User

from .. import actions
from ..models import Part, Post, Series

FOLDER = Path(__file__).with_name("data")
# The sample discussions last four weeks, and none of them may be in the future.
DISCUSSION_LENGTH = timedelta(days=28)


def is_loaded() -> bool:
    """Return whether the demonstration's article exists."""
    return Post.objects.filter(slug=read()["post"]["slug"]).exists()


@transaction.atomic
def load_publication(author: User, now: datetime | None = None) -> Post:
    """Create the article of `author` with its question, promises and series, and return it.

    An article that exists already is returned unchanged.
    """
    found = read()
    post = Post.objects.filter(slug=found["post"]["slug"]).first()
    if post is not None:
        return post
    at = publication_time(found["post"]["published"], now or timezone.now())
    post = _load_post(found["post"], author, at)
    load_question(found["question"], post)
    _load_promises(found["promises"], post, _load_series(found, author, post), at)
    return actions.publish(post, by=author, at=at, now=at)


def read() -> dict[str, Any]:
    """Return the content of `publication.toml`."""
    return tomllib.loads((FOLDER / "publication.toml").read_text(encoding="utf-8"))


def publication_time(planned: str, now: datetime) -> datetime:
    """Return the `planned` time (ISO 8601), or an earlier one if the discussion would end later."""
    time = datetime.fromisoformat(planned)
    return time if time + DISCUSSION_LENGTH <= now else now - DISCUSSION_LENGTH


def _load_post(found: dict[str, Any], author: User, at: datetime) -> Post:
    body = (FOLDER / found["body_file"]).read_text(encoding="utf-8")
    return actions.save_draft(
        None,
        by=author,
        title=found["title"],
        standfirst=found["standfirst"],
        body=body.strip(),
        slug=found["slug"],
        language=found["language"],
        now=at,
    )


def load_question(found: dict[str, Any], post: Post) -> None:
    """Set the question `found` in a file, with its answers, as that of `post`."""
    stances = [actions.StanceInput(**stance) for stance in found["stances"]]
    actions.set_question(post, text=found["text"], stances=stances)


def _load_series(found: dict[str, Any], owner: User, post: Post) -> dict[int, Part]:
    """Create the series and return its parts by number."""
    series: Series = actions.save_series(None, by=owner, **found["series"])
    inputs = [
        actions.PartInput(
            title=part["title"],
            summary=part["summary"],
            post_id=post.pk if part.get("post") == post.slug else None,
        )
        for part in sorted(found["parts"], key=lambda part: part["position"])
    ]
    return {part.position: part for part in actions.set_parts(series, inputs)}


def _load_promises(
    found: list[dict[str, Any]], post: Post, parts: dict[int, Part], at: datetime
) -> None:
    inputs = [
        actions.PromiseInput(
            exact=promise["exact"],
            prefix=promise["prefix"],
            suffix=promise["suffix"],
            note=promise["note"],
            part_ids=tuple(parts[number].pk for number in promise["parts"]),
        )
        for promise in found
    ]
    actions.set_promises(post, inputs, now=at)
