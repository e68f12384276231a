"""Where somebody lives: houses in streets, coordinates, and postcodes of other countries.

Every repetition in these patterns is bounded, so that the time grows with the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.text.lines import lines_with

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
_A_STREET = tuple(STREETS.split("|"))
_EIGHT_DIGITS = re.compile(r"\d(?:[ ]?\d){7}")
_FOUR_PLACES = re.compile(r"\.\d{4}")
_GRID = re.compile(r"(?<!\w)[HJNOST][A-HJ-Z](?:[ ]?\d{5}[ ]?\d{5}|[ ]\d{4}[ ]\d{4})(?!\w)")
_THREE_WORDS = re.compile(
    r"(?:///|\bwhat3words(?:[ ]is)?:?[ ])(?P<words>[^\W\d_]{2,20}(?:\.[^\W\d_]{2,20}){2})(?![\w.])"
)
_EIRCODE = re.compile(
    r"[AC-FHKNPRTV-Y](?<![\w-].)\d[\dW][ ]?(?=\d{0,3}[A-Z])(?=[A-Z]{0,3}\d)[AC-FHKNPRTV-Y\d]{4}(?![\w-])"
)
_CANADIAN = re.compile(
    r"[ABCEGHJ-NPRSTVXY](?<![\w-].)\d[ABCEGHJ-NPRSTV-Z][ ]\d[ABCEGHJ-NPRSTV-Z]\d(?![\w-])"
)
# So far from the equator few columns of figures are.
_FAR = 20


def locations(text: str) -> Iterator[Span]:
    """A house with its number and street; degrees to four places or more; references of the
    British grid; three words of a map; Irish and Canadian postcodes."""
    if any(street in text for street in _A_STREET):
        yield from (match.span() for match in _HOUSE.finditer(text))
    for line in lines_with(_EIGHT_DIGITS, text):
        yield from (match.span() for match in _GRID.finditer(text, *line))
    for pattern in (_EIRCODE, _CANADIAN):
        yield from (match.span() for match in pattern.finditer(text))
    for line in lines_with(_FOUR_PLACES, text):
        for match in _COORDINATES.finditer(text, *line):
            if match["sign"].strip() or _FAR < abs(float(match["latitude"])) <= 90:
                yield match.span()
    if "///" in text or "what3words" in text:
        yield from (match.span("words") for match in _THREE_WORDS.finditer(text))
