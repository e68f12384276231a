"""A participant leaves: a source is deleted with its words, wherever they are quoted."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.coding.placing.matching import SourceMatcher
from analysis.file_text.file_words import file_quotes
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.whole_file import write_bytes
from analysis.lifecycle.purge.journal import Journal, place
from analysis.lifecycle.purge.own_words import own_words
from analysis.lifecycle.purge.plan import (
    Plan,
    as_csv,
    files_of,
    make_plan,
)
from analysis.study.register import REGISTER


class NotSearchedError(StudyError):
    """Everything else is deleted; these files stay, and could not be searched."""

    # The command line ends with it, after the report is made again.
    status = 3


def purge_source(study: Path, source_id: str, *, ask: bool) -> None:
    """Delete the source `source_id` of the study in the folder `study`, and every trace of it.

    Deleted are its file; its text and spans in coded projects, tables and databases, which are
    written anew without it; memos that quote it (a run of five words that no other source has);
    its rows in other tables under `data`; names of the pseudonym key that no file has without it;
    and everything generated, the site first. In the register a row stays, withdrawn and empty but
    for its ids. With `ask`, what will happen is listed and the id must be typed.

    Raises `StudyError`, with nothing changed, for an unknown source, for a file that holds words
    of it and cannot be rewritten, for a text of the authors that quotes it, or without consent.
    Raises it when all is done, too, if the source's own words could not be read, or (`NotSearchedError`)
    if only other files could not be searched.
    """
    register = _read_register(study)
    row = _row_of(register, source_id)
    begun = Journal.kept(study, source_id)
    if begun is not None:
        print(f"going on with the purge of {source_id} that was interrupted", file=sys.stderr)
        for column, value in begun.source.items():
            register.loc[register["source_id"] == source_id, column] = value
    matcher = SourceMatcher(register)

    def matches(*names: str) -> bool:
        return matcher.find(*filter(None, names)) == {source_id}

    own = begun.own if begun else own_words(study, register, source_id, matcher)
    journal = begun or Journal(row, own)
    plan = make_plan(study, register, journal.source, matches, own)
    raise_if_any(plan.problems)
    _tell(study, source_id, plan)
    if ask:
        _ask(source_id)
    journal.keep(study)
    _carry_out(study, register, source_id, plan)
    kept = place(study, source_id)
    left = [
        path
        for path in files_of(study)
        if path != kept and file_quotes(path.read_bytes(), path.name, own.sought)
    ]
    raise_if_any([_left_over(study, path) for path in left])
    kept.unlink(missing_ok=True)
    print(_certificate(study, source_id, plan), file=sys.stderr)
    unread = [_unread(study, path, source_id) for path in plan.unread]
    if not own.readable:
        raise StudyError([*unread, _unreadable(source_id)])
    if unread:
        raise NotSearchedError(unread)


def _certificate(study: Path, source_id: str, plan: Plan) -> str:
    """What was done, file by file, and what was not: to be kept by whoever answers for it."""
    lines = [f"{source_id} is deleted here."]
    for what, paths in (
        ("deleted", plan.delete),
        ("rewritten without it", plan.rewrite),
        ("could not be searched", plan.unread),
        ("keeps its name or places in a project, and no word of it", plan.named),
    ):
        lines += [f"  {what}: {path.relative_to(study).as_posix()}" for path in paths]
    return "\n".join([*lines, "Not reached: git history, backups, exports elsewhere."])


def _read_register(study: Path) -> pd.DataFrame:
    path = study / "data" / "raw" / REGISTER
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, UnicodeDecodeError):
        raise StudyError(
            Problem(
                f"data/raw/{REGISTER}",
                "no register in UTF-8",
                "the register of the study",
                "correct STUDY=, or save the register as UTF-8",
            )
        ) from None
    table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    missing = [
        name
        for name in ("source_id", "case_id", "kind", "file", "coded_as", "title", "status")
        if name not in table
    ]
    raise_if_any(
        [
            Problem(
                f"data/raw/{REGISTER}, line 1", f"no column {name}", f"the column {name}", "add it"
            )
            for name in missing
        ]
    )
    return table


def _row_of(register: pd.DataFrame, source_id: str) -> dict[str, str]:
    rows = register[register["source_id"] == source_id].to_dict("records")
    if len(rows) != 1:
        raise StudyError(
            Problem(
                f"SOURCE={source_id}",
                f"{len(rows)} rows of the register with this id",
                "the source_id of one row",
                "correct the id",
            )
        )
    return {str(name): str(value) for name, value in rows[0].items()}


def _tell(study: Path, source_id: str, plan: Plan) -> None:
    lines = [f"To delete {source_id}:"]
    for what, paths in (
        ("delete", plan.delete),
        ("rewrite", plan.rewrite),
        ("not searched", plan.unread),
        ("names it", plan.named),
    ):
        lines += [f"  {what:<12} {path.relative_to(study)}" for path in paths]
    if any(path.is_relative_to(study / "data" / "raw" / "coding") for path in plan.rewrite):
        lines.append(
            f"In rewritten files of coding, memos and notes on others that quote {source_id} go too."
        )
    print("\n".join(lines), file=sys.stderr)


def _ask(source_id: str) -> None:
    try:
        answer = input(f"This cannot be undone. Type {source_id} to go on: ")
    except EOFError:
        answer = ""
    if answer.strip() != source_id:
        raise StudyError(
            Problem(
                f"SOURCE={source_id}",
                "no confirmation; nothing was changed",
                "the id typed on the terminal",
                "type it, or add YES=1",
            )
        )


def _carry_out(study: Path, register: pd.DataFrame, source_id: str, plan: Plan) -> None:
    """First withdrawn, last forgotten: a purge that is interrupted can be run again."""
    path = study / "data" / "raw" / REGISTER
    withdrawn = register.copy()
    withdrawn.loc[withdrawn["source_id"] == source_id, "status"] = "withdrawn"
    write_bytes(path, as_csv(withdrawn))
    # Nothing of it is published while it is being deleted.
    sites = [gone for gone in plan.delete if gone.name.startswith("_site")]
    _delete(sites)
    for file, content in plan.rewrite.items():
        if file != path:
            write_bytes(file, content)
    # The source's own file is the last of these.
    _delete([gone for gone in plan.delete if gone not in sites])
    write_bytes(path, plan.rewrite[path])


def _delete(paths: Sequence[Path]) -> None:
    for gone in paths:
        if gone.is_dir() and not gone.is_symlink():
            shutil.rmtree(gone)
        else:
            gone.unlink(missing_ok=True)


def _left_over(study: Path, file: Path) -> Problem:
    return Problem(
        file.relative_to(study).as_posix(),
        "words that only the deleted source had",
        "no trace of it",
        "take the words out of this file",
    )


def _unread(study: Path, file: Path, source_id: str) -> Problem:
    return Problem(
        file.relative_to(study).as_posix(),
        f"a file that could not be searched; everything else of {source_id} is deleted",
        f"a file that you know to hold nothing of {source_id}",
        "look into it in its own program and take out or delete what is of the source; then run `make report`",
    )


def _unreadable(source_id: str) -> Problem:
    return Problem(
        f"SOURCE={source_id}",
        "a file whose words could not be read, so that none could be looked for elsewhere",
        "a file that can be read, so that quotations of it are found",
        "look for quotations in memos, notes and the paper yourself; then run `make report`",
    )
