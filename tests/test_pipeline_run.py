"""What a finished notebook keeps of how it ran: nothing."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import nbformat.v4 as made

from analysis.pipeline import run
from analysis.pipeline.run import _settle


def settled(path: Path, *outputs: Any) -> Any:
    cell = made.new_code_cell(
        "x", outputs=list(outputs), metadata={"execution": {"started": "now"}}
    )
    # As a file holds it: texts line by line.
    cells = json.loads(json.dumps(made.new_notebook(cells=[cell])))
    for one in cells["cells"][0]["outputs"]:
        if "text" in one:
            one["text"] = one["text"].splitlines(keepends=True)
    path.write_text(json.dumps(cells), encoding="utf-8")
    _settle(path)
    return json.loads(path.read_text(encoding="utf-8"))["cells"][0]


def test_in_how_many_pieces_a_cell_printed_is_forgotten(tmp_path: Path) -> None:
    def said(*texts: str) -> list[Any]:
        return [made.new_output("stream", name="stderr", text=text) for text in texts]

    shown = made.new_output("display_data", data={"text/plain": "a"})
    other = made.new_output("stream", name="stdout", text="o")
    at_once = settled(tmp_path / "a", *said("one\ntwo\nthree\n"), shown, *said("four"), other)
    in_pieces = settled(
        tmp_path / "b", *said("one\nt", "wo\n", "three\n"), shown, *said("fo", "ur"), other
    )
    assert at_once == in_pieces
    assert [one.get("text") for one in at_once["outputs"]] == [
        ["one\n", "two\n", "three\n"],
        None,
        ["four"],
        ["o"],
    ]
    assert at_once["metadata"] == {} and at_once["id"] == "cell-0"


def _fill_the_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "figure.png")


def test_a_disk_that_fills_while_a_stage_works_is_told_as_that() -> None:
    told = run._message_of(run._in_fork(_fill_the_disk))
    assert "figure.png" in told and "no room left on the disk" in told
