"""What is known of a passage besides its words and codes: memos, quotations, its time."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.claims.memos import MEMOS, read_memos
from analysis.explore.recordings import recording_of
from analysis.explore.times import times_of
from analysis.stages.texts import prepared_sources
from analysis.study.folder import Study


class Known:
    """What a study knows of its passages; read once, but for memos and the paper, which change."""

    def __init__(self, study: Study, blind: frozenset[str]) -> None:
        """`blind`: sources of which no coder's memo may be shown (`Searchable.blind`)."""
        self.study, self.blind = study, blind

    @cached_property
    def _noted(self) -> pd.DataFrame:
        """Coded spans with a memo."""
        codings = self.study.all_codings
        return codings[(codings["memo"] != "") & ~codings["source_id"].isin(self.blind)]

    @cached_property
    def _times(self) -> dict[str, dict[int, str]]:
        return {}

    def of(self, row: pd.Series) -> dict[str, Any]:
        """Facts on a passage: `memos` and `quoted` as lines, `time` in its recording, `plays`."""
        source, passage = str(row["source_id"]), str(row["id"])
        return {
            "memos": [*self._on_spans(row), *self._naming(passage)],
            "quoted": self._quoted(passage),
            "time": self._time(source, int(row["passage"])),
            "source": source,
            "plays": recording_of(self.study.raw, source) is not None,
        }

    def _on_spans(self, row: pd.Series) -> list[str]:
        own = self._noted
        own = own[
            (own["source_id"] == row["source_id"])
            & (own["start"] < row["end"])
            & (own["end"] > row["start"])
        ]
        return [f"{one.code}, {one.coder}: {one.memo}" for one in own.itertuples(index=False)]

    def _naming(self, passage: str) -> list[str]:
        named = re.compile(rf"(?<![\w-]){re.escape(passage)}(?![\w-])")
        written = read_memos(self.study.raw / MEMOS)
        found = written[[bool(named.search(text)) for text in written["text"]]]
        return [
            f"memo {one.memo_id} ({one.kind}, {one.date})" for one in found.itertuples(index=False)
        ]

    def _quoted(self, passage: str) -> list[str]:
        said = f"quotations/{passage}.md"
        reports = self.study.reports
        return [
            f"{path.relative_to(reports.parent).as_posix()}, line {number}"
            for path in sorted([*reports.glob("*.qmd"), *reports.glob("interpretations/*.qmd")])
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1)
            if said in line
        ]

    def _time(self, source_id: str, passage: int) -> str:
        if source_id not in self._times:
            prepared = self._prepared.get(source_id)
            self._times[source_id] = {}
            if prepared is not None:
                numbers = prepared.passages["passage"].astype(int)
                times = times_of(prepared.clean, prepared.passages)
                self._times[source_id] = dict(zip(numbers, times, strict=True))
        return self._times[source_id].get(passage, "")

    @cached_property
    def _prepared(self) -> Any:
        # Times were cleaned away: only the reader's text has them.
        return prepared_sources(self.study)
