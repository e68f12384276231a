"""The agreement stage: which coders can be compared, on which units, and what it came to."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import pandas as pd

from analysis.coding.readings import read_readings
from analysis.files.csv_rows import named_rows
from analysis.files.spreadsheet import csv_cell
from analysis.measures import NothingToCompareError, UndefinedMeasure, agreement
from analysis.stages.values import Values
from analysis.study import tables
from analysis.study.coders import CONSENSUS, most_first
from analysis.study.folder import Study
from analysis.study.schemas import columns
from analysis.text.sentences import sentence_spans

_BY_CODE = columns("agreement")
_DIFFERENCES = [
    "source_id",
    "code",
    "difference",
    "start_a",
    "end_a",
    "start_b",
    "end_b",
    "text_a",
    "text_b",
    "decision",
    "reason",
]


_BOUNDARIES = ["code", "u_alpha", "shared", "either"]
_ROW = ["source_id", "code", "difference", "start_a", "end_a", "start_b", "end_b"]
_WRITTEN = ["decision", "reason"]


# How the journal of the lab tells what was settled: the note is difference, reason, by whom.
SETTLED, BETWEEN = "settled: ", " · "
SILENCE = (
    "A source in which one of them put no code is taken for one that they did not read: no file "
    "data/raw/readings.csv says who read what."
)
STATED = "Who read what is stated in data/raw/readings.csv; where it says nothing, codes say it."


@dataclass(frozen=True)
class Compared:
    """What two coders share, as the measures give it.

    `by_code` unit by unit, `boundaries` along the text (`u_alpha_by_code`), `differences` span by
    span; `sets`: alpha of the sets of codes on a unit (MASI), NaN where undefined; `reason` says
    what was compared, or why nothing was.
    """

    by_code: pd.DataFrame
    differences: pd.DataFrame
    reason: str
    coders: tuple[str, ...]
    boundaries: pd.DataFrame
    sets: float


def compare(study: Study) -> Compared:
    """Compare the two coders who coded most (of equals, the first by name), over the sources both
    coded; what was settled between them (`consensus`) is no reading of its own.

    A reflexive analysis, a single coder, or coders without a text or a code in common give empty
    tables and the reason.
    """
    codings, passages = study.all_codings, study.counted_passages
    people = codings.loc[codings["coder"] != CONSENSUS, "coder"]
    coders = tuple(most_first(people)[:2])
    if study.choices.approach == "reflexive":
        return _nothing("The analysis is reflexive: readings are not measured against each other.")
    if len(coders) < 2:
        return _nothing("Only one coder coded; there is nothing to compare.")
    coders = tuple(sorted(coders))
    stated = read_readings(study.raw, study.register)
    used = stated["coder"].isin(coders) & stated["source_id"].isin(study.sources["source_id"])
    readings = stretches(stated[used], study.passages)
    both = study.corpus_of(codings[codings["coder"].isin(coders)])
    units = passages if study.choices.agreement_unit == "passage" else sentence_units(passages)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UndefinedMeasure)  # shown as such, row by row
            by_code = agreement.agreement_by_code(both, units, readings=readings)
            boundaries = agreement.u_alpha_by_code(both)
            sets = agreement.masi_alpha(agreement.code_sets(both, units, readings=readings))
        differences = agreement.disagreements(both, coders[0], coders[1], readings=readings)
    except NothingToCompareError as refusal:
        return _nothing(f"Agreement is refused: {refusal}.")
    used = by_code[by_code["applied"] > 0]
    silence = SILENCE if readings.empty else STATED
    reason = f"{coders[0]} and {coders[1]}, unit: {study.choices.agreement_unit}. {silence}"
    return Compared(used.reset_index(drop=True), differences, reason, coders, boundaries, sets)


def stretches(readings: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """Stated readings (`coding.readings`) as coder, source_id, start, end.

    A source read whole has neither start nor end. Numbers of passages that the source does not
    have reach as far as it goes.
    """
    rows = []
    for row in readings.itertuples(index=False):
        if pd.isna(row.from_passage):
            rows.append((row.coder, row.source_id, math.nan, math.nan))
            continue
        own = passages[passages["source_id"] == row.source_id]
        within = own[own["passage"].between(row.from_passage, row.to_passage)]
        if len(within):
            rows.append((row.coder, row.source_id, within["start"].min(), within["end"].max()))
    return pd.DataFrame(rows, columns=["coder", "source_id", "start", "end"])


def _nothing(reason: str) -> Compared:
    by_code, differences, boundaries = (
        pd.DataFrame(columns=columns) for columns in (_BY_CODE, _DIFFERENCES, _BOUNDARIES)
    )
    return Compared(by_code, differences, reason, (), boundaries, math.nan)


def sentence_units(passages: pd.DataFrame) -> pd.DataFrame:
    """The sentences of `passages` as units of the same columns, numbered within their source."""
    rows = []
    for row in passages.to_dict("records"):
        for start, end in sentence_spans(row["text"]):
            rows.append(
                row
                | {
                    "start": row["start"] + start,
                    "end": row["start"] + end,
                    "text": row["text"][start:end],
                }
            )
    units = pd.DataFrame(rows, columns=passages.columns)
    return units.assign(passage=units.groupby("source_id").cumcount())


def write_sheet(study: Study, differences: pd.DataFrame) -> None:
    """Leave the reconciliation sheet, with the words, in data/private/review.

    What people wrote into `decision` and `reason` of an earlier sheet stays with its row; rows
    that are no longer a difference but were decided are kept at the end.
    """
    path = study.private / "review" / "disagreements.csv"
    sheet = differences.astype(object).fillna("").astype(str).map(csv_cell)
    if path.is_file():
        earlier = pd.read_csv(path, dtype="str", keep_default_na=False)
        decided = earlier[(earlier[_WRITTEN] != "").any(axis=1)]
        decided = decided.drop_duplicates(_ROW)
        joined = sheet.drop(columns=_WRITTEN).merge(
            decided[[*_ROW, *_WRITTEN]], on=_ROW, how="left"
        )
        known = pd.MultiIndex.from_frame(sheet[_ROW])
        settled = decided[~pd.MultiIndex.from_frame(decided[_ROW]).isin(known)]
        sheet = pd.concat([joined, settled])[_DIFFERENCES].fillna("")
    tables.write_table(sheet, path)


def settled(study: Study) -> pd.DataFrame:
    """What was settled in the lab between coders: day, decision, differences; no words, no places.

    From the journal of `consensus`; each difference as it was decided last, undone ones left out.
    """
    decided: dict[str, tuple[str, str]] = {}
    for row in named_rows(study.raw / "coding" / f"lab-{CONSENSUS}.log.csv"):
        what = row.get("what", "").removeprefix("undo ").removeprefix("redo ")
        if not what.startswith(SETTLED):
            continue
        difference = row.get("note", "").rsplit(BETWEEN, 2)[0]
        decided.pop(difference, None)
        if not row["what"].startswith("undo "):
            decided[difference] = (row.get("when", "")[:10], what.removeprefix(SETTLED))
    table = pd.DataFrame(decided.values(), columns=["day", "decision"])
    return (
        table.groupby(["day", "decision"], as_index=False)
        .size()
        .rename(columns={"size": "differences"})
    )


def values(compared: Compared, discuss_below: float) -> Values:
    """The numbers that prose quotes about agreement.

    agree.reason; n_codes (with a defined alpha), n_discuss (of these, alpha below `discuss_below`),
    median_alpha, lowest_alpha, highest_alpha (None without any), n_differences.
    """
    alpha = compared.by_code["alpha"].astype(float).dropna()
    return {
        "agree.reason": (compared.reason, "text"),
        "agree.n_codes": (len(alpha), "count"),
        "agree.n_discuss": (int((alpha < discuss_below).sum()), "count"),
        "agree.median_alpha": (float(alpha.median()) if len(alpha) else None, "coefficient"),
        "agree.lowest_alpha": (float(alpha.min()) if len(alpha) else None, "coefficient"),
        "agree.highest_alpha": (float(alpha.max()) if len(alpha) else None, "coefficient"),
        "agree.n_differences": (len(compared.differences), "count"),
    }
