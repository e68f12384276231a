"""What one of the processes of `side_by_side` does: takes files of tests, and tells how they went."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any

import pytest


class _Teller:
    """Hands what pytest would print, or count, to the process that does."""

    def __init__(self, config: pytest.Config, way: Connection) -> None:
        self.config = config
        self.way = way

    def pytest_runtest_logstart(self, nodeid: str, location: object) -> None:
        self.way.send(("start", {"nodeid": nodeid, "location": location}))

    def pytest_runtest_logfinish(self, nodeid: str, location: object) -> None:
        self.way.send(("finish", {"nodeid": nodeid, "location": location}))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        to_words = self.config.hook.pytest_report_to_serializable
        self.way.send(("report", to_words(config=self.config, report=report)))

    def pytest_warning_recorded(
        self, warning_message: warnings.WarningMessage, when: str, nodeid: str, location: object
    ) -> None:
        if when != "runtest":  # from before the fork, and told there
            return
        said = (str(warning_message.message), warning_message.category)
        place = (warning_message.filename, warning_message.lineno)
        told = {"said": said + place, "when": when, "nodeid": nodeid, "location": location}
        self.way.send(("warning", told))


def work(
    session: pytest.Session, files: Sequence[list[pytest.Item]], heap: int, way: Connection
) -> None:
    """Run the tests of each file whose number it can still read from `heap`, and tell of them on `way`."""
    plugins = session.config.pluginmanager
    plugins.unregister(name="terminalreporter")
    plugins.register(_Teller(session.config, way))
    # What a test prints is caught in a file, which must be another's no longer.
    capture: Any = plugins.getplugin("capturemanager")
    capture.stop_global_capturing()
    capture.start_global_capturing()
    capture.suspend_global_capture()
    try:
        for item, after in _taken(session, files, heap):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        session._setupstate.teardown_exact(None)
        way.send(("end", {}))
    except KeyboardInterrupt:
        pass


def _taken(
    session: pytest.Session, files: Sequence[list[pytest.Item]], heap: int
) -> Iterator[tuple[pytest.Item, pytest.Item]]:
    """The tests of each file that this process takes, with the next one: what it needs is kept.

    After the last of a file only what the session needs is kept, for the next file may be another's.
    """
    while number := os.read(heap, 4):
        tests = files[int.from_bytes(number)]
        yield from zip(tests, [*tests[1:], session], strict=True)  # type: ignore[list-item]
