"""What one report says and what it was made from, wherever it lies: a study, a deposit, a tag."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pandas as pd

from analysis.files import safe_yaml
from analysis.files.git import files_at, git
from analysis.files.problems import Problem, StudyError
from analysis.report import numbers
from analysis.report.prose import prose

#: Between two attributes of a source.
BETWEEN = "; "
CODING_KEY = ("source_id", "start", "end", "code", "coder")
#: The files of judgements and claims, and what they are called.
_FILES = {
    "claims.yml": "claims",
    "bearings.csv": "bearings",
    "matrix.csv": "matrix",
    "guide.yml": "interview guide",
    "cases.csv": "measured attributes of cases",
}
_ATTRIBUTES_LEFT_OUT = ("file", "coded_as", "participant_tags", "interviewer_tags", "title")
# The commit changes with every commit, and says nothing of the results.
_NOT_COMPARED = frozenset({"choice.commit"})
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Snapshot:
    """One report. `name`: as it was asked for.

    - `values`: what the prose may print, by name, formatted; `printed`: the names that it prints.
    - `patterns`: expectation or claim -> its pattern.
    - `codings`: source_id, start, end, code, coder. `codes`: path -> definition, include, exclude.
    - `sources`: source_id -> its attributes in one line. `texts`: source_id -> digest of its text,
      where the whole text is there.
    - `wording`: page -> its paragraphs. `choices`: name -> value. `files`: what it is -> digest.
    """

    name: str
    values: Mapping[str, str]
    printed: frozenset[str]
    patterns: Mapping[str, str]
    codings: pd.DataFrame
    codes: Mapping[str, str]
    sources: Mapping[str, str]
    texts: Mapping[str, str]
    wording: Mapping[str, tuple[str, ...]]
    choices: Mapping[str, str]
    files: Mapping[str, str]


@contextmanager
def snapshot(asked: str, study: Path) -> Iterator[Snapshot]:
    """The report `asked`: the folder of a study or of a deposit, else a tag or commit of the
    repository that holds `study`, which is made again in a folder of its own.

    Raises `StudyError` where it is none of these, or the evidence of a tag is not in git.
    """
    folder = Path(asked)
    if (folder / "open" / "ro-crate-metadata.json").is_file():
        yield _of_deposit(asked, folder / "open")
    elif (folder / "ro-crate-metadata.json").is_file():
        yield _of_deposit(asked, folder)
    elif (folder / "params.yml").is_file():
        yield _of_study(asked, folder)
    else:
        with tempfile.TemporaryDirectory() as held:
            _unpack(asked, study, Path(held))
            _make_again(asked, Path(held))
            yield _of_study(asked, Path(held))


def _of_study(name: str, folder: Path) -> Snapshot:
    processed = folder / "data" / "processed"
    wanted = ("codings", "codes", "sources", "patterns", "claim_patterns")
    missing = [one for one in wanted if not (processed / f"{one}.csv").is_file()]
    if missing or not numbers.load(folder / "reports"):
        raise StudyError(
            Problem(name, "a study without a report", "one that is made", "run make report there")
        )
    sources = _table(processed / "sources.csv")
    active = sources[sources["status"] == "active"]
    texts = {
        source_id: _digest(processed / "texts" / f"{source_id}.txt")
        for source_id in active["source_id"]
    }
    return _snapshot(name, folder, numbers.load(folder / "reports"), processed, processed, texts)


def _of_deposit(name: str, folder: Path) -> Snapshot:
    stated = _table(folder / "results" / "values.csv")
    values = dict(zip(stated["name"], stated["value"], strict=True))
    texts = {file.stem: _digest(file) for file in sorted((folder / "texts").glob("*.txt"))}
    return _snapshot(name, folder / "study", values, folder / "data", folder / "results", texts)


def _snapshot(
    name: str,
    study: Path,
    values: Mapping[str, str],
    data: Path,
    results: Path,
    texts: Mapping[str, str],
) -> Snapshot:
    reports = study / "reports"
    pages = sorted([*reports.glob("*.qmd"), *reports.glob("interpretations/*.qmd")])
    written = {
        page.relative_to(reports).as_posix(): page.read_text(encoding="utf-8") for page in pages
    }
    printed = {used for text in written.values() for used in prose.used_variables(text)}
    patterns, claims = _table(results / "patterns.csv"), _table(results / "claim_patterns.csv")
    codes, sources = _table(data / "codes.csv"), _table(data / "sources.csv")
    codings = _table(data / "codings.csv")
    active = sources[sources["status"] == "active"]
    attributes = [one for one in active.columns if one not in _ATTRIBUTES_LEFT_OUT]
    raw = study / "data" / "raw"
    return Snapshot(
        name,
        {one: unescape(said) for one, said in values.items() if one not in _NOT_COMPARED},
        frozenset(printed),
        {
            **dict(zip(patterns["expectation"], patterns["pattern"], strict=True)),
            **dict(zip(claims["claim"], claims["coded_pattern"], strict=True)),
        },
        codings.loc[codings["source_id"].isin(active["source_id"]), list(CODING_KEY)],
        {
            row["code"]: " / ".join(
                filter(None, (row["definition"], row["include"], row["exclude"]))
            )
            for row in codes.to_dict("records")
        },
        {
            row["source_id"]: BETWEEN.join(
                f"{one} {row[one]}" for one in attributes[1:] if row[one]
            )
            for row in active.to_dict("records")
        },
        texts,
        {page: _paragraphs(text) for page, text in written.items()},
        _choices(study / "params.yml"),
        {what: _digest(raw / file) for file, what in _FILES.items() if (raw / file).is_file()},
    )


def _table(path: Path) -> pd.DataFrame:
    """A table as text; an apostrophe that only keeps a cell from being a formula is taken off."""
    if not path.is_file():
        raise StudyError(
            Problem(path.name, "not there", "a table of the report", "make the report again there")
        )
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table.apply(lambda column: column.str.replace(r"^'(?=\s*[=+\-@|%])", "", regex=True))


def _paragraphs(text: str) -> tuple[str, ...]:
    parts = (" ".join(part.split()) for part in _PARAGRAPH.split(text))
    return tuple(part for part in parts if part)


def _choices(path: Path) -> dict[str, str]:
    given = safe_yaml.as_written(safe_yaml.compose(safe_yaml.read_text(path, path.name), path.name))
    return {str(name): str(value) for name, value in given.items()}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _unpack(tag: str, study: Path, target: Path) -> None:
    """The study as the tag has it, out of git."""
    within = git(study, "rev-parse", "--show-prefix")
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{tag}^{{commit}}")
    known = git(study, *asked)
    if within.returncode or known.returncode:
        raise StudyError(
            Problem(
                tag,
                "no folder of a study or deposit, and no tag or commit here",
                "two tags, two deposits, or the folders of two reports",
                "name one of these; git tag lists the tags",
            )
        )
    prefix = within.stdout.decode().strip()
    commit = known.stdout.decode().strip()
    for name, content in files_at(study, f"{commit}:{prefix}").items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if not (target / "data" / "raw" / "sources.csv").is_file():
        raise StudyError(
            Problem(
                tag,
                "a tag without evidence, as it should be: git does not hold data/raw",
                "two deposits, or the folders of two reports",
                "make a deposit of each report (make deposit DIR=…) and compare these",
            )
        )


def _make_again(tag: str, study: Path) -> None:
    print(f"making the report of {tag} again, with the software as it is now", file=sys.stderr)
    command = [sys.executable, "-P", "-s", "-m", "analysis", "report", "--study", str(study)]
    done = subprocess.run(command, capture_output=True, check=False, env=dict(os.environ))
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise StudyError(
            Problem(
                tag,
                "a report that cannot be made now: " + " / ".join(said[-4:])[:400],
                "a study that the present software reads",
                "compare deposits of the two reports instead",
            )
        )
