"""The recorded design: `data/raw/sample.yml`, and the sample for people to code, `sample.csv`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from analysis.corpus import KINDS
from analysis.files.csv_rows import named_rows
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.whole_file import write_text
from analysis.files.yaml_fields import compose
from analysis.sampling.design import Design, allocated, drawn, frame_of, number_of
from analysis.study import tables

DESIGN, SAMPLE = "sample.yml", "sample.csv"
SHOWN = f"data/raw/{DESIGN}"
_SAMPLE_SHOWN = f"data/raw/{SAMPLE}"
COLUMNS = ("order", "case_id", "source_id", "stratum", "probability")
_HEAD = """\
# Drawn by `qualan sample`. A number made of seed and case_id orders the cases of each stratum; those
# in front are the sample, listed in sample.csv in the order in which to code them. Not to be edited.
"""


@dataclass(frozen=True)
class Recorded:
    """A design and the cases that it drew, `case_ids`, in the order in which to code them."""

    design: Design
    case_ids: tuple[str, ...]


def draw(
    raw: Path,
    sources: pd.DataFrame,
    *,
    size: int,
    strata: tuple[str, ...],
    kinds: tuple[str, ...],
    seed: int,
    on: str,
) -> Recorded:
    """Draw `size` cases and record the design; a sample that is there already grows by it.

    `sources`: the rows of the register in use. Raises `StudyError` where there is nothing to draw
    from, strata are no columns or divide a case, or a sample drawn otherwise is there: a sample is
    drawn once, so that nobody can draw until they like it.
    """
    earlier = read_design(raw) if (raw / DESIGN).is_file() else None
    frame = _frame(sources, kinds, strata)
    counts = {str(name): int(count) for name, count in frame.value_counts().items()}
    sampled = allocated(counts, size)
    if earlier:
        _refuse_other(earlier, seed, strata, kinds, sampled)
        on = earlier.drawn
    design = Design(seed, on, kinds, strata, counts, sampled)
    case_ids = drawn(frame, seed, sampled)
    order = {case: place for place, case in enumerate(case_ids, start=1)}
    rows = of_kinds(sources, kinds)
    rows = rows[rows["case_id"].isin(order)]
    table = pd.DataFrame(
        {
            "order": rows["case_id"].map(order),
            "case_id": rows["case_id"],
            "source_id": rows["source_id"],
            "stratum": rows["case_id"].map(frame),
            "probability": rows["case_id"].map(frame).map(design.probability),
        }
    ).sort_values(["order", "source_id"])
    tables.write_table(table, raw / SAMPLE)
    write_text(raw / DESIGN, _HEAD + yaml.safe_dump(_as_yaml(design), sort_keys=False))
    return Recorded(design, tuple(case_ids))


def read_design(raw: Path) -> Design:
    """The recorded design. Raises `StudyError` for all that is wrong with it, each with its line,
    and where there is none."""
    problems: list[Problem] = []
    document = compose(raw / DESIGN, SHOWN, problems)
    if document is None:
        raise StudyError(
            Problem(
                SHOWN,
                "no such file",
                "the design of the sample that people coded",
                "draw a sample with `qualan sample` and let people code it",
            )
        )
    document.only(["seed", "drawn", "kinds", "by", "strata"])
    seed = int(document.number("seed", 0, 2**32 - 1, whole=True))
    day = document.date("drawn")
    kinds, strata = (
        tuple(document.texts(field)) if not document.is_empty(field) else ()
        for field in ("kinds", "by")
    )
    cases: dict[str, int] = {}
    sampled: dict[str, int] = {}
    for entry in document.mappings("strata", "a stratum"):
        entry.only(["stratum", "cases", "sampled", "probability"])
        name = entry.text("stratum")
        cases[name] = int(entry.number("cases", 1, 1e9, whole=True))
        sampled[name] = int(entry.number("sampled", 1, cases[name], whole=True))
        stated = entry.number("probability", 0, 1, whole=False)
        if abs(stated - sampled[name] / cases[name]) > 1e-6:
            entry.problem(
                "probability",
                f"{stated}",
                f"sampled / cases: {sampled[name] / cases[name]:.6f}",
                "put the file back as `qualan sample` wrote it",
            )
    raise_if_any(problems)
    return Design(seed, day, kinds, strata, cases, sampled)


def read_sample(raw: Path, sources: pd.DataFrame) -> Recorded:
    """The recorded design and its sample, held against what it would draw of `sources` today.

    Cases that have left are gone from the sample too, and the rest is still a random part. Raises
    `StudyError` where a case was put in, taken out or moved by hand, or has come since and belongs
    to it.
    """
    design = read_design(raw)
    frame = _frame(sources, design.kinds, design.strata)
    stratum_of = {row.get("case_id", ""): row.get("stratum", "") for row in _listed(raw)}
    counts = Counter(stratum_of.values())
    reach: dict[str, float] = {}
    for case, stratum in stratum_of.items():
        reach[stratum] = max(reach.get(stratum, 0.0), number_of(design.seed, case))
    due = {
        case
        for case, stratum in frame.items()
        if number_of(design.seed, case) <= reach.get(stratum, -1.0)
    }
    missing = sorted(due - set(stratum_of))
    moved = sorted(case for case, told in stratum_of.items() if frame.get(case, told) != told)
    found = [
        *(f"no case {case}, whom the recorded design draws" for case in missing[:5]),
        *(f"case {case} in another stratum than in the register" for case in moved[:5]),
        *(
            f"{counts[name]} cases of stratum {name}, and {count} in {DESIGN}"
            for name, count in design.sampled.items()
            if counts[name] != count
        ),
    ]
    remedy = "put the file back; or, where cases came since, draw again with the same design"
    raise_if_any(
        [
            Problem(_SAMPLE_SHOWN, one, "the cases that the recorded design draws", remedy)
            for one in found
        ]
    )
    return Recorded(design, tuple(case for case in stratum_of if case in frame.index))


def _listed(raw: Path) -> list[dict[str, str]]:
    rows = named_rows(raw / SAMPLE)
    if not rows:
        raise StudyError(
            Problem(_SAMPLE_SHOWN, "no cases", "the sample as it was drawn", "put the file back")
        )
    return rows


def of_kinds(sources: pd.DataFrame, kinds: tuple[str, ...]) -> pd.DataFrame:
    """The sources of these kinds; all where none are named."""
    return sources[sources["kind"].isin(kinds)] if kinds else sources


def _frame(sources: pd.DataFrame, kinds: tuple[str, ...], strata: tuple[str, ...]) -> pd.Series:
    """`design.frame_of`, with problems told as those of the register."""
    where = "data/raw/sources.csv"
    unknown = [kind for kind in kinds if kind not in KINDS]
    problems = [
        Problem(where, f"no kind {kind}", f"one of {', '.join(KINDS)}", "correct it")
        for kind in unknown
    ]
    problems += [
        Problem(where, f"no column {name}", "columns that divide cases into strata", "correct it")
        for name in strata
        if name not in sources
    ]
    raise_if_any(problems)
    rows = of_kinds(sources, kinds)
    if rows.empty:
        raise StudyError(
            Problem(where, "no source to draw from", "active sources of the kinds", "correct it")
        )
    try:
        return frame_of(rows, strata)
    except ValueError as error:
        raise StudyError(
            Problem(
                where, str(error), "every case in one stratum", "choose strata that divide no case"
            )
        ) from None


def _refuse_other(
    earlier: Design,
    seed: int,
    strata: tuple[str, ...],
    kinds: tuple[str, ...],
    sampled: dict[str, int],
) -> None:
    told = [
        (name, before, now)
        for name, before, now in (
            ("seed", str(earlier.seed), str(seed)),
            ("by", ", ".join(earlier.strata) or "no strata", ", ".join(strata) or "no strata"),
            ("kinds", ", ".join(earlier.kinds) or "all kinds", ", ".join(kinds) or "all kinds"),
        )
        if before != now
    ]
    told += [
        (f"stratum {name}", f"{count} cases drawn", f"{sampled.get(name, 0)}")
        for name, count in earlier.sampled.items()
        if sampled.get(name, 0) < count
    ]
    raise_if_any(
        [
            Problem(
                f"{SHOWN}, {name}",
                f"a sample drawn with {before}",
                f"the same design, of the same size or larger, not {now}",
                "draw with the recorded design; or, before anybody codes, delete sample.yml and "
                "sample.csv",
            )
            for name, before, now in told
        ]
    )


def _as_yaml(design: Design) -> dict[str, object]:
    return {
        "seed": design.seed,
        "drawn": design.drawn,
        "kinds": list(design.kinds),
        "by": list(design.strata),
        "strata": [
            {
                "stratum": name,
                "cases": count,
                "sampled": design.sampled[name],
                "probability": round(design.probability(name), 9),
            }
            for name, count in sorted(design.cases.items())
        ],
    }
