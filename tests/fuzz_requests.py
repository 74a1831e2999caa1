"""Send what `make test` leaves out of broken values to every route: `make fuzz`.

Each parameter and field alone in every class, and `FUZZ_ROUNDS` random combinations for each route
(200), from the seed `FUZZ_SEED` (0).
"""

import os
import random
from collections.abc import Callable, Iterator
from typing import Any

from django.core.cache import cache
from django.db import transaction

from tests import broken_requests
from tests.broken_requests import BROKEN, Asking, Broken, Sent, Target, encoded
from tests.cast import Cast

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "200"))
SEED = int(os.environ.get("FUZZ_SEED", "0"))
# Besides the classes of `make test`.
MORE: list[bytes | list[bytes]] = [
    *BROKEN.values(),
    b"-9223372036854775809",
    b"340282366920938463463374607431768211456",
    b"1e309",
    b"NaN",
    b"0x10",
    "١٢".encode(),  # digits, but not ASCII
    b"true",
    b"\r\nX: y",
    b"a\nb",
    b"//evil.example/",
    b"javascript:alert(1)",
    b"../../etc/passwd",
    b"f99999999999999999-9999999999",
    b"t99999999999999999-1-zzzzzzz~",
    b"r9-999999999",
    b"00000000-0000-0000-0000-000000000000",
    b"9999-12-31T23:59",
    b"0001-01-01T00:00",
    ("e" + "\u0301" * 5_000).encode(),
    "\U0001f600".encode() * 2_000,
    "\ufdfa".encode() * 2_000,
]


class FuzzTests(Cast):
    """Every route, with several broken values at once, and with one in every place."""

    def test_several_at_once(self) -> None:
        chance = random.Random(SEED)
        self._check(lambda asking, at: _combinations(asking, at, chance))

    def test_each_alone(self) -> None:
        self._check(Broken(alone=BROKEN, shared=()).requests)

    def _check(self, requests: Callable[[Asking, Target], Iterator[Sent]]) -> None:
        for route in broken_requests.all_routes():
            with self.subTest(route, seed=SEED), transaction.atomic():
                cache.clear()
                at = broken_requests.target(self, route)
                asking = Asking(at.actor)
                for sent in requests(asking, at):
                    self.assertEqual(list(broken_requests.faults(asking, sent)), [], sent)
                transaction.set_rollback(True)


def _combinations(asking: Asking, at: Target, chance: random.Random) -> Iterator[Sent]:
    asked, told = broken_requests.names_read(asking, at)
    for _round in range(ROUNDS):
        query = encoded(_some(asked, chance))
        form = encoded({**at.form, **_some(told, chance)})
        yield Sent("broken at random", chance.choice(("GET", "POST")), f"{at.path}?{query}", form)
    for path in broken_requests.broken_paths(at.path, chance.choice(MORE)):
        yield Sent("broken at random", at.method, path, encoded(at.form))


def _some(names: list[str], chance: random.Random) -> dict[str, Any]:
    return {name: chance.choice(MORE) for name in names if chance.random() < 0.6}
