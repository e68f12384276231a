"""Who works: one thread, the cores of this machine, or a cluster.

This is the one place that says it; cleaning, sensitivity, the gate, rendering and the pages of
sources ask here. Results never depend on the answer. `WORKERS` in the environment
(`make report WORKERS=…`, or `workers:` in params.yml) is `one`, `cores`, or the address of a Dask
cluster, `tcp://host:port`.

To a cluster go tasks that name files of the study by their paths, on a folder that all its workers
see, the pseudonym key, and for sensitivity the coded passages. They are sealed, so that no log
shows what is in them, and a cluster whose workers write their memory to disk is refused.

Who works is settled in this module, which imports little: a run that finds nothing to do asks it
too. The workers themselves are in `pools`.
"""

from __future__ import annotations

import os
import re

from analysis.files.problems import Problem, StudyError

VARIABLE = "WORKERS"
ONE, CORES = "one", "cores"
_ADDRESS = re.compile(r"(?:tcp|tls)://(?P<host>\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}")
_HERE = ("localhost", "127.0.0.1", "[::1]")


def cores() -> int:
    """How many cores this process may use, at least 1."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def checked(who: str, where: str) -> str:
    """`who` works, as params.yml or the environment names it.

    Raises `StudyError` that names `where` for anything else than `one`, `cores` or an address.
    """
    if who in (ONE, CORES) or _ADDRESS.fullmatch(who):
        return who
    raise StudyError(
        Problem(
            where,
            repr(who[:60]),
            f"{ONE}, {CORES}, or the address of a Dask cluster such as tcp://127.0.0.1:8786",
            "correct it",
        )
    )


def is_elsewhere(who: str) -> bool:
    """Whether `who` is the address of another machine than this."""
    found = _ADDRESS.fullmatch(who)
    return bool(found and found["host"] not in _HERE)
