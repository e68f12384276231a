"""A corpus that is cleaned batch by batch leaves the same bytes as one that is cleaned at once."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from tiny import write_tiny_study

from analysis.files.problems import StudyError
from analysis.stages import cleaned
from analysis.study import parts
from analysis.study.folder import Study


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKERS", "one")
    return write_tiny_study(tmp_path)


def left(folder: Path) -> dict[str, bytes]:
    """Clean all sources; what the stage left, and what its notebook shows."""
    study = Study.open(folder, embargoed=True)
    shown = {}
    for kind in study.kinds:
        found = cleaned.clean_kind(study, kind)
        found.write(study)
        for name in ("read", "counted", "masked", "lacking"):
            shown[f"{kind} {name}"] = getattr(found, name).to_csv().encode()
    files = [*study.processed.rglob("*"), *(study.private / "review").rglob("*")]
    return shown | {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in files if path.is_file()
    }


@pytest.mark.parametrize(
    "size", [2, *(pytest.param(n, marks=pytest.mark.full("other sizes")) for n in (1, 5))]
)
def test_batches_of_whatever_size_leave_the_same_bytes(
    folder: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = left(folder)
    monkeypatch.setattr(parts, "LARGE", 0)
    monkeypatch.setattr(parts, "SOURCES_A_PART", size)
    assert left(folder) == whole
    assert left(folder) == whole  # from what was kept
    assert list((folder / "data/private/prepared/batches").glob("*.json"))


def test_one_changed_source_makes_one_batch_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LARGE", 0)
    monkeypatch.setattr(parts, "SOURCES_A_PART", 1)
    left(folder)
    made: list[object] = []
    own = cleaned.OfBatch.of
    monkeypatch.setattr(
        cleaned.OfBatch, "of", lambda *given: (made.append(list(given[0])), own(*given))[1]
    )
    changed = folder / "data/raw/interviews/c1.txt"
    changed.write_text(changed.read_text(encoding="utf-8") + "\nR: One more.\n", encoding="utf-8")
    left(folder)
    assert made == [["c1"]]


def test_what_is_wrong_with_sources_is_told_of_all_and_nothing_takes_its_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LARGE", 0)
    monkeypatch.setattr(parts, "SOURCES_A_PART", 1)
    names = ("c1", "t1")
    for name in names:
        (folder / "data/raw/interviews" / f"{name}.txt").write_text("\n", encoding="utf-8")
    with pytest.raises(StudyError) as told:
        cleaned.clean_kind(Study.open(folder), "interview")
    assert all(f"source {name}" in str(told.value) for name in names)
    assert not list((folder / "data/processed").rglob("passages-*.csv"))


def test_who_speaks_is_kept_as_it_was() -> None:
    heard = cleaned.Heard("s", ("a", "b"), "no interviewer", 3, (("A", "So?"), ("B", "Yes.")), "x")
    batch = cleaned.OfBatch({"log": {"rule": ["cues"]}}, [["a", "b"]], [heard], {"p": "1,2\n"}, {})
    assert dataclasses.asdict(cleaned.OfBatch.from_json(batch.as_json())) == dataclasses.asdict(
        batch
    )
