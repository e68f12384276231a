"""A choice tried: the measures as they are, and beside them as they would be."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from html import escape

import pandas as pd

from analysis.explore import view
from analysis.explore.counting import counted_rows
from analysis.explore.counts import Counts, Table
from analysis.explore.meetings import known_unit
from analysis.explore.results import Session
from analysis.measures import contrasts, cooccurrence, frequencies
from analysis.stages import agreement
from analysis.stages.frequencies import interviews_or_all
from analysis.study.folder import Study

_SHOWN = 12
# What each measure reads besides the material: another choice leaves it as it is.
_CODED = frozenset({"coder", "interviewer_speech"})
READS: Mapping[str, frozenset[str]] = {
    "cooccurrence": _CODED | {"unit", "window"},
    "frequencies": _CODED,
    "contrasts": _CODED | {"minimum_group"},
    "agreement": frozenset({"interviewer_speech", "agreement_unit", "approach"}),
}
TITLES = {
    "cooccurrence": "Where codes meet",
    "frequencies": "Segments",
    "contrasts": "Shares of cases compared, by role",
    "agreement": "Agreement of two coders (alpha)",
}


class Beside(Counts):
    """The measures of one study under the present choices and under others; no file is touched.

    Each measure is a `Table` of its key, its figure now and then, and the change, most changed
    first. `table` has what would change in any: measure, of, now, then, change.
    """

    def __init__(self, session: Session, other: Study, changed: Mapping[str, object]) -> None:
        self.session, self.other, self.changed = session, other, changed
        self.line = session.line("beside", **changed)
        self.rows = counted_rows(session.corpus)

    def __repr__(self) -> str:
        return self.line

    @cached_property
    def cooccurrence(self) -> Table:
        """Every pair of codes: code_a, code_b, n_ab now, n_ab then, change."""
        return self._joined(
            "cooccurrence",
            ["code_a", "code_b"],
            "n_ab",
            [
                cooccurrence.cooccurrence(
                    study.corpus,
                    known_unit(study.choices.unit),
                    study.choices.window,
                    codes=sorted(study.codes["code"]),
                )
                for study in (self.session.study, self.other)
            ],
        )

    @cached_property
    def frequencies(self) -> Table:
        """Every code: segments now, then, change."""
        return self._joined(
            "frequencies",
            ["code"],
            "segments",
            [
                frequencies.code_by_source(study.corpus)
                .groupby("code", as_index=False)["segments"]
                .sum()
                for study in (self.session.study, self.other)
            ],
        )

    @cached_property
    def contrasts(self) -> Table:
        """Every two roles and code: difference of the shares of cases now, then, change."""
        key = ["group_a", "group_b", "code"]
        tables = [_contrasts(study) for study in (self.session.study, self.other)]
        return self._joined("contrasts", key, "share_difference", tables)

    @cached_property
    def agreement(self) -> Table:
        """Every code that two coders used: alpha now, then, change."""
        return self._joined(
            "agreement",
            ["code"],
            "alpha",
            [agreement.compare(study).by_code for study in (self.session.study, self.other)],
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every figure that moved: measure, of, now, then, change; worked out when it is asked
        for."""
        parts = []
        for name in self._concerned:
            rows = _moved(getattr(self, name).table)
            figure = [column for column in rows if column.endswith(("_now", "_then"))]
            key = [column for column in rows if column not in (*figure, "change")]
            of = rows[key].astype(str).agg(" with ".join, axis=1) if len(rows) else []
            plain = rows[[*figure, "change"]].set_axis(["now", "then", "change"], axis=1)
            parts.append(plain.assign(measure=TITLES[name], of=of))
        columns = ["measure", "of", "now", "then", "change"]
        return pd.concat([pd.DataFrame(columns=columns), *parts], ignore_index=True)[columns]

    @property
    def _concerned(self) -> list[str]:
        return [name for name, read in READS.items() if read & set(self.changed)]

    def _joined(self, name: str, key: list[str], figure: str, tables: list[pd.DataFrame]) -> Table:
        now, then = (table[[*key, figure]] for table in tables)
        both = now.merge(then, on=key, how="outer", suffixes=("_now", "_then"))
        figures = both[[f"{figure}_now", f"{figure}_then"]].astype(float)
        change = figures.iloc[:, 1] - figures.iloc[:, 0]
        # What is told under one choice only is changed most.
        far = change.abs().mask(figures.isna().sum(axis=1) == 1, float("inf")).fillna(0)
        both = both.assign(change=change, far=far)
        if pd.api.types.is_integer_dtype(now[figure]) and both["change"].notna().all():
            both["change"] = both["change"].astype(int)
        down = [False, *[True] * len(key)]
        both = both.sort_values(["far", *key], ascending=down, ignore_index=True)
        line = f"{self.line}.{name}"
        return Table(self.session, line, both.drop(columns="far"), self.rows)

    def _repr_html_(self) -> str:
        present = self.session.study.choices
        said = ", ".join(
            f"{name} {getattr(present, name)} → {value}" for name, value in self.changed.items()
        )
        parts = [
            view.banner(self.warnings),
            f"<p><strong>{escape(said)}</strong> <code>{escape(self.line)}</code></p>",
            f"<p>{escape(self.counted)}</p>",
        ]
        for name in self._concerned:
            table = getattr(self, name)
            moved = _moved(table.table)
            parts.append(
                f"<p><strong>{TITLES[name]}</strong>: {len(moved):,} of"
                f" {view.plural(len(table.table), 'row')} would change"
                f" <code>{escape(table.line)}</code></p>"
            )
            if len(moved):
                shown = moved.head(_SHOWN).round(3).rename(columns=_plain)
                parts.append(shown.to_html(index=False, escape=True, border=0, na_rep="–"))
        parts.append(view.hint(self._unconcerned()))
        return view.framed("".join(parts) + view.hint(self.session.notice))

    def _unconcerned(self) -> str:
        rest = [TITLES[name] for name in READS if name not in self._concerned]
        names = ", ".join(self.changed)
        if len(rest) == len(READS):
            return (
                f"None of the measures here reads {names}: it takes effect where the stages run"
                " (params.yml, then make report)."
            )
        return f"Read nothing of {names}, and stay: {'; '.join(rest)}." if rest else ""


def _plain(column: str) -> str:
    """A column's name as one reads it; which figure it is stands in the title."""
    ending = column.rpartition("_")[2]
    return ending if ending in ("now", "then") else column.replace("_", " ")


def _contrasts(study: Study) -> pd.DataFrame:
    sources = interviews_or_all(study.corpus.sources)
    if sources["role"].nunique() < 2:
        return pd.DataFrame(columns=["group_a", "group_b", "code", "share_difference"])
    corpus = study.corpus.of_sources(sources["source_id"])
    # The difference itself hangs on no rearrangement.
    return contrasts.contrast(corpus, "role", n=1, minimum_group=study.choices.minimum_group)


def _moved(table: pd.DataFrame) -> pd.DataFrame:
    """The rows whose figure is not the same, or is there under one choice only."""
    now, then = (
        next(table[column] for column in table if column.endswith(end)) for end in ("_now", "_then")
    )
    return table[(now != then) & ~(now.isna() & then.isna())]
