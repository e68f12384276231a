"""Tables as they are given, made plain: names as text, places as whole numbers.

Every measure passes its tables through here once, so that a code called 7 and one called "7" are
the same, and so that what is missing is named instead of falling into a neighbour's place.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.text.words import count_words


def given_codings(codings: pd.DataFrame, *, by_coder: bool = False) -> pd.DataFrame:
    """Return codings whose source_id, code and coder are text and whose places are int64.

    A missing coder is '', one coder like any other. `by_coder`: the column coder is needed.
    Raises ValueError for a column that is not there, a missing source_id or code, places that
    are no whole numbers or below 0, and ends before their starts.
    """
    needed = ["source_id", "start", "end", "code", *(["coder"] if by_coder else [])]
    codings = _spans(codings, "codings", needed)
    if "coder" in codings:
        codings["coder"] = _text(codings["coder"]).fillna("")
    return codings


def given_passages(passages: pd.DataFrame, name: str = "passages") -> pd.DataFrame:
    """Return passages (or units, as `name` says) in order of source and place.

    source_id is text, places are int64, and passages without a column `passage` are numbered
    within their source. Raises ValueError as `given_codings`, and for a text that is missing.
    """
    passages = _spans(passages, name, ["source_id", "start", "end"])
    if "text" in passages:
        _refuse_gaps(passages, name, ["text"])
    passages = passages.sort_values(["source_id", "start", "end"], kind="stable", ignore_index=True)
    if "passage" not in passages:
        passages["passage"] = passages.groupby("source_id").cumcount()
    return passages


def given_sources(sources: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return sources, sorted, whose source_id and case_id are text.

    Without a column case_id each source is a case of its own. Raises ValueError for a column
    of `by` that is not there, for a missing value in it or in case_id, naming the sources (no
    case and no group may be made up), and for a source that is listed twice.
    """
    _refuse_lack(sources, "sources", ["source_id", *by])
    _refuse_gaps(sources, "sources", ["source_id"])
    sources = sources.assign(source_id=_text(sources["source_id"]))
    twice = sources.loc[sources["source_id"].duplicated(), "source_id"]
    if len(twice):
        raise ValueError(f"sources list more than once: {', '.join(sorted(set(twice)))}")
    if "case_id" not in sources:
        sources = sources.assign(case_id=sources["source_id"])
    for column in ("case_id", *by):
        gaps = sources.loc[sources[column].isna(), "source_id"]
        if len(gaps):
            raise ValueError(f"sources have no {column} for: {', '.join(sorted(gaps))}")
    sources = sources.assign(case_id=_text(sources["case_id"]))
    return sources.sort_values("source_id", ignore_index=True)


def words_in(passages: pd.DataFrame) -> np.ndarray:
    """Return the words of each passage: its column words, or else counted in its text.

    Raises ValueError where there is neither, or no number in the column.
    """
    if "words" in passages:
        _refuse_gaps(passages, "passages", ["words"])
        return np.asarray(passages["words"], dtype=float)
    _refuse_lack(passages, "passages without a column words", ["text"])
    return np.array([count_words(text) for text in passages["text"]], dtype=float)


def with_text(passages: pd.DataFrame) -> pd.DataFrame:
    """Return `passages`, or raise ValueError where they come without their text."""
    _refuse_lack(passages, "passages", ["text"])
    return passages


def cases_of(source_ids: Sequence[str], sources: pd.DataFrame | None) -> pd.Series:
    """Return the case of each of `source_ids`; without `sources` each source is a case.

    Raises ValueError for sources it does not list, or lists without a case.
    """
    ids = pd.Series(list(source_ids), dtype=str)
    if sources is None:
        return ids
    listed = given_sources(sources).set_index("source_id")["case_id"]
    unlisted = sorted(set(ids) - set(listed.index))
    if unlisted:
        raise ValueError(f"sources does not list: {', '.join(unlisted)}")
    return ids.map(listed)


def _spans(table: pd.DataFrame, name: str, needed: Sequence[str]) -> pd.DataFrame:
    _refuse_lack(table, name, needed)
    named = [column for column in ("source_id", "code") if column in needed]
    _refuse_gaps(table, name, [*named, "start", "end"])
    table = table.assign(
        **{column: _text(table[column]) for column in named},
        **{column: _whole(table[column], name) for column in ("start", "end")},
    )
    # A place outside its text would fall into a neighbour's once texts are laid end to end.
    outside = int(((table["start"] < 0) | (table["end"] < table["start"])).sum())
    if outside:
        raise ValueError(
            f"{outside} of {len(table)} rows of {name} begin before 0, or end before they start"
        )
    return table


def asked(n: int, level: float) -> None:
    """Raise ValueError unless there is at least one draw, and `level` lies between 0 and 1."""
    if n < 1:
        raise ValueError(f"n is {n}: at least 1 draw is needed")
    if not 0 < level < 1:
        raise ValueError(f"level is {level}: a share between 0 and 1 is needed, such as 0.95")


def _refuse_lack(table: pd.DataFrame, name: str, needed: Sequence[str]) -> None:
    lacking = [column for column in needed if column not in table]
    if lacking:
        raise ValueError(f"{name} have no column {', '.join(lacking)}")


def _refuse_gaps(table: pd.DataFrame, name: str, columns: Sequence[str]) -> None:
    for column in columns:
        gaps = int(table[column].isna().sum())
        if gaps:
            raise ValueError(f"{gaps} of {len(table)} rows of {name} have no {column}")


def _text(column: pd.Series) -> pd.Series:
    return column if column.dtype == "str" else column.astype(str)


def _whole(column: pd.Series, name: str) -> pd.Series:
    number = pd.to_numeric(column)
    whole = number.astype(np.int64)
    if not (whole == number).all():
        raise ValueError(f"{column.name} of {name} must be whole numbers")
    return whole
