"""The desk of one coder: what is coded, changed and taken back, each in one line."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis.cleaning.prepared import Prepared
from analysis.coding.placing.nearest import Nearest
from analysis.coding.readings import READINGS, read_readings
from analysis.desk.codebook_edits import SHOWN
from analysis.desk.coded import Act, Coded, Key
from analysis.desk.coder_file import CoderFile
from analysis.desk.codes import CodebookWork
from analysis.desk.ledger import Change, Ledger
from analysis.desk.texts import Texts
from analysis.explore.times import times_of
from analysis.files.problems import Problem, StudyError
from analysis.files.vocabulary import meant, perhaps
from analysis.stages.texts import prepared_sources
from analysis.study.codebook import CODEBOOK, Codebook, read_codebook
from analysis.study.folder import Study
from analysis.study.rounds import ROUNDS, Round, hidden_from, read_rounds

LAB = "lab-"
_COLUMNS = ["source_id", "start", "end", "code", "coder", "memo", "origin"]


@dataclass(frozen=True, order=True)
class Shown:
    """A span where it is read, in the clean text; `kept`: how its coder keeps it.

    `file`: '' for a span of the lab, else the file of another program, in which it is changed.
    """

    start: int
    end: int
    code: str
    coder: str
    kept: Coded
    file: str = ""


class Desk:
    """Where `coder` codes a study. Every act is written to disk at once, and told in a journal.

    Positions are those of the clean text, as everywhere; what is written is bound to the words of
    the reader's text, so that neither another cleaning nor another key moves it. In a `blind`
    round nobody else's spans are shown. The desk needs no report: it reads the sources themselves.
    """

    def __init__(
        self,
        study: Study | str | Path,
        coder: str,
        *,
        blind: bool = False,
        sources: Mapping[str, Prepared] | None = None,
    ) -> None:
        """`sources`: those of the study as `prepared_sources` gives them, where they are read."""
        self.study = study if isinstance(study, Study) else Study.open(study, embargoed=True)
        self.coder, self.blind = "", blind
        self._sources = prepared_sources(self.study) if sources is None else sources
        clean = {name: one.clean for name, one in self._sources.items()}
        self.ledger = Ledger(self.study.folder, Texts(clean))
        self.coder, self._rounds = self._meant(coder), (-1, [])
        self.ledger.of(self.coder)

    def _meant(self, coder: str) -> str:
        """The coder of the lab, or of a round, who goes by this name however it is typed: 'ar' is
        nobody beside 'AR', whose files a Mac would take for the same."""
        known = [*self.coders, *self.study.coders]
        known += [one for each in self.rounds for one in each.coders]
        return meant(coder, dict.fromkeys(known)) or unicodedata.normalize("NFC", coder).strip()

    def __repr__(self) -> str:
        count = len(self.ledger.of(self.coder).spans)
        blind = ", blind to others" if self.blind else ""
        return f"the desk of {self.coder}{blind}: {count:,} spans in {LAB}{self.coder}.csv"

    @cached_property
    def codes(self) -> CodebookWork:
        """New codes, and codes renamed, moved, merged, split."""
        return CodebookWork(self.study, self.ledger, self.coder)

    @property
    def texts(self) -> Texts:
        """The texts that are coded."""
        return self.ledger.texts

    @property
    def codebook(self) -> Codebook:
        """The codebook as it is now."""
        path = self.study.raw / CODEBOOK
        stamp = _stamp(path)
        if self._codebook[0] != stamp:
            book = read_codebook(path)
            usable = book.codes.loc[book.codes["usable"], "code"]
            self._codebook = (stamp, book, tuple(usable))
        return self._codebook[1]

    _codebook: tuple[int, Codebook, tuple[str, ...]] = (
        -1,
        Codebook(pd.DataFrame(), pd.DataFrame()),
        (),
    )

    # --- coding ---------------------------------------------------------------

    def code(
        self, source_id: str, start: int, end: int, code: str, memo: str = "", origin: str = ""
    ) -> Coded:
        """Code the clean text from `start` to `end`; what was coded comes back.

        A span that cuts into words which cleaning replaced takes them whole. Coded already under
        this code, nothing changes. `origin`: what proposed it, '' for the coder's own eyes.
        """
        span = self.texts.kept(source_id, start, end)
        one = Coded(source_id, *span, self.usable(code), memo.strip(), origin.strip())
        known = self.ledger.of(self.coder).spans.get(one.key)
        if known is not None:
            return known
        self.ledger.do(self.coder, Act("code", (), (one,), self._note(source_id)))
        return one

    def code_words(
        self, source_id: str, words: str, code: str, memo: str = "", passage: int | None = None
    ) -> Coded:
        """Code words where they stand in a source, or in one passage of it.

        Raises `StudyError` where they stand nowhere or more than once.
        """
        text, first = self.texts.text(source_id), 0
        if passage is not None:
            rows = self.passages(source_id)
            rows = rows[rows["passage"] == passage]
            if rows.empty:
                raise StudyError(_unknown(f"{source_id}-{passage}", "a passage of this source"))
            first = int(rows["start"].iloc[0])
            text = text[first : int(rows["end"].iloc[0])]
        place = Nearest(text).between("", words, "", 0, 0)
        if place is None:
            raise StudyError(
                Problem(
                    source_id,
                    f"{len(words)} characters that stand here nowhere, or more than once",
                    "words that stand here once",
                    "give more of them, or the passage",
                )
            )
        return self.code(source_id, first + place[0], first + place[1], code, memo)

    def accept(self, found: Iterable[tuple[str, int, int]], code: str, origin: str) -> list[Coded]:
        """Code several spans (source, start, end) that `origin` proposed, as one act."""
        usable, spans = self.usable(code), self.ledger.of(self.coder).spans
        ones = {
            one.key: one
            for source_id, start, end in found
            if (
                one := Coded(source_id, *self.texts.kept(source_id, start, end), usable, "", origin)
            ).key
            not in spans
        }
        if ones:
            act = Act("accept", (), tuple(sorted(ones.values())), origin)
            self.ledger.do(self.coder, act)
        return list(ones.values())

    def uncode(self, one: Coded) -> None:
        """Take a code off."""
        self.own_span(one.key)
        self.ledger.do(self.coder, Act("uncode", (one,), (), self._note(one.source_id)))

    def recode(self, one: Coded, code: str) -> Coded:
        """Put another code in the place of one."""
        return self._changed("recode", one, replace(one, code=self.usable(code)))

    def reach(self, one: Coded, start: int, end: int) -> Coded:
        """Let a span reach from `start` to `end` of the clean text."""
        first, last = self.texts.kept(one.source_id, start, end)
        return self._changed("change ends", one, replace(one, start=first, end=last))

    def note(self, one: Coded, memo: str) -> Coded:
        """Write a memo on a span, '' for none."""
        return self._changed("memo", one, replace(one, memo=memo.strip()))

    def own_span(self, key: Key) -> Coded:
        """The coder's span of this key. Raises `StudyError` with what to do where it is no such span."""
        own = self.ledger.of(self.coder).spans.get(key)
        if own is not None:
            return own
        files = sorted(one.file for one in self._elsewhere.get(key[0], []) if one.kept.key == key)
        if files:
            raise StudyError(
                Problem(
                    f"{key[0]}, {key[3]}",
                    f"a span that stands in {files[0]}, a file of another program, which the lab leaves as"
                    " it is",
                    "a span that was coded in the lab",
                    "change it in that program and bring the file anew, or code these words here as "
                    f"you read them: settle(study, {self.coder!r}, …) decides between two coders",
                )
            )
        raise StudyError(
            Problem(
                f"{key[0]}, {key[3]}",
                f"no span that {self.coder} has here now",
                "one of your own",
                "look again: another window may have changed it",
            )
        )

    def _changed(self, what: str, one: Coded, new: Coded) -> Coded:
        self.own_span(one.key)
        if new == one:
            return one
        there = self.ledger.of(self.coder).spans.get(new.key) if new.key != one.key else None
        before = (one,) if there is None else (one, there)
        if there is not None:
            memo = " | ".join(dict.fromkeys(filter(None, (there.memo, new.memo))))
            new = replace(there, memo=memo)
        self.ledger.do(self.coder, Act(what, before, (new,), self._note(one.source_id)))
        return new

    def read_through(self, source_id: str) -> None:
        """Say that the coder read a source from end to end: where nothing is coded, nothing was found.

        Written to `data/raw/readings.csv`, once.
        """
        self.passages(source_id)
        path = self.study.raw / READINGS
        old = path.read_bytes().decode("utf-8") if path.is_file() else ""
        if source_id in self.read:
            return
        heading = old.split("\n", 1)[0].removeprefix("\ufeff").strip().split(",") if old else []
        names = [name.strip() for name in heading] or ["coder", "source_id"]
        said = {"coder": self.coder, "source_id": source_id}
        held = io.StringIO(newline="")
        writer = csv.DictWriter(held, names, "", "ignore", lineterminator="\n")
        if not old:
            writer.writeheader()
        writer.writerow(said)
        new = old + ("\n" if old and not old.endswith("\n") else "") + held.getvalue()
        act = Act("read through", (), (), self._note(source_id), source_id)
        self.ledger.change(Change({self.coder: act}, {path: (old, new)}))

    @property
    def read(self) -> set[str]:
        """The sources of which the coder said that they read them whole."""
        stamp = _stamp(self.study.raw / READINGS)
        if self._whole[0] != stamp:
            self._whole = (stamp, self._read_whole())
        return self._whole[1]

    _whole: tuple[int, set[str]] = (-1, set())

    def _read_whole(self) -> set[str]:
        rows = read_readings(self.study.raw, self.study.register)
        whole = rows[(rows["coder"] == self.coder) & rows["from_passage"].isna()]
        return set(whole["source_id"])

    def undo(self) -> str:
        """Take back the last act of this session; what it was."""
        return self.ledger.undo()

    def redo(self) -> str:
        """Do again what was taken back last; what it was."""
        return self.ledger.redo()

    def _note(self, source_id: str) -> str:
        """What the journal says of how an act was done: whose spans were out of sight."""
        hidden = sorted(self.hidden(source_id))
        return f"blind to {'everybody' if '*' in hidden else ', '.join(hidden)}" if hidden else ""

    def usable(self, code: str) -> str:
        """`code`, if the codebook has it and it may be applied; else a `StudyError`."""
        codes, paths = self.codebook.codes, self._codebook[2]
        if code not in paths:
            heading = code in set(codes["code"])
            raise StudyError(
                Problem(
                    SHOWN,
                    f"{code[:80]!r}, "
                    + ("a heading" if heading else f"no code of it{perhaps(code, list(paths))}"),
                    "the path of a usable code",
                    "choose another, or add it: desk.codes.new(name, parent, definition)",
                )
            )
        return code

    # --- reading --------------------------------------------------------------

    @property
    def source_ids(self) -> list[str]:
        """The sources that may be coded, in the order of the register."""
        return list(self._sources)

    def passages(self, source_id: str) -> pd.DataFrame:
        """The passages of a source (`tables.PASSAGES`)."""
        if source_id not in self._sources:
            raise StudyError(_unknown(source_id, ", ".join(self.source_ids[:40])))
        return self._sources[source_id].passages

    def times(self, source_id: str) -> list[str]:
        """Where in the recording each passage of a source stands ('12:03'), '' where unknown."""
        passages = self.passages(source_id)
        return times_of(self._sources[source_id].clean, passages)

    def own(self, source_id: str = "") -> list[Shown]:
        """The coder's own spans as they are shown, of one source or of all."""
        return sorted(self._of_lab(self.coder, source_id), key=_in_text)

    def spans(self, source_id: str) -> list[Shown]:
        """Everybody's spans in a source, without those that the coder may not see (`hidden`)."""
        hidden, found = self.hidden(source_id), list[Shown]()
        for coder in self.ledger.coders:
            found += self._of_lab(coder, source_id)
        found += self._elsewhere.get(source_id, [])
        seen = (one for one in found if one.coder == self.coder or not {"*", one.coder} & hidden)
        return sorted(seen, key=_in_text)

    @property
    def coders(self) -> list[str]:
        """Everybody who coded, here or in another program whose coding the last report placed."""
        elsewhere = {one.coder for spans in self._elsewhere.values() for one in spans}
        return sorted(elsewhere | set(self.ledger.coders))

    def hidden(self, source_id: str) -> frozenset[str]:
        """Whose spans the coder may not see in a source; '*' for everybody's (`rounds`)."""
        if self.blind:
            return frozenset("*")
        return hidden_from(self.coder, source_id, self.rounds)

    @property
    def rounds(self) -> list[Round]:
        """The rounds of the study as they stand now (`data/raw/rounds.yml`)."""
        stamp = _stamp(self.study.raw / ROUNDS)
        if self._rounds[0] != stamp:
            self._rounds = (stamp, read_rounds(self.study.raw, self.study.register, self._coders()))
        return self._rounds[1]

    def _coders(self) -> set[str]:
        """Who sits at this desk, who coded, here or in another program, and who is declared."""
        return {*filter(None, [self.coder]), *self.coders, *self.study.coders}

    _rounds: tuple[int, list[Round]] = (-1, [])

    @property
    def codings(self) -> pd.DataFrame:
        """The coder's codings on the clean texts, as the next report places them."""
        rows = [
            [
                one.kept.source_id,
                one.start,
                one.end,
                one.code,
                one.coder,
                one.kept.memo,
                one.kept.origin,
            ]
            for one in self.own()
        ]
        table = pd.DataFrame(rows, columns=_COLUMNS)
        return table.sort_values(_COLUMNS, ignore_index=True)

    @property
    def lost(self) -> list[tuple[Coded, str]]:
        """The coder's spans that have no place in the texts, each with why."""
        file = self.ledger.of(self.coder)
        shown = (
            (one, self.texts.shown(one, file.bindings[key])) for key, one in file.spans.items()
        )
        return sorted((one, why) for one, why in shown if isinstance(why, str))

    def _of_lab(self, coder: str, source_id: str = "") -> list[Shown]:
        file = self.ledger.of(coder)
        known, placed = self._placed.get((coder, source_id), (None, {}))
        if known is file:
            return list(placed.values())
        found: dict[Key, Shown] = {}
        for key in file.by_source.get(source_id, ()) if source_id else file.spans:
            one, before = file.spans[key], placed.get(key)
            # What did not change stays the very same, so that whoever holds it can tell.
            if before is not None and before.kept is one:
                found[key] = before
                continue
            place = self.texts.shown(one, file.bindings[key])
            if not isinstance(place, str):
                found[key] = Shown(*place, one.code, coder, one)
        self._placed[coder, source_id] = file, found
        return list(found.values())

    @cached_property
    def _placed(self) -> dict[tuple[str, str], tuple[CoderFile, dict[Key, Shown]]]:
        return {}

    @cached_property
    def _elsewhere(self) -> dict[str, list[Shown]]:
        """Spans of other programs' files, as the last report placed them."""
        if not (self.study.processed / "codings.csv").is_file():
            return {}
        found: dict[str, list[Shown]] = {}
        for row in self.study.all_codings.itertuples(index=False):
            if not str(row.origin).startswith(LAB):
                kept = Coded(row.source_id, row.start, row.end, row.code, row.memo)
                shown = Shown(row.start, row.end, row.code, row.coder, kept, str(row.origin))
                found.setdefault(row.source_id, []).append(shown)
        return found


def _in_text(one: Shown) -> tuple[int, int, str, str, str]:
    return one.start, one.end, one.code, one.coder, one.file


def _stamp(path: Path) -> int:
    """When a file was last changed; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _unknown(source_id: str, expected: str) -> Problem:
    return Problem(source_id[:60], "nothing of this name", expected, "correct it")
