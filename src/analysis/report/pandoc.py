"""Pandoc as a program: where it is, which version, and one call of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from analysis.files.problems import Problem, StudyError


@cache
def program() -> Path:
    """Return Pandoc's binary: the one that pypandoc_binary brings, else the one on the PATH.

    Asking the package itself would start Pandoc once more.
    """
    spec = find_spec("pypandoc")
    brought = Path(spec.origin).parent / "files" if spec and spec.origin else Path()
    name = "pandoc.exe" if os.name == "nt" else "pandoc"
    if (brought / name).is_file():
        return brought / name
    on_path = shutil.which("pandoc")
    if on_path is None:
        raise FileNotFoundError("Pandoc is missing: install pypandoc_binary")
    return Path(on_path)


@cache
def version() -> str:
    """Return Pandoc's version, such as '3.9'."""
    return run(["--version"]).decode().split("\n")[0].removeprefix("pandoc").strip()


def run(
    arguments: Sequence[str], text: str = "", folder: Path | None = None, what: str = "Pandoc"
) -> bytes:
    """Run Pandoc in `folder` on `text` and return what it prints. Output has no time in it.

    Raises StudyError with Pandoc's own message when it cannot do it; `what` names its input.
    """
    done = subprocess.run(
        [str(program()), *arguments],
        input=text.encode(),
        capture_output=True,
        cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": "0", "LC_ALL": "C.UTF-8"},
        check=False,
    )
    if done.returncode:
        message = " / ".join(done.stderr.decode(errors="replace").split("\n")[:6]).strip(" /")
        raise StudyError(
            Problem(
                what,
                f"Pandoc says: {message}",
                "a page and a bibliography that it can read",
                "correct what it names",
            )
        )
    return done.stdout


def read_markdown(text: str, what: str = "Markdown") -> dict[str, Any]:
    """Return the document tree of `text`; nothing on disk or elsewhere is read for it."""
    tree: dict[str, Any] = json.loads(
        run(["--from", "markdown", "--to", "json", "--sandbox"], text, what=what)
    )
    return tree
