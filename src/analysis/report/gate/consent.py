"""What the last site showed of each source, and whether that may still be shown."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pandas as pd

from analysis.study.tables import write_table

PUBLISHED = "published-sources.csv"
_LEFT = ("withdrawn", "embargoed")
_MORE = {"none": 0, "unknown": 0, "extracts": 1, "full": 2}


def write_published(sources: pd.DataFrame, folder: Path) -> None:
    """Write into `folder`, a part of the site, which sources it counts and how much it shows."""
    shown = sources[["source_id", "publish"]].sort_values("source_id")
    write_table(shown.reset_index(drop=True), folder / PUBLISHED)


def remove_withdrawn(register: pd.DataFrame, site: Path) -> list[str]:
    """Remove the last site at once when it shows a source that has since left, or shows too much.

    A source has left when it is withdrawn, embargoed, or no longer in the register; too much is
    shown when `publish` allows less than it did. Returns the ids of these sources; the site stays
    when there are none.

    `register` may have faults (`register.as_written`). What a row says in known words counts; a
    mistyped word takes nothing back, and a source may be missing because its row cannot be read:
    it has left only when every row has an id of its own and all its words.
    """
    told = site / PUBLISHED
    if not told.is_file() or "source_id" not in register:
        return []
    published = pd.read_csv(told, dtype=str, keep_default_na=False)
    rows = register.reindex(columns=["source_id", "status", "publish"], fill_value="")
    ids = rows["source_id"]
    left = published["source_id"].isin(ids[rows["status"].str.casefold().isin(_LEFT)])
    if ids.is_unique and (rows != "").all(axis=None):
        left |= ~published["source_id"].isin(ids)
    # Of two rows with one id, which is a fault, the one that allows more is taken.
    allowed = _more(rows["publish"]).groupby(ids).max()
    left |= published["source_id"].map(allowed) < _more(published["publish"])
    gone = list(published.loc[left, "source_id"])
    if gone:
        for folder in site.parent.glob(f"{site.name}*"):
            shutil.rmtree(folder)
        print(f"the last site is removed: it showed {', '.join(gone)}", file=sys.stderr)
    return gone


def _more(publish: pd.Series) -> pd.Series:
    """How much each word of `publish` allows; an unknown one, as much as was shown before."""
    return publish.str.casefold().map(_MORE).fillna(len(_MORE))
