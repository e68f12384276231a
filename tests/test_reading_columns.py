"""Columns, tables and plain pages of PDFs whose content was written in one order or another."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path

import pytest
import typst

from analysis.reading import pdf, read

# Where a text begins, the size of its letters, the text.
Placed = tuple[float, float, float, str]

LEFT = textwrap.wrap(
    "The left column tells of commissioners and their contracts, and how they came to be. " * 9, 44
)
RIGHT = textwrap.wrap(
    "On the right we hear counsellors, who speak of children and where they met with them. " * 8, 44
)
TOP = 700


def portable(pages: Iterable[Iterable[Placed]], font: str = "Helvetica") -> bytes:
    """Write a PDF of the texts in the order given, each an object of its own."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
        % font.encode(),
    ]
    kids = []
    for page in pages:
        shown = (
            f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm {text if text[0] == '[' else f'({text}) Tj'} ET"
            for x, y, size, text in page
        )
        content = "\n".join(shown).encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(len(objects))
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), listed)
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
        )
        + b"startxref\n%d\n%%%%EOF" % len(written)
    )


def column(lines: list[str], x: float, top: float = TOP, step: float = 14) -> list[Placed]:
    return [(x, top - step * number, 10, line) for number, line in enumerate(lines)]


def by_row(*columns: list[Placed]) -> list[Placed]:
    return [placed for row in zip_longest(*columns) for placed in row if placed]


def text_of(folder: Path, *pages: list[Placed], font: str = "Helvetica") -> str:
    path = folder / "a.pdf"
    path.write_bytes(portable(pages, font))
    return read(path).text


def flat(text: str) -> str:
    return " ".join(text.split())


HEADING: Placed = (60, 740, 16, "A heading over the full width of both the columns")


@pytest.mark.parametrize("order", ["row", "column"])
@pytest.mark.parametrize("lower", [0, 3, 5, 7, 9], ids=lambda by: f"right column {by} pt lower")
@pytest.mark.parametrize("right_edge", [300, 310, 330])
def test_two_columns_in_both_orders_of_content(
    tmp_path: Path, order: str, lower: float, right_edge: float
) -> None:
    left, right = column(LEFT, 60), column(RIGHT, right_edge, TOP - lower)
    body = by_row(left, right) if order == "row" else left + right
    head: list[Placed] = [(60, 780, 9, "Running head"), (480, 780, 9, "May 2023"), HEADING]
    text = text_of(tmp_path, [*head, *body, (295, 60, 9, "7")])
    assert flat(text) == flat(
        f"Running head May 2023 {HEADING[3]} {' '.join(LEFT)} {' '.join(RIGHT)} 7"
    )


def test_a_heading_across_parts_the_columns_above_it_from_those_below(tmp_path: Path) -> None:
    above = by_row(column(LEFT[:8], 60), column(RIGHT[:8], 310))
    below = by_row(column(LEFT[8:], 60, 520), column(RIGHT[8:], 310, 520))
    between: Placed = (60, 555, 16, HEADING[3])
    assert flat(text_of(tmp_path, [*above, between, *below])) == flat(
        " ".join([*LEFT[:8], *RIGHT[:8], HEADING[3], *LEFT[8:], *RIGHT[8:]])
    )


def test_columns_whose_rows_are_single_objects(tmp_path: Path) -> None:
    rows = [
        (60, TOP - 14 * n, 10, f"[({left}) -{(46 - len(left)) * 480 + 2000} ({right})] TJ")
        for n, (left, right) in enumerate(zip(["m" * 9 + " of the one"] * 12, RIGHT, strict=False))
    ]
    text = flat(text_of(tmp_path, rows))
    assert text == flat(" ".join(["m" * 9 + " of the one"] * 12 + RIGHT[:12]))


def test_columns_word_by_word(tmp_path: Path) -> None:
    rows: list[Placed] = [
        (x + 4.8 * word.start(), TOP - 14 * number, 8, word[0])
        for number in range(14)
        for x, lines in ((60, LEFT), (320, RIGHT))
        for word in re.finditer(r"\S+", lines[number])
    ]
    text = text_of(tmp_path, rows, font="Courier")
    assert flat(text) == flat(" ".join([*LEFT[:14], *RIGHT[:14]]))


CELLS = [
    ("Waiting list", "12 weeks at most"),
    ("First contact", "within 5 days"),
    ("Missed visits", "two are allowed"),
    ("Cost", "nothing to the family"),
    ("Age", "eight to eighteen"),
    ("Referral", "by school or by themselves"),
    ("Place", "hub, school or at home"),
    ("End", "a letter to the family"),
]


def test_rows_of_a_table_stay_rows(tmp_path: Path) -> None:
    rows = by_row(column([a for a, _ in CELLS], 60), column([b for _, b in CELLS], 310))
    assert flat(text_of(tmp_path, rows)) == " ".join(f"{a} {b}" for a, b in CELLS)


def test_speakers_in_a_narrow_column_stay_with_what_they_say(tmp_path: Path) -> None:
    tags = [f"{'IR'[n % 2]}:" for n in range(len(RIGHT))]
    rows = by_row(column(tags, 60), column(RIGHT, 130))
    expected = " ".join(f"{tag} {line}" for tag, line in zip(tags, RIGHT, strict=True))
    assert flat(text_of(tmp_path, rows)) == expected


def test_numbers_in_columns_stay_rows(tmp_path: Path) -> None:
    rows = [[f"Item {n}", f"{n * 7}", f"{n * 11}", f"{n}%"] for n in range(14)]
    cells = by_row(*(column([row[k] for row in rows], 60 + 130 * k) for k in range(4)))
    assert flat(text_of(tmp_path, cells)) == " ".join(" ".join(row) for row in rows)


def test_cells_of_prose_are_read_cell_by_cell(tmp_path: Path) -> None:
    """A table of two columns, each cell of several lines, as Typst writes it."""
    cells = [" ".join(LEFT[n : n + 4]) for n in range(0, 12, 2)]
    listed = "".join(f"[{cell}]," for cell in cells)
    path = tmp_path / "a.pdf"
    path.write_bytes(typst.compile(f"#table(columns: 2, {listed})".encode()))
    assert flat(read(path).text) == flat(" ".join(cells))


def test_a_page_in_one_column_with_wide_spaces_stays_as_it_is(tmp_path: Path) -> None:
    lines = [f"{one}    {other}" for one, other in zip(LEFT, RIGHT, strict=False)]
    lines = [line[n % 9 :] for n, line in enumerate(lines)]
    assert flat(text_of(tmp_path, column(lines, 60))) == flat(" ".join(lines))


# A row: when, who, what; who speaks stands before or behind what is said, below a title.
@pytest.mark.parametrize("order", ["ws", "sw", "tsw", "wst"])
def test_a_table_of_turns_has_its_speakers_in_any_column(order: str) -> None:
    said = [
        ("I", "How did it start?"),
        (
            "R",
            "With a cake sale in the hall, and a jumble sale that went on all day in the rain. "
            * 2,
        ),
    ] * 3
    widths = {"w": "3cm", "s": "1fr", "t": "2cm"}
    rows = [{"w": f"[{who}]", "s": f"[{words}]", "t": "[00:01:03]"} for who, words in said]
    cells = ", ".join(row[cell] for row in rows for cell in order)
    columns = ", ".join(widths[cell] for cell in order)
    content = f"= Youth voices\n#table(columns: ({columns}), {cells})\n"
    found = pdf.extract(typst.compile(content.encode())).text
    openings = [line.partition("\t")[0] for line in found.splitlines() if "\t" in line]
    assert openings == [who for who, _ in said]
    assert next(line for line in found.splitlines() if line) == "Youth voices"
