"""The stage of programs that code: what may be said of the whole, and where people and program part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.files.spreadsheet import csv_cell
from analysis.measures.carried import Carried
from analysis.measures.confusion import confusion, found_less
from analysis.measures.corrected import Estimate, Sampled, corrected_difference, corrected_share
from analysis.sampling.read_so_far import cases_read, strata_of
from analysis.sampling.recorded import DESIGN, Recorded, of_kinds, read_sample
from analysis.stages.values import Values, plain_name
from analysis.study import tables
from analysis.study.declared import Coder
from analysis.study.folder import Study
from analysis.study.schemas import columns, empty

ALL = "all"
#: What is estimated: the share of cases that carry a code, of passages, the difference of two roles'
#: shares of cases, and the share of passages in which two codes meet.
CASES, PASSAGES, DIFFERENCE, MEETINGS = "cases", "passages", "difference", "meetings"
NO_DESIGN = (
    "The cases that people coded were not drawn by a recorded design, so that nothing is said of "
    "the whole: `qualan sample` draws and records one."
)
_SHEET = "program-differences"
_MOST = 500


@dataclass(frozen=True)
class Corrected:
    """`estimates` and `confusion` as stored (`schemas`), the passages that people read and coded
    otherwise than a program (`parting`), and in words what they rest on, or why there is nothing."""

    estimates: pd.DataFrame
    confusion: pd.DataFrame
    parting: pd.DataFrame
    reason: str
    programs: tuple[Coder, ...]


def correct(study: Study) -> Corrected:
    """Correct what each declared program coded by what people coded of the recorded sample.

    Without a recorded design, or with fewer than two cases read in a stratum, the tables are empty
    and `reason` says why. Raises `StudyError` as `sampling.recorded.read_sample`.
    """
    programs = tuple(coder for coder in study.coders.values() if coder.is_program)
    if not (study.raw / DESIGN).is_file():
        return _nothing(NO_DESIGN, programs)
    sample = read_sample(study.raw, study.sources)
    used = of_kinds(study.sources, sample.design.kinds)
    corpus = study.corpus.of_sources(used["source_id"])
    read = cases_read(study, sample, used)
    try:
        sampled = _sampled(corpus.sources, sample, read)
    except ValueError as error:
        return _nothing(f"Nothing is said of the whole yet: {error}.", programs)
    estimates, confusions, parting = [], [], []
    for program in programs:
        theirs = study.codings_of_program(program.name)
        theirs = theirs[theirs["source_id"].isin(used["source_id"])]
        codes = sorted(theirs["code"].unique())
        people = Carried.of(corpus, codes)
        machine = Carried.of(study.corpus_of(theirs).of_sources(used["source_id"]), codes)
        groups = _groups(corpus.sources, people.case_ids)
        compared = _Compared(program.name, sampled, people, machine, groups)
        minimum = study.choices.minimum_group
        estimates += [row for code in codes for row in compared.of_code(code, minimum)]
        estimates += [row for pair in combinations(codes, 2) for row in compared.of_pair(*pair)]
        confusions += [row for code in codes for row in compared.confused(code)]
        parting.append(compared.parting(corpus.counted_passages))
    read_now = int(sampled.read.sum())
    return Corrected(
        _table("corrected", estimates),
        _table("program_confusion", confusions),
        pd.concat(parting, ignore_index=True) if parting else pd.DataFrame(),
        _rests_on(sample, read_now, len(sampled.case_ids)),
        programs,
    )


@dataclass(frozen=True)
class _Compared:
    """What people and one program coded of the same cases."""

    program: str
    sampled: Sampled
    people: Carried
    machine: Carried
    groups: dict[str, np.ndarray]

    def of_code(self, code: str, minimum: int) -> Iterator[dict[str, object]]:
        y, f = self.people.cases(code), self.machine.cases(code)
        enough = {
            name: group
            for name, group in self.groups.items()
            if (group & self.sampled.read).sum() >= minimum
        }
        yield self._row(CASES, code, corrected_share(self.sampled, y, f))
        for name, group in enough.items():
            share = corrected_share(self.sampled, y, f, among=group)
            yield self._row(CASES, code, share, group=name)
        for name, than in combinations(enough, 2):
            apart = corrected_difference(self.sampled, y, f, enough[name], enough[than])
            yield self._row(DIFFERENCE, code, apart, group=name, than=than)
        yield self._row(
            PASSAGES,
            code,
            corrected_share(
                self.sampled,
                self.people.passages(code),
                self.machine.passages(code),
                self.people.size,
            ),
        )

    def of_pair(self, code: str, beside: str) -> Iterator[dict[str, object]]:
        y, f = self.people.passages(code, beside), self.machine.passages(code, beside)
        if f.any() or y.any():
            share = corrected_share(self.sampled, y, f, self.people.size)
            yield self._row(MEETINGS, code, share, beside=beside)

    def _row(
        self,
        measure: str,
        code: str,
        found: Estimate,
        *,
        beside: str = "",
        group: str = ALL,
        than: str = "",
    ) -> dict[str, object]:
        return {
            "program": self.program,
            "measure": measure,
            "code": code,
            "beside": beside,
            "group": group,
            "than": than,
            "uncorrected": found.uncorrected,
            "corrected": found.corrected,
            "lower": found.lower,
            "upper": found.upper,
            "read": found.read,
            "cases": found.cases,
            "to_halve": found.to_halve,
        }

    def confused(self, code: str) -> Iterator[dict[str, object]]:
        y, f = self.people.cases(code), self.machine.cases(code)
        for name, group in {ALL: np.ones(len(y), dtype=bool), **self.groups}.items():
            own = confusion(self.sampled, y, f, group)
            rest = confusion(self.sampled, y, f, ~group)
            yield {
                "program": self.program,
                "code": code,
                "group": name,
                **own,
                "worse": name != ALL and found_less(own, rest),
            }

    def parting(self, passages: pd.DataFrame) -> pd.DataFrame:
        """Of `passages`, those that people read and in which they differ, most codes first."""
        apart = (self.people.at != self.machine.at) & self.sampled.read[self.people.case][:, None]
        count = apart.sum(axis=1)
        order = np.lexsort((np.arange(len(count)), -count))
        rows = [at for at in order[:_MOST] if count[at]]
        names = np.array(self.people.codes, dtype=object)

        def only(one: Carried, other: Carried) -> list[str]:
            return ["; ".join(names[one.at[at] & ~other.at[at]]) for at in rows]

        shown = passages.loc[rows, ["source_id", "passage", "text"]].reset_index(drop=True)
        return shown.assign(
            program=self.program,
            differ=count[rows].astype("int64"),
            people_only=only(self.people, self.machine),
            program_only=only(self.machine, self.people),
        )


def _sampled(sources: pd.DataFrame, sample: Recorded, read: set[str]) -> Sampled:
    case_ids = sorted(sources["case_id"].unique())
    stratum = strata_of(sources, sample)
    number = pd.factorize(pd.Series([stratum[case] for case in case_ids]), sort=True)[0]
    return Sampled(case_ids, number, np.array([case in read for case in case_ids]))


def _groups(sources: pd.DataFrame, case_ids: list[str]) -> dict[str, np.ndarray]:
    """Role -> which cases have a source of it; none where all have the same role."""
    roles = sorted(sources["role"].unique())
    if len(roles) < 2:
        return {}
    of_role = {role: set(sources.loc[sources["role"] == role, "case_id"]) for role in roles}
    return {role: np.array([one in of_role[role] for one in case_ids]) for role in roles}


def _rests_on(sample: Recorded, read: int, cases: int) -> str:
    drawn, left = len(sample.case_ids), len(sample.case_ids) - read
    waiting = (
        f" {left} of the sample are not read yet, or come after one that is not." if left else ""
    )
    by = f", by {' and '.join(sample.design.strata)}" if sample.design.strata else ""
    return (
        f"People coded {read} of {cases} cases, drawn at random{by} (seed {sample.design.seed}, "
        f"{drawn} drawn on {sample.design.drawn}).{waiting}"
    )


def _nothing(reason: str, programs: tuple[Coder, ...]) -> Corrected:
    return Corrected(
        empty("corrected"), empty("program_confusion"), pd.DataFrame(), reason, programs
    )


def _table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns(name)) if rows else empty(name)


def write_sheet(study: Study, corrected: Corrected) -> None:
    """Leave the passages in which people and program differ, with the words, in data/private."""
    words = corrected.parting.astype(str).map(csv_cell)
    tables.write_table(words, study.private / "review" / f"{_SHEET}.csv")


def told(corrected: Corrected) -> str:
    """What a figure says of who coded: each program, and that it was corrected."""
    names = "; ".join(program.told for program in corrected.programs)
    return f"Coded by {names}, corrected by what people coded. {corrected.reason}"


def values(corrected: Corrected) -> Values:
    """The numbers that prose quotes: corr.reason, and corr.<program>.<code> for the share of cases,
    which prints the corrected figure with its range, the program and what it counted itself.

    Of groups and measures, in the same way: corr.<program>.<code>.<group>, .passages.
    """
    said: Values = {"corr.reason": (corrected.reason, "text")}
    named = {program.name: program for program in corrected.programs}
    for row in corrected.estimates.to_dict("records"):
        if row["measure"] in (DIFFERENCE, MEETINGS):
            continue
        of = PASSAGES if row["measure"] == PASSAGES else str(row["group"])
        last = CASES if of == ALL else plain_name(of)
        name = f"corr.{plain_name(row['program'])}.{plain_name(row['code'])}.{last}"
        figures = {key: row[key] for key in ("corrected", "lower", "upper", "uncorrected")}
        said[name] = ({**figures, "by": named[row["program"]].told}, "corrected")
    return said
