"""The joint display in the lab: cases by a measured attribute beside the themes, as in the paper."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.claims import Material, read_matrix
from analysis.claims.joint import COMPARED, Joint, JointCell, crossed_how, shown
from analysis.claims.matrix import MATRIX
from analysis.claims.quotable import gather, quotations
from analysis.claims.reading import CLAIMS, read_claims
from analysis.explore.counting import counted_rows
from analysis.explore.counts import Beneath, Cell, Grid
from analysis.explore.passages import Passages
from analysis.explore.results import Session
from analysis.explore.view import plural
from analysis.files.problems import Problem, StudyError
from analysis.files.vocabulary import perhaps
from analysis.study.cases import CASES, read_cases
from analysis.study.codebook import beneath
from analysis.study.folder import Study

# The column of the attribute itself: no theme is without a name.
_MEASURE = ""
# So many characters of a quotation stand in a cell.
_SHOWN = 160


def joint(session: Session, attribute: str, asked: Callable[..., Passages]) -> Grid:
    """Cases sorted by an attribute of cases.csv: spans, matrix cell and quotation by theme."""
    study, names = session.study, session.corpus.names
    claims = read_claims(study.raw / CLAIMS, study.codes)
    themes = [theme for claim in claims for theme in claim.themes]
    codes = {theme.name: theme.codes for theme in themes}
    printed = _printed(study)
    words = dict(zip(printed["id"], printed["text"], strict=True))
    made = Joint.of(
        study.corpus,
        themes,
        printed,
        read_cases(study.raw / CASES, set(study.register["case_id"])),
        read_matrix(study.raw / MATRIX, claims, Material.of(study.corpus), study.register),
    )
    if attribute not in made.measured:
        raise StudyError(
            Problem(
                f"joint({attribute!r})",
                f"no such attribute{perhaps(attribute, list(made.measured))}",
                f"a column of data/raw/{CASES}: "
                f"{', '.join(made.measured) or 'there is no such file'}",
                "correct it, or write the file: case_id, then a column for each attribute",
            )
        )
    values = made.ordered(attribute)
    at_most = max(1, int(made.spans.to_numpy().max(initial=0)))
    cells, remarks, rows = {}, {}, []
    for case, value in values.items():
        measure = shown(value) or "not known"
        cells[case, _MEASURE] = Cell(measure, f"{case}, {attribute}: {measure}", 0.0)
        row = {"case_id": case, attribute: value}
        for theme in made.themes:
            cell = made.cell(case, theme)
            if cell.spans:
                said = f"{case}, {theme}: {plural(cell.spans, 'segment')}"
                cells[case, theme] = Cell(str(cell.spans), said, cell.spans / at_most)
            if told := _told(cell, words.get(cell.quotation, "")):
                remarks[case, theme] = told
            row |= {theme: cell.spans, f"{theme}: matrix": f"{cell.state} {cell.summary}".strip()}
            row |= {f"{theme}: quotation": cell.quotation}
        rows.append(row)

    def behind(case: str, theme: str) -> Passages:
        query = " | ".join(map(names.written, codes[theme])) if theme != _MEASURE else ""
        return asked(query, case=case)

    least = study.choices.minimum_cell
    columns = ["case_id", attribute]
    for theme in made.themes:
        columns += [theme, f"{theme}: matrix", f"{theme}: quotation"]
    crossed = made.crossing(attribute, least).replace("", "not shown")
    return Grid(
        session,
        session.line("joint", attribute),
        f"Cases by {attribute}, beside the themes",
        "Segments that count under a theme, what the matrix says of it, and a quotation of the "
        "middle length that may be printed.",
        pd.DataFrame(rows, columns=columns),
        counted_rows(session.corpus, study.sources.loc[_of(study, values), "source_id"]),
        {case: f"{case} ({made.roles[case].replace('_', ' ')})" for case in values.index},
        {_MEASURE: attribute} | {theme: theme for theme in made.themes},
        cells,
        behind,
        bars=True,
        written=remarks,
        beneath=(
            Beneath(
                "Cases that carry a theme, and those that do not",
                COMPARED,
                made.contrasts(attribute, study.choices),
            ),
            Beneath("Crossed", crossed_how(least), crossed.rename_axis("theme").reset_index()),
        ),
        about=sorted(frozenset().union(*(beneath(own, names.codes) for own in codes.values()))),
    )


def _printed(study: Study) -> pd.DataFrame:
    """The quotations that may be printed: an embargoed source may be read here, no more."""
    active = study.sources[study.sources["status"] == "active"]
    mine = study.all_codings["source_id"].isin(active["source_id"])
    return quotations(gather(study.passages, study.all_codings[mine], active))


def _of(study: Study, values: pd.Series) -> pd.Series:
    return study.sources["case_id"].isin(values.index)


def _told(cell: JointCell, words: str) -> str:
    """'said: It counts. “Trust matters” c1-1-2', without what there is not."""
    matrix = f"{cell.state}: {cell.summary}" if cell.summary else cell.state
    plain = " ".join(words.split())
    quoted = f"“{plain if len(plain) <= _SHOWN else plain[:_SHOWN] + ' …'}”" if plain else ""
    return " ".join(filter(None, [matrix, quoted, cell.quotation]))
