"""Run several functions at the same time, each with its own database connection."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run all `works` at the same time; return the result or exception of each."""
    results: list[Any] = [None] * len(works)
    start = Barrier(len(works))

    def do(place: int, work: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = work()
        except Exception as raised:
            results[place] = raised
        finally:
            connection.close()

    threads = [Thread(target=do, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
