"""A participant leaves: a source is deleted with its words, wherever they are quoted."""

from __future__ import annotations

import csv
import io
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis import coding, reading
from analysis.coding.matching import SourceMatcher
from analysis.problems import Problem, StudyError, raise_if_any
from analysis.purge.coding_files import cleared
from analysis.purge.databases import Matches
from analysis.purge.rows import csv_without
from analysis.purge.runs import file_quotes, lines_that_quote, only_in, quotes
from analysis.register import REGISTER, is_inside

# What the program writes and will write again; kept are the key and the notes to the reader.
_GENERATED = (
    "reports/_generated", "reports/_variables.yml", "reports/figures", "reports/notebooks",
    "reports/.quarto", "data/private/prepared", "data/private/review", "exports",
)  # fmt: skip
_KEPT = {"README.md", "pseudonyms.csv", ".gitkeep"}


@dataclass
class _Plan:
    """What will be done, before anything is: new contents, files and folders to delete."""

    rewrite: dict[Path, bytes] = field(default_factory=dict)
    delete: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def purge_source(study: Path, source_id: str, *, ask: bool) -> None:
    """Delete the source `source_id` of the study in the folder `study`, and every trace of it.

    Deleted are its file; its text and spans in coded projects, tables and databases, which are
    written anew without it; memos that quote it (a run of five words that no other source has);
    its rows in other tables under `data`; and everything generated, the site first. In the
    register its row stays, without a file and with status withdrawn. With `ask`, what will
    happen is listed and the id must be typed.

    Raises `StudyError`, with nothing changed, for an unknown source, for a file that holds words
    of it and cannot be rewritten, for a text of the authors that quotes it, or without consent.
    """
    register = _read_register(study)
    source = _row_of(register, source_id)
    matcher = SourceMatcher(register)

    def matches(*names: str) -> bool:
        return matcher.find(*filter(None, names)) == {source_id}

    sought = _own_words(study, register, source, matcher)
    plan = _plan(study, register, source, matches, sought)
    raise_if_any(plan.problems)
    _tell(study, source_id, plan)
    if ask:
        _ask(source_id)
    _carry_out(study, register, source_id, plan)
    left = [file for file in _files(study) if file_quotes(file.read_bytes(), file.name, sought)]
    raise_if_any([_left_over(study, file) for file in left])
    print(
        f"{source_id} is deleted here. Not reached: git history, backups, exports elsewhere, and "
        "the names in data/private/pseudonyms.csv.",
        file=sys.stderr,
    )


def _read_register(study: Path) -> pd.DataFrame:
    path = study / "data" / "raw" / REGISTER
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, UnicodeDecodeError):
        raise StudyError(
            Problem(f"data/raw/{REGISTER}", "no register in UTF-8", "the register of the study",
                    "correct STUDY=, or save the register as UTF-8")
        ) from None  # fmt: skip
    table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    missing = [name for name in ("source_id", "case_id", "file", "coded_as", "title", "status")
               if name not in table]  # fmt: skip
    raise_if_any([Problem(f"data/raw/{REGISTER}, line 1", f"no column {name}", f"the column {name}",
                          "add it") for name in missing])  # fmt: skip
    return table


def _row_of(register: pd.DataFrame, source_id: str) -> dict[str, str]:
    rows = register[register["source_id"] == source_id].to_dict("records")
    if len(rows) != 1:
        raise StudyError(
            Problem(f"SOURCE={source_id}", f"{len(rows)} rows of the register with this id",
                    "the source_id of one row", "correct the id")
        )  # fmt: skip
    return {str(name): str(value) for name, value in rows[0].items()}


# --- its words --------------------------------------------------------------------


def _own_words(
    study: Path, register: pd.DataFrame, source: dict[str, str], matcher: SourceMatcher
) -> frozenset[str]:
    """The runs of five words that this source has, as it came, as cleaned, or as coded.

    What another source of the register has too is not among them; a text of a project that
    nobody registered may be a copy, and so takes none away.
    """
    raw, cleaned = study / "data" / "raw", study / "data" / "processed" / "texts"
    own = [_text(raw, source["file"]), _plain(cleaned / f"{source['source_id']}.txt")]
    others: list[str] = []
    for row in register.to_dict("records"):
        if row["source_id"] != source["source_id"]:
            others += [_text(raw, row["file"]), _plain(cleaned / f"{row['source_id']}.txt")]
    for path in _coding_files(study):
        try:
            project = coding.read(path)
        except StudyError:
            continue
        told = project.sources[["source_id", "name", "file"]].itertuples(index=False, name=None)
        whose = {names[0]: matcher.find(*filter(None, names)) for names in told}
        said = list(project.texts.items())
        for table, column in ((project.codings, "source_id"), (project.quotations, "source_name")):
            said += zip(table[column], table["quote"], strict=True)
        for name, text in said:
            if whose.get(name) == {source["source_id"]}:
                own.append(text)
            elif whose.get(name):
                others.append(text)
    return only_in(own, others)


def _text(raw: Path, file: str) -> str:
    path = raw / file
    if not file or not is_inside(path, raw) or not path.is_file():
        return ""
    try:
        return reading.read(path).text
    except StudyError:
        return ""


def _plain(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _coding_files(study: Path) -> list[Path]:
    folder = study / "data" / "raw" / "coding"
    return sorted(folder.iterdir()) if folder.is_dir() else []


# --- what will be done ------------------------------------------------------------


def _plan(
    study: Path,
    register: pd.DataFrame,
    source: dict[str, str],
    matches: Matches,
    sought: frozenset[str],
) -> _Plan:
    plan, raw = _Plan(), study / "data" / "raw"
    plan.delete += sorted(path for path in (study / "reports").glob("_site*"))
    plan.delete += [study / name for name in _GENERATED if (study / name).exists()]
    plan.delete += [path for path in _below(study / "data" / "processed") if path.name not in _KEPT]
    _plan_own_file(plan, raw, register, source)
    for path in _coding_files(study):
        found = cleared(path, f"data/raw/coding/{path.name}", matches, sought)
        plan.problems += found.problems
        for file, content in found.files.items():
            if content is None:
                plan.delete.append(file)
            else:
                plan.rewrite[file] = content
    sources_own = {str(raw / name) for name in register["file"] if name}
    gone = _gone_case(register, source)
    for path in _files(study):
        done = any(path == one or one in path.parents for one in plan.delete)
        handled = path.is_relative_to(raw / "coding") or path == raw / REGISTER
        if done or handled or path.name in _KEPT or str(path) in sources_own:
            continue
        _plan_other(plan, study, path, source["source_id"], gone, sought)
    return plan


def _plan_own_file(plan: _Plan, raw: Path, register: pd.DataFrame, source: dict[str, str]) -> None:
    if not source["file"]:
        return
    path, where = raw / source["file"], f"data/raw/{REGISTER}, source {source['source_id']}"
    if not is_inside(path, raw):
        plan.problems.append(
            Problem(f"{where}, column file", "a path that leaves data/raw, or a link",
                    "a file inside data/raw", "delete that file by hand and empty this cell")
        )  # fmt: skip
    elif (register["file"] == source["file"]).sum() > 1:
        plan.problems.append(
            Problem(f"{where}, column file", "a file that another source has too",
                    "a file of its own for each source", "give each source its own file")
        )  # fmt: skip
    elif path.is_file():
        plan.delete.append(path)


def _gone_case(register: pd.DataFrame, source: dict[str, str]) -> str:
    """The case that leaves with this source; '' when another source of it stays."""
    same = register[(register["case_id"] == source["case_id"])]
    stays = (same["source_id"] != source["source_id"]) & (same["status"] != "withdrawn")
    return "" if stays.any() else source["case_id"]


def _plan_other(
    plan: _Plan, study: Path, path: Path, source_id: str, gone: str, sought: frozenset[str]
) -> None:
    """Plan for a file that is neither generated, nor coding, nor a source."""
    raw, shown = study / "data" / "raw", path.relative_to(study).as_posix()
    data = path.read_bytes()
    if path.suffix == ".csv" and path.is_relative_to(study / "data"):
        data = csv_without(
            data, shown,
            lambda row: row.get("source_id") == source_id
            or (bool(gone) and row.get("case_id") == gone)
            or any(quotes(cell, sought) for cell in row.values()),
        )  # fmt: skip
        if data != path.read_bytes():
            plan.rewrite[path] = data
    if not file_quotes(data, path.name, sought):
        return
    if path.is_relative_to(raw / "memos") or path.is_relative_to(study / "data" / "private"):
        plan.delete.append(path)
    else:
        lines = ", ".join(map(str, lines_that_quote(path, sought)))
        plan.problems.append(
            Problem(f"{shown}, line {lines}", "words that only this source has",
                    "a text that does not quote it", "take the quotation out, then purge again")
        )  # fmt: skip


def _below(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _files(study: Path) -> list[Path]:
    return sorted(
        path
        for name in ("data", "reports")
        for path in (study / name).rglob("*")
        if path.is_file() and not path.is_symlink()
    )


# --- doing it ---------------------------------------------------------------------


def _tell(study: Path, source_id: str, plan: _Plan) -> None:
    lines = [f"To delete {source_id}:"]
    lines += [f"  delete   {path.relative_to(study)}" for path in plan.delete]
    lines += [f"  rewrite  {path.relative_to(study)}" for path in plan.rewrite]
    print("\n".join([*lines, f"  rewrite  data/raw/{REGISTER}"]), file=sys.stderr)


def _ask(source_id: str) -> None:
    try:
        answer = input(f"This cannot be undone. Type {source_id} to go on: ")
    except EOFError:
        answer = ""
    if answer.strip() != source_id:
        raise StudyError(
            Problem(f"SOURCE={source_id}", "no confirmation; nothing was changed",
                    "the id typed on the terminal", "type it, or add YES=1")
        )  # fmt: skip


def _carry_out(study: Path, register: pd.DataFrame, source_id: str, plan: _Plan) -> None:
    """The register first: whatever interrupts the rest, the source is withdrawn."""
    _write_register(study / "data" / "raw" / REGISTER, register, source_id)
    for path in plan.delete:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path, content in plan.rewrite.items():
        _replace(path, content)


def _write_register(path: Path, register: pd.DataFrame, source_id: str) -> None:
    changed = register.copy()
    own = changed["source_id"] == source_id
    changed.loc[own, "file"] = ""
    changed.loc[own, "status"] = "withdrawn"
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(changed.columns)
    writer.writerows(changed.to_numpy().tolist())
    _replace(path, held.getvalue().encode("utf-8"))


def _replace(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _left_over(study: Path, file: Path) -> Problem:
    return Problem(
        file.relative_to(study).as_posix(), "words that only the deleted source had",
        "no trace of it", "delete this file, or take the words out",
    )  # fmt: skip
