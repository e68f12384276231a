"""The embedded renderer: one prose page to HTML, PDF and DOCX with Pandoc and Typst.

The tree of a page is the same for every format; each function here adds what its format needs
(where pictures come from, what a callout looks like) and calls the program that writes it.
"""

from __future__ import annotations

import base64
import json
import math
import re
import sys
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analysis.files.problems import Problem, StudyError
from analysis.report import look, pandoc
from analysis.report.prose import callouts
from analysis.report.prose.crossrefs import alternative_text
from analysis.report.prose.document import (
    Node,
    changed,
    copied,
    div,
    link,
    nodes,
    para,
    raw_block,
    text_of,
    words,
)
from analysis.report.prose.page import Page
from analysis.text import escape

# A table from and up to this height floats in the PDF; a line of it, what parts two rows (all in
# millimetres), and how many letters stand in a line as wide as the page.
_FLOATING = (95.0, 190.0)
_LINE, _BETWEEN_ROWS, _LETTERS = 4.2, 3.2, 108
_MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
_LOCALE = "en-GB"
# The voices that have a look of their own, and their styles in the DOCX.
_VOICES = {"generated": "Generated", "judges-note": "Judges Note"}
_TYPST_SHORTHAND = re.compile(r"\.\.\.|-[-?\d]")


def signature() -> str:
    """Return the sentence of the page foot that says what rendered the page."""
    return (
        f"Rendered by the embedded renderer (Pandoc {pandoc.version()}, Typst {version('typst')})."
    )


def to_html(
    page: Page, reports: Path, *, constructed: bool, navigation: Sequence[tuple[str, str]]
) -> str:
    """Return the page as self-contained HTML: pictures are inside, nothing runs."""
    blocks = changed(copied(page.blocks), lambda node: _for_html(node, reports))
    for node in nodes(blocks):
        if node["t"] == "Header":
            node["c"][0] = min(node["c"][0] + 1, 6)  # the title is the heading of level 1
    body = _write(
        page, [_title_block(page), *blocks], "html5", ["--mathml"], reports, keep_meta=False
    )
    return look.page(
        "prose.html",
        title=page.title,
        constructed=constructed,
        current=page.stem + ".html",
        navigation=navigation,
        body=Markup(body.decode()),
        contents=[label for label in page.labels.of("sec") if label.level <= 2],
        lang=page.text("lang") or _LOCALE,
        renderer=signature(),
    )


def to_docx(page: Page, reports: Path, reference: Path, target: Path) -> None:
    """Write the page as DOCX; styles, header and footer come from the file `reference`."""
    blocks = changed(
        copied(page.blocks),
        lambda node: (
            _picture(node, reports, ".png")
            or _callout_styled(node)
            or _voice_styled(node)
            or _strong_number(node)
        ),
    )
    arguments = ["--reference-doc", str(reference), "--output", str(target)]
    arguments += ["--template", str(look.TEMPLATES / "paper.openxml")]
    _write(page, blocks, "docx", arguments, reports)


def to_pdf(page: Page, reports: Path, *, constructed: bool) -> bytes:
    """Return the page as PDF/UA-1, byte for byte the same.

    What Typst finds against that standard is told, and the page is a tagged PDF then.
    """
    blocks = changed(
        copied(page.blocks),
        lambda node: (
            _picture_typst(node, reports)
            or _callout_typst(node)
            or _voice_typst(node)
            or _formula_typst(node)
            or _floating(node)
            or _strong_number(node)
            or _literal(node)
        ),
    )
    arguments = ["--template", str(look.TEMPLATES / "paper.typst"), "--standalone"]
    if constructed:
        arguments += ["--variable", "notice=" + escape.typst(look.NOTICE)]
    arguments += ["--variable", "foot=" + escape.typst(signature())]
    arguments += ["--variable", "plain-title=" + escape.typst(page.title)]
    for author in page.head.authors:
        arguments += ["--variable", "plain-author=" + escape.typst(author.name)]
    for word in page.head.keywords:
        arguments += ["--variable", "plain-keyword=" + escape.typst(word)]
    source = _write(page, blocks, "typst-citations", arguments, reports)
    try:
        return _set(source, reports, standards=["ua-1"])
    except StudyError as error:
        if "PDF/UA" not in error.problems[0].found:
            raise
        print(f"warning: {page.name}: {error.problems[0].found}", file=sys.stderr)
    return _set(source, reports, standards=[])


def _set(source: bytes, reports: Path, *, standards: list[str]) -> bytes:
    """Return what Typst makes of `source`, by the `standards` for PDF."""
    import typst

    try:
        pdf = typst.compile(  # type: ignore[call-overload]
            source,
            root=str(reports),
            font_paths=_figure_fonts(),
            timestamp=0,
            format="pdf",
            pdf_standards=standards,
        )
    except typst.TypstError as error:
        raise StudyError(
            Problem(
                "a page as PDF",
                f"Typst says: {str(error)[:300]}",
                "a page that Typst can set",
                "correct what it names",
            )
        ) from error
    return bytes(pdf)


def _write(
    page: Page,
    blocks: list[Node],
    form: str,
    arguments: list[str],
    reports: Path,
    *,
    keep_meta: bool = True,
) -> bytes:
    """Run Pandoc with citations on `blocks` and return what it wrote to its output."""
    meta: dict[str, Any] = {"link-citations": {"t": "MetaBool", "c": True}}
    meta["lang"] = page.meta.get("lang", {"t": "MetaString", "c": _LOCALE})
    if "nocite" in page.meta:
        meta["nocite"] = page.meta["nocite"]
    if keep_meta:
        kept = ("title", "subtitle", "date", "abstract", "abstract-title")
        meta |= {name: page.meta[name] for name in kept if name in page.meta}
        meta["author"] = _list_of([words(author.name) for author in page.head.authors])
        meta["byline"] = _list_of([author.line() for author in page.head.authors])
        if page.head.keywords:
            meta["keywords"] = _list_of([words(word) for word in page.head.keywords])
            meta["keyword-line"] = {"t": "MetaInlines", "c": _keywords(page)}
        if page.head.licence:
            meta["licence-line"] = {"t": "MetaInlines", "c": words(page.head.licence_line)}
    if form.startswith("typst"):
        meta = changed(copied(meta), _literal)
    document = {"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": blocks}
    citing = [part for file in page.bibliography for part in ("--bibliography", file)]
    if page.csl:
        citing += ["--csl", page.csl]
    return pandoc.run(
        [
            "--from",
            "json",
            "--to",
            form,
            "--citeproc",
            "--wrap=none",
            "--syntax-highlighting=none",
            *citing,
            *arguments,
        ],
        json.dumps(document),
        folder=reports,
        what=f"{page.name}, as {form}",
    )


def _list_of(lines: list[list[Node]]) -> dict[str, Any]:
    return {"t": "MetaList", "c": [{"t": "MetaInlines", "c": line} for line in lines]}


def picture_file(reports: Path, target: str, ending: str) -> Path:
    """Return the file of a picture: `target` with `ending` when it has none of its own.

    Raises StudyError when it is missing or not below the reports folder.
    """
    file = reports / target
    if file.suffix.lower() not in _MEDIA:
        file = file.with_name(file.name + ending)
    if not file.resolve().is_relative_to(reports.resolve()) or not file.is_file():
        raise StudyError(
            Problem(
                f"figure {target}",
                f"no file {file.name}",
                f"a picture ({ending}) below the reports folder",
                "run the stage that draws it, or correct the name",
            )
        )
    return file


def _picture(node: Node, reports: Path, ending: str) -> list[Node] | None:
    """Point an image to its file and give it its alternative text; None for other nodes."""
    if node["t"] != "Image":
        return None
    (identifier, classes, pairs), _, (target, title) = node["c"]
    file = picture_file(reports, target, ending)
    alternative = alternative_text(node)
    kept = [[name, value] for name, value in pairs if name != "fig-alt"] + [["alt", alternative]]
    relative = file.resolve().relative_to(reports.resolve()).as_posix()
    image = [[identifier, classes, kept], words(alternative), [relative, title]]
    return [{"t": "Image", "c": image}]


def _picture_typst(node: Node, reports: Path) -> list[Node] | None:
    """Set an image with its alternative text, which Pandoc's Typst writer drops."""
    placed = _picture(node, reports, ".svg")
    if placed is None:
        return None
    _, alternative, (address, _) = placed[0]["c"]
    told = f"image({escape.typst(address)}, alt: {escape.typst(text_of(alternative))})"
    return [{"t": "RawInline", "c": ["typst", f"#box({told})"]}]


def _for_html(node: Node, reports: Path) -> list[Node] | None:
    """Put pictures into the page and let wide tables and figures scroll by keyboard too."""
    if node["t"] == "Figure":
        name = text_of(node["c"][1][1]).partition(":")[0].strip() or "Figure"
        node["c"][2] = [
            div(["figure-scroll"], node["c"][2], tabindex="0", role="region", aria_label=name)
        ]
        return None
    if node["t"] == "Table":
        caption = text_of(node["c"][1][1]).strip() or "Table"
        return [div(["table-scroll"], [node], tabindex="0", role="region", aria_label=caption)]
    placed = _picture(node, reports, ".svg")
    if placed:
        address = placed[0]["c"][2]
        file = reports / address[0]
        encoded = base64.b64encode(file.read_bytes()).decode()
        address[0] = f"data:{_MEDIA[file.suffix.lower()]};base64,{encoded}"
    return placed


def _callout_styled(node: Node) -> list[Node] | None:
    """Give a callout the paragraph styles of the DOCX."""
    if callouts.kind_of(node) is None:
        return None
    head, *blocks = node["c"][1]
    return [
        div([], head["c"][1], custom_style="Callout Title"),
        div([], blocks, node["c"][0][0], custom_style="Callout"),
    ]


def _callout_typst(node: Node) -> list[Node] | None:
    """Hand a callout to the function of that name in the Typst template."""
    kind = callouts.kind_of(node)
    if kind is None:
        return None
    head, *blocks = node["c"][1]
    title = para([{"t": "Strong", "c": head["c"][1][0]["c"]}])
    opening = raw_block("typst", f"#callout({escape.typst(kind)})[")
    return [opening, title, *blocks, raw_block("typst", "]")]


def _voice_styled(node: Node) -> list[Node] | None:
    """Give what is not the authors' prose the paragraph styles of the DOCX."""
    name = _voice(node)
    return None if name is None else [div([], node["c"][1], custom_style=_VOICES[name])]


def _voice_typst(node: Node) -> list[Node] | None:
    """Hand what is not the authors' prose to the function of that name in the Typst template.

    A rule of setting, not a block: tables go on over pages in it, and figures float.
    """
    name = _voice(node)
    if name is None:
        return None
    opening = raw_block("typst", f"#[#show: voice.with({escape.typst(name)})")
    return [opening, *node["c"][1], raw_block("typst", "]")]


def _voice(node: Node) -> str | None:
    if node["t"] != "Div":
        return None
    return next((name for name in node["c"][0][1] if name in _VOICES), None)


def _formula_typst(node: Node) -> list[Node] | None:
    """Give a formula words for who cannot see it: what was written of it, without its marks."""
    if node["t"] != "Math":
        return None
    spoken = " ".join(re.sub(r"[\\{}$]", " ", node["c"][1]).split())
    opening = f"#[#set math.equation(alt: {escape.typst(spoken)});"
    return [
        {"t": "RawInline", "c": ["typst", opening]},
        node,
        {"t": "RawInline", "c": ["typst", "]"]},
    ]


def _floating(node: Node) -> list[Node] | None:
    """Let a table that is no small one, and fits on a page, move to the next edge of one: whole,
    while text goes on before it."""
    if node["t"] != "Table" or not _FLOATING[0] <= _height_of(node) <= _FLOATING[1]:
        return None
    opening = raw_block("typst", "#[#show figure.where(kind: table): set figure(placement: auto)")
    return [opening, node, raw_block("typst", "]")]


def _height_of(table: Node) -> float:
    """About how tall a table stands in the PDF, in millimetres."""
    _, _, columns, (_, head), bodies, _ = table["c"]
    widths = [share["c"] if share["t"] == "ColWidth" else 1 / len(columns) for _, share in columns]
    tall = 0.0
    for row in [*head, *(row for body in bodies for row in body[3])]:
        lines = [
            math.ceil(len(text_of(cell[4])) / (_LETTERS * width))
            for cell, width in zip(row[1], widths, strict=False)
        ]
        tall += _BETWEEN_ROWS + _LINE * max(lines, default=1)
    return tall


def _strong_number(node: Node) -> list[Node] | None:
    """Set 'Figure 1:' in bold where no style sheet does it."""
    if node["t"] == "Span" and "caption-number" in node["c"][0][1]:
        return [{"t": "Strong", "c": node["c"][1]}]
    return None


def _literal(node: Node) -> list[Node] | None:
    """Keep Typst from making an ellipsis, a dash or a minus sign, which Pandoc leaves open."""
    if node["t"] != "Str" or not _TYPST_SHORTHAND.search(node["c"]):
        return None
    return [{"t": "RawInline", "c": ["typst", f"#{escape.typst(node['c'])};"]}]


def _title_block(page: Page) -> Node:
    """Return the title, authors, date, other formats and abstract as HTML blocks."""
    title = page.meta.get("title", {"t": "MetaInlines", "c": words(page.title)})["c"]
    blocks: list[Node] = [{"t": "Header", "c": [1, ["title", [], []], title]}]
    if "subtitle" in page.meta:
        blocks.append(div(["subtitle"], page.blocks_of("subtitle")))
    blocks += [div(["author"], [para(author.line())]) for author in page.head.authors]
    if "date" in page.meta:
        blocks.append(div(["date"], page.blocks_of("date")))
    if page.beside:
        blocks.append(div(["formats"], [para(_offered(page.beside))]))
    if "abstract" in page.meta:
        head = div(["abstract-title"], [para(words("Abstract"))])
        blocks.append(div(["abstract"], [head, *page.blocks_of("abstract")]))
    if page.head.keywords:
        blocks.append(div(["keywords"], [para(_keywords(page))]))
    if page.head.licence:
        blocks.append(div(["licence"], [para(words(page.head.licence_line))]))
    return div(["title-block"], blocks)


def _keywords(page: Page) -> list[Node]:
    """Return 'Keywords: a; b'."""
    return words("Keywords: " + "; ".join(page.head.keywords))


def _offered(beside: Sequence[tuple[str, str]]) -> list[Node]:
    """Return 'Other formats: PDF, Word', each a link to its file."""
    inlines = words("Other formats:")
    for place, (name, file) in enumerate(beside):
        inlines += [{"t": "Str", "c": ","}] if place else []
        inlines += [{"t": "Space"}, link(words(name), file, [])]
    return inlines


def _figure_fonts() -> list[str]:
    """Return the folder of the fonts that figures are drawn in, without importing their library."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return []
    return [str(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf")]
