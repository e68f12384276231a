"""What is coded in the lab: acts done under the study's lock, told in a journal, undone and redone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from analysis.desk.codebook_edits import SHOWN
from analysis.desk.coded import Act, ChangedMeanwhileError
from analysis.desk.coder_file import CoderFile, coders_in
from analysis.desk.texts import Texts
from analysis.files.one_writer import one_writer
from analysis.files.problems import Problem, StudyError
from analysis.files.together import PENDING, write_together
from analysis.study.codebook import CODEBOOK, codebook_in

_PATIENCE = 5.0
_CODING = Path("data/raw/coding")


@dataclass(frozen=True)
class Change:
    """One thing done: an act of each coder whom it concerns, and files that change with it.

    `files`: path -> (text before, text after); `called`: what was done where no act says it.
    """

    acts: Mapping[str, Act]
    files: Mapping[Path, tuple[str, str]] = field(default_factory=dict)
    called: str = ""

    @property
    def what(self) -> str:
        """What was done, in a word or two."""
        return next((act.what for act in self.acts.values()), self.called)

    def undone(self) -> Change:
        """The change that takes this one back."""
        return Change(
            {coder: act.undone() for coder, act in self.acts.items()},
            {path: (new, old) for path, (old, new) in self.files.items()},
            self.called,
        )

    def again(self) -> Change:
        """The same change, said to be done again."""
        acts = {coder: replace(act, what=f"redo {self.what}") for coder, act in self.acts.items()}
        return Change(acts, self.files, self.called)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="milliseconds")


class Ledger:
    """The codings that the labs of a study write. Every change is on disk when it returns.

    Nothing is kept back: another notebook, or a coder on a shared folder, sees what is done here
    and loses nothing of their own, since each act is done on the files as they are then.
    """

    def __init__(self, study: Path, texts: Texts, now: Callable[[], str] = _now) -> None:
        self.study, self.texts, self._now = study, texts, now
        self._read: dict[str, tuple[object, CoderFile]] = {}
        self._done: list[Change] = []
        self._undone: list[Change] = []
        if (study / PENDING).exists():
            # A change that was stopped half-way is finished by whoever holds the study next.
            with self.writing():
                pass

    @property
    def coders(self) -> list[str]:
        """Everybody who coded in the lab."""
        return coders_in(self.study / _CODING)

    def of(self, coder: str) -> CoderFile:
        """The files of `coder` as they are now."""
        known = self._read.get(coder)
        begun = CoderFile(self.study / _CODING, coder)
        stamp = _stamp(begun.path), _stamp(begun.journal_path)
        if known is None or known[0] != stamp:
            known = stamp, CoderFile.read(self.study / _CODING, coder)
            self._read[coder] = known
        return known[1]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the study for one change. Raises `StudyError` where another process keeps it."""
        with one_writer(self.study, "the lab", _PATIENCE):
            yield

    def do(self, coder: str, act: Act) -> None:
        """Do an act of one coder, which can be undone.

        Raises `StudyError`, and writes nothing, where another window changed what it is about.
        """
        self.change(Change({coder: act}))

    def change(self, change: Change) -> None:
        """Do a change of several coders and files, all or nothing, which can be undone."""
        with self.writing():
            self.write(change)
        self._done.append(change)
        self._undone.clear()

    def undo(self) -> str:
        """Take back what this session did last; what it was, '' where there is nothing."""
        return self._step(self._done, self._undone, "undo")

    def redo(self) -> str:
        """Do again what was undone last."""
        return self._step(self._undone, self._done, "redo")

    @property
    def steps(self) -> tuple[str, str]:
        """What `undo` and `redo` would take back or do again; '' for nothing."""
        return tuple(one[-1].what if one else "" for one in (self._done, self._undone))  # type: ignore[return-value]

    def _step(self, origin: list[Change], target: list[Change], what: str) -> str:
        if not origin:
            return ""
        change = origin[-1]
        back = change.again() if what == "redo" else change.undone()
        with self.writing():
            self.write(back)
        target.append(origin.pop())
        return change.what

    def write(self, change: Change) -> None:
        """Write a change while the study is held (`writing`); it is not kept for `undo`."""
        when = self._now()
        contents: dict[Path, str] = {}
        kept: dict[str, CoderFile] = {}
        for path, (old, new) in change.files.items():
            if _text(path) != old:
                raise StudyError(_meanwhile(path.name))
            contents[path] = new
        for coder, act in change.acts.items():
            try:
                kept[coder] = self.of(coder).after(act, when, self.texts)
            except ChangedMeanwhileError:
                raise StudyError(_meanwhile(f"lab-{coder}.csv")) from None
            contents[kept[coder].path] = kept[coder].table()
        self._refuse_lost_codes(change, kept)
        grown = {one.journal_path: (one.length, one.added) for one in kept.values()}
        write_together(self.study, contents, grown)
        for coder, file in kept.items():
            stamp = _stamp(file.path), _stamp(file.journal_path)
            self._read[coder] = stamp, file.written()

    def _refuse_lost_codes(self, change: Change, kept: Mapping[str, CoderFile]) -> None:
        """No span may stand under a code that a change takes out of the codebook.

        Somebody may have coded under it since the change was thought of, or since it was done,
        when it is undone.
        """
        book = self.study / "data/raw" / CODEBOOK
        if book not in change.files:
            return
        before, after = (set(codebook_in(text, SHOWN).codes["code"]) for text in change.files[book])
        gone = before - after
        for coder in self.coders if gone else ():
            spans = (kept.get(coder) or self.of(coder)).spans.values()
            left = sorted({one.code for one in spans if one.code in gone})
            if left:
                raise StudyError(
                    Problem(
                        f"lab-{coder}.csv",
                        f"spans under {left[0]!r}, coded meanwhile",
                        "none under a code that goes",
                        "rename or merge it anew, which takes every span along; nothing was written",
                    )
                )


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8") if path.is_file() else ""


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _meanwhile(name: str) -> Problem:
    return Problem(
        name,
        "changed meanwhile, by another window or person",
        "what was on show here",
        "look at it again, then do it once more; nothing was written",
    )
