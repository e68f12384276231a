"""Where somebody lives: houses in streets, coordinates, and postcodes of other countries.

Every repetition in these patterns is bounded, so that the time grows with the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

STREETS = (
    r"Street|Road|Lane|Avenue|Close|Drive|Gardens|Terrace|Crescent|Grove|Mews|Rise|Villas|Boulevard"
)
_HOUSE = re.compile(
    r"(?<![\w./-])(?:(?:Flat|Unit|Apt|Apartment)[ ]\d{1,4}[A-Za-z]?,?[ ])?\d{1,4}[A-Za-z]?,?[ ]"
    rf"(?:[A-Z][\w'’-]{{1,30}}[ ]){{1,3}}(?:{STREETS})(?!\w)"
)
_DEGREES = r"-?\d{1,3}\.\d{4,10}"
_COORDINATES = re.compile(
    rf"(?<![\w.])(?P<latitude>{_DEGREES})(?P<sign>[ ]?°?[ ]?[NS]?)[,;]?[ ]{{0,2}}{_DEGREES}(?:[ ]?°)?(?:[ ]?[EWO])?(?![\w.])"
)
_GRID = re.compile(r"(?<!\w)[HJNOST][A-HJ-Z](?:[ ]?\d{5}[ ]?\d{5}|[ ]\d{4}[ ]\d{4})(?!\w)")
_THREE_WORDS = re.compile(
    r"(?:///|\bwhat3words(?:[ ]is)?:?[ ])(?P<words>[^\W\d_]{2,20}(?:\.[^\W\d_]{2,20}){2})(?![\w.])"
)
_EIRCODE = re.compile(
    r"(?<![\w-])[AC-FHKNPRTV-Y]\d[\dW][ ]?(?=\d{0,3}[A-Z])(?=[A-Z]{0,3}\d)[AC-FHKNPRTV-Y\d]{4}(?![\w-])"
)
_CANADIAN = re.compile(
    r"(?<![\w-])[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ ]\d[ABCEGHJ-NPRSTV-Z]\d(?![\w-])"
)
# So far from the equator few columns of figures are.
_FAR = 20


def locations(text: str) -> Iterator[Span]:
    """A house with its number and street; degrees to four places or more; references of the
    British grid; three words of a map; Irish and Canadian postcodes."""
    for pattern in (_HOUSE, _GRID, _EIRCODE, _CANADIAN):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _COORDINATES.finditer(text):
        if match["sign"].strip() or _FAR < abs(float(match["latitude"])) <= 90:
            yield match.span()
    yield from (match.span("words") for match in _THREE_WORDS.finditer(text))
