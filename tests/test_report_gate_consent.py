"""A study in which sources were withdrawn from view is published, and says none of their words.

Its data are collected, not invented, fewer of its people speak of trust than in the tiny study, and
in one interview nobody asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from built import report
from pypdf import PdfReader
from test_lifecycle_purge_shipped import runs, words, words_of
from tiny import CODED, TEXTS, span_csv, write_tiny_study

from analysis.file_text import pieces
from analysis.report.pages.nobody_asks import MARK, TOLD

NOTICE = "Invented data"
HIDDEN = {"c1": "embargoed,full", "c2": "active,unknown", "t2": "active,none"}
FILES = {
    "c1": "interviews/c1.txt",
    "c2": "interviews/c 2 (second) 'take'.txt",
    "t2": "interviews/t2.txt",
}
SAYS = {
    "present": "More of them do.",
    "absent": "As many do.",
    "opposite": "Fewer of them do.",
    "varies": "It depends.",
    "too few cases to compare": "Too few were asked to say.",
}
CONTRAST = {
    "id": "trust-contrast",
    "kind": "contrast",
    "counts": "mentioned",
    "code": "trust",
    "group": "third_sector",
    "than": "commissioner",
    "against": "Commissioners do as well.",
    "says": dict(SAYS),
}
TOGETHER = {
    "id": "trust-measured",
    "kind": "association",
    "codes": ["trust", "measuring"],
    "against": "They stand apart.",
    "says": dict(SAYS),
}

MEMO = (
    "---\nkind: analytic\ndate: 2024-03-02\nabout: c1\npublish: yes\n---\n\n# On counting\n\n"
    "One of them said: we buy *outcomes* and we count them.\n"
)


def own_runs(source_id: str) -> set[str]:
    """Runs of five words that of all sources only this one has."""
    own = runs(words(TEXTS[FILES[source_id]]))
    for name, text in TEXTS.items():
        if name != FILES[source_id]:
            own -= runs(words(text))
    return own


def quoting(site: Path) -> dict[str, set[str]]:
    """The files of the site that have a run of a hidden source, by its id."""
    found: dict[str, set[str]] = {}
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        spoken = runs(words_of(path))
        for source_id in HIDDEN:
            if spoken & own_runs(source_id):
                found.setdefault(path.name, set()).add(source_id)
    return found


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny study with one commissioner left, whose words may not be shown; built.

    A memo that is not published quotes what nobody may read. t2 is not coded as speaking of trust,
    nobody asks in t1, and all is collected.
    """
    study = write_tiny_study(tmp_path_factory.mktemp("consent") / "study")
    raw = study / "data" / "raw"
    register = raw / "sources.csv"
    rows = register.read_text().splitlines()
    for source_id, changed in HIDDEN.items():
        rows = [
            re.sub(r"active,\w+", changed, row) if row.startswith(f"{source_id},") else row
            for row in rows
        ]
    register.write_text("\n".join(rows).replace("constructed", "collected") + "\n")
    asked = "t1.txt,,active,full,collected,R,I"
    assert asked in register.read_text()
    register.write_text(register.read_text().replace(asked, asked.replace("R,I", "R; I,")))
    params = study / "params.yml"
    params.write_text(params.read_text().replace('no_names: ""', "no_names: nobody is named here"))
    coded = [one for one in CODED["A"] if one[0] != "t2" or one[2] != "trust"]
    (raw / "coding" / "coder A.csv").write_text(span_csv("A", coded), encoding="utf-8")
    claims = yaml.safe_load((raw / "claims.yml").read_text())
    claims["claims"][0]["expectations"] += [CONTRAST, TOGETHER]
    (raw / "claims.yml").write_text(yaml.safe_dump(claims))
    (raw / "memos").mkdir()
    (raw / "memos" / "m-1.md").write_text(MEMO.replace("publish: yes", "publish: no"))
    with (study / "reports" / "index.qmd").open("a") as paper:
        for name in ("approach", "claim-trust", "sensitivity", "pairs"):
            paper.write(f"\n{{{{< include _generated/{name}.md >}}}}\n")
        paper.write("\n: Pairs {#tbl-pairs}\n")
        paper.write("\n{{< include _generated/sources.md >}}\n\n: Sources {#tbl-sources}\n")
    status, said = report(study, drawn=False)
    assert status == 0, said
    return study


def test_too_few_cases_to_compare_is_said_and_stops_nothing(study: Path) -> None:
    shown = " ".join(words_of(study / "reports/_site/index.html"))
    assert (
        "too few cases to compare" in shown and "third sector 1 of 2 commissioner 1 of 1" in shown
    )


def test_another_pattern_says_another_sentence(study: Path, tiny_report: Path) -> None:
    for built, said, unsaid in (
        (tiny_report, "Enough of them speak of trust.", "Too few of them speak of trust."),
        (study, "Too few of them speak of trust.", "Enough of them speak of trust."),
    ):
        page = page_of(built)("index.html")
        assert said in page and unsaid not in page


def test_invented_data_are_called_so_everywhere_and_collected_data_nowhere(
    study: Path, tiny_report: Path
) -> None:
    assert [
        name for name, words in pages_and_figures(tiny_report).items() if NOTICE not in words
    ] == []
    assert [name for name, words in pages_and_figures(study).items() if NOTICE in words] == []
    assert "matrix.xlsx" in pages_and_figures(study)


def pages_and_figures(study: Path) -> dict[str, str]:
    """The words of every page and figure, and of every PDF page, DOCX, XLSX and CSV with data."""
    site = study / "reports/_site"
    words = {
        path.relative_to(study).as_posix(): path.read_text(encoding="utf-8")
        for path in [*site.rglob("*.html"), study / "reports/figures/cases-per-code.svg"]
    }
    for number, page in enumerate(PdfReader(site / "index.pdf").pages, start=1):
        words[f"index.pdf, page {number}"] = page.extract_text()
    files = [site / "index.docx", site / "matrix.docx", site / "matrix.xlsx"]
    for path in [*files, *(site / "data").glob("*.csv")]:
        words[path.name] = " ".join(piece.text for piece in pieces(path))
    return words


def test_where_nobody_asks_every_page_of_its_words_says_so(study: Path, tiny_report: Path) -> None:
    page = page_of(study)
    assert f", {MARK}" in unscripted(page("evidence.html")) and TOLD in page("source-t1.html")
    assert "In 1 interview no interviewer is known (t1)" in page("index.html")
    assert f"{MARK}</th>" in page("index.html")
    # Where somebody asks nothing is marked.
    page = page_of(tiny_report)
    assert MARK not in unscripted(page("evidence.html")) and TOLD not in page("source-t1.html")


def unscripted(page: str) -> str:
    return re.sub(r"<script.*?</script>", "", page, flags=re.S)


def page_of(study: Path) -> Callable[[str], str]:
    return lambda name: (study / "reports/_site" / name).read_text(encoding="utf-8")


def test_hidden_sources_are_counted_as_far_as_they_may_and_never_quoted(study: Path) -> None:
    site = study / "reports/_site"
    assert all(own_runs(source_id) for source_id in HIDDEN)
    assert quoting(site) == {}
    listed = (site / "published-sources.csv").read_text()
    assert "c2,unknown" in listed and "t2,none" in listed and "c1" not in listed


def test_a_memo_a_cell_and_a_note_that_quote_them_stop_the_build(study: Path) -> None:
    raw, site = study / "data/raw", study / "reports/_site"
    good = (site / "index.html").read_bytes()
    (raw / "memos" / "m-1.md").write_text(MEMO)
    (raw / "matrix.csv").write_text(
        "case_id,theme,summary,state,passages,digest\n"
        "ts-2,Trust,Nobody told us what came of it; so they stayed.,said,,\n"
        "com-2,Trust,Hours of help. Families trust the worker.,said,,\n"
    )
    status, said = report(study, drawn=False)
    assert status != 0 and "Traceback" not in said
    blamed = {
        (place.split(",")[0], ids)
        for place, ids in re.findall(r"^(\S.*)\n +found: +words that only (\S+) says", said, re.M)
    }
    cells = {(f"matrix.{form}", ids) for form in ("html", "docx", "xlsx") for ids in ("t2", "c2")}
    assert blamed >= cells | {("memos.html", "c1")}
    assert "#memo-m-1" in said
    assert runs(words(said)).isdisjoint(own_runs("c1") | own_runs("c2") | own_runs("t2"))
    assert (site / "index.html").read_bytes() == good
