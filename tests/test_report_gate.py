"""The leak gate finds a name wherever a file can carry it, and raises no false alarm."""

from __future__ import annotations

import base64
import gzip
import hashlib
import importlib
import io
import json
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pypdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from report_fixture import small_report
from test_cleaning_identifiers import FOUND
from tiny import PROJECT

from analysis.cleaning.identifiers import CALLED, find_identifiers
from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.file_text import kinds
from analysis.files.problems import Problem, StudyError
from analysis.report.gate import gate, gate_search
from analysis.report.gate.authors import Authors
from analysis.report.gate.consent import remove_withdrawn, write_published
from analysis.report.gate.gate import leaks
from analysis.report.gate.withheld import Withheld
from analysis.report.render.render import render

KEY = """find,replace,kind,common_word
Orla Quennell,[worker 1],person,no
Quennell,[worker 1],person,no
Hope,[worker 2],person,yes
Anne-Marie,[worker 3],person,no
Zoë,[worker 4],person,no
Thornby,[town 1],place,no
Open Gate,[charity 1],organisation,no
Have Your Say,[scheme],other,yes
O'Hara,[worker 5],person,no
"""


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> PseudonymKey:
    path = tmp_path_factory.mktemp("key") / "pseudonyms.csv"
    path.write_text(KEY, encoding="utf-8")
    return PseudonymKey.read(path)


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def word_file(change: Callable[[docx.document.Document], object]) -> bytes:
    document, held = docx.Document(), io.BytesIO()
    change(document)
    document.save(held)
    return held.getvalue()


def png(kind: bytes, content: bytes) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(kind, content)


def pdf(markup: str) -> bytes:
    return typst.compile(markup.encode())


def pdf_with_metadata() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": "Orla Quennell"})
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def workbook(hidden: bool) -> bytes:
    book, held = openpyxl.Workbook(), io.BytesIO()
    if hidden:
        book.properties.creator = "Quennell"
    else:
        book.active["B2"] = "as Orla Quennell said"
    book.save(held)
    return held.getvalue()


def with_comment(document: docx.document.Document) -> None:
    run = document.add_paragraph().add_run("some words")
    document.add_comment(run, text="ask", author="Orla Quennell", initials="OQ")


def in_two_runs(document: docx.document.Document) -> None:
    paragraph = document.add_paragraph("and then Or")
    paragraph.add_run("la ").bold = True
    paragraph.add_run("Quennell came")


NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "source": ["table.head()"],
            "outputs": [{"data": {"text/html": ["<td>Orla&nbsp;", "Quennell</td>"]}}],
        }
    ],
    "metadata": {},
}
SVG = "<svg xmlns='http://www.w3.org/2000/svg'><text>Orla <tspan>Quennell</tspan></text></svg>"
STREAM = {
    "cells": [{"cell_type": "code", "outputs": [{"text": ["by Orla\n", "Quennell\n"]}]}],
    "metadata": {},
}
PLAIN = base64.b64encode(b"by Orla Quennell").decode()
PACKED = base64.b64encode(SVG.encode()).decode()

# A PDF is made when it is asked for: its maker starts threads, and the tests are forked.
HOLDING: dict[str, bytes | Callable[[], bytes]] = {
    "text.html": page("<p>then Orla Quennell came</p>"),
    "marked.html": page("<p>then <mark>Orla</mark> <em>Quen</em>nell came</p>"),
    "entities.html": page("<p>then Orla&nbsp;Quen&shy;nell&#39;s turn</p>"),
    "plural.html": page("<p>at the Quennells' house</p>"),
    "upper.html": page("<h2>ORLA QUENNELL</h2>"),
    "attribute.html": page('<img alt="a letter to Orla Quennell" src="">'),
    "address.html": page('<a href="https://example.org/orla-quennell/">a page</a>'),
    "encoded.html": page('<a href="mailto:x?subject=Orla%20Quennell">a page</a>'),
    "identifier.html": page('<h2 id="orla_quennell">A heading</h2>'),
    "comment.html": page("<p>words</p><!-- from Orla Quennell -->"),
    "script.html": page('<script>const rows = ["Orla Quennell"]</script>'),
    "meta.html": page("", '<meta name="author" content="Orla Quennell">'),
    "title.html": page("", "<title>Orla Quennell</title>"),
    "packed.html": page(f'<img alt="" src="data:image/svg+xml;base64,{PACKED}">'),
    "accent.html": page("<p>and Zoe\u0308 left</p>"),
    "common.html": page("<p>and then Hope said no</p>"),
    "apostrophe.html": page("<p>said O&#x27;Hara</p>"),
    "curly.html": page("<p>said O’Hara</p>"),
    "small.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><text>o'hara</text></svg>",
    "hyphen.html": page("<p>and Anne‑Marie left</p>"),
    "shown.pdf": partial(pdf, "and then Orla Quennell came"),
    "divided.pdf": partial(pdf, "and then Orla Quen-\\ nell came"),
    "bookmark.pdf": partial(pdf, "= Orla Quennell"),
    "alternative.pdf": partial(
        pdf,
        "#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\"), "
        'alt: "letter to Orla Quennell")',
    ),
    "metadata.pdf": pdf_with_metadata(),
    "shown.docx": word_file(lambda document: document.add_paragraph("with Orla Quennell")),
    "runs.docx": word_file(in_two_runs),
    "comment.docx": word_file(with_comment),
    "author.docx": word_file(
        lambda document: setattr(document.core_properties, "author", "Orla Quennell")
    ),
    "header.docx": word_file(
        lambda document: document.sections[0].header.paragraphs[0].add_run("Orla Quennell")
    ),
    "figure.svg": SVG.encode(),
    "figure.png": png(b"tEXt", b"Author\0Orla Quennell"),
    "deflated.png": png(b"zTXt", b"Comment\0\0" + zlib.compress(b"by Orla Quennell")),
    "unicode.png": png(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress("Zoë".encode())),
    "executed.ipynb": json.dumps(NOTEBOOK).encode(),
    "table.csv": b'id,memo\n1,"seen with\nOrla Quennell"\n',
    "cells.xlsx": workbook(hidden=False),
    "creator.xlsx": workbook(hidden=True),
    "_variables.yml": b"clean:\n  longest: Orla\\ Quennell\n",
    "orla-quennell.html": page("<p>words</p>"),
    "under_lines.html": page("<td>coder_B_Orla_Quennell.csv</td>"),
    "dashes.html": page("<td>coder-B-orla-quennell.csv</td>"),
    "humps.html": page("<td>coderOrlaQuennell.csv, a table</td>"),
    "beside.html": page("<td>QuennellNotes.docx</td>"),
    "joined.csv": b"file,n\ncoder_B_Orla_Quennell.csv,3\n",
    "break.html": page("<p>then Orla<br>Quennell came</p>"),
    "items.html": page("<ul><li>Orla</li><li>Quennell</li></ul>"),
    "parted.svg": (
        b"<svg xmlns='http://www.w3.org/2000/svg'><text>Orla</text><text x='1'>Quennell</text></svg>"
    ),
    "tspans.svg": (
        b"<svg xmlns='http://www.w3.org/2000/svg'><text><tspan>Orla</tspan>\n<tspan>Quennell"
        b"</tspan></text></svg>"
    ),
    "cells.csv": b"first,last\nOrla,Quennell\n",
    "stream.ipynb": json.dumps(STREAM).encode(),
    "folded.yml": b"find:\n  longest: as Orla\n    Quennell said\n",
    "escaped.html": page('<script>const who = "Zo\\u00eb"</script>'),
    "escaped.js": b'const who = "Zo\\xeb"',
    "wide.txt": "by Orla Quennell".encode("utf-16"),
    "wide.csv": "id,name\n1,Orla Quennell\n".encode("utf-16"),
    "wide.html": page("<p>by Zoë</p>").decode().encode("utf-16"),
    "address.css": b"a { background: url(data:text/plain,Orla%20Quennell) }",
    "plain.html": page(f'<img alt="" src="data:text/plain;base64,{PLAIN}">'),
    "styled.html": page(
        "", f"<style>a {{ background: url('data:text/plain;base64,{PLAIN}') }}</style>"
    ),
    "style.html": page("<p style=\"--who: 'Orla Quennell'\">words</p>"),
    "class.html": page('<p class="note orla-quennell">words</p>'),
    "packed.gz": gzip.compress(b"by Orla Quennell"),
    "picture.jpg": b"\xff\xd8\xff\xe1Exif\0\0a picture taken by Orla Quennell\0\xff\xd9",
}


@pytest.mark.parametrize("name", HOLDING)
def test_a_name_is_found_wherever_it_stands_and_never_repeated(
    name: str, key: PseudonymKey, tmp_path: Path
) -> None:
    made = HOLDING[name]
    (tmp_path / name).write_bytes(made() if callable(made) else made)
    problems = leaks(tmp_path, key)
    assert problems
    assert all("name of the pseudonym key" in problem.found for problem in problems)
    said = " ".join(map(str, problems)).lower()
    assert not any(word in said for word in ("quennell", "zoë", "anne", "hope", "hara"))
    if name != "orla-quennell.html":
        assert all(problem.where.startswith(name) for problem in problems)


def test_a_problem_says_where_of_what_kind_and_how_often(key: PseudonymKey, tmp_path: Path) -> None:
    body = '<section id="q-int-01-4"><p>in Thornby</p></section><p>at Thornby</p>'
    (tmp_path / "evidence.html").write_bytes(page(body))
    (problem,) = leaks(tmp_path, key)
    assert problem.where == "evidence.html, text near #q-int-01-4"
    assert problem.found == "a name of the pseudonym key (its line 7; place), 2 times"


HARMLESS = {
    "common.html": page("<h2>Hope for All</h2><p>Hope matters here. I hope so.</p>"),
    "hash.html": page(f"<td>{hashlib.sha256(b'x').hexdigest()}</td>"),
    "doi.html": page('<a href="https://doi.org/10.1093/quennell/75.3.365">10.1093/quennell</a>'),
    "longer.html": page("<p>the quennellsome and Thornbyish matters</p>"),
    "empty.html": b"",
    "stop.html": page("<p>We went by the open. Gate five was shut, or open/gate.</p>"),
    "apart.html": page("<p>of the Open</p><p>and of the Gate</p>"),
    "classes.html": page(
        '<p class="mo fin op">words</p><script>const isHopeful = toMo(1)</script>'
    ),
    "humps.html": page("<p>The QuennellsNotes and unThornbyish HopeForAll</p>"),
    "dates.csv": b"hope,for\nMo-2,open\n",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_no_false_alarm(name: str, key: PseudonymKey, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(HARMLESS[name])
    assert leaks(tmp_path, key) == []


def test_packed_data_gives_no_alarm(tmp_path: Path) -> None:
    path = tmp_path / "pseudonyms.csv"
    path.write_text("find,replace,kind,common_word\nMo,[a],person,no\nFin,[b],person,no\n")
    short = PseudonymKey.read(path)
    site = tmp_path / "site"
    site.mkdir()
    noise = random.Random(0).randbytes(400_000)
    packed = base64.b64encode(noise).decode()
    (site / "page.html").write_bytes(
        page(f'<img alt="" src="data:image/jpeg;base64,{packed}"><p>{packed}</p>')
    )
    (site / "picture.jpg").write_bytes(noise)
    assert leaks(site, short) == []


TOLD = {
    "email": "an e-mail address",
    "url": "a web address",
    "nhs_number": "an NHS number",
    "ni_number": "an NI number",
    "phone": "a telephone number",
    "postcode": "a postcode",
    "date_of_birth": "a date of birth",
    "vehicle_plate": "a vehicle plate",
}
IDENTIFIERS = {
    "email": "write to b.tarn@example.org soon",
    "url": "see https://www.example.org/people/b-tarn there",
    "nhs_number": "number 999 000 0018 on it",
    "ni_number": "number QQ 12 34 56 C on it",
    "phone": "ring 020 7946 0018 then",
    "postcode": "out at ZZ99 3WZ then",
    "date_of_birth": "was born on 3 May 1998 there",
    "vehicle_plate": "drove AB12 CDE home",
}


def test_a_row_of_ids_in_a_pdf_is_no_number_and_a_telephone_beside_it_is(tmp_path: Path) -> None:
    rows = ["0101 0102 0103 0104", "01601 0 01601", "Leeds 0161496 3 0161497 5"]
    (tmp_path / "index.html").write_bytes(page("<td>0101</td><td>01601</td>"))
    (tmp_path / "index.pdf").write_bytes(pdf(" \\\n".join(rows)))
    assert leaks(tmp_path, None) == []
    (tmp_path / "index.pdf").write_bytes(pdf(" \\\n".join([*rows, "ring 020 7946 0018 then"])))
    assert [problem.found for problem in leaks(tmp_path, None)] == [
        "what looks like a telephone number, once"
    ]


@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_every_file_is_searched_by_every_detector(kind: str, tmp_path: Path) -> None:
    words = page(f"<p>They {IDENTIFIERS[kind]}.</p>")
    names = ["evidence.html", "index.html", "matrix.html", "memos.html", "notebooks/01.html"]
    (tmp_path / "notebooks").mkdir()
    for name in names:
        (tmp_path / name).write_bytes(words)
    (tmp_path / "index.docx").write_bytes(word_file(lambda d: d.add_paragraph(IDENTIFIERS[kind])))
    (tmp_path / "index.pdf").write_bytes(pdf(IDENTIFIERS[kind].replace("@", "\\@")))
    (tmp_path / "table.csv").write_text(f"a,b\n1,{IDENTIFIERS[kind]}\n")
    problems = leaks(tmp_path, None)
    found = {problem.where.split(",")[0] for problem in problems}
    assert found == {*names, "index.docx", "index.pdf", "table.csv"}
    assert {problem.found for problem in problems} == {f"what looks like {TOLD[kind]}, once"}
    assert "998" not in str(problems) and "tarn" not in str(problems)


def test_every_kind_of_file_has_its_reader() -> None:
    by_content = (reader for _, _, reader in kinds._BY_CONTENT)
    for reader in {*kinds._BY_NAME.values(), *by_content, kinds._OTHERWISE}:
        module, _, function = reader.partition(".")
        assert callable(getattr(importlib.import_module(f"analysis.file_text.{module}"), function))


def test_an_address_behind_a_link_is_one(tmp_path: Path) -> None:
    (tmp_path / "matrix.html").write_bytes(page('<a href="mailto:b.tarn@example.org">write</a>'))
    (problem,) = leaks(tmp_path, None)
    assert problem.found == "what looks like an e-mail address, once"


BY_AUTHORS = "ann@example.org"
FROM_DATA = {
    "quotation": "> ring me on 020 7946 0018, she said\n",
    "table": "| who | where |\n| :--- | :--- |\n| a | b.tarn@example.org |\n",
    "memo": "> A memo: they moved to ZZ99 3WZ then.\n",
}


@pytest.mark.parametrize(
    "kind",
    [
        "quotation",
        *(
            pytest.param(kind, marks=pytest.mark.full("a report is rendered for each"))
            for kind in ("table", "memo")
        ),
    ],
)
def test_on_prose_pages_authors_may_type_an_address_and_data_may_not_bring_one(
    kind: str, tmp_path: Path
) -> None:
    reports = small_report(tmp_path)
    index = reports / "index.qmd"
    text = index.read_text()
    typed = f"\nWrite to {BY_AUTHORS} or ring 0113 496 0000 (doi 10.1093/sf/75.3.365).\n"
    index.write_text(text.replace("- B. Digger\n", f"- Ann ({BY_AUTHORS})\n", 1) + typed)
    authors = Authors.of(reports)
    said: list[Problem] = []

    def search(folder: Path) -> list[Problem]:
        return leaks(folder, None, authors=authors)

    render(reports, reports / "_site", "embedded", constructed=True, gate=search)
    assert BY_AUTHORS in (reports / "_site" / "index.html").read_text()
    assert leaks(reports / "_site", None) != []
    (reports / "_site" / "evidence.html").write_bytes(page(f"<p>{BY_AUTHORS}</p>"))
    assert [problem.where for problem in search(reports / "_site")] == ["evidence.html, text"]
    (reports / "_generated" / "from-data.md").write_text(FROM_DATA[kind])
    index.write_text(index.read_text() + "\n{{< include _generated/from-data.md >}}\n")
    assert Authors.of(reports) == authors
    with pytest.raises(StudyError) as error:
        render(reports, reports / "_site", "embedded", constructed=True, gate=search)
    said += error.value.problems
    assert {problem.where.split(",")[0] for problem in said} >= {
        "index.html",
        "index.pdf",
        "index.docx",
    }


@given(
    st.lists(
        st.sampled_from([*IDENTIFIERS.values(), "GIR 0AA", "ab1 2cd", "A123 BCD car", "car ABC 1D"])
        | st.text(alphabet="abAB019 .@/-+()", max_size=12),
        max_size=4,
    ).map(" ".join)
)
@settings(max_examples=4 * settings().max_examples)
def test_the_quick_look_passes_over_no_identifier(text: str) -> None:
    if find_identifiers(text):
        assert gate_search._perhaps(text)


def test_printed_tables_of_numbers_are_no_telephone_numbers(tmp_path: Path) -> None:
    rows = "\n".join(f"{row}  2  4  1  0  3  5  7  8  1  2" for row in range(9))
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "03.html").write_bytes(page(f"<pre>{rows}</pre>"))
    assert leaks(tmp_path, None) == []


def test_what_a_drawing_program_writes_of_itself_is_no_identifier(tmp_path: Path) -> None:
    by = "Matplotlib version 3.10, https://matplotlib.org/"
    (tmp_path / "figure.png").write_bytes(png(b"tEXt", b"Software\0" + by.encode()))
    (tmp_path / "figure.svg").write_bytes(
        f"<svg xmlns='http://www.w3.org/2000/svg'><!-- Created with {by} -->"
        f"<metadata><title>{by}</title></metadata><text>words</text></svg>".encode()
    )
    assert leaks(tmp_path, None) == []


def test_masked_samples_are_no_identifiers(tmp_path: Path) -> None:
    (tmp_path / "evidence.html").write_bytes(
        page("<td>xxxxxx@xxxxxxx.xxxxxxx</td><td>00000 000000</td><td>XX00 0XX</td>")
    )
    assert leaks(tmp_path, None) == []


def test_names_in_printed_output_are_found_over_lines_and_colours(
    key: PseudonymKey, tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_bytes(page("<pre>by <span>Orla</span>\nQuennell</pre>"))
    assert leaks(tmp_path, key)


HIDDEN = {
    "s1": "I never told them what the garden was for, and Do you agree with that now",
    "s2": "Do you agree with that now, or the six of us went home at last, too",
}
SAID_TOO = ["they asked: do you agree with that now?"]


def test_what_only_withheld_sources_say_is_found_and_not_repeated(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    quoted = "“… told <b>them</b> what</p><p>the — GARDEN was …”"
    (site / "memos.html").write_bytes(page(f'<section id="memo-m"><p>{quoted}</p></section>'))
    (site / "matrix.csv").write_text("a,b\nthe six of us went home,there\n")
    (site / "index.pdf").write_bytes(pdf("the six of us went home"))
    (site / "index.docx").write_bytes(word_file(lambda d: d.add_paragraph("the six of us went")))
    (site / "figure.html").write_bytes(page('<img alt="The six of us went home" src="">'))
    (site / "other.html").write_bytes(
        page("<p>Do you agree with that now? The six of us left.</p>")
    )
    withheld = Withheld.of(HIDDEN, SAID_TOO)
    problems = leaks(site, None, withheld=withheld)
    said = "words that only {} says, of which nothing may be published"
    assert {(p.where.split(",")[0], p.found.rpartition(",")[0]) for p in problems} == {
        ("memos.html", said.format("s1")),
        ("matrix.csv", said.format("s2")),
        ("index.pdf", said.format("s2")),
        ("index.docx", said.format("s2")),
        ("figure.html", said.format("s2")),
    }
    assert problems[-1].where == "memos.html, text near #memo-m"
    assert not any(word in str(problems).lower() for word in ("garden", "six of"))


def test_what_two_withheld_sources_say_is_named_for_both_and_templates_are_nobodys() -> None:
    shared = "and a thing that both of them said"
    nobody_printed = "read one anothers words twice"
    withheld = Withheld.of({"b": shared, "a": shared}, [])
    assert [ids for _, ids in withheld.find(shared.split())] == ["a, b"] * 4
    # What the program prints on a page (templates/codebook.html) is no quotation.
    printed = next(iter_printed())
    assert list(Withheld.of({"a": printed}, []).find(printed.split())) == []
    assert list(Withheld.of({"a": nobody_printed}, []).find(nobody_printed.split()))


def iter_printed() -> Iterator[str]:
    """Runs of ten words that a template prints."""
    for file in sorted((PROJECT / "src").rglob("*.html*")):
        text = re.sub(
            r"<[^>]*>|\{[{%#].*?[}%#]\}", "\n", file.read_text(encoding="utf-8"), flags=re.S
        )
        for line in text.splitlines():
            if re.fullmatch(r"[A-Za-z ,]+", line) and len(line.split()) >= 6:
                yield line.replace(",", "").casefold()


def test_processes_find_the_same_in_the_same_order(
    key: PseudonymKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        (tmp_path / f"{number}.html").write_bytes(
            page(f"<p>by Orla Quennell, b.tarn@example.org {'words ' * number**3}</p>")
        )
    alone = leaks(tmp_path, key)
    monkeypatch.setattr(gate, "_WORTH_WORKERS", 0)
    assert len(alone) == 18 and leaks(tmp_path, key, jobs=3) == alone
    for name in ("3.docx", "7.docx"):
        (tmp_path / name).write_bytes(b"no zip file")
    with pytest.raises(StudyError) as error:
        leaks(tmp_path, key, jobs=3)
    assert [problem.where for problem in error.value.problems] == ["3.docx", "7.docx"]


def test_other_files_can_be_searched_with_the_folder(key: PseudonymKey, tmp_path: Path) -> None:
    site, beside = tmp_path / "site", tmp_path / "_variables.yml"
    site.mkdir()
    beside.write_text("find:\n  town: Thornby\n")
    (problem,) = leaks(site, key, also=[beside])
    assert problem.where == "_variables.yml, line 2"


def test_a_broken_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "index.docx").write_bytes(b"no zip file")
    with pytest.raises(StudyError, match=r"index\.docx"):
        leaks(tmp_path, None)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("word/document.xml", "<not closed>")
    (tmp_path / "index.docx").write_bytes(held.getvalue())
    with pytest.raises(StudyError, match=r"index\.docx"):
        leaks(tmp_path, None)


def test_a_leak_stops_the_build_and_the_last_good_site_stays(
    key: PseudonymKey, tmp_path: Path
) -> None:
    reports = small_report(tmp_path)

    def search(folder: Path) -> list[Problem]:
        return leaks(folder, key)

    render(reports, reports / "_site", "embedded", constructed=True, gate=search)
    good = (reports / "_site" / "index.html").read_bytes()
    values = reports / "_variables.yml"
    values.write_text(values.read_text().replace("worms", "Orla Quennell"))
    with pytest.raises(StudyError) as error:
        render(reports, reports / "_site", "embedded", constructed=True, gate=search)
    files = {problem.where.split(",")[0] for problem in error.value.problems}
    assert {"index.html", "index.pdf", "index.docx"} <= files
    assert (reports / "_site" / "index.html").read_bytes() == good
    assert list(reports.glob("_site.*")) == []


def test_the_gate_looks_at_the_very_bytes_that_become_the_site(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    searched = {}

    def search(folder: Path) -> list[Problem]:
        files = (path for path in folder.rglob("*") if path.is_file())
        searched.update({path.relative_to(folder): path.read_bytes() for path in files})
        return []

    site = reports / "_site"
    files = render(reports, site, "embedded", constructed=True, gate=search)
    assert {path.relative_to(site): path.read_bytes() for path in files} == searched


def registered(**changed: tuple[str, str]) -> pd.DataFrame:
    rows = {"a": ("active", "full"), "b": ("active", "extracts"), "c": ("active", "none")} | changed
    return pd.DataFrame(
        [(name, *row) for name, row in rows.items()], columns=["source_id", "status", "publish"]
    )


@pytest.mark.parametrize(
    ("changed", "gone"),
    [
        ({}, []),
        ({"a": ("withdrawn", "full")}, ["a"]),
        ({"c": ("embargoed", "none")}, ["c"]),
        ({"a": ("active", "extracts"), "b": ("active", "unknown")}, ["a", "b"]),
        ({"b": ("active", "full"), "d": ("active", "full")}, []),
    ],
)
def test_the_last_site_goes_when_it_shows_what_may_no_longer_be_shown(
    changed: dict[str, tuple[str, str]], gone: list[str], tmp_path: Path
) -> None:
    site = tmp_path / "_site"
    site.mkdir()
    write_published(registered(), site)
    assert remove_withdrawn(registered(**changed), site) == gone
    assert site.exists() == (not gone)
    assert remove_withdrawn(registered(), tmp_path / "no site") == []


def test_the_last_site_goes_when_a_row_left_the_register(tmp_path: Path) -> None:
    site = tmp_path / "_site"
    site.mkdir()
    write_published(registered(), site)
    assert remove_withdrawn(registered().iloc[1:], site) == ["a"]
    assert not site.exists()


@pytest.mark.full("ten megabytes of pages")
def test_one_name_in_ten_megabytes(key: PseudonymKey, tmp_path: Path) -> None:
    chosen = random.Random(1)
    vocabulary = [
        "help",
        "with",
        "their",
        "own",
        "group",
        "what",
        "works",
        "for",
        "young",
        "people",
        "who",
        "come",
        "here",
    ]
    for number in range(20):
        rows = "".join(
            f'<article id="q-{number}-{row}"><p>{" ".join(chosen.choices(vocabulary, k=60))}'
            f'<mark title="a code">{" ".join(chosen.choices(vocabulary, k=20))}</mark></p></article>'
            for row in range(1000)
        )
        (tmp_path / f"source-{number}.html").write_bytes(page(rows))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) > 9_000_000
    assert leaks(tmp_path, key) == []
    last = tmp_path / "source-19.html"
    last.write_bytes(last.read_bytes().replace(b"</body>", b"<p>Zo\xc3\xab came</p></body>"))
    (problem,) = leaks(tmp_path, key)
    assert problem.where.startswith("source-19.html")


@pytest.mark.parametrize(("kind", "written"), FOUND)
def test_nothing_that_the_detectors_find_is_passed_over_unread(
    kind: str, written: str, tmp_path: Path
) -> None:
    (tmp_path / "evidence.html").write_bytes(page(f"<p>She said {escape(written)} and left.</p>"))
    (told,) = leaks(tmp_path, None)
    assert CALLED[kind] in told.found
