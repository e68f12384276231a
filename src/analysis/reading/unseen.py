"""Letters of a PDF page that no reader sees or reads as text: hidden, off the page, watermarks, note numbers."""

from __future__ import annotations

import re
import statistics
import zlib
from collections.abc import Callable, Sequence
from ctypes import addressof, c_uint
from dataclasses import dataclass, field, replace
from math import pi

import pypdfium2 as pdfium
from pypdfium2 import raw

from analysis.reading.columns import Line
from analysis.reading.letters import Letters

# What is taken out of a line is marked in its place, so that other letters keep theirs.
TAKEN = "\x00"
# The digit comes first in the pattern, so that lines without one cost nothing.
_RAISED = re.compile(
    r"\d(?:(?<=[^\W\d_]{3}\d)|(?<=[.,;:!?…”\"’)\]]\d))\d{0,2}(?:[,–-]\d{1,3}){0,9}(?!\d)"
)
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_NO_CONTENT = re.compile(rb"/Image|/Length1|/FontFile|/ICCBased|/XRef|/CMap")
_NOT_PAINTED = (
    (b"Tr", re.compile(rb"3\s+Tr\b")),
    (b"/ca", re.compile(rb"/ca\s+0(?:\.0*)?(?![\d.])")),
)
_OTHERWISE_PACKED = (
    b"/LZWDecode",
    b"/ASCII85Decode",
    b"/ASCIIHexDecode",
    b"/RunLength",
    b"/Encrypt",
)
_STREAM_LIMIT = 8_000_000
_LARGE = 2.5
_SMALLEST = 1.0


@dataclass
class Unseen:
    """What is left out of the pages of one document, and which watermarks are known by now.

    `may_hide` tells whether the file says anywhere that something is not painted.
    """

    may_hide: bool = True
    left_out: set[str] = field(default_factory=set)
    watermarks: set[str] = field(default_factory=set)

    def without(self, page: pdfium.PdfPage, letters: Letters, lines: Sequence[Line]) -> list[Line]:
        """Return the lines of a page without what a reader does not see; its marks are `TAKEN`."""
        hidden = _hidden_objects(page) if self.may_hide else frozenset()
        left, bottom, right, top = page.get_bbox()

        def invisible(place: int) -> bool:
            return letters.object_of(place) in hidden

        def off_the_page(place: int) -> bool:
            begins, foot, ends, head = letters.box(place)
            return bool(begins > right or ends < left or foot > top or head < bottom)

        usual = statistics.median([line.height for line in lines] or [0.0])
        found = []
        for line in lines:
            last = line.start + len(line.text) - 1
            if line.height < _SMALLEST:
                line = self._taken(line, "invisible text", lambda place: True)
            elif hidden:
                line = self._taken(line, "invisible text", invisible)
            begins_on = left <= line.left <= right and bottom - line.height <= line.foot <= top
            if not begins_on or off_the_page(last):
                line = self._taken(line, "text off the page", off_the_page)
            angle = letters.angle(line.start)
            if angle > 0 or self.watermarks:
                line = self._without_watermark(letters, line, usual, angle)
            if _RAISED.search(line.text):
                line = self._without_note_numbers(letters, line)
            if line.text.strip(TAKEN + " "):
                found.append(line)
        return found

    def _taken(self, line: Line, what: str, unseen: Callable[[int], bool]) -> Line:
        kept = [
            TAKEN if not letter.isspace() and unseen(line.start + n) else letter
            for n, letter in enumerate(line.text)
        ]
        text = "".join(kept)
        if text == line.text:
            return line
        self.left_out.add(what)
        return replace(line, text=text)

    def _without_watermark(self, letters: Letters, line: Line, usual: float, angle: float) -> Line:
        """Take out letters that stand askew, and very large ones that return on other pages."""
        askew = angle >= 0 and 0.05 < angle % (pi / 2) < pi / 2 - 0.05
        if askew:
            return self._taken(line, "watermarks", lambda place: True)
        if any(line.text.startswith(mark) or line.text.endswith(mark) for mark in self.watermarks):
            tall = _LARGE * max(usual, 12.0)
            return self._taken(line, "watermarks", lambda place: _height(letters, place) > tall)
        return line

    def _without_note_numbers(self, letters: Letters, line: Line) -> Line:
        text = line.text
        for match in _RAISED.finditer(line.text):
            place = line.start + match.start()
            before, mark = (letters.loose_box(at) for at in (place - 1, place))
            tall = before[3] - before[1]
            if mark[3] - mark[1] < 0.85 * tall and mark[1] > before[1] + 0.15 * tall:
                self.left_out.add("numbers of notes")
                text = text[: match.start()] + TAKEN * len(match[0]) + text[match.end() :]
        return replace(line, text=text) if text != line.text else line


def large_lines(lines: Sequence[Line]) -> set[str]:
    """Return the lines of a page that are far larger than the others, as watermarks are."""
    usual = statistics.median([line.height for line in lines] or [0.0])
    return {line.text.strip() for line in lines if line.height > _LARGE * max(usual, 12.0)}


def may_hide(data: bytes) -> bool:
    """Tell whether a PDF may hold text that is not painted: whether its content says so anywhere."""

    def says_so(content: bytes) -> bool:
        return any(
            word in content and found.search(content) is not None for word, found in _NOT_PAINTED
        )

    if any(word in data for word in _OTHERWISE_PACKED) or says_so(data):
        return True
    for stream in _STREAM.finditer(data):
        described = data[max(0, stream.start() - 300) : stream.start()].rpartition(b" obj")[2]
        if b"/FlateDecode" not in described or _NO_CONTENT.search(described):
            continue
        if b"/Subtype" in described and b"/Form" not in described:
            continue
        try:
            content = zlib.decompressobj().decompress(
                memoryview(data)[stream.end() :], _STREAM_LIMIT
            )
        except zlib.error:
            return True
        if says_so(content):
            return True
    return False


def _height(letters: Letters, place: int) -> float:
    _, foot, _, head = letters.loose_box(place)
    return head - foot


def _hidden_objects(page: pdfium.PdfPage) -> frozenset[int]:
    """Return the addresses of texts that are not painted; none where no text of the page is.

    The text under a scanned page is painted nowhere, and yet what is read there.
    """
    hidden, shown = set(), False
    alpha, other = c_uint(255), c_uint()
    for number in range(raw.FPDFPage_CountObjects(page)):
        found = raw.FPDFPage_GetObject(page, number)
        if raw.FPDFPageObj_GetType(found) != raw.FPDF_PAGEOBJ_TEXT:
            continue
        mode = raw.FPDFTextObj_GetTextRenderMode(found)
        painted = mode != raw.FPDF_TEXTRENDERMODE_INVISIBLE
        if painted and raw.FPDFPageObj_GetFillColor(found, other, other, other, alpha):
            painted = alpha.value > 0
        if painted:
            shown = True
        else:
            hidden.add(addressof(found.contents))
    return frozenset(hidden) if shown else frozenset()
