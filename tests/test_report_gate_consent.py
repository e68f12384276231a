"""A study in which sources were withdrawn from view is published, and says none of their words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from built import report
from test_lifecycle_purge_shipped import runs, words, words_of
from tiny import TEXTS, write_tiny_study

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

    A memo that is not published quotes what nobody may read.
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
    register.write_text("\n".join(rows) + "\n")
    claims = yaml.safe_load((raw / "claims.yml").read_text())
    claims["claims"][0]["expectations"] += [CONTRAST, TOGETHER]
    (raw / "claims.yml").write_text(yaml.safe_dump(claims))
    (raw / "memos").mkdir()
    (raw / "memos" / "m-1.md").write_text(MEMO.replace("publish: yes", "publish: no"))
    with (study / "reports" / "index.qmd").open("a") as paper:
        for name in ("claim-trust", "sensitivity", "pairs"):
            paper.write(f"\n{{{{< include _generated/{name}.md >}}}}\n")
        paper.write("\n: Pairs {#tbl-pairs}\n")
    status, said = report(study, drawn=False)
    assert status == 0, said
    return study


def test_too_few_cases_to_compare_is_said_and_stops_nothing(study: Path) -> None:
    shown = " ".join(words_of(study / "reports/_site/index.html"))
    assert (
        "too few cases to compare" in shown and "third sector 2 of 2 commissioner 1 of 1" in shown
    )


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
