"""The databases on which writes are measured, and the options that choose among them."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from ..kill.trial import on_postgresql, on_sqlite

PLACES = {"sqlite": on_sqlite, "postgresql": on_postgresql}


def options_of(
    name: str, description: str | None, numbers: str, default: Sequence[int]
) -> Namespace:
    """Return the options of `python -m bench.writes.<name>`: databases, and sizes as `numbers`."""
    parser = ArgumentParser(prog=f"python -m bench.writes.{name}", description=description)
    parser.add_argument(f"--{numbers}", type=int, nargs="+", default=default)
    parser.add_argument("--database", choices=PLACES, nargs="+", default=list(PLACES))
    return parser.parse_args()
