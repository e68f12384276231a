"""Joint displays: a measured attribute of cases beside the themes, each case a row.

The paper's page, the explorer and the workbook all show what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.claims.model import Theme
from analysis.claims.quotable import typical
from analysis.corpus import Corpus
from analysis.measures.attributes import by_attribute, spans_by_case
from analysis.study.choices import Choices
from analysis.study.codebook import beneath

UP_TO, ABOVE = "up to the middle", "above the middle"
COMPARED = (
    "Effect: of numbers the share of pairs of a carrying and another case in which the carrying "
    "one has more (.5: no difference); of levels the largest share less the smallest. p: the share "
    "of choices of as many carrying cases with an effect at least as far; q after "
    "Benjamini-Hochberg. Neither decides alone."
)


def crossed_how(least: int) -> str:
    """What a crossing shows, and what it does not."""
    return (
        "Cases that carry the theme, of the cases of the level. "
        f"Not shown: a cell has fewer than {least} cases."
    )


@dataclass(frozen=True)
class JointCell:
    """A case under a theme: its distinct spans that count, the state and the summary that the
    framework matrix has of it, and the id of a typical quotation; '' for what there is not."""

    spans: int
    state: str = ""
    summary: str = ""
    quotation: str = ""


@dataclass(frozen=True)
class Joint:
    """What the displays are made from, by case.

    - `measured`: cases (of the sources in use) by attributes.
    - `spans`: cases by themes, how many distinct spans that count. `told`: (case, theme) -> state
      and summary of the matrix. `quoted`: (case, theme) -> id of a typical quotation.
    - `roles`: case -> its role.
    """

    measured: pd.DataFrame
    spans: pd.DataFrame
    told: Mapping[tuple[str, str], tuple[str, str]]
    quoted: Mapping[tuple[str, str], str]
    roles: Mapping[str, str]

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        themes: Sequence[Theme],
        printed: pd.DataFrame,
        measured: pd.DataFrame,
        matrix: pd.DataFrame,
    ) -> Joint:
        """Of the cases of `corpus` that `measured` has; a theme is carried by its codes and those
        beneath them. `printed`: the quotations that may be printed (`quotable.quotations`)."""
        sources = corpus.sources
        kept = measured[measured.index.isin(sources["case_id"])]
        codes = {theme.name: beneath(theme.codes, corpus.codes["code"]) for theme in themes}
        by_case = printed.merge(sources[["source_id", "case_id"]], on="source_id")
        quoted = {}
        for theme, own in codes.items():
            for case, rows in by_case[by_case["code"].isin(own)].groupby("case_id"):
                chosen = typical(rows, own)
                if chosen is not None:
                    quoted[str(case), theme] = str(chosen["id"])
        return cls(
            kept,
            spans_by_case(corpus, codes).loc[kept.index],
            {
                (row["case_id"], row["theme"]): (row["state"], row["summary"])
                for row in matrix.to_dict("records")
            },
            quoted,
            sources.drop_duplicates("case_id").set_index("case_id")["role"].to_dict(),
        )

    @property
    def themes(self) -> list[str]:
        """The names of the themes, in their order."""
        return list(self.spans.columns)

    def ordered(self, attribute: str) -> pd.Series:
        """The values of an attribute, sorted, cases without one last; equal ones by case."""
        values = self.measured[attribute].sort_index()
        known = values[values.notna() & (values.astype(str) != "")].sort_values(kind="stable")
        return pd.concat([known, values.drop(known.index)])

    def cell(self, case: str, theme: str) -> JointCell:
        """What is known of a case under a theme."""
        state, summary = self.told.get((case, theme), ("", ""))
        spans = int(self.spans.loc[case, theme])
        return JointCell(spans, state, summary, self.quoted.get((case, theme), ""))

    def contrasts(self, attribute: str, choices: Choices) -> pd.DataFrame:
        """Cases that carry each theme beside those that do not (`measures.attributes.by_attribute`)."""
        return by_attribute(
            self.spans > 0,
            self.measured[attribute],
            minimum_group=choices.minimum_group,
            seed=choices.seed,
            n=choices.resamples,
        )

    def crossing(self, attribute: str, least: int) -> pd.DataFrame:
        """How many of the cases of each level carry each theme: '3 of 8', a row a theme.

        Numbers are parted at their middle. A theme of which some level has fewer than `least` cases
        that carry it, or fewer that do not, is not crossed: its cells are ''.
        """
        levels = levels_of(self.ordered(attribute))
        carrying = (self.spans > 0).loc[levels.index]
        with_theme, all_cases = carrying.groupby(levels).sum(), levels.value_counts()
        rows = {}
        for theme in carrying.columns:
            cells = {level: int(with_theme.loc[level, theme]) for level in with_theme.index}
            small = any(min(n, int(all_cases[level]) - n) < least for level, n in cells.items())
            rows[theme] = {
                level: "" if small else f"{n} of {int(all_cases[level])}"
                for level, n in cells.items()
            }
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(with_theme.index))


def levels_of(values: pd.Series) -> pd.Series:
    """The level of each case that has one: numbers are parted at their middle.

    >>> levels_of(pd.Series([1.0, 2.0, 9.0, float("nan")])).tolist()
    ['up to the middle', 'up to the middle', 'above the middle']
    """
    if pd.api.types.is_numeric_dtype(values):
        known = values.dropna().astype(float)
        return (known > known.median()).map({True: ABOVE, False: UP_TO})
    return values[values.fillna("") != ""].astype(str)


def shown(value: object) -> str:
    """A value of an attribute as it is printed; '' where it is not known."""
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:g}"
    return str(value)
