"""Studies that are built once for all tests, how hypothesis chooses its examples, and what a run
says of the tests that it left out."""

from __future__ import annotations

import multiprocessing
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pytest
import side_by_side
from built import once, share_with_workers
from hostile_folder import make_in_hostile_folder
from hypothesis import settings

from analysis.text import folding

# It builds a grammar for a third of the time in which all tests are collected, for a check of
# addresses that nobody asks `jsonschema` for (also kept out in `analysis.pipeline.run`).
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# A busy machine is no failure. `make test` tries the same examples on the same code, so that nobody
# is stopped by what another change left; `make test-full` tries new ones each time, and more. A test
# that needs more of them says how many times as many: `max_examples=4 * settings().max_examples`.
settings.register_profile("same", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("new", deadline=None, print_blob=True)


# What a text is in folded form depends on the text alone, and the tests ask it of the same pages,
# styles and choices of each copy of a study.
folding._fold = lru_cache(maxsize=4096)(folding._fold)


TINY = "a tiny study"


@pytest.fixture(scope="session")
def tiny_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny study (`tiny.py`) with its report, built once: to look at, never to change.

    Whoever is first runs `make report`, and finds that nothing that lies in a study is run.
    """
    return once(tmp_path_factory, TINY, make_in_hostile_folder)


@pytest.fixture
def tiny_copy(tiny_report: Path, tmp_path: Path) -> Path:
    """A copy of the built tiny study, to change; nothing in it is due. Its name has a space."""
    return Path(shutil.copytree(tiny_report, tmp_path / "my study"))


# The files that take longest, the longest first: what is left for the end is short, so that all
# end together. A file that is not named comes after them.
_LONGEST = (
    "test_pipeline.py",
    "test_explore_results.py",
    "test_hostile_study.py",
    "test_lifecycle_purge.py",
    "test_lifecycle_deposit.py",
    "test_report_gate_consent.py",
    "test_report_publish.py",
    "test_desk_two_people.py",
    "test_privacy_ledger.py",
    "test_report_render.py",
    "test_explore_widget.py",
    "test_installed.py",
    "test_reading_bad.py",
    "test_report_evidence_index.py",
    "test_lifecycle_compare_two_renderers.py",
    "test_files_confined_hostile.py",
    "test_report_gate.py",
    "test_measures_nulls.py",
    "test_pipeline_stages.py",
    "test_measures_invariance.py",
    "test_reading_fuzz.py",
    "test_lifecycle_preview.py",
    "test_explore.py",
    "test_files_confined.py",
    "test_figures.py",
    "test_lifecycle_purge_shipped.py",
    "test_workers.py",
    "test_desk_ledger.py",
    "test_report_pages_following.py",
    "test_claims_patterns.py",
    "test_claims_sensitivity.py",
    "test_report_render_quarto.py",
    "test_report_site_check.py",
    "test_desk_widget.py",
    "test_digits.py",
    "test_reading_realdata.py",
    "test_demonstration.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {name: number for number, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--processes", type=int, default=1, help="so many run the tests (tests/side_by_side.py)"
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    full = config.getoption("markexpr") == "full or not full"
    settings.load_profile("new" if full else "same")
    config.stash[left_out] = Counter()
    if config.getoption("processes") > 1:
        share_with_workers()
        if config.args_source is config.ArgsSource.TESTPATHS:
            _begin_the_tiny_study(config)


# Line -> how many tests it tells of.
left_out = pytest.StashKey[Counter[str]]()


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    for item in items:
        mark = item.get_closest_marker("full")
        why = f"{mark.args[0]}; make test-full runs it" if mark and mark.args else "not asked for"
        item.config.stash[left_out][f"{item.path.name}: {why}"] += 1


def _begin_the_tiny_study(config: pytest.Config) -> None:
    """Build what most tests wait for while the tests are collected; `once` tells who waits for it."""
    folders: pytest.TempPathFactory = config._tmp_path_factory  # type: ignore[attr-defined]
    folders.getbasetemp()
    beside = multiprocessing.get_context("fork").Process(
        target=once, args=(folders, TINY, make_in_hostile_folder), daemon=True
    )
    beside.start()


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    number = session.config.getoption("processes")
    if number == 1 or session.testsfailed or session.config.option.collectonly:
        return None
    side_by_side.run(session, number)
    return True


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    told = config.stash[left_out]
    if told:
        terminalreporter.section(f"{told.total()} tests LEFT OUT")
        for line, number in sorted(told.items()):
            terminalreporter.line(f"[{number}] {line}")
