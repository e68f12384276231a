"""Writes docs/licences.md: under what licence each package of requirements.lock is.

Run where the lock is installed: `.venv/bin/python scripts/licences.py`. What is installed only on
other systems has no licence that could be read here.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
HEAD = """\
# Licences of what is installed

Written by `scripts/licences.py` from what the packages of `requirements.lock` say of themselves.
The code of this project is MIT and links against none under the GPL.

**Pandoc is GPL (version 2 or later).** `pypandoc-binary` (its own code is MIT) brings Pandoc's
program, which is run as a program, never linked. Quarto, where it is installed, is MIT (since 1.4) and is run as
a program too; it brings Pandoc. Whoever passes an environment on passes Pandoc on, under the GPL.

| package | licence |
|---|---|
"""


def licence(name: str) -> str:
    """What the package says, shortest form first."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed on this system"
    classes = [
        line.rpartition(" :: ")[2]
        for line in told.get_all("Classifier") or []
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    written = (told.get("License") or "").strip().partition("\n")[0]
    return told.get("License-Expression") or "; ".join(classes) or written or "not stated"


def main() -> None:
    """Write the table."""
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    names = re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE)
    rows = "".join(
        f"| {name} | {licence(name).replace('|', '/')} |\n" for name in sorted(set(names))
    )
    (PROJECT / "docs" / "licences.md").write_text(HEAD + rows, encoding="utf-8")


if __name__ == "__main__":
    main()
