"""A whole study full of markup: every word of it printed literally, everywhere, and nothing runs.

Transcript, memo, code name, register, claims, matrix and bearings hold what a script, a
shortcode, a formula or a picture of somebody else's file would look like.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pypdf
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from browser import browser  # noqa: F401
from built import report
from playwright.sync_api import Browser
from test_report_hostile import squeezed
from tiny import PROJECT, write_tiny_study

from analysis.report.html_page import read_html
from analysis.report.site.site_check import check_site

SECRET = "root:x:0:0"
HOSTILE = (
    "<script>window.canary=1</script><img src=x onerror=window.canary=1> "
    "{{< include ../../../etc/passwd >}} {{< var coding.n_sources >}} [x](javascript:canary) "
    "![y](file:///etc/passwd) `r id` `x`{=html} $\\frac{1}{2}$ #emph[z] @fig-cases [^note] ^[foot] "
    "*em* <b>b</b> ::: {#x .y} &lt;i&gt;"
)
# A stroke and a slash part codes in coding files: no code can hold them.
CODE = "=cmd' <script>window.canary=1 {{< var x >}} $y$ @fig-z"
OVERRIDE = "safe \u202egnp.exe\u202c end"
PAGES = (
    "index.html",
    "evidence.html",
    "matrix.html",
    "codebook.html",
    "memos.html",
    "checklist.html",
    "notebooks.html",
    "reproducibility.html",
    "source-h1.html",
    "source-d1.html",
    "notebooks/02-coding.html",
    "notebooks/06-findings.html",
)
# Pages of sources and notebooks without anything hostile: others of their making stand for them
# where a page takes seconds to try.
STOOD_FOR = re.compile(r"source-[cto]\d|notebooks/0[1345]-")


def write_hostile_study(folder: Path) -> Path:
    """The tiny study with one more source, code, claim, bearing, cell and memo: all hostile."""
    study = write_tiny_study(folder)
    raw = study / "data" / "raw"
    text = f"I: What do you say?\n\nR: {HOSTILE} {OVERRIDE} That was all I said.\n"
    (raw / "interviews" / "h1.txt").write_text(text, encoding="utf-8")
    start, end = text.index("<script>"), text.index(" That was")
    _add_rows(
        raw / "sources.csv",
        [
            "h1",
            "case-h",
            "interview",
            "third_sector",
            "=1+1",
            "2024-03-01",
            HOSTILE,
            "interviews/h1.txt",
            "",
            "active",
            "full",
            "constructed",
            "R",
            "I",
        ],
    )
    _add_rows(raw / "coding" / "coder A.csv", ["h1", start, end, CODE, "A", ""])
    codebook = yaml.safe_load((raw / "codebook.yml").read_text())
    codebook["codes"].append({"name": CODE, "definition": HOSTILE, "include": OVERRIDE})
    (raw / "codebook.yml").write_text(yaml.safe_dump(codebook, allow_unicode=True))
    claims = yaml.safe_load((raw / "claims.yml").read_text())
    claim = claims["claims"][0]
    claim["sentence"] = claim["heading"] = HOSTILE
    claim["themes"][0] |= {"name": CODE, "idea": HOSTILE, "codes": ["trust", CODE]}
    claim["decision"] = {"status": "revised", "paragraphs": HOSTILE}
    (raw / "claims.yml").write_text(yaml.safe_dump(claims, allow_unicode=True))
    _write_rows(
        raw / "bearings.csv",
        "claim,source_id,passage,quote,bears,by,note,negative_outcome",
        ["trust", "h1", "1", "", "contradicts", "A", HOSTILE, "bounded"],
    )
    _write_rows(
        raw / "matrix.csv",
        "case_id,theme,summary,state,passages,digest",
        ["case-h", CODE, HOSTILE, "said", "h1-1", ""],
        ["com-1", CODE, "=1+1", "said", "", ""],
    )
    # A digit typed in a claim is refused, and this one is not to be looked at but to do harm.
    (study / "reports" / "allowed_numbers.yml").write_text(
        "- text: window.canary=1\n  reason: it counts nothing\n"
    )
    (raw / "memos").mkdir()
    (raw / "memos" / "m-1.md").write_text(
        f"---\nkind: analytic\ndate: 2024-03-02\nabout: h1\npublish: yes\n---\n\n# {HOSTILE}\n\n"
        f"{HOSTILE} {OVERRIDE}\n",
        encoding="utf-8",
    )
    (raw / "memos" / "m-2.md").write_text(
        "---\nkind: reflexive\ndate: 2024-03-03\nabout: secretly\npublish: no\n---\n\nUnshown.\n"
    )
    index = study / "reports" / "index.qmd"
    added = ["quotations/h1-1-1", "memos/m-1", "claim-trust", "claims-by-kind", "reflexivity"]
    index.write_text(
        index.read_text() + "".join(f"\n{{{{< include _generated/{n}.md >}}}}\n" for n in added)
    )
    own = "reports/reproducibility.qmd"
    (study / own).write_text((PROJECT / "src/analysis/skeleton" / own).read_text())
    return study


def _write_rows(path: Path, heading: str, *rows: list[object]) -> None:
    path.write_text(heading + "\n", encoding="utf-8")
    _add_rows(path, *rows)


def _add_rows(path: Path, *rows: list[object]) -> None:
    width = len(path.read_text(encoding="utf-8").splitlines()[0].split(","))
    with path.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [*row, *[""] * (width - len(row))] for row in rows
        )


# What figures and notebooks show of hostile words, test_figures and test_report_browser ask too.
@pytest.fixture(
    scope="module",
    params=[
        pytest.param(False, id="undrawn"),
        pytest.param(
            True, id="drawn", marks=pytest.mark.full("with every figure, and what notebooks show")
        ),
    ],
)
def study(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    made = write_hostile_study(tmp_path_factory.mktemp("hostile") / "study")
    status, said = report(made, drawn=request.param)
    assert status == 0, said
    return made


@pytest.fixture(scope="module")
def site(study: Path) -> Path:
    return study / "reports" / "_site"


def test_the_words_stand_on_every_page_they_belong_to(site: Path) -> None:
    wanted = " ".join(HOSTILE.split())
    for name in ("index.html", "matrix.html", "codebook.html", "memos.html", "source-h1.html"):
        assert wanted in " ".join(read_html(site / name).text.split()), name
    evidence = read_html(site / "evidence.html")
    assert squeezed(HOSTILE) in squeezed(evidence.text)
    assert CODE in " ".join(read_html(site / "codebook.html").text.split())


def test_no_page_holds_an_element_an_address_or_a_file_of_theirs(site: Path) -> None:
    for path in sorted(site.rglob("*.html")):
        page, text = read_html(path), path.read_text(encoding="utf-8")
        assert page.handlers == (), path.name
        assert all(address.startswith(("data:", "#")) for address in page.loads), path.name
        assert [a for a in page.links if a.startswith(("javascript", "file"))] == [], path.name
        assert SECRET not in text and "\u202e" not in text, path.name
        scripts = text.count("<script")
        # The index, which is data, and the script that reads it.
        assert scripts == (2 if path.name == "evidence.html" else 0), path.name
        assert text.count('<script type="application/json"') == scripts // 2, path.name


def test_pdf_and_docx_print_them(site: Path) -> None:
    pdf = squeezed(
        "".join(page.extract_text() for page in pypdf.PdfReader(site / "index.pdf").pages)
    )
    assert squeezed("<script>window.canary=1</script><imgsrc=xonerror=window.canary=1>") in pdf
    assert squeezed("{{<include../../../etc/passwd>}}") in pdf and SECRET not in pdf
    for name in ("index.docx", "matrix.docx"):
        with zipfile.ZipFile(site / name) as archive:
            document = archive.read("word/document.xml").decode()
            relations = archive.read("word/_rels/document.xml.rels").decode()
        assert "&lt;script&gt;window.canary=1&lt;/script&gt;" in document, name
        assert (
            "javascript:" not in relations and "passwd" not in relations and SECRET not in document
        )


def test_tables_hold_text_and_no_formula(site: Path) -> None:
    book = openpyxl.load_workbook(site / "matrix.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert "=1+1 [stale]" in [cell.value for cell in cells]
    for path in sorted((site / "data").glob("*.csv")):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
            assert [cell for cell in row if cell.startswith(("=", "@", "+"))] == [], path.name
    assert "'=cmd" in (site / "data" / "cases-per-code.csv").read_text(encoding="utf-8")


def test_what_a_private_memo_says_or_is_about_is_nowhere(site: Path) -> None:
    for path in sorted(site.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert "Unshown" not in text and "secretly" not in text, path.name


def test_the_site_is_as_it_was_described(study: Path, site: Path) -> None:
    assert check_site(site, study / "reports/_generated/site.json") == []


@dataclass
class Visited:
    """What a browser found on each page of the site."""

    asked: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    violations: dict[str, str] = field(default_factory=dict)
    too_wide: list[tuple[str, int]] = field(default_factory=list)


@pytest.fixture(scope="module")
def visited(site: Path, browser: Browser) -> Visited:  # noqa: F811
    found, tab = Visited(), browser.new_page()
    tab.on("request", lambda request: found.asked.append(request.url))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        tab.goto(path.as_uri())
        for width in (320, 1200):
            tab.set_viewport_size({"width": width, "height": 900})
            if tab.evaluate("document.documentElement.scrollWidth") > width:
                found.too_wide.append((name, width))
        if not STOOD_FOR.match(name):
            axe = Axe().run(tab, options={"runOnly": {"type": "tag", "values": tags}})
            if axe.violations_count:
                found.violations[name] = axe.generate_report()
        if tab.evaluate("typeof window.canary") != "undefined":
            found.ran.append(name)
    tab.close()
    return found


def test_no_script_runs_and_nothing_is_fetched(site: Path, visited: Visited) -> None:
    assert visited.ran == []
    assert [u for u in visited.asked if not u.startswith(("data:", site.as_uri()))] == []
    assert {*PAGES} <= {url.removeprefix(f"{site.as_uri()}/") for url in visited.asked}


def test_axe_finds_no_violation_on_any_page(visited: Visited) -> None:
    assert visited.violations == {}


def test_no_page_scrolls_sideways(visited: Visited) -> None:
    assert visited.too_wide == []


def test_the_keyboard_alone_reaches_every_filter_and_link(
    site: Path,
    browser: Browser,  # noqa: F811
) -> None:
    tab = browser.new_page(viewport={"width": 1200, "height": 900})
    tab.goto((site / "evidence.html").as_uri())
    controls = "[...document.querySelectorAll('a[href], select, input, button')]"
    visible = f"{controls}.flatMap((one, at) => one.checkVisibility() ? [at] : [])"
    wanted = set(tab.evaluate(visible))
    # Passages take the focus too: they have keys of their own.
    stops = len(wanted) + tab.locator("summary, [tabindex='0']").count()
    reached = set()
    for _ in range(stops):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate(f"{controls}.indexOf(document.activeElement)"))
    assert wanted and wanted - reached == set()
    tab.locator("[data-field=code]").focus()
    tab.keyboard.type("trust")
    shown = tab.locator(".entry:visible").count()
    assert 0 < shown < tab.locator(".entry").count()
    assert str(shown) in tab.locator("#count").inner_text()
