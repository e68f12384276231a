"""Dates as people write them into tables: ISO, or told with what was probably meant."""

from __future__ import annotations

import re
from datetime import date, timedelta

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_PARTS = re.compile(r"(\d{1,4})[./ -](\d{1,2})[./ -](\d{1,4})(?:[ T].{0,20})?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,20})?", re.ASCII)
# Day 0 of a spreadsheet; right for every day after February 1900.
_DAY_0 = date(1899, 12, 30)


def is_iso(text: str, *, whole: bool = False) -> bool:
    """Whether `text` is a date of the calendar, YYYY-MM-DD; unless `whole`, YYYY-MM or YYYY too."""
    found = _ISO.fullmatch(text)
    if not found or (whole and not found[3]):
        return False
    return _day(int(found[1]), int(found[2] or 1), int(found[3] or 1)) is not None


def fault_of(text: str, *, whole: bool = False) -> tuple[str, str, str] | None:
    """What was found, expected, and to be done about a date that is none; None for a good one."""
    if is_iso(text, whole=whole):
        return None
    expected = "a date like 2024-05-20" + ("" if whole else " (or 2024-05, 2024, unknown)")
    meant = [day.isoformat() for day in likely(text)]
    if not meant:
        return repr(text[:40]), expected, "correct it"
    saved = f"{text[:40]!r}, perhaps saved so by a spreadsheet"
    return saved, expected, f"write {' or '.join(meant)}, whichever was meant"


def likely(text: str) -> list[date]:
    """The days that `text` may mean: day first, then month first; none where nothing fits."""
    if _SERIAL.fullmatch(text):
        return [_DAY_0 + timedelta(days=int(text[:5]))]
    found = _PARTS.fullmatch(text.strip())
    if not found:
        return []
    first, second, third = (int(part) for part in found.groups())
    if len(found[1]) == 4:
        orders = [(first, second, third), (first, third, second)]
    else:
        year = third if len(found[3]) > 2 else 2000 + third
        orders = [(year, second, first), (year, first, second)]
    days = (_day(*order) for order in orders)
    return list(dict.fromkeys(day for day in days if day is not None))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
