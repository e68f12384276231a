"""How much memory a process may take, where the system can tell: none more stops as MemoryError."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def limit(memory: int) -> None:
    """Let this process take `memory` bytes more than it has now, for good."""
    with suppress(ValueError, OSError):
        most = _taken() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


@contextmanager
def limited(memory: int) -> Iterator[None]:
    """The same while the work within goes on."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):
        most = _taken() + memory
        allowed = before[0] if before[0] != resource.RLIM_INFINITY else most
        resource.setrlimit(resource.RLIMIT_AS, (min(most, allowed), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _taken() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()
