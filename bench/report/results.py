"""Hold all results of a run, for the tables and for the file."""

import os
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Results:
    """The results of a run. Only results of the same `kind` are compared."""

    measured_at: str = field(default_factory=lambda: time.strftime("%Y-%m-%dT%H-%M-%S"))
    kind: dict[str, Any] = field(default_factory=dict)
    pages: list[dict[str, Any]] = field(default_factory=list)
    growth: dict[str, dict[str, float]] = field(default_factory=dict)
    size_growth: list[dict[str, Any]] = field(default_factory=list)
    site_growth: list[dict[str, Any]] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)
    processes: list[dict[str, float]] = field(default_factory=list)
    queries: dict[str, dict[str, int]] = field(default_factory=dict)
    views: dict[str, dict[str, int]] = field(default_factory=dict)
    weights: dict[str, dict[str, int]] = field(default_factory=dict)
    paints: list[dict[str, Any]] = field(default_factory=list)
    interaction: dict[str, dict[str, float]] = field(default_factory=dict)
    texts: list[dict[str, Any]] = field(default_factory=list)
    goals: list[dict[str, Any]] = field(default_factory=list)
    worse: list[str] = field(default_factory=list)

    @classmethod
    def of_kind(cls, **kind: Any) -> "Results":
        """Return empty results of this `kind` and this machine's number of processors."""
        return cls(kind={"processors": os.cpu_count(), **kind})
