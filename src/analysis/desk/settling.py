"""Two coders' differences, settled one by one into a coder of their own, `consensus`."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd

from analysis.coding.readings import read_readings
from analysis.corpus import Corpus
from analysis.desk.coded import Act, Coded, state_of
from analysis.desk.coder_file import CoderFile
from analysis.desk.desk import Desk, Shown
from analysis.files.csv_rows import named_rows
from analysis.files.problems import Problem, StudyError
from analysis.files.vocabulary import meant, perhaps
from analysis.measures import NothingToCompareError, UndefinedMeasure, agreement
from analysis.stages.agreement import BETWEEN, SETTLED
from analysis.study.coders import CONSENSUS
from analysis.study.folder import Study
from analysis.study.rounds import hidden_from

BOTH, OPEN, ANOTHER = "both", "left open", "another span"


@dataclass(frozen=True)
class Difference:
    """A span of one coder, or two of both that overlap, under one code; None for no span."""

    source_id: str
    code: str
    first: Shown | None
    second: Shown | None

    @property
    def start(self) -> int:
        """Where it begins in the clean text."""
        return min(one.start for one in (self.first, self.second) if one)

    @property
    def end(self) -> int:
        """Where it ends in the clean text."""
        return max(one.end for one in (self.first, self.second) if one)


@dataclass(frozen=True)
class Decision:
    """What was decided of a difference, why, by whom, and the spans that came of it."""

    decision: str
    reason: str
    by: str
    spans: tuple[Coded, ...]
    of: tuple[str, str]
    day: str


class Settling:
    """The differences of coders `first` and `second`, as `by` settles them.

    What both coded alike goes into `consensus` when a source is begun. Everything is told in the
    journal of `consensus`, with reason and name; `coder: consensus` in params.yml counts it.
    """

    def __init__(self, study: Study, first: str, second: str, by: str) -> None:
        if not by.strip():
            raise StudyError(Problem("settled by", "nobody", "a name or initials", "write it"))
        self.by, self.desk = by.strip(), Desk(study, CONSENSUS)
        self.first, self.second = (self._coder(one) for one in (first, second))

    @property
    def study(self) -> Study:
        """The study."""
        return self.desk.study

    def _coder(self, name: str) -> str:
        """Who goes by this name; a `StudyError` for nobody."""
        known = {*self.desk.coders, *read_readings(self.study.raw, self.study.register)["coder"]}
        coder = meant(name, sorted(known - {CONSENSUS}))
        if coder is None:
            listed = ", ".join(sorted(known - {CONSENSUS})) or "somebody who coded; nobody has yet"
            found = f"{name[:40]!r}, who coded and read nothing{perhaps(name, known)}"
            raise StudyError(Problem("settle", found, listed, "name two who coded"))
        return coder

    def codings(self) -> dict[str, list[Shown]]:
        """The spans of the two coders, by source, of the sources that both coded or read."""
        found: dict[str, list[Shown]] = {}
        for source_id in sorted(
            set(self.desk.source_ids) - set(self.sealed()), key=self.desk.source_ids.index
        ):
            own = [
                one for one in self.desk.spans(source_id) if one.coder in (self.first, self.second)
            ]
            read = {one.coder for one in own} | self._readers(source_id)
            if {self.first, self.second} <= read:
                found[source_id] = own
        return found

    def sealed(self) -> list[str]:
        """The sources in which one of the two may not see the other's spans yet."""
        pairs = ((self.first, self.second), (self.second, self.first))
        return [
            source_id
            for source_id in self.desk.source_ids
            if any({"*", b} & hidden_from(a, source_id, self.desk.rounds) for a, b in pairs)
        ]

    def _readers(self, source_id: str) -> set[str]:
        rows = read_readings(self.study.raw, self.study.register)
        return set(rows.loc[rows["source_id"] == source_id, "coder"])

    def differences(self) -> list[Difference]:
        """What the two see differently, in order of source and text (`measures.disagreements`)."""
        codings = self.codings()
        places = {
            (one.kept.source_id, one.coder, one.code, one.start, one.end): one
            for spans in codings.values()
            for one in spans
        }

        def side(row: Any, coder: str, start: Any, end: Any) -> Shown | None:
            if pd.isna(start):
                return None
            return places[str(row.source_id), coder, str(row.code), int(start), int(end)]

        return [
            Difference(
                str(row.source_id),
                str(row.code),
                side(row, self.first, row.start_a, row.end_a),
                side(row, self.second, row.start_b, row.end_b),
            )
            for row in self._sheet(codings).itertuples(index=False)
        ]

    def _sheet(self, codings: Mapping[str, list[Shown]]) -> pd.DataFrame:
        if not codings:
            return pd.DataFrame()
        rows = [(coder, one, None, None) for one in codings for coder in (self.first, self.second)]
        readings = pd.DataFrame(rows, columns=["coder", "source_id", "start", "end"])
        readings = readings.astype({"start": "float64", "end": "float64"})
        try:
            return agreement.disagreements(
                self._corpus(codings), self.first, self.second, readings=readings
            )
        except NothingToCompareError as refusal:
            raise StudyError(
                Problem(
                    f"{self.first} and {self.second}",
                    str(refusal),
                    "a code that both used",
                    "code further",
                )
            ) from None

    def _corpus(self, codings: Mapping[str, list[Shown]]) -> Corpus:
        rows = [
            [source_id, one.start, one.end, one.code, one.coder]
            for source_id, spans in codings.items()
            for one in spans
        ]
        table = pd.DataFrame(rows, columns=["source_id", "start", "end", "code", "coder"])
        passages = pd.concat([self.desk.passages(one) for one in codings], ignore_index=True)
        sources = self.study.sources[self.study.sources["source_id"].isin(codings)]
        codes = self.desk.codebook.codes
        return Corpus(sources, passages, codes, table, self.study.counted_voices)

    # --- decisions ------------------------------------------------------------

    def decided(self) -> dict[str, Decision]:
        """Difference (`name`) -> what was decided last, from the journal."""
        found: dict[str, Decision] = {}
        for when, act in self.desk.ledger.of(CONSENSUS).acts:
            undone = act.what.startswith("undo ")
            what = act.what.removeprefix("undo ").removeprefix("redo ")
            if not what.startswith(SETTLED):
                continue
            *parts, reason, by = act.note.split(BETWEEN)
            name = BETWEEN.join(parts)
            if undone:
                found.pop(name, None)
            else:
                decision = what.removeprefix(SETTLED)
                found[name] = Decision(decision, reason, by, act.after, _pair(parts), when[:10])
        return found

    def decisions(self) -> dict[tuple[str, ...], str]:
        """What was decided of each difference that is still one, by its places in the clean text.

        Of a difference: source, code, start and end of either coder ('' for none), as texts.
        """
        decided = self.decided()
        return {
            _cells(one): found.decision
            for one in self.differences()
            if (found := decided.get(self.name(one)))
        }

    def name(self, one: Difference) -> str:
        """What tells a difference from others, whatever the cleaning: places of the reader's text."""
        sides = [
            f"{coder} "
            + (f"{kept.start}-{kept.end}" if (kept := self._kept(one, side)) else "none")
            for coder, side in ((self.first, one.first), (self.second, one.second))
        ]
        return BETWEEN.join([one.source_id, one.code, *sides])

    def _kept(self, one: Difference, side: Shown | None) -> Coded | None:
        if side is None:
            return None
        if not side.file:
            return side.kept
        # The last report placed it on the clean text.
        place = self.desk.texts.kept(one.source_id, side.start, side.end)
        return Coded(one.source_id, *place, side.code, side.kept.memo)

    def settle(
        self, one: Difference, decision: str, reason: str, span: tuple[int, int] | None = None
    ) -> None:
        """Decide a difference: the name of either coder, 'both', 'another span' or 'left open'.

        Of two coders of whom one coded nothing here, that one's name leaves the place uncoded.
        `span`: start and end in the clean text, of another span. A later decision replaces an
        earlier one. Raises `StudyError` without a reason, and for an unknown decision.
        """
        sides = {self.first: one.first, self.second: one.second}
        if decision not in (*sides, BOTH, OPEN, ANOTHER):
            expected = ", ".join([*sides, BOTH, ANOTHER, OPEN])
            raise StudyError(Problem("decision", repr(decision)[:40], expected, "choose one"))
        if not reason.strip():
            raise StudyError(Problem("reason", "none", "why it was settled so", "write it"))
        chosen = [sides[decision]] if decision in sides else []
        chosen = list(sides.values()) if decision == BOTH else chosen
        spans = [kept for side in chosen if (kept := self._kept(one, side))]
        if decision == ANOTHER:
            if span is None:
                raise StudyError(Problem("another span", "none", "start and end", "select it"))
            spans = [Coded(one.source_id, *self.desk.texts.kept(one.source_id, *span), one.code)]
        self.begin(one.source_id)
        name, there = self.name(one), self.desk.ledger.of(CONSENSUS).spans
        earlier = self.decided().get(name)
        before = [
            kept for kept in (earlier.spans if earlier else ()) if there.get(kept.key) == kept
        ]
        held = {key for key in there if key not in {kept.key for kept in before}}
        after = [kept for kept in state_of(spans).values() if kept.key not in held]
        plain = " ".join(reason.replace(BETWEEN.strip(), ",").split())
        note = BETWEEN.join([name, plain, self.by])
        act = Act(SETTLED + decision, tuple(before), tuple(after), note, one.source_id)
        self.desk.ledger.do(CONSENSUS, act)

    def begin(self, source_id: str) -> None:
        """Let into `consensus` what both coded alike in a source; once, and what came since."""
        spans = self.codings().get(source_id, [])
        by_place: dict[tuple[int, int, str], set[str]] = {}
        kept: dict[tuple[int, int, str], Shown] = {}
        for one in spans:
            by_place.setdefault((one.start, one.end, one.code), set()).add(one.coder)
            kept[one.start, one.end, one.code] = one
        there = self.desk.ledger.of(CONSENSUS).spans
        alike = []
        for place, coders in sorted(by_place.items()):
            own = self._kept(Difference(source_id, place[2], kept[place], None), kept[place])
            if len(coders) == 2 and own and own.key not in there:
                alike.append(replace(own, memo="", origin=""))
        if alike:
            act = Act("agreed", (), tuple(alike), f"{self.first} and {self.second}")
            self.desk.ledger.do(CONSENSUS, act)

    def take_sheet(self) -> int:
        """Apply the reconciliation sheet of the agreement stage, as filled in a spreadsheet.

        Of `data/private/review/disagreements.csv` the rows with a `decision` count, each with its
        `reason`: the name of a coder, both, left open, or `start-end` for another span. Return how
        many were applied. Raises `StudyError`, naming the line, for a row that fits no difference.
        """
        path = self.study.private / "review" / "disagreements.csv"
        known = {_cells(one): one for one in self.differences()}
        applied = 0
        for line, row in enumerate(named_rows(path), start=2):
            decision = row.get("decision", "").strip().lstrip("'")
            if not decision:
                continue
            places = (row.get(name, "") for name in ("start_a", "end_a", "start_b", "end_b"))
            one = known.get((row.get("source_id", ""), row.get("code", ""), *places))
            where = f"data/private/review/{path.name}, line {line}"
            if one is None:
                raise StudyError(
                    Problem(where, "no difference of these two coders", "one", "run make report")
                )
            start, _, end = decision.partition("-")
            other = start.strip().isdecimal() and end.strip().isdecimal()
            span = (int(start), int(end)) if other else None
            meant = ANOTHER if other else _meant(decision, (self.first, self.second))
            earlier = self.decided().get(self.name(one))
            if earlier and (earlier.decision, earlier.reason) == (meant, row.get("reason", "")):
                continue
            try:
                self.settle(one, meant, row.get("reason", ""), span)
            except StudyError as error:
                raise StudyError(
                    [replace(p, where=f"{where}, {p.where}") for p in error.problems]
                ) from None
            applied += 1
        return applied

    # --- what it came to ------------------------------------------------------

    def agreement(self) -> pd.DataFrame:
        """Krippendorff's alpha of the two, round by round and code by code, before and after.

        Before: as their journals tell it up to the first difference of the round that was settled.
        After: as they code now, with what was settled in the place of what differed, for both; what
        was left open differs still. A round in which they have no code in common has no row. Columns: round ('' for sources of no round of both), code,
        before, after (NaN where undefined). Passages are the units.
        """
        columns = ["round", "code", "before", "after"]
        now, tables = self.codings(), [pd.DataFrame(columns=columns)]
        after = self._as_settled(now)
        for name, sources in self._rounds(now).items():
            begun = self._begun(sources)
            then = {one: self._as_then(one, now[one], begun) for one in sources}
            pairs = ((then, "before"), ({one: after[one] for one in sources}, "after"))
            found = [self._alpha(codings).rename(column) for codings, column in pairs]
            table = pd.concat(found, axis=1).rename_axis("code").reset_index()
            tables.append(table.assign(round=name)[columns])
        return pd.concat([one for one in tables if len(one)] or tables, ignore_index=True)

    def _rounds(self, codings: Mapping[str, list[Shown]]) -> dict[str, list[str]]:
        """The sources of each round that both were in; under '' those of none."""
        found: dict[str, list[str]] = {}
        left = set(codings)
        for one in self.desk.rounds:
            own = [name for name in codings if name in one.sources]
            if {self.first, self.second} <= {*one.coders} and own:
                found[one.name] = own
                left -= {*own}
        return found | ({"": [name for name in codings if name in left]} if left else {})

    def _begun(self, sources: list[str]) -> datetime | None:
        """When the first difference in any of these sources was settled."""
        for when, act in self.desk.ledger.of(CONSENSUS).acts:
            if act.what.startswith(SETTLED) and act.note.split(BETWEEN)[0] in sources:
                return datetime.fromisoformat(when)
        return None

    def _as_settled(self, codings: Mapping[str, list[Shown]]) -> dict[str, list[Shown]]:
        decided = self.decided()
        settled = [
            (one, found)
            for one in self.differences()
            if (found := decided.get(self.name(one))) and found.decision != OPEN
        ]
        gone = {side for one, _ in settled for side in (one.first, one.second)}
        after = {name: [one for one in spans if one not in gone] for name, spans in codings.items()}
        for one, found in settled:
            for side in self._outcome(one, found):
                after[one.source_id] += [
                    replace(side, coder=coder) for coder in (self.first, self.second)
                ]
        return after

    def _outcome(self, one: Difference, found: Decision) -> list[Shown]:
        """The spans that a difference was settled to."""
        sides = {self.first: one.first, self.second: one.second}
        if found.decision != ANOTHER:
            chosen = sides.values() if found.decision == BOTH else [sides[found.decision]]
            return [side for side in chosen if side]
        placed = ((kept, self._place(kept)) for kept in found.spans)
        return [Shown(*at, kept.code, CONSENSUS, kept) for kept, at in placed if at]

    def _place(self, kept: Coded) -> tuple[int, int] | None:
        place = self.desk.texts.shown(kept, self.desk.texts.binding(kept))
        return None if isinstance(place, str) else place

    def _as_then(self, source_id: str, spans: list[Shown], when: datetime | None) -> list[Shown]:
        if when is None:
            return spans
        found = [one for one in spans if one.file]
        for coder in (self.first, self.second):
            file = self.desk.ledger.of(coder)
            held: dict[object, Coded] = {}
            for at, act in file.acts:
                if datetime.fromisoformat(at) <= when:
                    for one in act.before:
                        held.pop(one.key, None)
                    held |= {one.key: one for one in act.after}
            for one in held.values():
                if one.source_id == source_id:
                    bound = file.bindings.get(one.key) or self.desk.texts.binding(one)
                    place = self.desk.texts.shown(one, bound)
                    if not isinstance(place, str):
                        found.append(Shown(*place, one.code, coder, one))
        return found

    def _alpha(self, codings: Mapping[str, list[Shown]]) -> pd.Series:
        nothing = pd.Series(dtype="float64")
        if not codings:
            return nothing
        corpus = self._corpus(codings)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UndefinedMeasure)  # NaN says it
                table = agreement.agreement_by_code(corpus, corpus.counted_passages)
        except NothingToCompareError:
            return nothing
        return table[table["applied"] > 0].set_index("code")["alpha"].astype(float)


def settled_pairs(study: Study) -> list[tuple[str, str]]:
    """The pairs of coders of whose differences any was settled in the lab, in order of name."""
    acts = CoderFile.read(study.raw / "coding", CONSENSUS).acts
    notes = [act.note.split(BETWEEN)[:-2] for _, act in acts if act.what.startswith(SETTLED)]
    return sorted({_pair(parts) for parts in notes})


def _pair(parts: list[str]) -> tuple[str, str]:
    """The two coders in the name of a difference (`Settling.name`)."""
    first, second = (side.rpartition(" ")[0] for side in parts[-2:])
    return first, second


def _cells(one: Difference) -> tuple[str, ...]:
    sides = [
        (str(side.start), str(side.end)) if side else ("", "") for side in (one.first, one.second)
    ]
    return (one.source_id, one.code, *sides[0], *sides[1])


def _meant(decision: str, coders: tuple[str, str]) -> str:
    """A decision as people write it: a coder in any case, 'open' for 'left open'."""
    said = decision.casefold()
    words = {one.casefold(): one for one in (*coders, BOTH, OPEN)} | {"open": OPEN}
    words |= {f"{one.casefold()}'s": one for one in coders}
    return words.get(said, decision)
