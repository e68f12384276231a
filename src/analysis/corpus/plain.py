"""Tables made plain: names become text, places whole numbers, and what cannot be counted is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

# Where Arrow is installed pandas would keep text in it, and ask it which words fit a pattern: by
# other rules than Python's, so that a result would hang on what is installed.
pd.options.mode.string_storage = "python"

# No text reaches so far, and sums of such places stay whole numbers of 64 bits.
_FARTHEST = 2**31


def plain_codings(codings: pd.DataFrame) -> pd.DataFrame:
    """Codings whose source_id, code and coder are text and whose places are int64.

    Raises ValueError as `Corpus`.
    """
    codings = _spans(codings, "codings", ["source_id", "start", "end", "code"])
    if "coder" in codings:
        missing = codings["coder"].isna()
        codings["coder"] = as_text(codings["coder"].astype(object).where(~missing, ""))
    return codings


def plain_passages(passages: pd.DataFrame, name: str = "passages") -> pd.DataFrame:
    """Passages (or units, as `name` says) in order of source and place.

    Raises ValueError as `Corpus`, and for a text that is missing.
    """
    passages = _spans(passages, name, ["source_id", "start", "end"])
    if "text" in passages:
        refuse_gaps(passages, name, ["text"])
    passages = passages.sort_values(["source_id", "start", "end"], kind="stable", ignore_index=True)
    if "passage" not in passages:
        passages["passage"] = passages.groupby("source_id").cumcount()
    return passages


def plain_sources(sources: pd.DataFrame) -> pd.DataFrame:
    """Sources, sorted by source_id; source_id and case_id are text.

    Raises ValueError for a source without a case_id, or listed twice.
    """
    refuse_lack(sources, "sources", ["source_id"])
    refuse_gaps(sources, "sources", ["source_id"])
    sources = sources.assign(source_id=as_text(sources["source_id"]))
    twice = sources.loc[sources["source_id"].duplicated(), "source_id"]
    if len(twice):
        raise ValueError(f"sources list more than once: {', '.join(sorted(set(twice)))}")
    if "case_id" not in sources:
        sources = sources.assign(case_id=sources["source_id"])
    refuse_unknown(sources, "case_id")
    sources = sources.assign(case_id=as_text(sources["case_id"]))
    return sources.sort_values("source_id", ignore_index=True)


def refuse_unknown(sources: pd.DataFrame, column: str) -> None:
    """Raise ValueError, naming the sources, where `column` is not there or has no value."""
    refuse_lack(sources, "sources", [column])
    gaps = sources.loc[sources[column].isna(), "source_id"]
    if len(gaps):
        raise ValueError(f"sources have no {column} for: {', '.join(sorted(gaps))}")


def plain_codes(codes: pd.DataFrame) -> pd.DataFrame:
    refuse_lack(codes, "codes", ["code"])
    gaps = int(codes["code"].isna().sum())
    if gaps:
        raise ValueError(f"{gaps} of {len(codes)} codes have no name")
    return codes.assign(code=as_text(codes["code"]))


def refuse_unlisted(table: pd.DataFrame, name: str, sources: pd.DataFrame) -> None:
    """Raise ValueError, naming them, where `table` is of sources that `sources` do not list."""
    listed = table["source_id"].isin(sources["source_id"])
    if not listed.all():
        unknown = sorted(set(table.loc[~listed, "source_id"]))
        told = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5} more" if unknown[5:] else "")
        raise ValueError(
            f"{int((~listed).sum())} of {len(table)} rows of {name} are of sources that sources "
            f"do not list: {told}"
        )


def _spans(table: pd.DataFrame, name: str, needed: Sequence[str]) -> pd.DataFrame:
    refuse_lack(table, name, needed)
    named = [column for column in ("source_id", "code") if column in needed]
    refuse_gaps(table, name, [*named, "start", "end"])
    table = table.assign(
        **{column: as_text(table[column]) for column in named},
        **{column: _whole(table[column], name) for column in ("start", "end")},
    )
    # A place outside its text would fall into a neighbour's once texts are laid end to end.
    outside = int(((table["start"] < 0) | (table["end"] < table["start"])).sum())
    if outside:
        raise ValueError(
            f"{outside} of {len(table)} rows of {name} begin before 0, or end before they start"
        )
    return table


def refuse_lack(table: pd.DataFrame, name: str, needed: Sequence[str]) -> None:
    """Raise ValueError where `table` lacks one of the columns `needed`."""
    lacking = [column for column in needed if column not in table]
    if lacking:
        raise ValueError(f"{name} have no column {', '.join(lacking)}")


def refuse_gaps(table: pd.DataFrame, name: str, columns: Sequence[str]) -> None:
    """Raise ValueError where a cell of `columns` is missing."""
    for column in columns:
        gaps = int(table[column].isna().sum())
        if gaps:
            raise ValueError(f"{gaps} of {len(table)} rows of {name} have no {column}")


def several(names: Iterable[object], what: str) -> list[str]:
    """`names` as text, in their order, each once.

    Raises ValueError, calling them `what`, for one bare text, which would be read letter by letter,
    and for a missing name.
    """
    if isinstance(names, str):
        raise ValueError(f"{what} is the one text {names!r}: give a list, such as [{names!r}]")
    listed = pd.Series(list(names), dtype=object)
    if listed.isna().any():
        raise ValueError(f"{int(listed.isna().sum())} of {len(listed)} {what} have no name")
    return list(dict.fromkeys(as_text(listed)))


def as_text(column: pd.Series) -> pd.Series:
    """`column` as text; a whole number says the same with and without a decimal point."""
    if column.dtype == "str":
        return column
    if pd.api.types.is_integer_dtype(column.dtype):
        return column.astype(str)
    return column.map(_name).astype(str)


def _name(value: object) -> str:
    whole = isinstance(value, float | np.floating) and float(value).is_integer()
    return str(int(value)) if whole else str(value)  # type: ignore[call-overload]


def _whole(column: pd.Series, name: str) -> pd.Series:
    number = pd.to_numeric(column)
    if not ((number % 1 == 0) & (number <= _FARTHEST)).all():
        raise ValueError(f"{column.name} of {name} must be whole numbers, of at most 2**31")
    return number.astype(np.int64)
