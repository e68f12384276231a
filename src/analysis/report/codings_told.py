"""What became of codings, told on the console at every report: what is not counted, and why."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.coding.project import SET_ASIDE
from analysis.files.whole_file import write_bytes
from analysis.study.coders import EVERYONE, is_divided, left_uncounted
from analysis.study.folder import Study
from analysis.study.schemas import schema_of
from analysis.study.tables import read_table

# As the last report counted them; a new one is compared with it.
LAST = "last_report/coding_ledger.csv"
_KEPT = ("read", "placed")
_LIST = "data/processed/coding_ledger.csv"
_MOST = 12


def lines(study: Study) -> Iterator[str]:
    """One line for each file in which no coding was seen, for each reason for which codings of a
    file are not counted, for sources that the choice of coder leaves out, and for what is fewer than
    in the last report."""
    ledger, report = study.table("coding_ledger"), study.table("coding_report")
    for one in report[report["topic"] == SET_ASIDE].sort_values("file").itertuples():
        yield f"{one.file}: set aside as no coding, {one.detail}"
    left = ledger[~ledger["fate"].isin(_KEPT)]
    for (file, fate), count in left.groupby(["file", "fate"], sort=True)["count"].sum().items():
        yield f"{file}: {count} codings not counted, {fate} ({_LIST})"
    yield from _uncounted(study.all_codings, study.choices.coder)
    last = study.processed / LAST
    if last.is_file():
        yield from fewer(read_table(last, schema_of("coding_ledger")), ledger)


def keep(study: Study) -> None:
    """Remember the ledger for the next report."""
    write_bytes(study.processed / LAST, (study.processed / "coding_ledger.csv").read_bytes())


def _uncounted(codings: pd.DataFrame, coder: str) -> Iterator[str]:
    sources = left_uncounted(codings, coder)
    if sources:
        remedy = f"; `coder: {EVERYONE}` in params.yml counts them" if is_divided(codings) else ""
        shown = ", ".join(sources[:_MOST]) + (", …" if len(sources) > _MOST else "")
        yield f"coder {coder} coded nothing in {len(sources)} sources that others coded: {shown}{remedy}"


def fewer(before: pd.DataFrame, now: pd.DataFrame) -> Iterator[str]:
    """What `now` counts less of than `before`: codings placed of a file by a coder, coders, files."""
    told = [_placed(before), _placed(now)]
    for key, count in told[0].items():
        left = told[1].get(key, 0)
        if left < count:
            file, coder = key
            said = "no more read" if key not in _read(now) else f"see {_LIST}"
            yield f"{file}, coder {coder}: {left} codings counted, {count} in the last report; {said}"
    gone = {coder for _, coder in told[0]} - {coder for _, coder in told[1]}
    for coder in sorted(gone):
        yield f"coder {coder}: no coding counted any more"


def _placed(ledger: pd.DataFrame) -> dict[tuple[str, str], int]:
    placed = ledger[(ledger["fate"] == "placed") & (ledger["coder"] != "")]
    counts = placed.groupby(["file", "coder"], sort=True)["count"].sum()
    return {(str(file), str(coder)): int(count) for (file, coder), count in counts.items()}


def _read(ledger: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(ledger["file"], ledger["coder"], strict=True))
