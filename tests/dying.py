"""Tasks for workers, some of which end whoever does them. Imports little: each worker imports it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def square(number: int) -> int:
    return number * number


def slow_square(number: int) -> int:
    time.sleep(0.1)
    return number * number


def square_or_die(number: int) -> int:
    if number in (3, 11):
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def die_once(told: tuple[int, str]) -> int:
    number, folder = told
    mark = Path(folder) / "died"
    if number == 5 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def fail(number: int) -> int:
    raise LookupError(f"no {number}")
