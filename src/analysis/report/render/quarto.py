"""Quarto as the renderer: what it is given, and one call of it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from analysis.files.problems import Problem, StudyError
from analysis.report.pages import look
from analysis.text import escape


def version() -> str:
    """Return Quarto's version, such as '1.11.2'; 'unknown' when it does not say."""
    done = subprocess.run(
        ["quarto", "--version"], capture_output=True, text=True, check=False, timeout=60
    )
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    return found[0] if found else "unknown"


def render(
    reports: Path, target: Path, *, constructed: bool, navigation: Sequence[tuple[str, str]]
) -> None:
    """Render the project `reports` into `target`. Raises StudyError with Quarto's last words.

    The notice, the navigation and the page foot reach Quarto as files in `_generated`, which
    `_quarto.yml` names.
    """
    write_fragments(
        reports / "_generated",
        constructed=constructed,
        navigation=navigation,
        signature=f"Rendered by Quarto {version()}.",
    )
    done = subprocess.run(
        ["quarto", "render", ".", "--output-dir", os.path.relpath(target, reports)],
        cwd=reports,
        capture_output=True,
        text=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": "0"},
        check=False,
    )
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise StudyError(
            Problem(
                "reports, rendered by Quarto",
                " / ".join(last) or "no message",
                "every page rendered",
                "correct what it names (quarto render in reports tells more), then make report",
            )
        )


def write_fragments(
    generated: Path, *, constructed: bool, navigation: Sequence[tuple[str, str]], signature: str
) -> None:
    """Write what `_quarto.yml` includes in every page: notice, navigation, foot.

    The files exist, empty, when there is nothing to say, since Quarto asks for them.
    """
    notice = look.NOTICE if constructed else ""
    banner = f'<p class="notice" role="note">{escape.html(notice)}</p>\n' if notice else ""
    entries = "".join(
        f'<li><a href="{escape.html(address)}">{escape.html(name)}</a></li>'
        for address, name in navigation
    )
    pages = f'<nav class="site" aria-label="Pages"><ul>{entries}</ul></nav>\n' if entries else ""
    above = f"#set page(header: align(center, text(size: 8pt, {escape.typst(notice)})))\n"
    texts = {
        "before-body.html": banner + pages,
        "after-body.html": f'<footer class="page"><p>{escape.html(signature)}</p></footer>\n',
        "notice.typ": above if notice else "",
    }
    generated.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (generated / name).write_text(text, encoding="utf-8", newline="\n")
