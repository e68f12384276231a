"""`make purge` on the invented study, as a user runs it: nothing of the source is left anywhere,
everything of the others is."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from built import CLEAN
from tiny import PROJECT

from analysis import coding
from analysis.lifecycle.purge import purge_source

LEAVING = "int-02"
MEMO = "2024-06-01-a-pitch.md"


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", re.sub(r"<[^>]*>", " ", text).casefold())


def words_of(file: Path) -> list[str]:
    """The words of a file by plain means: packed files unpacked, tags and captions' times off."""
    data = file.read_bytes()
    if file.suffix == ".pdf":
        return words(" ".join(page.extract_text() for page in pypdf.PdfReader(file).pages))
    if data.startswith(b"PK"):
        with zipfile.ZipFile(file) as packed:
            # Word cuts paragraphs into runs, also within a word.
            parts = [packed.read(name).decode("utf-8", "ignore") for name in packed.namelist()]
        return words(
            " ".join(re.sub(r"</?(?:w|text):(?!p\b|tab)[^>]*>", "", part) for part in parts)
        )
    text = data.decode("utf-8", "ignore")
    if file.suffix == ".vtt":
        text = re.sub(
            r"^\d+\s*\n.*-->.*\n(?:[^:\n]{1,40}: )?", "", text.replace("\r\n", "\n"), flags=re.M
        )
    return words(text)


def runs(split: list[str]) -> set[str]:
    return {" ".join(split[at : at + 5]) for at in range(len(split) - 4)}


def files(study: Path) -> list[Path]:
    return sorted(path for path in study.rglob("*") if path.is_file())


def own_runs(study: Path) -> set[str]:
    """Runs of five words that of all sources only the leaving one has."""
    register = pd.read_csv(study / "data/raw/sources.csv", dtype=str, keep_default_na=False)
    texts = {
        row.source_id: study / "data/raw" / row.file for row in register.itertuples() if row.file
    }
    own = runs(words_of(texts.pop(LEAVING)))
    for other in texts.values():
        own -= runs(words_of(other))
    return own


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented study as it is shipped, with a memo and a site that quote the source."""
    study = tmp_path_factory.mktemp("shipped") / "a study"
    tracked = subprocess.run(
        ["git", "-C", str(PROJECT), "ls-files", "-z", "data", "reports", "params.yml"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    for name in filter(None, tracked.split("\0")):
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, study / name)
    quoted = "That's the pitch, that's all of it."
    (study / "data/raw/memos" / MEMO).write_text(
        f"---\nkind: analytic\ndate: 2024-06-01\nabout: {LEAVING}\npublish: no\n---\n\n“{quoted}”\n"
    )
    (study / "reports/_site").mkdir()
    (study / "reports/_site/evidence.html").write_text(f"<p>{quoted}</p>")
    return study


@pytest.fixture(scope="module")
def after(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    study = Path(shutil.copytree(before, tmp_path_factory.mktemp("purged") / "a study"))
    purge_source(study, LEAVING, ask=False)
    return study


@pytest.fixture(scope="module")
def reported(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same by `make purge`, which makes the report again."""
    study = Path(shutil.copytree(before, tmp_path_factory.mktemp("reported") / "a study"))
    done = subprocess.run(
        ["make", "-C", str(PROJECT), "purge", f"SOURCE={LEAVING}", "YES=1", f"STUDY={study}"],
        capture_output=True,
        text=True,
        check=False,
        env=CLEAN,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return study


def test_no_run_of_five_words_that_only_it_had_is_in_any_file(before: Path, after: Path) -> None:
    sought = own_runs(before)
    assert len(sought) > 1500
    holding = {path.name for path in files(before) if sought & runs(words_of(path))}
    assert holding >= {
        "int-02.vtt",
        "pseudonyms.csv",
        "coder-A-third-sector.qdpx",
        MEMO,
        "evidence.html",
    }
    assert {path.name for path in files(after) if sought & runs(words_of(path))} == set()


@pytest.mark.full("every source purged in turn")
def test_anybody_may_leave(before: Path, tmp_path: Path) -> None:
    """No text that the authors wrote quotes a source, so that none stands in anybody's way."""
    register = pd.read_csv(before / "data/raw/sources.csv", dtype=str, keep_default_na=False)
    for leaving in register.loc[register["file"] != "", "source_id"]:
        study = Path(shutil.copytree(before, tmp_path / leaving))
        purge_source(study, leaving, ask=False)
        shutil.rmtree(study)


@pytest.mark.full("the whole report of the invented study; test_lifecycle_purge has a tiny one")
def test_the_site_is_there_again_and_counts_one_source_less(before: Path, reported: Path) -> None:
    site = reported / "reports/_site"
    assert (site / "index.html").is_file() and (site / "index.pdf").is_file()
    shown = set(pd.read_csv(site / "published-sources.csv")["source_id"])
    register = pd.read_csv(before / "data/raw/sources.csv", dtype=str)
    assert shown == set(register.loc[register["status"] == "active", "source_id"]) - {LEAVING}
    counted = " ".join(words((site / "index.html").read_text(encoding="utf-8")))
    assert f"{len(shown)} sources" in counted
    sought = own_runs(before)
    assert {path.name for path in files(reported) if sought & runs(words_of(path))} == set()
    pages = [path.read_text(errors="ignore") for path in files(reported / "reports")]
    assert [text for text in pages if re.search("bryony|castell", text, re.I)] == []


def test_the_register_keeps_ids_and_no_name(after: Path) -> None:
    register = (after / "data/raw/sources.csv").read_text()
    assert (
        "\nint-02,ts-01,interview,unknown,unknown,unknown,unknown,,,withdrawn,none,constructed,,,,,,,,\n"
        in register
    )
    shown = [register, *(path.read_text(errors="ignore") for path in files(after / "reports"))]
    assert [text for text in shown if re.search("bryony|castell", text, re.I)] == []


def test_everything_else_is_still_there(before: Path, after: Path) -> None:
    for path in files(before):
        if path.parent.name in ("interviews", "documents", "observations", "memos", "styles"):
            stays = path.name not in ("int-02.vtt", MEMO)
            copy = after / path.relative_to(before)
            assert copy.exists() == stays, path.name
            assert not stays or copy.read_bytes() == path.read_bytes(), path.name
    for path in sorted((before / "data/raw/coding").iterdir()):
        full, left = coding.read(path), coding.read(after / path.relative_to(before))
        kept = full.codings[~full.codings["source_id"].str.startswith(LEAVING)]
        pd.testing.assert_frame_equal(
            left.codings.drop(columns="row").reset_index(drop=True),
            kept.drop(columns="row").reset_index(drop=True),
        )
        assert left.texts == {
            name: text for name, text in full.texts.items() if not name.startswith(LEAVING)
        }
    key = (before / "data/private/pseudonyms.csv").read_text().splitlines()
    left_in_key = (after / "data/private/pseudonyms.csv").read_text().splitlines()
    assert set(left_in_key) < set(key) and 0 < len(key) - len(left_in_key) < 10
    others = " ".join(
        " ".join(words_of(path)) for path in files(after) if path.is_relative_to(after / "data/raw")
    )
    gone = {line.split(",")[0] for line in set(key) - set(left_in_key)}
    assert [name for name in gone if f" {' '.join(words(name))} " in f" {others} "] == []
