"""PDF (.pdf): the text of each page in reading order; paragraphs parted by an empty line."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import pypdfium2 as pdfium

from analysis.reading.bounds import (
    TEXT_LIMIT,
    Extract,
    UnreadableError,
    bounded,
)
from analysis.reading.columns import Line, Piece, in_reading_order
from analysis.reading.letters import Letters
from analysis.reading.rows import Tables
from analysis.reading.unseen import TAKEN, Unseen, large_lines, may_hide

# A gap is wide from so much of a letter's height, and from so many times the usual gap of its line.
_GAP, _USUAL_GAPS = 0.7, 1.8
_CELL_GAP = 0.6
_PAGES_AT_MOST = 5_000
_PRINTED_LINE = re.compile(r"([^\r\n\ufffe]+)(\ufffe?)")
_ENDS_A_SENTENCE = re.compile(r"[.!?:;”’\"')\]]\s*\Z")


def extract(data: bytes) -> Extract:
    """Return the pages' text, joined by form feeds.

    The order is that of the page's own content, which keeps columns apart, or is brought into
    columns where the content goes row by row across them (`columns`). An empty line stands
    where space, an indent or another size of letters begins a paragraph; a divided word ends in a
    hyphen. Rows of a table of turns are lines, their cells parted by tabs, who speaks first (`rows`). What no reader
    sees, watermarks and the numbers of notes are left out and named (`unseen`). A file without text
    on any page is refused: it needs OCR; single pages without text are named in a note.
    """
    if b"%%EOF" not in data[-4096:]:
        raise UnreadableError(
            "a cut-off PDF", "a whole PDF", "copy it again from where it came from"
        )
    try:
        document = pdfium.PdfDocument(data)
        try:
            unseen, tables = Unseen(may_hide(data)), Tables()
            length = _length(document)
            first = [_Opened.of(document, number) for number in range(min(2, length))]
            unseen.watermarks = _watermarks(first)
            others = (_Opened.of(document, number) for number in range(2, length))
            pages = [_page(opened, unseen, tables) for opened in chain(first, others)]
        finally:
            document.close()
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError(
                "a file protected by a password", "a file that opens", "save it without password"
            ) from error
        raise UnreadableError("a broken PDF", "a whole PDF", "save it again") from error
    empty = [str(number) for number, page in enumerate(pages, 1) if not page.strip()]
    if len(empty) == len(pages):
        raise UnreadableError(
            "no text, needs OCR", "a PDF with text in it", "have the scan read by an OCR program"
        )
    notes = [f"no text, needs OCR: page {', '.join(empty)}"] if empty else []
    if unseen.left_out:
        notes.append(f"left out: {', '.join(sorted(unseen.left_out))}")
    return Extract(bounded("\f".join(pages)), notes=tuple(notes))


def _length(document: pdfium.PdfDocument) -> int:
    length = len(document)
    if length > _PAGES_AT_MOST:
        raise UnreadableError(f"{length:,} pages", f"at most {_PAGES_AT_MOST:,}", "split the file")
    return length


@dataclass(frozen=True)
class _Opened:
    """A page, and its text as the library finds it; taking it apart costs most of the reading."""

    page: pdfium.PdfPage
    textpage: pdfium.PdfTextPage
    text: str
    letters: Letters

    @classmethod
    def of(cls, document: pdfium.PdfDocument, number: int) -> _Opened:
        page = document[number]
        textpage = page.get_textpage()
        if textpage.count_chars() > TEXT_LIMIT:
            raise UnreadableError("a page without end", "a page", "save it again")
        return cls(page, textpage, textpage.get_text_range(), Letters(textpage))

    def close(self) -> None:
        self.textpage.close()
        self.page.close()


def _watermarks(first: Sequence[_Opened]) -> set[str]:
    """Return the large lines of the first two pages that stand on both, alone or beside text."""
    if len(first) < 2:
        return set()
    texts = [opened.text for opened in first]
    lines = {line.strip() for text in texts for line in text.splitlines()}
    on_both = {line for line in lines if line and all(line in text for text in texts)}
    if not on_both:
        return set()
    return on_both & set().union(*(large_lines(list(_lines(opened))) for opened in first))


def _page(opened: _Opened, unseen: Unseen, tables: Tables) -> str:
    letters = opened.letters
    try:
        seen = unseen.without(opened.page, letters, list(_lines(opened)))
        rows = tables.in_rows(seen, lambda line: _cut(letters, line, _CELL_GAP))
        lines = rows or in_reading_order(seen, lambda line: _cut(letters, line))
        return "".join(_with_paragraphs(lines)).replace(TAKEN, "")
    finally:
        opened.close()


def _lines(opened: _Opened) -> Iterator[Line]:
    text = opened.text.replace("\f", "\n")
    count = opened.textpage.count_chars()
    # The library writes U+FFFE for the hyphen of a divided word and leaves its line end out.
    for match in _PRINTED_LINE.finditer(text):
        written, divided = match.groups()
        line = written.replace("\x02", "-").replace("\x00", "").rstrip()
        if not line:
            continue
        if divided:
            line += "-"
        first = match.start() + len(written) - len(written.lstrip())
        # Letters outside the first plane take two of the library's places; the box is then one
        # of a neighbour, which is near enough.
        box = opened.letters.loose_box(min(first, count - 1))
        yield Line(line, match.start(), box[0], box[1], box[3] - box[1])


def _cut(letters: Letters, line: Line, gap_of_cells: float = 0.0) -> list[Piece]:
    """Return the parts of `line` that gaps too wide for a space between words hold apart.

    Lines of two columns half a line apart come as one, which jumps back for each. Cells are apart
    from `gap_of_cells` times the height of a letter on, however wide other gaps of the line are.
    """
    spaces = list(re.finditer(r"(?<=\S)\s+(?=\S)", line.text))
    rights = [letters.box(line.start + space.start() - 1)[2] for space in spaces]
    lefts = [letters.box(line.start + space.end())[0] for space in spaces]
    gaps = [left - right for left, right in zip(lefts, rights, strict=True)]
    wide = max(_GAP * line.height, _USUAL_GAPS * statistics.median(gaps or [0]))
    wide = gap_of_cells * line.height if gap_of_cells else wide
    pieces: list[Piece] = []
    begins, left, foot = 0, line.left, line.foot

    def add(end: int, right: float) -> None:
        text = line.text[begins:end]
        pieces.append(Piece(text, line.start + begins, left, foot, line.height, right))

    for space, right, gap in zip(spaces, rights, gaps, strict=True):
        if not -line.height < gap < wide:
            add(space.start(), right)
            begins = space.end()
            left, foot, *_ = letters.loose_box(line.start + begins)
    add(len(line.text), letters.box(line.start + len(line.text) - 1)[2])
    return pieces


def _with_paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    steps = [above.foot - below.foot for above, below in pairwise(lines)]
    usual = statistics.median([step for step in steps if step > 1] or [0.0])
    for above, below, step in zip(lines, lines[1:], steps, strict=False):
        yield above.text
        yield "\n\n" if _begins_a_paragraph(above, below, step, usual) else "\n"
    if lines:
        yield lines[-1].text


def _begins_a_paragraph(above: Line, below: Line, step: float, usual: float) -> bool:
    if step < 0:
        # The next column: its first line may go on with the sentence.
        return bool(_ENDS_A_SENTENCE.search(above.text)) or not below.text[:1].islower()
    taller = max(above.height, below.height) > 1.15 * min(above.height, below.height) > 0
    indented = 0.8 * above.height < below.left - above.left < 4 * above.height
    return step > 1.3 * usual or taller or indented
