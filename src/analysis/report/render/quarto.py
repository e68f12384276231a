"""Quarto as the renderer: what it is given, and one call of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.report import links, look
from analysis.report.prose import only_data, prose, title_block
from analysis.report.prose import page as pages
from analysis.report.prose.title_block import TitleBlock
from analysis.text import escape

# Beside what is no page: what Quarto takes in unasked, and may run, wherever it lies.
_NOT_COPIED = (
    *("_site*", "notebooks", "_extensions", "_metadata.yml", "_metadata.yaml", "_environment*"),
    *("_quarto-*", "_quarto.yml.local", "_brand*", ".env*", "*.lua", "*.py", "*.R", "*.jl", "*.js"),
)


class QuartoError(StudyError):
    """Quarto did not render."""


def version() -> str:
    """Return Quarto's version, such as '1.11.2'; 'unknown' when it does not say."""
    try:
        done = subprocess.run(
            ["quarto", "--version"], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    return found[0] if found else "unknown"


def works() -> bool:
    """Tell whether Quarto is on the PATH and can say its version."""
    return shutil.which("quarto") is not None and version() != "unknown"


def render(
    reports: Path, target: Path, *, constructed: bool, navigation: Sequence[tuple[str, str]]
) -> None:
    """Render the HTML and DOCX of the project `reports` into `target`.

    The PDF is the embedded renderer's under both, so that it has one template. The notice, the
    navigation and the page foot reach Quarto as files in `_generated`, which `_quarto.yml` names.
    Quarto works in a copy: a run that is stopped leaves nothing beside the sources.
    Raises QuartoError with the sentence in which Quarto says what is wrong.
    """
    raise_if_any(only_data.problems(reports))
    write_fragments(
        reports / "_generated",
        constructed=constructed,
        navigation=navigation,
        signature=f"Rendered by Quarto {version()}.",
    )
    with tempfile.TemporaryDirectory(prefix="quarto-") as scratch:
        copied = Path(scratch) / "reports"
        shutil.copytree(reports, copied, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        _as_quarto_writes(copied)
        _linked(copied)
        done = subprocess.run(
            ["quarto", "render", ".", "--output-dir", "_site", "--no-execute"],
            cwd=copied,
            capture_output=True,
            text=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": "0"},
            check=False,
        )
        if done.returncode:
            raise QuartoError(
                Problem(
                    "reports, rendered by Quarto",
                    _what_is_wrong(done.stderr or done.stdout),
                    "every page rendered",
                    "correct what it names, or make report RENDERER=embedded",
                )
            )
        if (copied / "_site").is_dir():
            shutil.copytree(copied / "_site", target, dirs_exist_ok=True)


def _what_is_wrong(said: str) -> str:
    """Return the line that names the fault: Quarto prints a trace of its own code behind it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    faults = [line for line in lines if re.match(r"(\x1b\[[\d;]*m)*error", line, re.IGNORECASE)]
    return (
        re.sub(r"\x1b\[[\d;]*m", "", faults[0] if faults else " / ".join(lines[-3:])) or "nothing"
    )


def _as_quarto_writes(reports: Path) -> None:
    """Take `typst` out of the formats of the project and its pages; pages offer the PDF all the same."""
    settings = reports / "_quarto.yml"
    if settings.is_file():
        settings.write_text(_without_typst(settings.read_text("utf-8"), "_quarto.yml"), "utf-8")
    for page in reports.glob("*.qmd"):
        text = page.read_text("utf-8")
        length = prose.front_matter_length(text)
        if length:
            head = "\n".join(text[:length].strip().splitlines()[1:-1])
            changed = _offering(_without_typst(head, page.name), head, page)
            block, _ = title_block.read(text, page.name)
            changed = _headed(changed, block, page.name)
            page.write_text(f"---\n{changed}---\n{_licensed(block)}{text[length:]}", "utf-8")


def _linked(reports: Path) -> None:
    """Let the numbers of the prose, and of what it includes, lead to what they count."""
    found = links.load(reports)
    for page in [*reports.glob("*.qmd"), *reports.glob("interpretations/*.qmd")]:
        page.write_text(prose.with_links(page.read_text("utf-8"), found), "utf-8")


def _without_typst(settings: str, where: str) -> str:
    read: dict[str, Any] = prose.settings_of(settings, where)
    forms = read.get("format")
    if not isinstance(forms, dict) or "typst" not in forms:
        return settings if settings.endswith("\n") else settings + "\n"
    kept = {name: options for name, options in forms.items() if name != "typst"}
    return yaml.safe_dump(read | {"format": kept}, allow_unicode=True, sort_keys=False)


def _offering(settings: str, stated: str, page: Path) -> str:
    """Let the HTML of a page that names its formats offer the other ones, by our words.

    Quarto would leave out the PDF, and add its own words for the others if 'html', which is no
    other format, did not stand in the list.
    """
    read: dict[str, Any] = prose.settings_of(settings, page.name)
    forms = read.get("format")
    if not isinstance(forms, dict) or "html" not in forms:
        return settings
    there = pages.beside(page.stem, pages.formats(prose.settings_of(stated, page.name)))
    links = ["html", *({"text": words, "href": file} for words, file in there)]
    own = forms["html"] if isinstance(forms["html"], dict) else {}
    html = {"format-links": links} | own
    return yaml.safe_dump(
        read | {"format": forms | {"html": html}}, allow_unicode=True, sort_keys=False
    )


def _headed(settings: str, block: TitleBlock, where: str) -> str:
    """Hand authors and keywords over in Quarto's own fields, in whichever form they were written."""
    told: dict[str, Any] = {}
    if block.authors:
        told["author"] = [author.for_quarto() for author in block.authors]
    if block.keywords:
        told["keywords"] = list(block.keywords)
    read = prose.settings_of(settings, where)
    # Quarto prints a licence in HTML alone: it stands in the text, for Word too.
    kept = {name: value for name, value in read.items() if name != "license"}
    return yaml.safe_dump(kept | told, allow_unicode=True, sort_keys=False)


def _licensed(block: TitleBlock) -> str:
    """The licence as the first words of the text."""
    if not block.licence:
        return ""
    return f"\n::: {{.licence}}\n{escape.markdown(block.licence_line)}\n:::\n\n"


def write_fragments(
    generated: Path, *, constructed: bool, navigation: Sequence[tuple[str, str]], signature: str
) -> None:
    """Write what `_quarto.yml` includes in every page: notice, navigation, foot.

    The files exist, empty, when there is nothing to say, since Quarto asks for them.
    """
    notice = look.NOTICE if constructed else ""
    banner = (
        f'<aside class="notice" aria-label="Notice">{escape.html(notice)}</aside>\n'
        if notice
        else ""
    )
    entries = "".join(
        f'<li><a href="{escape.html(address)}">{escape.html(name)}</a></li>'
        for address, name in navigation
    )
    pages = f'<nav class="site" aria-label="Pages"><ul>{entries}</ul></nav>\n' if entries else ""
    texts = {
        "before-body.html": banner + pages,
        "after-body.html": f'<footer class="page"><p>{escape.html(signature)}</p></footer>\n',
    }
    generated.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (generated / name).write_text(text, encoding="utf-8", newline="\n")
