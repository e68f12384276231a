"""What the last site showed of each source, and whether that may still be shown."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pandas as pd

from analysis.tables import write_table

PUBLISHED = "published-sources.csv"
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
    """
    told = site / PUBLISHED
    if not told.is_file():
        return []
    published = pd.read_csv(told, dtype=str, keep_default_na=False)
    active = register[register["status"] == "active"].set_index("source_id")["publish"]
    allowed = published["source_id"].map(active)
    left = allowed.isna() | (
        allowed.map(_MORE).fillna(-1) < published["publish"].map(_MORE).fillna(len(_MORE))
    )
    gone = list(published.loc[left, "source_id"])
    if gone:
        for folder in site.parent.glob(f"{site.name}*"):
            shutil.rmtree(folder)
        print(f"the last site is removed: it showed {', '.join(gone)}", file=sys.stderr)
    return gone
