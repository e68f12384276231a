"""An executed notebook as one quiet HTML page: no scripts, nothing fetched, code folded away.

nbconvert takes seconds to import and its page loads scripts from elsewhere; a notebook is JSON,
and what ours hold is Markdown, code, text, tables and pictures.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import mistune
from markupsafe import Markup
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer

from analysis.files.problems import Problem, StudyError
from analysis.files.whole_file import write_text
from analysis.report import look
from analysis.report.pages.safe_html import has_script, safe_html
from analysis.report.pages.tables import OF_PEOPLE
from analysis.text import escape

_LONG_LINE = 70
_NAMES_OF_PEOPLE = re.compile(rf"^({'|'.join(OF_PEOPLE)}) = \{{(?!\}}).*\}}$", re.MULTILINE)
_NOTHING = Markup("")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
_DATA_ADDRESS = re.compile(r"data:image/(?:png|jpeg|svg\+xml)[;,]")
_LINK = re.compile(r"(?:https?://|mailto:|[\w./-]*(?:#[\w.-]*)?$)")


@dataclass(frozen=True)
class _Cell:
    """A cell as the template prints it: Markdown as `text`, or code with its outputs."""

    text: Markup = _NOTHING
    code: Markup = _NOTHING
    label: str = ""
    outputs: tuple[Markup, ...] = ()


def render_notebook(ipynb: Path, out: Path, constructed: bool) -> str:
    """Write the executed notebook `ipynb` as the page `out` and return its title.

    The page stands in the site's folder `notebooks`. Shown are Markdown, code, text, tables,
    PNG, JPEG and SVG (as pictures, so that nothing in them runs). HTML output is reduced to
    plain elements; where it needs a script, the plain text is shown.
    Raises StudyError when the file is no notebook.
    """
    try:
        notebook = json.loads(ipynb.read_text(encoding="utf-8"))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] in ("markdown", "code")]
    except (ValueError, KeyError, TypeError) as error:
        raise StudyError(
            Problem(
                ipynb.name,
                "a file that is no notebook",
                "a notebook of format 4",
                "run the stage again",
            )
        ) from error
    title = _title(cells) or ipynb.stem
    page = look.page(
        "notebook.html",
        title=title,
        constructed=constructed,
        current=f"notebooks/{out.name}",
        heading="" if _title(cells) else title,
        cells=[_shown(cell) for cell in cells if _source(cell).strip()],
        renderer="",
    )
    write_text(out, page)
    return title


def _source(cell: dict[str, Any]) -> str:
    return _joined(cell.get("source", ""))


def _joined(lines: object) -> str:
    return "".join(str(line) for line in lines) if isinstance(lines, list) else str(lines)


def _title(cells: Sequence[dict[str, Any]]) -> str:
    """Return the first heading of level 1 as plain words; '' without one."""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            found = re.search(r"^# ++(.+)$", _source(cell), re.M)
            if found:
                return re.sub(r"[*_`]", "", found[1].rstrip("# \t"))
    return ""


def _shown(cell: dict[str, Any]) -> _Cell:
    if cell["cell_type"] == "markdown":
        attachments = cell.get("attachments") or {}
        return _Cell(text=_markdown(_source(cell), attachments))
    tags = cell.get("metadata", {}).get("tags", [])
    count = cell.get("execution_count")
    label = f"Code [{count}]" if count else "Code"
    if "injected-parameters" in tags:
        label = "Parameters of this run"
    elif "parameters" in tags:
        label = "Parameters and their defaults"
    source = _source(cell)
    if "injected-parameters" in tags:
        source = _NAMES_OF_PEOPLE.sub(r"\1 = {…}  # its keys may be names of people", source)
    outputs = [_output(output, label) for output in cell.get("outputs", [])]
    return _Cell(code=_code(source), label=label, outputs=tuple(filter(None, outputs)))


def _code(source: str) -> Markup:
    return Markup(highlight(escape.visible(source), *_highlighting()))


@cache
def _highlighting() -> tuple[PythonLexer, HtmlFormatter[str]]:
    return PythonLexer(), HtmlFormatter(nowrap=True, classprefix="hl-")


def _output(output: dict[str, Any], label: str) -> Markup:
    kind = output.get("output_type")
    if kind == "stream":
        return _plain(_joined(output.get("text", "")))
    if kind == "error":
        return _plain("\n".join(str(line) for line in output.get("traceback", [])))
    bundle = output.get("data", {})
    pictures = [medium for medium in _PICTURES if medium in bundle]
    if pictures:
        medium = "image/svg+xml" if "image/svg+xml" in pictures else pictures[0]
        alternative = _alternative(output, medium, label)
        return _picture(medium, _joined(bundle[medium]), alternative)
    if "text/html" in bundle and not has_script(_joined(bundle["text/html"])):
        return Markup(safe_html(_joined(bundle["text/html"])))
    if "text/markdown" in bundle:
        return _markdown(_joined(bundle["text/markdown"]), {})
    return _plain(_joined(bundle.get("text/plain", "")))


def _plain(text: str) -> Markup:
    text = _ANSI.sub("", text).strip("\n")
    if not text:
        return _NOTHING
    # What has long lines and no columns to keep in line is sentences, and may be broken.
    in_columns = "  " in text or max(map(len, text.split("\n"))) < _LONG_LINE
    kind = "output" if in_columns else "output sentences"
    return (
        Markup(f'<pre class="{kind}" tabindex="0">') + Markup(escape.html(text)) + Markup("</pre>")
    )


def _alternative(output: dict[str, Any], medium: str, label: str) -> str:
    """Return the words for a picture that its metadata gives (`alt`), else where it comes from."""
    metadata = output.get("metadata", {})
    own = metadata.get(medium, {})
    stated = metadata.get("alt") or (own.get("alt") if isinstance(own, dict) else "")
    return str(stated or f"Figure drawn by {label.lower()}; the text around it says what it shows.")


def _picture(medium: str, content: str, alternative: str) -> Markup:
    if medium == "image/svg+xml":
        encoded = base64.b64encode(content.encode()).decode()
    else:
        encoded = quote("".join(content.split()), safe="+/=")
    return Markup('<img src="data:{};base64,{}" alt="{}">').format(
        medium, Markup(encoded), Markup(escape.html(alternative))
    )


def _markdown(text: str, attachments: dict[str, dict[str, str]]) -> Markup:
    renderer = _Renderer(attachments)
    written = mistune.create_markdown(
        renderer=renderer, plugins=["table", "strikethrough", "footnotes"]
    )(escape.visible(text))
    return Markup(str(written))


class _Renderer(mistune.HTMLRenderer):
    """Markdown without raw HTML, remote pictures or addresses that run something."""

    def __init__(self, attachments: dict[str, dict[str, str]]) -> None:
        super().__init__(escape=True)
        self._attachments = attachments

    def image(self, text: str, url: str, title: str | None = None) -> str:
        bundle = self._attachments.get(url.removeprefix("attachment:"), {})
        for medium in _PICTURES:
            if medium in bundle:
                return str(_picture(medium, bundle[medium], text))
        if _DATA_ADDRESS.match(url):
            return f'<img src="{escape.html(url)}" alt="{escape.html(text)}">'
        return f"[{escape.html(text)}]"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if not _LINK.match(url):
            return text
        return f'<a href="{escape.html(url)}">{text}</a>'
