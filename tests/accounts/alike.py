"""Send a form that takes an address, and see all that could tell whether the address is known."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult as Job

# What differs between any two answers: the token of forms, the random part of a header or cookie.
_RANDOM = re.compile(r'(csrfmiddlewaretoken" value=|nonce-|csrf-token" content=)"?[\w-]+')
_TABLE = re.compile(r'(?:FROM|INTO|UPDATE) "(\w+)"')


@dataclass
class Seen:
    """What was seen of requests: their answers in order, and the work of all of them."""

    answers: list[tuple[Any, ...]] = field(default_factory=list)
    # Statements by verb and table, in number.
    queries: Counter[str] = field(default_factory=Counter)
    hashed: int = 0
    jobs: int = 0

    def add(self, answer: Any, *words: str) -> None:
        """Note an answer, without the `words` that were typed."""
        cookies = sorted(
            (name, *(str(morsel[key]) for key in ("max-age", "path", "httponly", "samesite")))
            for name, morsel in answer.cookies.items()
        )
        text = _RANDOM.sub(r"\1", answer.content.decode())
        for word in words:
            text = text.replace(word, "*")
        self.answers.append((answer.status_code, answer.get("Location"), cookies, text))


@contextmanager
def watched() -> Iterator[Seen]:
    """Count queries, hashings of passwords and queued jobs in the block."""
    seen, jobs = Seen(), Job.objects.count()
    encode = mock.patch.object(
        MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
    )
    with encode as hashed, CaptureQueriesContext(connection) as asked:
        yield seen
    seen.queries = Counter(map(_kind, (query["sql"] for query in asked)))
    seen.hashed, seen.jobs = hashed.call_count, Job.objects.count() - jobs


def _kind(sql: str) -> str:
    table = _TABLE.search(sql)
    return f"{sql.split()[0]} {table[1] if table else ''}"


def follow(client: Client, seen: Seen, answer: Any, *words: str) -> None:
    """Note the answer and the page that it leads to."""
    seen.add(answer, *words)
    if "Location" in answer:
        seen.add(client.get(answer["Location"]), *words)
