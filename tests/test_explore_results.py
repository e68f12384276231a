"""What every answer of the explorer can do: be asked for again, say what must be known, be kept."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pandas as pd
import pypandoc
import pytest
from built import run_notebook, run_stages
from explore_study import PROJECT, make_study
from realdata import REALDATA, needs_realdata

from analysis.claims.memos import read_memos
from analysis.corpus import KINDS
from analysis.explore import Explorer
from analysis.explore.answers import Answers
from analysis.explore.beside import READS
from analysis.explore.results import Result
from analysis.files.problems import StudyError
from analysis.lifecycle.begin import begin_study
from analysis.lifecycle.purge import purge_source
from analysis.study.codebook import read_codebook
from analysis.study.folder import Study

# Every kind of answer, some with more than the defaults.
LINES = [
    """passages("recognition & ~'voluntary resisted'", coder="B")""",
    """passages("value | (value near(9) =tokenism)").only""",
    "source('int-03')",
    "source('int-02', coder='B')",
    "meetings('tokenism', 'trusted relationship', unit='window')",
    "cooccurrence(unit='overlap', most=9)",
    "cooccurrence(unit='source')",
    "compare(by='role', kind='interview', codes=['value', 'tokenism'])",
    "compare(by='years in post', kind='', most=4)",
    "matrix(theme='recognition')",
    "matrix(theme='Not volunteers')",
    "codebook()",
    "codebook().passages",
    "concordance('voice', width=7)",
    "concordance('voice trust')",
    "collocations(code='value', least=2)",
    "collocations()",
    "word_tree('voice', depth=2)",
    "coverage()",
    "hierarchy()",
    "agreement()",
    "code_map(unit='passage', most=6)",
    "crosstab('role', 'kind', code='value')",
    "beside(unit='window', window=2)",
    "beside(coder='B').frequencies",
    "beside(coder='B').contrasts",
    "beside(agreement_unit='sentence').agreement",
]


@pytest.fixture(scope="module")
def explore(tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    study = make_study(tmp_path_factory.mktemp("results") / "study")
    register = pd.read_csv(study / "data/raw/sources.csv", dtype=str, keep_default_na=False)
    years = ["1", "2", "class"] * len(register)
    register["years in post"] = years[: len(register)]
    register.to_csv(study / "data/raw/sources.csv", index=False)
    return Explorer(Study.open(study, embargoed=True))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_study(tmp_path_factory.mktemp("small") / "study", sources=5)


@pytest.fixture
def own(small: Path, tmp_path: Path) -> Explorer:
    """One that a test may write to."""
    study = Path(shutil.copytree(small, tmp_path / "study"))
    return Explorer(Study.open(study, embargoed=True))


@pytest.fixture(scope="module")
def noting(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    """One that memos are written to: each test takes its own away."""
    study = Path(shutil.copytree(small, tmp_path_factory.mktemp("noting") / "study"))
    return Explorer(Study.open(study, embargoed=True))


@pytest.fixture(scope="module")
def left(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    """One that a source has left, only to look at."""
    study = Path(shutil.copytree(small, tmp_path_factory.mktemp("left") / "study"))
    path = study / "data/raw/sources.csv"
    text = path.read_text(encoding="utf-8")
    row = text.splitlines()[1].replace("int-01", "int-06").replace("active", "withdrawn")
    path.write_text(f"{text}{row}\n", encoding="utf-8")
    return Explorer(Study.open(study, embargoed=True))


@cache
def asked(explore: Explorer, line: str) -> Result:
    """The answer to a line, worked out once: to look at, never to change."""
    if line.endswith(".only"):
        found = eval(f"explore.{line.removesuffix('.only')}", {"explore": explore})
        line = f"{line}({found.rows['id'].iloc[0]!r})"
    result = eval(f"explore.{line}", {"explore": explore})
    assert isinstance(result, Result)
    return result


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(
    "under",
    [
        {},
        pytest.param(
            {"unit": "window", "window": 4, "coder": "B"},
            marks=pytest.mark.full("every answer once more, under other choices"),
        ),
    ],
)
def test_the_line_of_every_answer_gives_it_again(
    explore: Explorer, line: str, under: dict[str, object]
) -> None:
    """Whatever the choices it was asked under, and with whatever arguments."""
    one = explore.under(**under) if under else explore
    result = asked(one, line)
    again = eval(result.line, {"explore": explore})
    assert again.line == result.line
    pd.testing.assert_frame_equal(again.table, result.table)
    assert list(again.rows["id"]) == list(result.rows["id"])
    assert list(again.noted["id"]) == list(result.noted["id"])


def test_the_line_behind_every_cell_gives_it_again(explore: Explorer) -> None:
    for grid in (
        explore.matrix("recognition"),
        explore.compare(by="years in post"),
        explore.compare(by="kind", kind=""),
        explore.under(window=4).cooccurrence("window", most=5),
    ):
        for row, column in list(grid.cells)[:12]:
            found = grid.behind(row, column)
            again = eval(found.line, {"explore": explore})
            assert list(again.rows["id"]) == list(found.rows["id"])


@pytest.mark.parametrize("line", LINES)
def test_every_answer_is_taken_along(explore: Explorer, line: str, tmp_path: Path) -> None:
    """A table of as many rows, and Markdown that says the line, the embargo and the invention."""
    result = asked(explore, line)
    rows = list(csv.reader(io.StringIO(result.to_csv(tmp_path / "out.csv"))))
    assert len(rows) == 1 + len(result.table) and rows[0] == list(result.table.columns)
    shown = result.to_markdown()
    held = (result.rows["status"] == "embargoed").any()
    assert shown.startswith(f"`` {result.line} ``\n")
    assert ("includes 1 embargoed source, the paper counts without it" in shown) == held
    assert ("**Not for release.** int-03: embargoed" in shown) == held
    assert "Invented data" in shown


def test_no_answer_in_markdown_shows_what_guards_its_signs(explore: Explorer) -> None:
    # Without the line itself, which is code; all at once, for each start of Pandoc takes its time.
    shown = [asked(explore, line).to_markdown().partition("\n")[2] for line in LINES]
    whole = "\n\n".join(shown)
    printed = pypandoc.convert_text(whole, "plain", "markdown", extra_args=["--wrap=none"])
    assert "\\" in whole and "\\" not in printed


def test_figures_in_markdown_are_figures(explore: Explorer) -> None:
    shown = explore.collocations().to_markdown()
    assert re.search(r"\| \d+\.\d+ \|", shown) and "\\" not in shown.replace(r"\_", "")
    quoted = explore.passages(source="int-01")
    rows = quoted.rows.iloc[:2].copy()
    rows["text"] = ["4. A list?", "12.5 per cent"]
    quoted.rows = rows
    printed = pypandoc.convert_text(quoted.to_markdown(), "plain", "markdown")
    assert "4. A list?" in printed and "12.5 per cent" in printed
    assert "<ol" not in pypandoc.convert_text(quoted.to_markdown(), "html", "markdown")


def test_a_line_with_backticks_is_code_to_its_end(explore: Explorer) -> None:
    found = explore.passages("value")
    found.line = "explore.passages(\"'a ``code`` of `` theirs'\")"
    page = pypandoc.convert_text(
        found.to_markdown(), "html", "markdown", extra_args=["--wrap=none"]
    )
    assert f"<code>{found.line}</code>" in page


def test_the_list_shows_whole_words_and_says_where_they_go_on(explore: Explorer) -> None:
    answers, words = Answers(explore.session), {}
    told = answers.answer({"ask": "search", "terms": [], "filters": {}})
    texts = explore.corpus.passages.set_index("id")["text"]
    for row in told["listed"]:
        words[row["id"]] = shown = row["words"].removesuffix(" …")
        full = texts[row["id"]]
        assert full.startswith(shown) and (shown == full or full[len(shown)] == " ")
        assert (shown == full) == (not row["words"].endswith(" …"))
    assert min(len(text) for text in words.values()) > 30
    assert any(len(texts[name]) > len(text) for name, text in words.items())


@pytest.mark.parametrize("line", LINES)
def test_every_answer_is_noted_with_its_passages(noting: Explorer, line: str) -> None:
    if "years" in line:
        line = "compare(by='site')"
    result = asked(noting, line)
    result.add_to_memo("noted", "Why?")
    (memo,) = read_memos(noting.study.raw / "memos").to_dict("records")
    shutil.rmtree(noting.study.raw / "memos")
    assert f"    {result.line}\n" in memo["text"] and "Why?" in memo["text"]
    listed = set(re.findall(r"int-\d+-\d+", memo["text"].split("Why?")[1]))
    assert listed == set(result.noted["id"])
    embargoed = (result.rows["status"] == "embargoed").any()
    assert ("**Not for release.** int-03: embargoed" in memo["text"]) == embargoed


def test_counts_rest_on_the_passages_behind_their_cells(explore: Explorer) -> None:
    for grid in (explore.matrix("recognition"), explore.cooccurrence(most=4)):
        behind = {name for cell in grid.cells for name in grid.behind(*cell).rows["id"]}
        assert set(grid.passages.rows["id"]) == behind
    under = explore.codebook().passages
    assert (under.table["codes"] != "").all()
    assert len(under) < len(explore.passages())


def test_the_same_entry_is_written_once(own: Explorer) -> None:
    found = own.passages("value")
    path = found.add_to_memo("twice", "A note.")
    before = path.read_bytes()
    assert found.add_to_memo("twice", "A note.") == path and path.read_bytes() == before
    found.add_to_memo("twice", "Another note.")
    assert path.read_text(encoding="utf-8").count(found.line) == 2


def test_a_file_that_is_no_memo_is_left_alone(own: Explorer, tmp_path: Path) -> None:
    """What the next report would refuse is refused here, and stays as it was."""
    folder = own.study.raw / "memos"
    folder.mkdir()
    (tmp_path / "elsewhere.md").write_text("---\nkind: method\ndate: 2024-01-01\n---\n")
    for name, content in (
        ("bare", b"No front matter.\n"),
        ("latin", b"\xe9t\xe9"),
        ("half", b"---\nkind: hunch\ndate: 2024-01-01\n---\n"),
    ):
        path = folder / f"{name}.md"
        path.write_bytes(content)
        with pytest.raises(StudyError, match=rf"{name}\.md"):
            own.passages("value").add_to_memo(name)
        assert path.read_bytes() == content
    (folder / "linked.md").symlink_to(tmp_path / "elsewhere.md")
    with pytest.raises(StudyError, match="link"):
        own.passages("value").add_to_memo("linked")
    for name in ("README", "readme"):
        with pytest.raises(StudyError, match="README"):
            own.passages("value").add_to_memo(name)
    told = Answers(own.session).answer(
        {"ask": "memo", "all": True, "at": 0, "name": "latin", "note": ""}
    )
    assert "not UTF-8" in told["problem"]


def test_what_is_kept_stays_private(own: Explorer) -> None:
    """Below data/private, which git ignores here and in every study that is begun."""
    answers = Answers(own.session, own.codebook())
    answers.answer({"ask": "search", "terms": [], "filters": {"role": "third_sector"}})
    kept = []
    for whole, form in ((False, "csv"), (False, "md"), (True, "csv")):
        told = answers.answer({"ask": "keep", "whole": whole, "form": form})
        path = own.study.folder / told["said"].removeprefix("written to ")
        assert path.parent == own.study.private / "review" / "exploring"
        kept.append(path.read_text(encoding="utf-8"))
    found, said, codes = kept
    # Every second passage of the three interviews of that role is the participant's.
    ids = [f"int-0{number}-{place}" for number in (1, 3, 5) for place in range(1, 14, 2)]
    assert [row["id"] for row in csv.DictReader(io.StringIO(found))] == ids
    assert re.findall(r"^> — (\S+), third sector$", said, re.M) == ids
    listed = [row["code"] for row in csv.DictReader(io.StringIO(codes))]
    assert listed == list(read_codebook(own.study.raw / "codebook.yml").codes["code"])
    assert not own.study.reports.exists()
    name = path.relative_to(own.study.folder)
    ignored = subprocess.run(["git", "check-ignore", str(name)], cwd=PROJECT, check=False)
    assert ignored.returncode == 0
    assert not any(part in "/\\" for part in path.name) and len(path.name) < 80


def test_a_purge_takes_what_was_kept(own: Explorer) -> None:
    """It may hold words of the one who leaves."""
    path = own.passages(source="int-02").keep("csv")
    purge_source(own.study.folder, "int-02", ask=False)
    assert not path.exists()


def test_every_count_shows_what_must_be_known(explore: Explorer) -> None:
    """The banner, the embargo and the invention are in what each form shows."""
    for grid in (explore.cooccurrence(), explore.compare(), explore.matrix("recognition")):
        setup = grid._repr_mimebundle_() and _setup_of_last_widget()
        assert any("int-03: embargoed" in one for one in setup["warnings"])
        assert "includes 1 embargoed source" in setup["counted"]
        assert "Invented data" in setup["notice"]
    for table in (explore.codebook(), explore.collocations(), explore.concordance("voice")):
        table._repr_mimebundle_()
        setup = _setup_of_last_widget()
        assert setup["line"] == table.line and "Invented data" in setup["notice"]
        assert any("int-03: embargoed" in one for one in setup["warnings"])
    shown = explore.beside(coder="B")._repr_html_()
    assert "int-03: embargoed" in shown and "Invented data" in shown
    active = Explorer(Study.open(explore.study.folder))
    assert "embargoed" not in active.codebook().to_markdown()


def test_passages_show_as_a_reader_and_say_what_they_are_where_there_is_none(
    explore: Explorer,
) -> None:
    from IPython.core.formatters import DisplayFormatter

    display = DisplayFormatter().format
    view = "application/vnd.jupyter.widget-view+json"
    found = explore.passages("value")
    data, _ = display(found)
    setup = _setup_of_last_widget()
    assert view in data and "int-" in data["text/html"] and data["text/plain"] == repr(found)
    assert setup["first"]["total"] == len(found) and setup["first"]["line"] == found.line
    for page in (explore.source("int-02"), explore.beside(coder="B")):
        assert view not in display(page)[0]
    for counts in (explore.codebook(), explore.compare()):
        assert display(counts)[0]["text/plain"] == repr(counts)


def _setup_of_last_widget() -> dict[str, object]:
    from ipywidgets.widgets.widget import _instances

    from analysis.explore.widget import ExploreWidget

    widgets = [one for one in _instances.values() if isinstance(one, ExploreWidget)]
    return dict(widgets[-1].setup)


def test_a_cell_under_passages_is_a_query_of_the_codes_alone(explore: Explorer) -> None:
    """The rule that the grid states: = is a code without those beneath it."""
    grid, name = explore.cooccurrence(unit="passage", most=47), explore.corpus.names.written
    assert "=one & =other" in grid.rule
    for (row, column), cell in grid.cells.items():
        query = f"={name(row)} & ={name(column)}"
        assert len(explore.passages(query)) == int(cell.label)


def test_what_is_coded_on_a_parent_itself_stands_first(explore: Explorer) -> None:
    """The columns of a parent add up to the segments of its family, case by case."""
    grid, parent = explore.matrix("recognition"), "sectors/recognition"
    codings = explore.study.codings.merge(explore.study.sources, on="source_id")
    for case, own in codings.groupby("case_id"):
        family = own[(own["code"] == parent) | own["code"].str.startswith(f"{parent}/")]
        counted = {key: int(cell.label) for key, cell in grid.cells.items() if key[0] == case}
        assert counted.get((case, "=recognition"), 0) == (own["code"] == parent).sum()
        assert sum(counted.values()) == len(family)


def test_every_choice_tells_which_measures_it_leaves(tmp_path: Path) -> None:
    """Each measure is the same under every choice that it is said not to read, and only then."""
    study = make_study(tmp_path / "study", passages=8, codes_used=4)
    explore = Explorer(Study.open(study, embargoed=True))
    tried = {
        "unit": "source",
        "window": 5,
        "coder": "B",
        "interviewer_speech": True,
        "minimum_group": 3,
        "approach": "reflexive",
        "seed": 1,
        "anchor_score": 50,
    }
    windowed = explore.under(unit="window")
    moved = set()
    for choice, value in tried.items():
        beside = windowed.beside(**{choice: value})
        for name, reads in READS.items():
            table = getattr(beside, name).table
            now, then = table.iloc[:, -3], table.iloc[:, -2]
            if not ((now == then) | (now.isna() & then.isna())).all():
                assert choice in reads
                moved |= {(name, choice)}
    assert {
        ("cooccurrence", "unit"),
        ("cooccurrence", "window"),
        ("frequencies", "coder"),
        ("contrasts", "coder"),
        ("agreement", "approach"),
    } <= moved
    assert (
        "None of the measures here reads anchor_score"
        in explore.beside(anchor_score=50.0)._repr_html_()
    )
    shown = explore.beside(unit="window")._repr_html_()
    assert "Read nothing of unit, and stay: Segments; Shares of cases" in shown


def test_a_study_under_other_choices_says_so_and_shows_them_beside(explore: Explorer) -> None:
    from analysis.explore.explorer import _beside

    other = explore.study.with_choices(unit="window", window=2)
    assert "unit='window', window=2" in repr(other) and ".beside(" in repr(other)
    shown = _beside(other)
    assert shown == explore.beside(unit="window", window=2)._repr_html_()
    assert _beside(explore.study) is None and "its params.yml" in repr(explore.study)


def test_the_words_of_a_question_are_marked(explore: Explorer) -> None:
    """The codes that answer stand out, with their place beneath the code asked for."""
    found = explore.passages("recognition & ~tokenism & value")
    told = "".join(found.read(at) for at in range(len(found)))
    assert re.search('<li class="asked"><b>\\d+</b> recognition › (sought|granted|refused)', told)
    chips = re.findall(r"<li( class=\"asked\")?><b>\d+</b> ([^<]+?) <span", told)
    asked = {name for marked, name in chips if marked}
    assert asked and all(name.split(" › ")[0] in ("recognition", "value") for name in asked)
    assert '<mark class="asked">' in told
    assert "asked" not in explore.passages(source="int-02").read(0)


def test_quotes_capitals_and_several_words(explore: Explorer) -> None:
    plain = explore.meetings("voluntary resisted", "recognition")
    for a in ("'voluntary resisted'", "“voluntary resisted”", "Voluntary Resisted"):
        assert list(explore.meetings(a, '"recognition"').rows["id"]) == list(plain.rows["id"])
    assert explore.collocations(code="'tokenism'").about == ["co-production/tokenism"]
    assert explore.compare(codes=["'voluntary resisted'"]).about == ["sectors/voluntary resisted"]
    assert list(explore.matrix("'recognition'").table) == list(explore.matrix("recognition").table)
    said = explore.passages("RECOGNITION AND NOT ‘voluntary resisted’ OR Value NEAR(2) tokenism")
    same = explore.passages("recognition & ~'voluntary resisted' | value near(2) tokenism")
    assert list(said.rows["id"]) == list(same.rows["id"])
    found = explore.concordance("voice trust")
    texts = explore.study.counted_passages["text"]
    count = sum(len(re.findall(r"(?i)\bvoice trust\b", text)) for text in texts)
    assert len(found.table) == count > 0


def test_a_register_that_is_not_filled_in_is_compared_whole(own: Explorer) -> None:
    path = own.study.raw / "sources.csv"
    register = pd.read_csv(path, dtype=str, keep_default_na=False)
    register.assign(kind="unknown", role="unknown").to_csv(path, index=False)
    grid = Explorer(Study.open(own.study.folder)).compare()
    assert grid.line == "explore.compare(by='role', kind='')" and len(grid.cells) > 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("passages(5)", "a text in quotes"),
        ("passages(role=3)", "a text, or a list"),
        ("source(7)", "source"),
        ("source('int-99')", "no source of this name"),
        ("meetings(1, 2)", "the name of a code"),
        ("cooccurrence(most=0)", "2 or more"),
        ("compare(by='x')", "no such column"),
        ("compare(kind='book')", "interview"),
        ("compare(codes=3)", "codes"),
        ("matrix(None)", "theme"),
        ("concordance('')", "a word, or several"),
        ("concordance('*')", "a word, or several"),
        ("concordance('voice', width='wide')", "width"),
        ("collocations(least=0)", "1 or more"),
        ("beside()", "name what to change"),
        ("passages('value').only(3)", "an id"),
        ("passages('value').add_to_memo('a', 3)", "note"),
        ("passages('value').bears_on('reach', 'supports', None, 'AR')", "note"),
        ("passages('value').bears_on(None, 'supports', '', 'AR')", "claim"),
        ("passages('value').bears_on('reach', None, '', 'AR')", "bears"),
        ("passages('value').keep('exe')", "csv or md"),
        ("passages('value near(99999) tokenism')", "0 to 9999"),
        ("under(window=0)", "1 to 1,000"),
        ("beside(resamples=0)", "1 to 100,000"),
        ("passages(source='int-06')", "withdrawn"),
    ],
)
def test_what_cannot_be_asked_is_told(left: Explorer, line: str, told: str) -> None:
    with pytest.raises(StudyError, match=told):
        eval(f"explore.{line}", {"explore": left})


def test_a_mistyped_coder_is_told_wherever_a_coder_is_chosen(own: Explorer) -> None:
    """As the coder of another reading nobody would count as params.yml's coder, and unnoticed."""
    folder = own.study.folder
    for ask in (
        lambda: own.study.with_choices(coder="b"),
        lambda: own.beside(coder="b"),
        lambda: own.under(coder="b"),
        lambda: Study.open(folder, coder="b").codings,
    ):
        with pytest.raises(StudyError, match=r"coder='b'(.|\n)*nobody(.|\n)*A, B"):
            ask()
    assert set(own.study.with_choices(coder="B").codings["coder"]) == {"B"}


def test_a_study_without_a_report_says_what_to_run(tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", sources=2)
    (study / "data/processed/codings.csv").unlink()
    with pytest.raises(StudyError, match=r"processed/codings\.csv(.|\n)*make report first"):
        Explorer(Study.open(study)).passages()


def test_an_embargoed_source_is_named_as_such(own: Explorer) -> None:
    closed = Explorer(Study.open(own.study.folder))
    with pytest.raises(StudyError, match=r"embargoed(.|\n)*embargoed=True"):
        closed.source("int-03")


def test_a_problem_reads_forwards(own: Explorer) -> None:
    answers = Answers(own.session)
    answers.answer({"ask": "search", "terms": [], "filters": {}})
    message = {
        "ask": "bears",
        "all": False,
        "at": 0,
        "claim": "reach",
        "bears": "supports",
        "by": "",
        "note": "",
    }
    assert answers.answer(message)["problem"] == (
        "By: nobody. Expected: who judged it. To do: write a name or initials."
    )
    last = len(answers.found) - 1
    assert answers.answer({"ask": "read", "at": 10**9, "context": 0})["at"] == last


def test_a_source_page_names_its_columns_and_what_has_none(explore: Explorer) -> None:
    codes = explore.study.all_codings.groupby("source_id")["code"].nunique()
    source = str(codes.idxmax())
    assert codes[source] > 13
    shown = explore.source(source, coder="everybody")._repr_html_()
    assert f"and {codes[source] - 12} more codes, in the text only" in shown
    assert shown.count('<span class="count">') == 12
    assert "int-03: embargoed" in explore.source("int-03")._repr_html_()


def run_all(study: Path, folder: Path) -> None:
    """Run `notebooks/explore.ipynb` over `study` from top to bottom."""
    run = folder / "run.ipynb"
    notebook = PROJECT / "notebooks" / "explore.ipynb"
    status, said = run_notebook(notebook, run, folder, STUDY=str(study))
    assert status == 0, said
    assert '"output_type": "error"' not in run.read_text(encoding="utf-8")
    assert not (study / "data/raw/memos/exploring.md").exists()


@pytest.mark.full("a whole study of another program; test_explore has small ones of every shape")
@needs_realdata
def test_the_notebook_runs_in_another_study(tmp_path: Path) -> None:
    """Begun from a project of another program, with nothing filled in."""
    study = tmp_path / "begun"
    begin_study(study, REALDATA / "serdif" / "coding" / "SERDIF_P2_ThematicAnalysis.sqlite3")
    kinds = (f"01-clean-{kind}" for kind in KINDS)
    status, said = run_stages(study, *kinds, "02-coding")
    assert status == 0, said[-2000:]
    run_all(study, tmp_path)


def test_passages_are_read_beside_claims_that_are_half_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from IPython.core.formatters import DisplayFormatter

    study = make_study(tmp_path / "study", sources=2)
    (study / "data" / "raw" / "claims.yml").write_text("claims:\n  - id: x\n", encoding="utf-8")
    data, _ = DisplayFormatter().format(Explorer(Study.open(study)).passages(""))
    assert "<li>" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" not in data
    said = capsys.readouterr()
    assert "claims.yml" not in said.out + said.err


@pytest.mark.full("by a kernel; test_explore runs it in one process on any study")
def test_the_notebook_runs_before_anything_is_coded(tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", sources=2)
    for name in ("codings", "codes"):
        path = study / "data" / "processed" / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    (study / "data" / "raw" / "claims.yml").unlink()
    run_all(study, tmp_path)
