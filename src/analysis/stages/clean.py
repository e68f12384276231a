"""The cleaning stage: what was read, what each rule did, and what must be reviewed in private."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.cleaning import RULES
from analysis.cleaning.ledger import CLEAN
from analysis.cleaning.passages import DE_IDENTIFYING
from analysis.cleaning.prepared import REPLACED, Prepared, candidates_of
from analysis.cleaning.prepared import passages_of as passages_of_all
from analysis.cleaning.samples import SAMPLED, sample_rows
from analysis.files.spreadsheet import csv_cell
from analysis.stages.values import Values
from analysis.study import schemas

COUNTED = ["passages", "words", "names", "identifiers", "candidates"]
MASKED = ("rule", "reason", "before", "after", "source_id")
# So many masked edits are shown.
SHOWN = 12
_SHORT_NAMES = {
    "timestamps": "times",
    "hyphenation": "hyphens",
    "identifiers": "ident.",
    "pseudonyms": "names",
}


def joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """All `parts` below one another, with these columns even if there are none."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=columns)
    return pd.concat(filled, ignore_index=True)


def _stored(parts: list[pd.DataFrame], name: str) -> pd.DataFrame:
    """All `parts` below one another as the stored table `name`."""
    every = joined(parts, schemas.columns(name))
    return every if len(every) else schemas.empty(name)


def passages_of(prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """The passages of all prepared sources (tables.PASSAGES)."""
    return _stored([passages_of_all(prepared.values())], "passages")


def log_of(prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """The cleaning log of all prepared sources (tables.CLEANING_LOG)."""
    rows = [(name, *made) for name, one in prepared.items() for made in one.clean.made()]
    return _stored([pd.DataFrame(rows, columns=schemas.columns("cleaning_log"))], "cleaning_log")


def ledger_of(prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """The words ledger: source_id, step, rule, words, characters, as `cleaning.ledger` makes it."""
    rows = [
        (source_id, step, entry.rule, entry.words, entry.characters)
        for source_id, one in prepared.items()
        for step, entry in enumerate(one.accounted)
    ]
    return _stored([pd.DataFrame(rows, columns=schemas.columns("ledger"))], "ledger")


def shown_ledger(ledger: pd.DataFrame) -> pd.DataFrame:
    """The ledger for a page: a row a source, words from file to clean text by rule."""
    table = ledger.pivot_table(
        index="source_id", columns="rule", values="words", aggfunc="sum", sort=False
    )
    last = [name for name in table.columns if name == CLEAN]
    first = [name for name in table.columns if name != CLEAN]
    shown = table[first + last].fillna(0).astype("int64")
    return shown.rename(columns=lambda name: str(name).replace("_", " ")).reset_index()


def edits_by_source(log: pd.DataFrame, sources: Sequence[str]) -> pd.DataFrame:
    """The cleaning `log` of `sources` with a row a source and a column a rule that did anything: edits.

    Below the sources are the sums over all of them, of edits and of the characters that were
    removed or replaced. Long names of rules are shortened, so that the table fits a page.
    """
    log = log[log["source_id"].isin(sources)]
    rules = [rule for rule in (*RULES, "speaker_tags", *DE_IDENTIFYING) if rule in set(log["rule"])]
    table = log.pivot(index="source_id", columns="rule", values="count")
    table = table.reindex(index=list(sources), columns=rules).fillna(0).astype("int64")
    sums = log.groupby("rule")[["count", "characters"]].sum().reindex(rules).T
    sums.index = pd.Index(["edits in all", "characters in all"])
    names = {rule: _SHORT_NAMES.get(rule, rule.replace("_", " ")) for rule in rules}
    return pd.concat([table, sums]).rename(columns=names).rename_axis(columns=None)


def what_was_read(prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """One row a source: format, encoding, passages and words by who speaks, what was noted."""
    rows = []
    for source_id, one in prepared.items():
        words = {True: 0, False: 0}
        asked = [voice == "interviewer" for voice in one.said["voice"]]
        for is_asked, many in zip(asked, one.said["words"], strict=True):
            words[is_asked] += many
        rows.append(
            {
                "source_id": source_id,
                "format": one.format,
                "encoding": one.encoding,
                "passages": asked.count(False),
                "interviewer_passages": asked.count(True),
                "words": words[False],
                "interviewer_words": words[True],
                "notes": "; ".join(one.notes),
            }
        )
    columns = [
        "source_id",
        "format",
        "encoding",
        "passages",
        "interviewer_passages",
        "words",
        "interviewer_words",
        "notes",
    ]
    return pd.DataFrame(rows, columns=columns)


def counted_of(prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """One row a source: its passages, their words, what was replaced and what may be a name."""
    rows = []
    for source_id, one in prepared.items():
        replaced = Counter(rule for rule in DE_IDENTIFYING for _ in one.clean.replaced(rule))
        many = [replaced[rule] for rule in ("pseudonyms", "identifiers")]
        words = sum(one.said["words"])
        rows.append((source_id, len(one.said["start"]), words, *many, len(one.possible["start"])))
    return pd.DataFrame(rows, columns=["source_id", *COUNTED])


def replacements_of(prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """What was replaced by what in all prepared sources: the columns `REPLACED`. Private."""
    rows = [row for one in prepared.values() for row in one.replacements()]
    return pd.DataFrame(rows, columns=list(REPLACED))


def masked_rows(
    prepared: Mapping[str, Prepared], most: int = 2 * SHOWN
) -> list[tuple[str, str, str, str, str]]:
    """The first edit for each reason of a rule, of the first `most` such: `MASKED`, every letter masked."""
    first: dict[tuple[str, str], tuple[str, str, str, str, str]] = {}
    for name, one in prepared.items():
        for row in sample_rows(one.clean, 1):
            first.setdefault(row[:2], (*row, name))
        if len(first) >= most:
            break
    return list(first.values())


def private_tables(prepared: Mapping[str, Prepared]) -> dict[str, pd.DataFrame]:
    """What must not be published, by the name of its sheet: replacements, candidates, raw samples.

    No spreadsheet takes a cell for a formula.
    """
    raw = [
        (*row, name)
        for name, one in prepared.items()
        for row in sample_rows(one.clean, masked=False)
    ]
    sheets = {
        "replacements": replacements_of(prepared),
        "candidates": candidates_of(prepared.values()),
        "samples": pd.DataFrame(raw, columns=[*SAMPLED, "source_id"]),
    }
    return {name: _safe(table) for name, table in sheets.items()}


def _safe(table: pd.DataFrame) -> pd.DataFrame:
    words = table.select_dtypes(exclude="number").columns
    return table.assign(**{one: table[one].astype(str).map(csv_cell) for one in words})


def values_of(counted: pd.DataFrame, kind: str) -> Values:
    """The numbers that prose quotes about the cleaning of one kind of source, of `counted_of`."""
    sums = counted[COUNTED].sum().astype("int64")
    return {
        f"clean.{kind}.n_sources": (len(counted), "count"),
        f"clean.{kind}.n_passages": (int(sums["passages"]), "count"),
        f"clean.{kind}.n_words": (int(sums["words"]), "words"),
        f"clean.{kind}.n_names_replaced": (int(sums["names"]), "count"),
        f"clean.{kind}.n_identifiers_replaced": (int(sums["identifiers"]), "count"),
        f"clean.{kind}.n_candidates": (int(sums["candidates"]), "count"),
    }
