"""Of every field that a study is given: whether it reaches the site, and where.

Each field holds a word of its own; docs/privacy.md is the table of where these words came out.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from built import report
from tiny import PROJECT, write_tiny_study

from analysis.file_text import pieces

# What is given, the word that stands there, and the files of the site that show it: the beginning
# of their names; '' is nowhere.
LEDGER = [
    (
        "sources.csv: source_id",
        "qzsourceid",
        "codebook, data, evidence, notebooks, published, reproducibility, source",
    ),
    ("sources.csv: case_id", "qzcaseid", "data, evidence, index"),
    ("sources.csv: role", "qzrole", "data, evidence, index, source, variables"),
    ("sources.csv: site", "qzsite", ""),
    ("sources.csv: title", "qztitle", "source"),
    ("sources.csv: file", "qzfile", ""),
    ("sources.csv: coded_as", "qzcodedas", ""),
    ("sources.csv: participant_tags", "qzptag", ""),
    ("sources.csv: interviewer_tags", "qzitag", ""),
    ("sources.csv: interviewer", "qzinterviewer", ""),
    ("sources.csv: any further column", "qzfurther", "source"),
    ("text of a source, publish full", "qzfull", "evidence, source"),
    ("text of a source, publish none", "qznone", ""),
    ("text of a source, hidden by a name of the key", "qzname", ""),
    (
        "codebook.yml: name",
        "qzcode",
        "codebook, data, evidence, index, notebooks, source, variables",
    ),
    ("codebook.yml: definition", "qzdefinition", "codebook"),
    ("coding: memo of a coding", "qzcodingmemo", ""),
    ("coding: name of the file", "qzcodingfile", "data, notebooks, reproducibility"),
    ("memos: text, publish yes", "qzmemotext", "memos"),
    ("memos: text, publish no", "qzmemoprivate", ""),
    ("memos: about", "qzmemoabout", ""),
    ("memos: HTML comment", "qzmemocomment", ""),
    ("reports: text of a page", "qzprose", "index"),
    ("reports: HTML comment of a page", "qzprosecomment", ""),
    ("params.yml: no_names", "qznonames", "data, reproducibility"),
    ("params.yml: key of exempt", "qzexemptplace", "data, reproducibility"),
    ("params.yml: reason of exempt", "qzexemptreason", "data, reproducibility"),
    ("params.yml: key of coders", "qzcoderkey", ""),
    ("params.yml: key of code_names", "qzcodekey", ""),
    ("pseudonyms.csv: replace", "qzreplace", "evidence, notebooks, source"),
    ("not_names.csv: name", "qznotname", ""),
]


def write_marked_study(folder: Path) -> Path:
    """The tiny study with a word of its own in every field."""
    study = write_tiny_study(folder)
    raw, private = study / "data" / "raw", study / "data" / "private"
    register = raw / "sources.csv"
    lines = register.read_text().splitlines()
    lines = [f"{lines[0]},interviewer,audience", *(f"{line},," for line in lines[1:])]
    lines.append(
        "qzsourceid,qzcaseid,interview,qzrole,qzsite,2024-03-01,qztitle,interviews/qzfile.txt,"
        "qzcodedas,active,full,constructed,R; qzptag,I; qzitag,qzinterviewer,qzfurther"
    )
    register.write_text("\n".join(lines) + "\n")
    said = "I: What else?\n\nR: Only that qzfull matters, says Qzname Orrin, to all of them here.\n"
    (raw / "interviews" / "qzfile.txt").write_text(said)
    hidden = raw / "interviews" / "t2.txt"
    hidden.write_text(hidden.read_text() + "\nR: And qznone is what I never told them of it.\n")
    start = said.index("Only")
    (raw / "coding" / "qzcodingfile.csv").write_text(
        "source_id,start,end,code,coder,quote,memo\n"
        f"qzsourceid,{start},{start + 22},qzcode,qzcoderkey,Only that qzfull matte,qzcodingmemo\n"
    )
    codebook = raw / "codebook.yml"
    codebook.write_text(
        codebook.read_text() + "  - name: qzcode\n    definition: What qzdefinition means.\n"
    )
    (raw / "memos").mkdir()
    for name, publish, text in (
        ("one", "yes", "# Memo\n\nA qzmemotext. <!-- qzmemocomment -->\n"),
        ("two", "no", "# Memo\n\nA qzmemoprivate.\n"),
    ):
        front = f"kind: analytic\ndate: 2024-01-01\nabout: qzmemoabout\npublish: {publish}\n"
        (raw / "memos" / f"{name}.md").write_text(f"---\n{front}---\n\n{text}")
    index = study / "reports" / "index.qmd"
    index.write_text(index.read_text() + "\nA qzprose. <!-- qzprosecomment -->\n")
    page = study / "reports" / "reproducibility.qmd"
    page.write_text(page.read_text() + "\n{{< include _generated/choices.md >}}\n\n: C {#tbl-c}\n")
    params = study / "params.yml"
    params.write_text(
        params.read_text()
        .replace('no_names: ""', 'no_names: "qznonames"')
        .replace("exempt: {}", 'exempt: {"qzexemptplace, key line 9": "qzexemptreason"}')
        .replace("coders: {}", "coders: {qzcoderkey: A}")
        .replace("code_names: {}", "code_names: {qzcodekey: trust}")
    )
    private.mkdir()
    (private / "pseudonyms.csv").write_text(
        "find,replace,kind,common_word\nQzname Orrin,[qzreplace],person,no\n"
    )
    (private / "not_names.csv").write_text("name,source_id\nqznotname,\n")
    return study


def where_shown(site: Path) -> dict[str, set[str]]:
    """Word -> the files of the site that have it, by the beginnings of their names."""
    found: dict[str, set[str]] = {word: set() for _, word, _ in LEDGER}
    for file in sorted(path for path in site.rglob("*") if path.is_file()):
        name = file.relative_to(site).as_posix()
        words = " ".join([name, *(piece.text for piece in pieces(file))]).lower()
        for word, places in found.items():
            if word in words:
                places.add(name.partition("/")[0].partition(".")[0].partition("-")[0])
    return found


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    study = write_marked_study(tmp_path_factory.mktemp("privacy") / "study")
    status, said = report(study)
    assert status == 0, said
    return where_shown(study / "reports" / "_site")


@pytest.mark.parametrize(("field", "word", "where"), LEDGER, ids=[word for _, word, _ in LEDGER])
def test_a_field_reaches_the_site_where_the_ledger_says(
    field: str, word: str, where: str, shown: dict[str, set[str]]
) -> None:
    assert shown[word] == {name for name in where.split(", ") if name}, field


def ledger() -> str:
    """What docs/privacy.md holds."""
    rows = [f"| {field} | {where or 'nowhere'} |" for field, _, where in LEDGER]
    return "\n".join([*HEAD, *rows, ""])


HEAD = (
    "# What of a study reaches the site, and where",
    "",
    "A field of what a study is given, and the files of the site that show its words (the beginnings",
    "of their names: `source` is the page of each source, `data` are the tables to take away,",
    "`index` the paper in every form). A test fills each field with a word of its own, makes the",
    "report, and keeps this table true. What `publish` withholds, the key replaces or the gate finds",
    "does not go out, wherever it was written.",
    "",
    "| field | where it is shown |",
    "| :--- | :--- |",
)


def test_the_ledger_in_the_documentation_is_that_of_this_test() -> None:
    """After a change: `python tests/test_privacy_ledger.py > docs/privacy.md`."""
    assert (PROJECT / "docs" / "privacy.md").read_text(encoding="utf-8") == ledger()


if __name__ == "__main__":
    print(ledger(), end="")
