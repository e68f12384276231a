"""Words in a spreadsheet: text, never a formula."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def csv_cell(text: str) -> str:
    """Return `text` as a cell that a spreadsheet takes for text, never for a formula.

    An apostrophe is put in front of what starts like a formula, the convention of
    https://owasp.org/www-community/attacks/CSV_Injection. Quoting is the CSV writer's task.
    """
    return f"'{text}" if _FORMULA.match(text) else text
