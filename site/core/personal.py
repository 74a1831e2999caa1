"""Register whose words every text column holds. Erasing and the download of one's data read it.

Each app declares its tables in a module `personal`, imported by its `AppConfig.ready`. A text
column belongs to a `Holding`, which names the person, or to nobody, with the reason; a test fails
for a column with neither.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Erasure:
    """The erasure of the account `person`; with `delete_texts` its published words go, too."""

    person: Any
    delete_texts: bool


Erase = Callable[[Erasure], object]


def stays(erasure: Erasure) -> None:
    """Leave rows without words that others rely on; they point at the anonymous account."""


@dataclass(frozen=True, kw_only=True)
class Holding:
    """The rows of one table that belong to a person, under `name` in the download.

    `words` are the text columns with the person's words, `copies` those with words that the
    download has elsewhere. `erase` may be called again after a failure, so a second call changes
    nothing; with `last` it runs in the transaction that erases the account.
    """

    name: str
    model: str
    words: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    erase: Erase
    download: Callable[[Any], Any] | None
    last: bool = False

    def text_columns(self) -> Iterator[str]:
        """Yield the columns with words, as "app.Model.column"."""
        return (f"{self.model}.{column}" for column in (*self.words, *self.copies))


# Of each app in the order of the settings, so that an app follows those it imports.
_declared: dict[str, tuple[Holding, ...]] = {}
_nobodys: dict[str, str] = {}
_nobodys_tables: dict[str, str] = {}


def declare(app: str, *holdings: Holding) -> None:
    """Register the holdings that the app `app` knows about."""
    _declared[app] = holdings


def nobodys(reason: str, **columns: str) -> None:
    """Register columns without words of a person: model with "__" for the dot, to its columns."""
    for model, names in columns.items():
        for name in names.split():
            _nobodys[f"{model.replace('__', '.')}.{name}"] = reason


def nobodys_table(name: str, reason: str) -> None:
    """Register a table that has no model, and why it holds no words of a person."""
    _nobodys_tables[name] = reason


def holdings() -> list[Holding]:
    """Return all holdings, in the order of the apps."""
    return [holding for group in _declared.values() for holding in group]


def columns_of_nobody() -> dict[str, str]:
    """Return the columns that hold no words of a person, with the reasons."""
    return dict(_nobodys)


def tables_of_nobody() -> dict[str, str]:
    """Return the tables without a model, with the reasons."""
    return dict(_nobodys_tables)


def erase_all(erasure: Erasure, *, account: bool) -> None:
    """Erase what belongs to the person, the topmost app first; with `account` the account, too."""
    done: list[Erase] = []
    for group in reversed(_declared.values()):
        for holding in group:
            if holding.erase not in done and (account or not holding.last):
                holding.erase(erasure)
                done.append(holding.erase)


def download_of(person: Any) -> dict[str, Any]:
    """Return everything that belongs to `person`: the name of a holding to its rows."""
    return {each.name: each.download(person) for each in holdings() if each.download}


def rows(queryset: Any, *columns: str) -> Rows:
    """Return `columns` of a queryset in order of the key; "a__b" becomes the key "a_b"."""
    return [
        {name.replace("__", "_"): value for name, value in row.items()}
        for row in queryset.order_by("pk").values(*columns)
    ]
