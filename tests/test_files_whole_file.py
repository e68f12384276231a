from __future__ import annotations

from pathlib import Path

import pytest

from analysis.files.whole_file import write_bytes, write_text


def test_a_file_is_written_with_its_folder_and_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    write_text(path, "é\r\n\n")
    assert path.read_bytes() == b"\xc3\xa9\r\n\n"
    write_bytes(path, b"\0")
    assert path.read_bytes() == b"\0"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_is_cut_off_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("as it was")

    def cut_off(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:1])
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", cut_off)
    with pytest.raises(OSError, match="no space"):
        write_text(path, "what should be there")
    assert path.read_text() == "as it was"
