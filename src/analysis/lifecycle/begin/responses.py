"""A table of one row a response: a text, who gave it, and what it was coded as.

Codes stand in numbered columns (`Code 1`, `Code 2`), in a matrix of presence (a column a code, 1 or
x where it is), or in a column for each rater (`R1`, `R2`). What a column is, is guessed, and shown
before anything is written; or it is said.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.tables import rows_of_table
from analysis.coding.placing.names import codes_in
from analysis.files.problems import Problem, StudyError
from analysis.files.vocabulary import perhaps

ENDINGS = (".csv", ".tsv", ".xlsx")
_NUMBERED = re.compile(
    r"(?:codes?|themes?|tags?|labels?|kodes?|códigos?|codici|thèmes?)[ _#.-]*\d{1,2}", re.I
)
_RATER = re.compile(
    r"(?:r|rater|coder|annotator|judge|codierer|kodierer)[ _#.-]*(?:\d{1,2}|[a-z])", re.I
)
_ID = re.compile(
    r"(?:.*[ _])?(?:id|no|nr|number|respondent|participant|case|pseudonym|record)\b.*", re.I
)
_PRESENT = frozenset(["1", "1.0", "x", "yes", "y", "true", "present", "ja", "oui", "sí", "si"])
_ABSENT = frozenset(["", "0", "0.0", "no", "n", "false", "absent", "nein", "non", "-"])
_SAFE = re.compile(r"[A-Za-z]{0,12}[ _-]?\d{1,8}")
# A text is longer than this on the whole, and hardly ever said twice.
_LONG_TEXT = 25
_SHOWN = 3
_ROLES = ("text", "id", "codes", "present", "raters", "attributes")


@dataclass(frozen=True)
class Layout:
    """Which columns of the table are what, by their headings."""

    text: str
    id: str = ""
    codes: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    raters: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()

    def stated(self) -> str:
        """As it is given with COLUMNS=."""
        told = {role: getattr(self, role) for role in _ROLES}
        return "; ".join(
            f"{role}={value if isinstance(value, str) else ', '.join(map(_quoted, value))}"
            for role, value in told.items()
            if value
        )


@dataclass
class Responses:
    """The table: its heading and its rows, each as long as the heading."""

    name: str
    heading: list[str]
    rows: list[list[str]]
    _places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._places = {name: place for place, name in reversed(list(enumerate(self.heading)))}

    def column(self, name: str) -> list[str]:
        """The cells under a heading."""
        return [row[self._places[name]].strip() for row in self.rows]


def responses_in(path: Path) -> Responses | None:
    """The table in `path`, where it is one; its heading is the first row."""
    if path.suffix.lower() not in ENDINGS:
        return None
    rows = rows_of_table(CodingFile(path))
    if len(rows) < 2:
        return None
    heading = [name.strip() or f"column {place}" for place, name in enumerate(rows[0], 1)]
    width = len(heading)
    return Responses(path.name, heading, [(row + [""] * width)[:width] for row in rows[1:]])


def guessed(table: Responses) -> Layout | None:
    """Which column is what; None where none holds texts."""
    cells = {name: table.column(name) for name in table.heading}
    numbered = tuple(name for name in table.heading if _NUMBERED.fullmatch(name))
    raters = tuple(name for name in table.heading if _RATER.fullmatch(name))
    taken = {*numbered, *raters}
    lengths = {
        name: sum(map(len, cells[name])) / len(table.rows)
        for name in table.heading
        if name not in taken
    }
    text = max(lengths, key=lambda name: lengths[name], default="")
    if not text or lengths[text] < _LONG_TEXT:
        return None
    rest = [name for name in table.heading if name not in taken | {text}]
    ids = [
        name
        for name in rest
        if len(set(cells[name])) == len(table.rows) and all(cells[name]) and _ID.fullmatch(name)
    ]
    left = [name for name in rest if name not in ids[:1]]
    present = tuple(name for name in left if _is_presence(cells[name]))
    attributes = tuple(name for name in left if name not in present and any(cells[name]))
    return Layout(text, ids[0] if ids else "", numbered, present, raters, attributes)


def _is_presence(cells: Sequence[str]) -> bool:
    words = {cell.casefold() for cell in cells}
    return words <= _PRESENT | _ABSENT and bool(words & _PRESENT)


def stated(columns: str, table: Responses) -> Layout:
    """The layout that a person says: 'text=Response; id=ID; codes=Code 1, Code 2; raters=R1, R2;
    present=Trust, Cost; attributes=Age'. Raises `StudyError` for what the table does not have."""
    told: dict[str, tuple[str, ...]] = {}
    problems = []
    for part in filter(None, map(str.strip, columns.split(";"))):
        role, _, names = part.partition("=")
        role = role.strip().casefold()
        given = next(csv.reader([names], skipinitialspace=True), [])
        told[role] = tuple(name.strip() for name in given if name.strip())
        if role not in _ROLES:
            problems.append(
                Problem(
                    "COLUMNS",
                    f"{role!r}{perhaps(role, _ROLES)}",
                    ", ".join(_ROLES),
                    "correct the word",
                )
            )
        problems += [
            Problem(
                f"COLUMNS, {role}",
                f"{name!r}{perhaps(name, table.heading)}",
                f"a heading of {table.name}: {', '.join(table.heading)}",
                "correct it",
            )
            for name in told[role]
            if name not in table.heading
        ]
    if not problems and len(told.get("text", ())) != 1:
        problems.append(
            Problem("COLUMNS", "no one column of texts", "text=heading", "say which it is")
        )
    if problems:
        raise StudyError(problems)
    return Layout(
        told["text"][0],
        (told.get("id") or ("",))[0],
        *(told.get(role, ()) for role in _ROLES[2:]),
    )


def shown(table: Responses, layout: Layout) -> str:
    """The guess, with the first three rows under it, for a person to judge."""
    lines = [f"{table.name}: {len(table.rows)} rows, taken as", f"  {layout.stated()}"]
    for number, row in enumerate(coded_rows(table, layout)[:_SHOWN], 1):
        begin = row.text[:60] + (" …" if len(row.text) > 60 else "")
        codes = "; ".join(f"{code} ({coder})" if coder else code for coder, code in row.codes)
        lines.append(f"  row {number}: {row.name}: “{begin}” coded as {codes or 'nothing'}")
    return "\n".join(lines)


@dataclass(frozen=True)
class Row:
    """One response: what it is called, its text, (coder, code) pairs, and its attributes."""

    name: str
    text: str
    codes: tuple[tuple[str, str], ...]
    attributes: Mapping[str, str]


def coded_rows(table: Responses, layout: Layout) -> list[Row]:
    """The rows with a text. One without an id, or whose id may be a name, goes by its number."""
    ids = table.column(layout.id) if layout.id else [""] * len(table.rows)
    safe = all(_SAFE.fullmatch(one) for one in ids) and len(set(ids)) == len(ids)
    width = max(3, len(str(len(table.rows))))
    columns = {name: table.column(name) for name in table.heading}
    texts = columns[layout.text]
    found = []
    for place, text in enumerate(texts):
        if not text:
            continue
        codes: list[tuple[str, str]] = []
        for name in layout.codes:
            # A numbered column holds one code, commas and all.
            cell = columns[name][place]
            codes += [("", code) for code in codes_in(cell, {cell})]
        codes += [
            ("", name) for name in layout.present if columns[name][place].casefold() in _PRESENT
        ]
        for name in layout.raters:
            codes += [(name, code) for code in codes_in(columns[name][place])]
        found.append(
            Row(
                ids[place].replace(" ", "-") if safe else f"response-{place + 1:0{width}}",
                text,
                tuple(dict.fromkeys(codes)),
                {name: columns[name][place] for name in layout.attributes if columns[name][place]},
            )
        )
    return found


@contextmanager
def unfolded(
    table: Responses, layout: Layout
) -> Iterator[tuple[Path, dict[str, Mapping[str, str]]]]:
    """The table as a folder to begin from: a text a response, and its codings as spans.

    Also the attributes of each, by its name. The folder is gone afterwards.
    """
    rows = coded_rows(table, layout)
    with TemporaryDirectory() as held:
        folder = Path(held)
        spans = []
        for row in rows:
            (folder / f"{row.name}.txt").write_text(row.text + "\n", encoding="utf-8")
            spans += [
                [row.name, 0, len(row.text), code, coder or "unknown"] for coder, code in row.codes
            ]
        if spans:
            with (folder / "codings.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(["source_id", "start", "end", "code", "coder"])
                writer.writerows(spans)
        yield folder, {row.name: row.attributes for row in rows}


def _quoted(name: str) -> str:
    return f'"{name}"' if "," in name else name
