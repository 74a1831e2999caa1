"""The first threads of a discussion in the order readers come to, as the post keeps them. Pure.

Written as "generation version more thread thread …", a thread of the first screen as
"id:why:stance". `version` is that of the page when it was ranked: what arrived later is not in it.
"""

from dataclasses import dataclass

from .first_screen import FirstScreenPlace, Why


@dataclass(frozen=True)
class FrontPage:
    """The first threads, the reason for those on the first screen, and whether there are more."""

    generation: int
    version: int
    has_more: bool
    threads: tuple[int, ...]
    places: dict[int, FirstScreenPlace]

    @classmethod
    def parse(cls, stored: str) -> "FrontPage | None":
        """Return what is `stored` with a post, None where nothing is."""
        if not stored:
            return None
        generation, version, more, *threads = stored.split()
        places = [_place(thread) for thread in threads if ":" in thread]
        return cls(
            generation=int(generation),
            version=int(version),
            has_more=more == "1",
            threads=tuple(int(thread.partition(":")[0]) for thread in threads),
            places={place.id: place for place in places},
        )

    def __str__(self) -> str:
        threads = " ".join(write_threads(self.threads, self.places))
        return f"{self.generation} {self.version} {int(self.has_more)} {threads}"


def write_threads(
    threads: "tuple[int, ...] | list[int]", places: dict[int, FirstScreenPlace]
) -> list[str]:
    """Return each of `threads` as it is stored, with its place if it has one."""
    return [
        f"{pk}:{places[pk].why}:{places[pk].stance or 0}" if pk in places else str(pk)
        for pk in threads
    ]


def _place(written: str) -> FirstScreenPlace:
    pk, why, stance = written.split(":")
    return FirstScreenPlace(int(pk), Why(why), int(stance) or None)
