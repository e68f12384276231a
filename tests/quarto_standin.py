"""A program that stands in for Quarto: it renders a project with the Pandoc of the environment.

It takes what Quarto is given (the settings, the pages, their includes, shortcodes and variables),
and does to them what Quarto is known to do: `{{< var >}}` is looked up once in `_variables.yml`, whose
values are then searched for shortcodes after entities are decoded; sections, figures and tables are
numbered; Pandoc writes HTML and DOCX. It is not Quarto: it shows how two renderings are compared, and
what would happen to values that hold shortcodes, not what Quarto's own pages look like.

`STANDIN_CHANGES`, a JSON list of pairs, is replaced in what Pandoc is given.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import sys
from html import unescape
from pathlib import Path

import yaml

VERSION = "1.11.2"
_SHORTCODE = re.compile(r"\{\{<\s*(\w+)\s+(.*?)\s*>\}\}")


def installed(folder: Path) -> Path:
    """Put the stand-in into `folder` as `quarto` and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    source = Path(__file__).resolve()
    project = source.parents[1] / "src"
    program = folder / "quarto"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{project}" exec "{sys.executable}" -P -s "{source}" "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return folder


def metadata_text(value: str) -> str:
    """A value of `_variables.yml` as Quarto prints it: shortcodes in it run once it is decoded."""
    decoded = unescape(value)

    def run(found: re.Match[str]) -> str:
        kind, rest = found[1], found[2]
        if kind == "env":
            return os.environ.get(rest, "?env")
        raise SystemExit(f"ERROR: shortcode {kind} in a variable")

    return _SHORTCODE.sub(run, decoded) if _SHORTCODE.search(decoded) else value


def main() -> None:
    if sys.argv[1:] == ["--version"]:
        print(VERSION)
        return
    from analysis.report.numbers import load
    from analysis.report.prose import prose
    from analysis.report.prose.page import read_with_problems
    from analysis.report.render import embedded

    reports, target = Path(), Path(sys.argv[sys.argv.index("--output-dir") + 1])
    target.mkdir(exist_ok=True)
    settings = yaml.safe_load((reports / "_quarto.yml").read_text("utf-8"))
    variables = {name: metadata_text(value) for name, value in load(reports).items()}
    changes = json.loads(os.environ.get("STANDIN_CHANGES", "[]"))
    for name in settings["project"]["render"]:
        page, _ = read_with_problems(reports, name, variables)
        told = json.dumps(page.blocks, ensure_ascii=False)
        for old, new in changes:
            assert old in told or name != "index.qmd", old
            told = told.replace(old, new)
        page = dataclasses.replace(page, blocks=json.loads(told))
        front = prose.front_matter((reports / name).read_text("utf-8"), name)
        generated = reports / "_generated"
        asked = front.get("format", settings.get("format", {}))
        for form in asked if isinstance(asked, dict) else [asked]:
            if form == "html":
                html = embedded.to_html(page, reports, constructed=False, navigation=[])
                (target / f"{page.stem}.html").write_text(html, "utf-8")
            elif form == "docx":
                embedded.to_docx(
                    page,
                    reports,
                    (generated / "reference.docx").resolve(),
                    (target / f"{page.stem}.docx").resolve(),
                )


if __name__ == "__main__":
    main()
