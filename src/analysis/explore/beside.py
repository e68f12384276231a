"""A choice tried: the measures as they are, and beside them as they would be."""

from __future__ import annotations

from functools import cached_property
from html import escape

import pandas as pd

from analysis.explore import view
from analysis.explore.found import Table
from analysis.explore.meetings import known_unit
from analysis.measures import cooccurrence, frequencies
from analysis.study import Study

_SHOWN = 12


class Beside:
    """The measures of one study under the present choices and under others; no file is touched."""

    def __init__(self, present: Study, other: Study, changed: dict[str, object]) -> None:
        self.present, self.other, self.changed = present, other, changed

    @property
    def line(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.changed.items())
        return f"explore.beside({given})"

    def __repr__(self) -> str:
        return self.line

    @cached_property
    def cooccurrence(self) -> Table:
        """Every pair of codes: code_a, code_b, n_ab now, n_ab then, change; most changed first."""
        now, then = (
            cooccurrence.cooccurrence(
                study.codings, known_unit(study.choices.unit), study.passages, study.choices.window,
                codes=sorted(study.codes["code"]), voices=study.counted_voices,
            )[["code_a", "code_b", "n_ab"]]
            for study in (self.present, self.other)
        )  # fmt: skip
        return self._joined(now, then, ["code_a", "code_b"], "n_ab", "cooccurrence")

    @cached_property
    def frequencies(self) -> Table:
        """Every code: segments now, then, change; most changed first."""
        now, then = (
            frequencies.code_by_source(
                study.codings, study.codes, study.sources, study.passages,
                voices=study.counted_voices,
            ).groupby("code", as_index=False)["segments"].sum()
            for study in (self.present, self.other)
        )  # fmt: skip
        return self._joined(now, then, ["code"], "segments", "frequencies")

    def _joined(
        self, now: pd.DataFrame, then: pd.DataFrame, key: list[str], figure: str, name: str
    ) -> Table:
        both = now.merge(then, on=key, suffixes=("_now", "_then"))
        both["change"] = both[f"{figure}_then"] - both[f"{figure}_now"]
        far = both["change"].abs()
        both = both.assign(far=far).sort_values(
            ["far", *key], ascending=[False, *[True] * len(key)]
        )
        return Table(f"{self.line}.{name}", both.drop(columns="far").reset_index(drop=True))

    def _repr_html_(self) -> str:
        said = ", ".join(
            f"{name} {getattr(self.present.choices, name)} → {value}"
            for name, value in self.changed.items()
        )
        parts = [f"<p><strong>{escape(said)}</strong> <code>{escape(self.line)}</code></p>"]
        for title, table in (
            ("Where codes meet", self.cooccurrence),
            ("Segments", self.frequencies),
        ):
            changed = table.table[table.table["change"] != 0]
            parts.append(
                f"<p>{title}: {view.plural(len(changed), 'row')} of {len(table.table):,} would change"
                f" (<code>{escape(table.line)}</code>)</p>"
            )
            if len(changed):
                parts.append(changed.head(_SHOWN).to_html(index=False, escape=True, border=0))
        return view.framed("".join(parts))
