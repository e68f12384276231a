"""A paper while it is written: HTML alone, made anew at each saved change, in a folder of its own.

Nothing of the study is touched. What the checker would refuse stands in the page, at its place.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import shutil
import sys
import tempfile
import time
import webbrowser
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from markupsafe import Markup

from analysis.files.problems import Problem, StudyError
from analysis.lifecycle.preview.annotating import annotated, place_of
from analysis.lifecycle.preview.server import Server, Shown
from analysis.report import links, look, numbers
from analysis.report.prose import check, prose
from analysis.report.prose.page import read_with_problems
from analysis.report.render import embedded
from analysis.study.folder import Study
from analysis.text import escape

_EVERY = 0.2
_LEFT_OUT = ("_site*", "notebooks", "pages", ".*")
_INCLUDED = (".qmd", ".md")
Stamp = tuple[int, int]
_PROSE = ("*.qmd", "interpretations/*.qmd")
_WRITTEN = (*_PROSE, "*.bib", "*.yml", "*.csl", "_generated/site.json")
# Of a policy that lets no script run, to one that lets this one run and ask its own server.
_SHUT = "script-src &#39;none&#39;"
_RELOADS = """
(async () => {
  const seen = document.currentScript.dataset.seen;
  for (;;) {
    const told = await fetch("/changed?since=" + seen).catch(() => null);
    if (!told || !told.ok) { document.title = "(ended) " + document.title; return; }
    if (await told.text() !== seen) { location.reload(); return; }
  }
})();
"""


class Preview:
    """The paper of a study as it was last saved, in `folder`, which is the preview's own."""

    def __init__(self, study: Study, folder: Path) -> None:
        """Raises StudyError when the study has no report yet: numbers and figures come from it."""
        if not (study.reports / "_generated" / "site.json").is_file():
            raise StudyError(
                Problem(
                    "reports/_generated",
                    "no report yet",
                    "a report, whose numbers and figures the preview shows",
                    "run make report once",
                )
            )
        self._reports, self._constructed = study.reports, study.constructed
        self._copied, self.site = folder / "reports", folder / "site"
        pages = self._reports / "_generated" / "pages"
        shutil.copytree(pages, self.site) if pages.is_dir() else self.site.mkdir()
        self._stamps: list[tuple[str, int, int]] = []
        self._taken: dict[str, Stamp] = {}
        self._made_from: dict[str, str] = {}

    def is_due(self) -> bool:
        """Whether anything was saved since this was asked last."""
        files = [file for pattern in _WRITTEN for file in sorted(self._reports.glob(pattern))]
        stats = [(file.name, file.stat()) for file in files]
        stamps = [(name, stat.st_mtime_ns, stat.st_size) for name, stat in stats]
        changed, self._stamps = stamps != self._stamps, stamps
        return changed

    def write(self) -> None:
        """Make the pages anew, with what is wrong in them; what stops a page stands in its stead."""
        self._take()
        names = prose.page_names(self._copied)
        try:
            problems = check.check(self._reports).problems
        except StudyError as error:
            problems = list(error.problems)
        files = {
            file.relative_to(self._copied).as_posix(): file
            for pattern in _PROSE
            for file in self._copied.glob(pattern)
        }
        elsewhere = [one for one in problems if place_of(one)[0] not in files]
        for name, file in files.items():
            here = [one for one in problems if place_of(one)[0] == name]
            above = elsewhere if name == names[0] else []
            if here or above:
                file.write_text(annotated(file.read_text("utf-8"), here, above), "utf-8")
                self._taken[name] = (0, 0)
        for name in names:
            target = (self.site / name).with_suffix(".html")
            made_from = self._digest(name, names)
            if self._made_from.get(name) != made_from or not target.is_file():
                target.write_text(_reloading(self._html(name, names)), "utf-8", newline="\n")
                self._made_from[name] = made_from

    def _take(self) -> None:
        """Copy what changed since the last time, or was annotated then; what is gone goes."""
        there = {
            path.relative_to(self._reports).as_posix(): (stat.st_mtime_ns, stat.st_size)
            for path in _files(self._reports)
            for stat in [path.stat()]
        }
        for name in self._taken.keys() - there.keys():
            (self._copied / name).unlink()
        for name, stamp in there.items():
            if self._taken.get(name) != stamp:
                (self._copied / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self._reports / name, self._copied / name)
        self._taken = there

    def _digest(self, name: str, names: Sequence[str]) -> str:
        """Of all that a page is made from: its text with what it includes, and every other file."""
        try:
            lines, _ = prose.lines_with_includes(self._copied, name)
        except StudyError as error:
            return str(error)
        others = sorted(one for one in self._taken.items() if not one[0].endswith(_INCLUDED))
        told = repr((names, others, [(line.file, line.number, line.text) for line in lines]))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def _html(self, name: str, names: Sequence[str]) -> str:
        there = {Path(other).stem + ".html" for other in names}
        navigation = [
            (address, words)
            for address, words in look.NAVIGATION
            if address in there or (self.site / address).is_file()
        ]
        variables, linked = numbers.load(self._copied), links.load(self._copied)
        try:
            page, _ = read_with_problems(self._copied, name, variables, linked)
            return embedded.to_html(
                dataclasses.replace(page, formats=("html",)),
                self._copied,
                constructed=self._constructed,
                navigation=navigation,
            )
        except StudyError as error:
            return look.page(
                "prose.html",
                title=name,
                constructed=self._constructed,
                current=Path(name).stem + ".html",
                navigation=navigation,
                body=_told(error.problems),
            )


def _files(reports: Path) -> Iterator[Path]:
    """The files of a report that its pages are made from."""
    for path in sorted(reports.iterdir()):
        if not any(fnmatch(path.name, pattern) for pattern in _LEFT_OUT):
            yield from _files(path) if path.is_dir() else [path]


def preview(study: Study) -> None:
    """Show the paper in a tab of the browser, made anew at each saved change, until Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="preview-") as held:
        made = Preview(study, Path(held))
        made.is_due()
        made.write()
        with Server(made.site, Shown()) as server:
            try:
                print(f"{server.address}  (Ctrl-C ends the preview)", file=sys.stderr, flush=True)
                webbrowser.open(server.address)
                follow(made, server.shown)
            except KeyboardInterrupt:
                print("the preview has ended", file=sys.stderr)


def follow(made: Preview, shown: Shown) -> None:
    """Make the pages anew whenever something was saved, and tell the readers; never returns."""
    while True:
        time.sleep(_EVERY)
        try:
            if made.is_due():
                made.write()
                shown.tell()
        except FileNotFoundError:
            continue  # An editor, or a report that is being made, puts files in place of others.


def _told(problems: Sequence[Problem]) -> Markup:
    """What keeps a page from being made, as HTML."""
    boxes = (
        f'<div class="callout callout-warning"><pre>{escape.html(str(one))}</pre></div>'
        for one in problems
    )
    return Markup("".join(boxes))


def _reloading(html: str) -> str:
    """Let the page ask whether there is a newer one; no other script may run in it."""
    digest = base64.b64encode(hashlib.sha256(_RELOADS.encode()).digest()).decode()
    opened = html.replace(
        _SHUT, f"script-src &#39;sha256-{digest}&#39;; connect-src &#39;self&#39;", 1
    )
    before, end, after = opened.rpartition("</body>")
    return f'{before}<script data-seen="">{_RELOADS}</script>\n{end}{after}'
