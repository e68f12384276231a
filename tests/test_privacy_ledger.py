"""Of every field that a study is given: whether it reaches the site, and where.

Each field holds a word of its own; docs/privacy.md is the table of where these words came out.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pandas as pd
import pytest
from built import report
from tiny import PROJECT, write_tiny_study

from analysis.file_text import pieces
from analysis.sampling.recorded import draw

# What is given, the word that stands there, and the files of the site that show it: the beginning
# of their names; '' is nowhere.
LEDGER = [
    (
        "sources.csv: source_id",
        "qzsourceid",
        "codebook, data, evidence, notebooks, published, reproducibility, source",
    ),
    ("sources.csv: case_id", "qzcaseid", "data, evidence, index, notebooks"),
    ("sources.csv: role", "qzrole", "data, evidence, index, notebooks, source, variables"),
    ("sources.csv: site", "qzsite", ""),
    ("sources.csv: title", "qztitle", "source"),
    ("sources.csv: file", "qzfile", ""),
    ("sources.csv: coded_as", "qzcodedas", ""),
    ("sources.csv: participant_tags", "qzptag", ""),
    ("sources.csv: interviewer_tags", "qzitag", ""),
    ("sources.csv: interviewer", "qzinterviewer", "index"),
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
    ("coding: name of the file", "qzcodingfile", ""),
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
    ("coding: name of a coder", "qzcoder", "evidence, notebooks, source"),
    ("coding/lab-<coder>.csv: memo", "qzlabmemo", ""),
    ("coding/lab-<coder>.log.csv: note", "qzlabnote", ""),
    ("codebook.yml: include", "qzinclude", "codebook"),
    ("codebook.yml: exclude", "qzexclude", "codebook"),
    ("codebook.yml: example", "qzexample", "codebook"),
    ("codebook.yml: reason of a change", "qzreason", "codebook"),
    ("claims.yml: id", "qzclaimid", "data, evidence, index, matrix, notebooks, variables"),
    ("claims.yml: heading", "qzheading", "matrix"),
    ("claims.yml: sentence", "qzsentence", "index"),
    ("claims.yml: name of a theme", "qztheme", "index, joint, matrix"),
    ("claims.yml: idea of a theme", "qzidea", "index, matrix"),
    ("claims.yml: id of an expectation", "qzexpected", "data, index, notebooks, variables"),
    ("claims.yml: against", "qzagainst", "index, variables"),
    ("claims.yml: says, of the pattern that is found", "qzsaysfound", "index, variables"),
    ("claims.yml: says, of another pattern", "qzsaysother", ""),
    ("claims.yml: paragraphs of a decision", "qzparagraphs", ""),
    ("claims.yml: signed_by of a decision", "qzsigned", ""),
    ("bearings.csv: note", "qzbearingnote", "index"),
    ("bearings.csv: by", "qzjudge", "index, notebooks"),
    ("bearings.csv: chosen", "qzchosen", "index, notebooks"),
    ("bearings.csv: event", "qzevent", ""),
    ("bearings.csv: date", "2031-07-09", "index"),
    ("bearings.csv: note of a passage, publish none", "qzhiddennote", ""),
    ("matrix.csv: summary", "qzsummary", "joint, matrix"),
    ("cases.csv: name of an attribute", "qzattribute", "joint"),
    ("cases.csv: value of an attribute", "qzlevel", "joint"),
    ("guide.yml: ask", "qzask", ""),
    ("guide.yml: words", "qzwords", ""),
    ("readings.csv: coder", "qzreader", ""),
    ("rounds.yml: name", "qzround", ""),
    ("coders.yml: name of a person", "qzperson", ""),
    ("coders.yml: name of a program", "qzprogram", "checklist, data, index, notebooks, variables"),
    ("coders.yml: version of a program", "qzversion", "checklist, index, notebooks, variables"),
    ("coders.yml: on (what a program coded)", "qzcoded", "index"),
    ("coders.yml: name of a file of settings", "qzsettings", "index"),
    ("programs/: text of a file of settings", "qzprompt", ""),
    ("sample.yml, sample.csv: name of a stratum", "qzstratum", ""),
    ("memos: name of the file", "qzmemofile", "memos"),
    ("interpretations: text", "qzinterpretation", "index"),
    ("interpretations: wording", "qzwording", "index"),
    ("interpretations: HTML comment", "qzinterpretcomment", ""),
]


def write_marked_study(folder: Path) -> Path:
    """The tiny study with a word of its own in every field."""
    study = write_tiny_study(folder)
    raw, private = study / "data" / "raw", study / "data" / "private"
    register = raw / "sources.csv"
    lines = register.read_text().splitlines()
    lines = [
        f"{lines[0]},interviewer,audience,stratum",
        *(f"{line},,,qzstratum" for line in lines[1:]),
    ]
    lines.append(
        "qzsourceid,qzcaseid,interview,qzrole,qzsite,2024-03-01,qztitle,interviews/qzfile.txt,"
        "qzcodedas,active,full,constructed,R; qzptag,I; qzitag,qzinterviewer,qzfurther,qzstratum"
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
        f"qzsourceid,{start},{start + 22},trust,qzcoder,Only that qzfull matte,\n"
    )
    coding = raw / "coding"
    (coding / "lab-A.csv").write_text(
        "source_id,start,end,code,coder,quote,memo,origin,before,after\n"
        f"qzsourceid,{start},{start + 22},measuring,A,Only that qzfull matte,qzlabmemo,,,\n"
    )
    (coding / "lab-A.log.csv").write_text(
        "act,when,what,source_id,before,after,note\n"
        f'1,2024-05-01T10:00:00+00:00,code,qzsourceid,,"{{""start"": {start}, ""end"": '
        f'{start + 22}, ""code"": ""measuring"", ""memo"": ""qzlabmemo""}}",qzlabnote\n'
    )
    codebook = raw / "codebook.yml"
    codebook.write_text(codebook.read_text() + CODE)
    (raw / "memos").mkdir()
    for name, publish, text in (
        ("qzmemofile", "yes", "# Memo\n\nA qzmemotext. <!-- qzmemocomment -->\n"),
        ("two", "no", "# Memo\n\nA qzmemoprivate.\n"),
    ):
        front = f"kind: analytic\ndate: 2024-01-01\nabout: qzmemoabout\npublish: {publish}\n"
        (raw / "memos" / f"{name}.md").write_text(f"---\n{front}---\n\n{text}")
    _write_claims(raw)
    _write_who(raw)
    _write_pages(study / "reports")
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


CODE = """\
  - name: qzcode
    definition: What qzdefinition means.
    include: When qzinclude is said.
    exclude: When qzexclude is said.
    example: As in qzexample.
history:
  - date: 2024-01-02
    change: added
    codes: [qzcode]
    reason: For qzreason.
"""

CLAIM = """\
  - id: qzclaimid
    heading: A qzheading here
    sentence: Some say that qzsentence is so.
    origin: theory
    date: 2024-01-01
    themes:
      - name: A qztheme
        idea: What qzidea tells.
        codes: [qzcode, trust]
    expectations:
      - id: qzexpected
        kind: prevalence
        code: trust
        group: third_sector
        at_least: 2
        against: Fewer speak of qzagainst.
        says:
          present: Enough speak of qzsaysfound.
          absent: Too few speak of qzsaysother.
          too few cases to compare: Too few speak.
    decision:
      status: retained
      paragraphs: What qzparagraphs comes to.
      signed_by: qzsigned
      date: 2024-06-01
"""


def _write_claims(raw: Path) -> None:
    """A claim, what was judged for it, and what people wrote about it."""
    claims = raw / "claims.yml"
    claims.write_text(claims.read_text() + CLAIM)
    (raw / "bearings.csv").write_text(
        "claim,source_id,passage,quote,bears,by,note,negative_outcome,chosen,event,shown,date\n"
        "qzclaimid,t1,,Trust is the whole,supports,qzjudge,So qzbearingnote.,,qzchosen,qzevent,yes,2031-07-09\n"
        "qzclaimid,t2,,They trust us,supports,A,So qzhiddennote.,,,,,\n"
    )
    (raw / "matrix.csv").write_text(
        "case_id,theme,summary,state,passages\nts-1,A qztheme,Says qzsummary.,said,\n"
    )
    (raw / "cases.csv").write_text("case_id,qzattribute\nts-1,qzlevel\ncom-1,other\n")
    (raw / "guide.yml").write_text(
        "questions:\n  - ask: What is qzask?\n    about: [qzclaimid]\n"
        "    words: [What is your work, qzwords]\n"
    )
    interpretations = raw.parents[1] / "reports" / "interpretations"
    interpretations.mkdir()
    (interpretations / "qzclaimid.qmd").write_text(
        "---\ninterpretation:\n  status: revised\n  wording: A qzwording.\n---\n\n"
        "A qzinterpretation. <!-- qzinterpretcomment -->\n"
    )


def _write_who(raw: Path) -> None:
    """Who coded, read and may see what, and which program; its sample of all there is."""
    (raw / "readings.csv").write_text("coder,source_id\nqzreader,t1\nA,t1\n")
    (raw / "rounds.yml").write_text("rounds:\n  - name: qzround\n    coders: [A]\n")
    prompt = b"Find what qzprompt says.\n"
    (raw / "programs").mkdir()
    (raw / "programs" / "qzsettings.txt").write_bytes(prompt)
    people = "".join(
        f"  - name: {name}\n    kind: person\n"
        for name in ("A", "B", "qzcoder", "qzperson", "qzreader")
    )
    (raw / "coders.yml").write_text(
        f"coders:\n{people}  - name: qzprogram\n    kind: program\n    version: qzversion\n"
        f"    settings: qzsettings.txt\n    sha256: {hashlib.sha256(prompt).hexdigest()}\n"
        "    date: 2024-05-02\n    on: all qzcoded texts\n"
    )
    (raw / "coding" / "program.csv").write_text(
        "source_id,start,end,code,coder\nt1,50,60,trust,qzprogram\n"
    )
    register = pd.read_csv(raw / "sources.csv", dtype=str, keep_default_na=False)
    interviews = register[register["kind"] == "interview"]
    strata = ("stratum",)
    draw(raw, interviews, size=5, strata=strata, kinds=("interview",), seed=1, on="2024-01-01")


def _write_pages(reports: Path) -> None:
    """Pages that include all that the program makes for them."""
    index = reports / "index.qmd"
    shown = "\n\n".join(
        f"{{{{< include _generated/{name}.md >}}}}" + (f"\n\n: T {{#tbl-{name}}}" if table else "")
        for name, table in INCLUDES.items()
    )
    own = "{{< include interpretations/qzclaimid.qmd >}}"
    index.write_text(
        index.read_text() + f"\nA qzprose. <!-- qzprosecomment -->\n\n{own}\n\n{shown}\n"
    )
    page = reports / "reproducibility.qmd"
    page.write_text(page.read_text() + "\n{{< include _generated/choices.md >}}\n\n: C {#tbl-c}\n")


# What the pages of a study include: the name, and whether its caption is written there.
INCLUDES = {
    "sources": True,
    "approach": False,
    "reflexivity": False,
    "rule": False,
    "coders": False,
    "interpretation-qzclaimid": False,
    "claim-qzclaimid": False,
    "programs": False,
}


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


def made(folder: Path, drawn: bool) -> dict[str, set[str]]:
    study = write_marked_study(folder / "study")
    status, said = report(study, drawn=drawn)
    assert status == 0, said
    return where_shown(study / "reports" / "_site")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Where the words came out, but for the notebooks, which show nothing here."""
    return made(tmp_path_factory.mktemp("privacy"), drawn=False)


@pytest.mark.parametrize(("field", "word", "where"), LEDGER, ids=[word for _, word, _ in LEDGER])
def test_a_field_reaches_the_site_where_the_ledger_says(
    field: str, word: str, where: str, shown: dict[str, set[str]]
) -> None:
    # A figure of the paper says it, and figures are not drawn here.
    undrawn = {"notebooks", *(("index",) if word == "qzcaseid" else ())}
    assert shown[word] == {name for name in where.split(", ") if name} - undrawn, field


@pytest.mark.full("a whole report, with what its notebooks show")
def test_notebooks_show_the_fields_that_the_ledger_says(tmp_path: Path) -> None:
    shown = made(tmp_path, drawn=True)
    assert shown == {
        word: {name for name in where.split(", ") if name} for _, word, where in LEDGER
    }


def ledger() -> str:
    """What docs/privacy.md holds."""
    rows = [f"| {field} | {where or 'nowhere'} |" for field, _, where in LEDGER]
    return "\n".join([*HEAD, *rows, ""])


# Of a row of the list of files: how fields of the ledger begin that stand for it. The list names
# folders of texts; what became of texts stands under `text of a source`.
FIELDS = {
    "interviews/": "text of a source",
    "documents/": "text of a source",
    "observations/": "text of a source",
    "coding/": "coding:",
}


def listed() -> set[str]:
    """The files below data/raw and data/private that the documentation lists."""
    rows = [
        *re.findall(r"^\| `raw/(\S+)` ", (PROJECT / "data" / "README.md").read_text(), re.M),
        *re.findall(r"`private/(\S+?)`", (PROJECT / "data" / "README.md").read_text()),
        *re.findall(r"^## .*`(?:\w+/)?(\S+)`", (PROJECT / "data" / "README.md").read_text(), re.M),
    ]
    how_to = (PROJECT / "docs" / "how-to" / "data-raw.md").read_text(encoding="utf-8")
    for first in re.findall(r"^\| (`[^|]*`) \|", how_to, re.M):
        rows += re.findall(r"`([^`]+)`", first)
    whole = (re.sub(r"\*\.md$", "", row) for row in rows)
    return {"coding/lab-<coder>.log.csv" if row == ".log.csv" else row for row in whole if row}


@pytest.mark.parametrize("file", sorted(listed()))
def test_each_file_that_a_study_may_have_has_a_row(file: str) -> None:
    begins = FIELDS.get(file, file.removesuffix("/"))
    assert any(begins in field for field, _, _ in LEDGER), f"add fields of {file} to LEDGER"


def test_the_list_is_that_of_the_documentation() -> None:
    assert {"sources.csv", "rounds.yml", "memos/", "pseudonyms.csv", "cases.csv"} <= listed()


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
