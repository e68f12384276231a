"""The site: every prose page rendered, every other page copied, swapped in whole.

`reports/_site` is built beside the last good one. Only when everything has been written and no
page shows the mark of something unresolved does it take the old one's place.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import metadata
from pathlib import Path

from analysis.files.exchange import take_place
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.report import docx_reference, links, look, pandoc
from analysis.report.numbers import load
from analysis.report.pages import downloads, figure_links
from analysis.report.prose import prose
from analysis.report.prose.marks import leftover_marks
from analysis.report.prose.page import Page, open_page
from analysis.report.render import embedded, quarto
from analysis.report.site import site_description
from analysis.text.comments import without_comments
from analysis.workers.pools import threads

GENERATED = "_generated"


RENDERERS = ("quarto", "embedded")


def require_quarto(asked: str, otherwise: str) -> None:
    """Raise StudyError where Quarto, which was `asked` for, does not answer."""
    if not quarto.works():
        raise StudyError(
            Problem(
                asked,
                "no Quarto that answers `quarto --version`",
                "an installed Quarto",
                f"install it (conda brings it), or {otherwise}",
            )
        )


def asked_for() -> str:
    """What `RENDERER` in the environment names; '' where it names nothing."""
    return os.environ.get("RENDERER", "")


def choose_renderer() -> str:
    """Return what `RENDERER` in the environment names, else 'quarto' where it works, else 'embedded'.

    A Quarto that is there and does not answer is told in one line. Raises StudyError for another
    name, and where Quarto is asked for and does not work.
    """
    asked = asked_for()
    if asked not in ("", *RENDERERS):
        raise StudyError(
            Problem("RENDERER", repr(asked), " or ".join(RENDERERS), "correct it, or leave it out")
        )
    if asked == "embedded":
        return asked
    if quarto.works():
        return "quarto"
    if asked == "quarto":
        require_quarto("RENDERER=quarto", "leave RENDERER out")
    if shutil.which("quarto"):
        print("Quarto does not answer; the embedded renderer writes the report.", file=sys.stderr)
    return "embedded"


def programs(renderer: str) -> list[tuple[str, str]]:
    """What writes the pages under `renderer`: each program with what it writes, and its version."""
    own = [("Pandoc", pandoc.version()), ("Typst, for PDF", metadata.version("typst"))]
    if renderer == "quarto":
        return [
            ("Quarto, for HTML and Word", quarto.version()),
            ("Pandoc, for PDF", own[0][1]),
            own[1],
        ]
    return own


def render(
    reports: Path,
    site: Path,
    renderer: str | None = None,
    *,
    constructed: bool,
    navigation: Sequence[tuple[str, str]] = look.NAVIGATION,
    spots: Mapping[str, Sequence[figure_links.Spot]] | None = None,
    gate: Callable[[Path], list[Problem]] | None = None,
) -> list[Path]:
    """Render the site of `reports` into the folder `site` and return its files.

    Prose pages are those of `_quarto.yml`; everything below `reports/_generated/pages` is
    copied into the site as it stands. `renderer` is 'quarto' or 'embedded', by default what
    `choose_renderer` says; the PDF has one template under both. `constructed` puts the notice on
    every page. `navigation` lists (address, name); entries without a page are left out.
    `spots` are places over pictures that lead somewhere, by the picture's name. `gate` searches the finished
    folder before it becomes the site; what it finds is raised, and the folder removed.
    What each page must hold is written to `reports/_generated/site.json`. Raises StudyError, and
    leaves the last site alone, when a page cannot be made.
    """
    (reports / GENERATED).mkdir(parents=True, exist_ok=True)
    # What a killed run left holds people's words: nobody else writes this study meanwhile.
    for left in site.parent.glob(f"{site.name}.building-*"):
        shutil.rmtree(left)
    building = site.with_name(f"{site.name}.building-{os.getpid()}")
    building.mkdir(parents=True)
    try:
        _build(reports, building, renderer, constructed, navigation, spots or {}, gate)
        take_place(building, site)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return sorted(file for file in site.rglob("*") if file.is_file())


def _build(
    reports: Path,
    building: Path,
    renderer: str | None,
    constructed: bool,
    navigation: Sequence[tuple[str, str]],
    spots: Mapping[str, Sequence[figure_links.Spot]],
    gate: Callable[[Path], list[Problem]] | None,
) -> None:
    """Fill the folder `building`; nothing is written into it once the gate has looked at it."""
    generated = reports / GENERATED
    variables, linked = load(reports), links.load(reports)
    names = prose.page_names(reports)
    with threads() as pool:
        opened = pool.map(lambda name: open_page(reports, name, variables, linked), names)
        reference = pool.submit(
            docx_reference.write,
            reports,
            generated / "reference.docx",
            look.NOTICE if constructed else "",
        )
        pages = list(opened)
        reference.result()
        offers = {
            page.stem: downloads.write(
                page,
                reports,
                generated / "pages" / downloads.FOLDER,
                notice=look.NOTICE if constructed else "",
            )
            for page in pages
        }
        shown = _present(navigation, pages, generated / "pages")
        if (renderer or choose_renderer()) == "quarto":
            quarto.render(reports, building, constructed=constructed, navigation=shown)
            by_quarto = {"html", "docx"}
        else:
            by_quarto = set()
        writes = [
            partial(_write, page, form, reports, building, constructed, shown)
            for page in pages
            for form in page.formats
            if form not in by_quarto
        ]
        list(pool.map(lambda write: write(), writes))
    if (generated / "pages").is_dir():
        shutil.copytree(generated / "pages", building, dirs_exist_ok=True)
    raise_if_any(_unwritten(pages, building))
    for page in pages:
        if "html" in page.formats:
            _complete(building / f"{page.stem}.html", page, offers[page.stem], spots)
    raise_if_any(
        [
            problem
            for page in pages
            if "html" in page.formats
            for problem in leftover_marks(building / f"{page.stem}.html", page.source)
        ]
    )
    raise_if_any(gate(building) if gate else [])
    site_description.write(generated / "site.json", pages, generated / "pages")


def _write(
    page: Page,
    form: str,
    reports: Path,
    building: Path,
    constructed: bool,
    navigation: Sequence[tuple[str, str]],
) -> None:
    if form == "html":
        text = embedded.to_html(page, reports, constructed=constructed, navigation=navigation)
        (building / f"{page.stem}.html").write_text(text, encoding="utf-8", newline="\n")
    elif form == "docx":
        reference = reports / GENERATED / "reference.docx"
        embedded.to_docx(
            page, reports, reference.resolve(), (building / f"{page.stem}.docx").resolve()
        )
    else:
        pdf = embedded.to_pdf(page, reports, constructed=constructed)
        (building / f"{page.stem}.pdf").write_bytes(pdf)


def _complete(
    file: Path,
    page: Page,
    offers: Sequence[downloads.Offer],
    spots: Mapping[str, Sequence[figure_links.Spot]],
) -> None:
    """Put into a finished page what both renderers leave to us: links over figures, downloads."""
    text = without_comments(file.read_text(encoding="utf-8"))
    text = downloads.linked(figure_links.linked(text, page, spots), offers)
    file.write_text(text, encoding="utf-8", newline="\n")


def _unwritten(pages: Sequence[Page], building: Path) -> list[Problem]:
    return [
        Problem(
            page.name,
            f"no {output} was written",
            "one file for each format of the page",
            "look at format: in the front matter of the page, then make report",
        )
        for page in pages
        for output in page.outputs
        if not (building / output).is_file()
    ]


def _present(
    navigation: Sequence[tuple[str, str]], pages: Sequence[Page], copied: Path
) -> list[tuple[str, str]]:
    """Keep the entries of the navigation that the site will have."""
    rendered = {output for page in pages for output in page.outputs}
    return [
        (address, name)
        for address, name in navigation
        if address in rendered or (copied / address).is_file()
    ]
