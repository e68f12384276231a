"""Where the letters of a PDF page stand, asked for one by one: thousands of times a page."""

from __future__ import annotations

from ctypes import addressof, c_double

import pypdfium2 as pdfium
from pypdfium2 import raw

Box = tuple[float, float, float, float]


class Letters:
    """The letters of one page by their place in its text; boxes are left, foot, right, head."""

    def __init__(self, textpage: pdfium.PdfTextPage) -> None:
        self._page = textpage.raw
        self._edges = tuple(c_double() for _ in range(4))
        self._rectangle = raw.FS_RECTF()

    def box(self, place: int) -> Box:
        """The box of the letter's own lines; Raises PdfiumError where there is no letter."""
        left, right, foot, head = self._edges
        if not raw.FPDFText_GetCharBox(self._page, place, left, right, foot, head):
            raise pdfium.PdfiumError("no letter")
        return left.value, foot.value, right.value, head.value

    def loose_box(self, place: int) -> Box:
        """The box of the letter's font. Raises PdfiumError where there is no letter."""
        box = self._rectangle
        if not raw.FPDFText_GetLooseCharBox(self._page, place, box):
            raise pdfium.PdfiumError("no letter")
        return box.left, box.bottom, box.right, box.top

    def angle(self, place: int) -> float:
        """How far the letter is turned, in radians; below 0 where that is not known."""
        return float(raw.FPDFText_GetCharAngle(self._page, place))

    def object_of(self, place: int) -> int | None:
        """The address of the object that the letter belongs to."""
        found = raw.FPDFText_GetTextObject(self._page, place)
        return addressof(found.contents) if found else None
