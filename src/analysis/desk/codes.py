"""Codebook work: codes and the spans under them, of every coder, change together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.coding.placing.names import CodeNames
from analysis.coding.project import step
from analysis.desk.codebook_edits import (
    SHOWN,
    CodebookText,
    renamed_in_claims,
    renamed_in_params,
)
from analysis.desk.coded import Act, Coded
from analysis.desk.ledger import Change, Ledger
from analysis.files.problems import Problem, StudyError
from analysis.stages.texts import read_projects
from analysis.study.folder import Study

KEPT = "read again, kept"


@dataclass(frozen=True)
class CodebookWork:
    """What can be done to the codebook of a study by one coder; each is one step to undo."""

    study: Study
    ledger: Ledger
    coder: str

    def new(self, name: str, parent: str = "", definition: str = "") -> str:
        """Put a code into the codebook, beneath `parent`, and return its path.

        Raises `StudyError` for a name that is taken, and an unknown parent.
        """
        text = self._text()
        book = CodebookText(text)
        path = book.free(_path(book.known(parent) if parent else "", name))
        book.add(path.rpartition("/")[2], parent, definition)
        act = Act("new code", (), (), path)
        self._change({self.coder: act}, {self._codebook: (text, book.edited([*book.paths, path]))})
        return path

    def define(self, code: str, definition: str, reason: str) -> None:
        """Give a code another definition, and say why in the history."""
        text = self._text()
        book = CodebookText(text)
        book.define(book.known(code), definition)
        book.tell("redefined", [code], _reason(reason))
        act = Act("redefine", (), (), f"{code}: {reason}")
        self._change({self.coder: act}, {self._codebook: (text, book.edited(book.paths))})

    def rename(self, code: str, name: str, reason: str) -> str:
        """Give a code another name where it stands; return its new path."""
        path = _path(code.rpartition("/")[0], name)
        self._move("rename", "renamed", code, path, reason)
        return path

    def move(self, code: str, parent: str, reason: str) -> str:
        """Put a code, and those beneath it, under another parent ('' for the top)."""
        if parent == code or parent.startswith(f"{code}/"):
            raise StudyError(
                Problem(SHOWN, f"{code!r} under itself", "another parent", "choose one")
            )
        path = _path(parent, code.rpartition("/")[2])
        self._move("move", "moved", code, path, reason, parent)
        return path

    def merge(self, code: str, into: str, reason: str) -> None:
        """Make `code` one with `into`: its spans and the codes beneath it go over, it goes.

        Raises `StudyError` where both have a code of one name beneath them.
        """
        if into == code or f"{into}/".startswith(f"{code}/") or f"{code}/".startswith(f"{into}/"):
            raise StudyError(
                Problem(SHOWN, f"{code!r} and {into!r}", "two codes apart", "choose another")
            )
        text = self._text()
        book = CodebookText(text)
        moves = _moves(book.known(code), book.known(into), book.paths)
        for new in list(moves.values())[1:]:
            book.free(new)
        book.replace(moves)
        book.tell("merged", [code, into], _reason(reason))
        paths = [moves.get(one, one) for one in book.paths if one != code]
        self._with_spans("merge", moves, text, book.edited(paths), book, reason)

    def split(self, code: str, parts: Mapping[str, str], reason: str) -> list[str]:
        """Put new codes (name -> definition) beside `code` in the codebook, under its parent.

        Its spans stay where they are, to be read again (`to_reread`). Return the new paths.
        """
        text = self._text()
        book = CodebookText(text)
        parent = book.known(code).rpartition("/")[0]
        if len(parts) < 1:
            raise StudyError(Problem(SHOWN, "no part", "a name for each part", "name them"))
        new = [book.free(_path(parent, name)) for name in parts]
        # From the last, since each goes below what stands there now.
        for path, definition in reversed(list(zip(new, parts.values(), strict=True))):
            book.add(path.rpartition("/")[2], parent, definition)
        book.tell("split", [code, *new], _reason(reason))
        acts = {
            coder: Act("split", (), (), f"{code}: {reason}")
            for coder in {self.coder, *self.ledger.coders}
        }
        self._change(acts, {self._codebook: (text, book.edited([*book.paths, *new]))})
        return new

    def to_reread(self, code: str) -> list[Coded]:
        """The coder's spans that lay under `code` when it was split and were not read again.

        A span is read again when it is recoded, changed or kept (`keep`).
        """
        file = self.ledger.of(self.coder)
        waiting: dict[object, Coded] = {}
        held: dict[object, Coded] = {}
        for _, act in file.acts:
            if act.what == "split" and act.note.startswith(f"{code}: "):
                waiting = {key: one for key, one in held.items() if one.code == code}
            for one in act.before:
                held.pop(one.key, None)
                waiting.pop(one.key, None)
            for one in act.after:
                held[one.key] = one
        return sorted(one for key, one in waiting.items() if file.spans.get(one.key) == one)

    def keep(self, span: Coded) -> None:
        """Say of a span that was read again that it stays as it is."""
        self.ledger.do(self.coder, Act(KEPT, (span,), (span,)))

    # --- how ----------------------------------------------------------------

    @property
    def _codebook(self) -> Path:
        return self.study.raw / "codebook.yml"

    def _text(self) -> str:
        return _read(self._codebook)

    def _move(
        self, what: str, told: str, code: str, path: str, reason: str, parent: str = ""
    ) -> None:
        text = self._text()
        book = CodebookText(text)
        book.known(code)
        if parent:
            book.known(parent)
        if path.casefold() != code.casefold():
            book.free(path)
        moves = _moves(code, path, book.paths)
        book.replace(moves)
        book.tell(told, [code, path], _reason(reason))
        paths = [moves.get(one, one) for one in book.paths]
        self._with_spans(what, moves, text, book.edited(paths), book, reason)

    def _with_spans(
        self,
        what: str,
        moves: Mapping[str, str],
        old: str,
        new: str,
        book: CodebookText,
        reason: str,
    ) -> None:
        """Write the codebook, every coder's spans and whatever else names these codes."""
        files = {self._codebook: (old, new)}
        claims, params = self.study.raw / "claims.yml", self.study.folder / "params.yml"
        if claims.is_file():
            before = _read(claims)
            files[claims] = (before, renamed_in_claims(before, "data/raw/claims.yml", moves))
        before = _read(params)
        names = CodeNames(book.codes, self.study.choices.code_names)
        theirs = {
            one: moves[path] for one in self._foreign() if (path := names.find(one) or "") in moves
        }
        files[params] = (before, renamed_in_params(before, moves, theirs))
        note = f"{next(iter(moves))} to {next(iter(moves.values()))}: {_reason(reason)}"
        acts = {coder: self._recoded(what, coder, moves, note) for coder in self.ledger.coders}
        acts.setdefault(self.coder, Act(what, (), (), note))
        self._change(acts, {path: two for path, two in files.items() if two[0] != two[1]})

    def _foreign(self) -> list[str]:
        """The codes that files of other programs name, as they write them."""
        named: set[str] = set()
        for project in read_projects(self.study):
            if not project.origin.startswith("lab-"):
                named |= {
                    *project.codes["code"],
                    *project.codings["code"],
                    *project.quotations["code"],
                }
        return sorted(named)

    def _recoded(self, what: str, coder: str, moves: Mapping[str, str], note: str) -> Act:
        spans = self.ledger.of(coder).spans
        before = [one for one in spans.values() if one.code in moves]
        after: dict[object, Coded] = {}
        for one in sorted(before):
            new = replace(one, code=moves[one.code])
            there = after.get(new.key) or spans.get(new.key)
            if there is not None and there.code not in moves:
                # One span under both codes: it is coded once, with what was said of either.
                before += [there] if new.key not in after else []
                memo = " | ".join(dict.fromkeys(filter(None, (there.memo, new.memo))))
                new = replace(there, memo=memo)
            after[new.key] = new
        return Act(what, tuple(sorted(before)), tuple(sorted(after.values())), note)

    def _change(self, acts: Mapping[str, Act], files: Mapping[Path, tuple[str, str]]) -> None:
        self.ledger.change(Change(acts, files))


def _moves(code: str, path: str, paths: Sequence[str]) -> dict[str, str]:
    """`code` and the codes beneath it -> their new paths."""
    beneath = [one for one in paths if one.startswith(f"{code}/")]
    return {code: path} | {one: path + one[len(code) :] for one in beneath}


def _path(parent: str, name: str) -> str:
    if not name.strip():
        raise StudyError(Problem(SHOWN, "a code without a name", "a name", "write one"))
    return f"{parent}/{step(name)}" if parent else step(name)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise StudyError(
            Problem(SHOWN, "no reason", "why the codebook changes, for its history", "say it")
        )
    return reason.strip()


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")
