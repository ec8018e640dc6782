"""Timing one request many times: its statements, p50 and p95, beside the bare statements."""

import time
from collections.abc import Callable
from math import ceil
from statistics import median
from typing import NamedTuple

from flask import Flask

from tests.desk.reading import counted_queries

WARM_UPS, RUNS = 3, 20


class Timed(NamedTuple):
    """What one request takes, in milliseconds; ``queries`` are the most statements of any run."""

    name: str
    role: str
    queries: int
    p50: float
    p95: float
    bare: float

    def told(self, database: str) -> str:
        """One line of the table."""
        ratio = f"{self.p50 / self.bare:>8.1f}" if self.bare else f"{'':>8}"
        times = f"{self.p50:>9.0f}{self.p95:>9.0f}{self.bare:>9.1f}{ratio}"
        return f"{database:<11}{self.name:<34}{self.role:<9}{self.queries:>4}{times}"


HEAD = f"{'':<11}{'what':<34}{'role':<9}{'q':>4}{'p50':>9}{'p95':>9}{'bare':>9}{'ratio':>8}"


def timed(app: Flask, name: str, role: str, acts: list[Callable[[], None]], bare: list[Callable[[], None]]) -> Timed:
    """Each act once, in order; the first WARM_UPS are not counted. ``bare`` likewise."""
    assert len(acts) > WARM_UPS, name
    taken, most = [], 0
    for act in acts:
        with counted_queries(app) as statements:
            taken.append(_milliseconds(act))
        most = max(most, len(statements))
    counted = sorted(taken[WARM_UPS:])
    p95 = counted[ceil(0.95 * len(counted)) - 1]
    beside = [_milliseconds(act) for act in bare][WARM_UPS:]
    return Timed(name, role, most, median(counted), p95, median(beside) if beside else 0)


def _milliseconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000
