from __future__ import annotations

import threading
from pathlib import Path

import pytest

from analysis.files import exchange


def folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "page").write_text(text)
    return path


@pytest.mark.parametrize("system", ["as it is", "without an exchange"])
def test_the_finished_folder_stands_where_the_old_one_was(
    tmp_path: Path, system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if system != "as it is":
        monkeypatch.setattr(exchange, "_exchanged", lambda one, other: False)
    place = tmp_path / "site"
    for text in ("first", "second"):
        exchange.take_place(folder(tmp_path / "new", text), place)
        assert (place / "page").read_text() == text
        assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_whoever_looks_always_finds_a_whole_folder(tmp_path: Path) -> None:
    place = folder(tmp_path / "site", "0")
    if not exchange._exchanged(folder(tmp_path / "new", "1"), place):
        pytest.skip("this system cannot exchange two folders")
    ended, missing = threading.Event(), []

    def look() -> None:
        while not ended.is_set():
            try:
                place.stat()
            except FileNotFoundError:
                missing.append(1)

    looking = threading.Thread(target=look)
    looking.start()
    for number in range(60):
        exchange.take_place(folder(tmp_path / f"new {number}", "x"), place)
    ended.set()
    looking.join()
    assert missing == []
