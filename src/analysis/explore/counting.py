"""The counts of an explorer: the paper's own measures, each cell with the passages behind it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from analysis.claims.reading import CLAIMS, read_claims
from analysis.corpus import Unit
from analysis.explore import view
from analysis.explore.counts import Cell, Grid, Table
from analysis.explore.passages import Passages
from analysis.explore.results import Session
from analysis.explore.search import FILTERS, Searchable
from analysis.files.problems import Problem, StudyError
from analysis.measures import UndefinedMeasure, cooccurrence, frequencies
from analysis.stages.cooccurrence import most_met
from analysis.stages.frequencies import most_spread
from analysis.study.folder import Study

# How many codes a chart shows unless told otherwise.
MEETING, COMPARED = 13, 15

_ALONE = "A code counts alone here, without the codes beneath it, as in the paper"
_MET = {
    "passage": f"{_ALONE}; as a query that is =one & =other.",
    "window": f"{_ALONE}. A count is passages that end a stretch of {{window}} with both.",
    "overlap": f"{_ALONE}. A count is pairs of segments that overlap: a passage may hold several.",
    "source": f"{_ALONE}. A count is sources with both; listed is every passage with either.",
}
_BENEATH = "A code includes the codes beneath it, as in queries."
_ITSELF = "(itself)"


def meeting(
    session: Session, unit: Unit, most: int, behind: Callable[[str, str, str], Passages]
) -> Grid:
    """Where two codes meet."""
    from analysis import figures

    study, name = session.study, session.corpus.names.name
    pairs = cooccurrence.cooccurrence(study.corpus, unit, study.choices.window)
    shown = most_met(pairs, most)
    place = {code: number for number, code in enumerate(shown)}
    top = max(1, int(pairs["n_ab"].max())) if len(pairs) else 1
    cells = {}
    met = pairs["code_a"].isin(shown) & pairs["code_b"].isin(shown) & (pairs["n_ab"] > 0)
    for row in pairs[met].to_dict("records"):
        a, b = sorted((row["code_a"], row["code_b"]), key=lambda code: place[code])
        said = f"{name(a)} with {name(b)}: {row['n_ab']}"
        cells[b, a] = Cell(str(row["n_ab"]), said, row["n_ab"] / top)
    return Grid(
        session,
        session.line("cooccurrence", unit=unit, most=None if most == MEETING else most),
        f"Where two codes meet, by {unit}",
        _MET[unit].format(window=study.choices.window),
        pairs,
        counted_rows(session.corpus),
        {code: name(code) for code in shown[1:]},
        {code: name(code) for code in shown[:-1]},
        cells,
        lambda b, a: behind(name(a), name(b), unit),
        lambda: figures.cooccurrence_matrix(pairs, shown),
        size=(7.0, 6.0),
        about=shown,
    )


def compared(
    session: Session,
    by: str,
    kind: str | None,
    codes: Sequence[str],
    most: int,
    passages: Callable[..., Passages],
) -> Grid:
    """Cases that carry a code, by group of sources."""
    from analysis import figures

    study, names = session.study, session.corpus.names
    if kind is None:
        kind = "interview" if (study.sources["kind"] == "interview").any() else ""
    sources = _of_kind(study, by, kind)
    table = _frequencies(study, sources, by)
    chosen = list(codes) or most_spread(_frequencies(study, sources), study.codes, most)
    groups = sorted(map(str, sources[by].unique()))
    cells = {}
    for row in table[table["code"].isin(chosen) & (table["cases"] > 0)].to_dict("records"):
        code, group = str(row["code"]), str(row[by])
        cases = view.plural(int(row["n_cases"]), "case")
        segments = view.plural(int(row["segments"]), "segment")
        said = f"{names.name(code)}, {group}: {row['cases']} of {cases}, {segments}"
        share = row["cases"] / row["n_cases"]
        cells[code, group] = Cell(f"{row['cases']} of {row['n_cases']}", said, share)
    by_source = frequencies.code_by_source(study.corpus.of_sources(sources["source_id"]))
    filtered = next((name for name, column in FILTERS.items() if column == by), "")

    def behind(code: str, group: str) -> Passages:
        query, kinds = names.written(code), (kind,) if kind else ()
        if filtered:
            return passages(query, **({"kind": kinds} | {filtered: (group,)}))
        ids = sources.loc[sources[by].astype(str) == group, "source_id"]
        return passages(query, source=tuple(ids))

    line = session.line(
        "compare",
        by=by,
        kind=kind,
        codes=[names.name(code) for code in codes] or None,
        most=None if most == COMPARED else most,
    )
    return Grid(
        session,
        line,
        f"Cases that carry a code, by {by}" + (f" ({kind}s)" if kind else ""),
        _BENEATH,
        table,
        counted_rows(session.corpus, sources["source_id"]),
        {code: names.name(code) for code in chosen},
        {group: group.replace("_", " ") for group in groups},
        cells,
        behind,
        lambda: figures.cases_per_code(
            by_source, sources.assign(role=sources[by].astype(str)), chosen
        ),
        bars=True,
        about=chosen,
    )


def by_case(session: Session, theme: str, passages: Callable[..., Passages]) -> Grid:
    """Segments under each code of a theme, case by case."""
    study, names = session.study, session.corpus.names
    theme, columns = _columns_of(session, theme)
    counted = pd.concat(
        [pd.DataFrame(columns=["case_id", "code", "segments"])]
        + [
            _segments(study, code, alone=query.startswith("=")).assign(code=query)
            for query, code in columns.items()
        ]
    )
    wide = counted.pivot(index="case_id", columns="code", values="segments")
    wide = wide.reindex(columns=list(columns)).astype(int)
    top = max(1, int(wide.to_numpy().max())) if wide.size else 1
    own = session.corpus.sources.drop_duplicates("case_id").set_index("case_id")["role"]
    cases = sorted(wide.index, key=lambda case: (own[case], case))
    across = {
        query: names.name(code) + (f" {_ITSELF}" if query.startswith("=") else "")
        for query, code in columns.items()
    }
    cells = {
        (case, query): Cell(
            str(found),
            f"{case}, {across[query]}: {view.plural(int(found), 'segment')}",
            found / top,
        )
        for query in columns
        for case, found in wide[query].items()
        if found
    }
    said = _summaries(study, theme)
    table = wide.loc[cases].rename(columns=across).rename_axis(None, axis=1)
    table = table.reset_index().assign(summary=[said.get(case, "") for case in cases])
    return Grid(
        session,
        session.line("matrix", theme=theme),
        f"{theme}: segments by case",
        _BENEATH,
        table,
        counted_rows(session.corpus),
        {case: f"{case} ({own[case].replace('_', ' ')})" for case in cases},
        across,
        cells,
        lambda case, query: passages(query, case=case),
        remarks=said,
        about=list(columns.values()),
    )


def codebook(session: Session) -> Table:
    """Every code with its definition, and how often it was used; it rests on what is coded."""
    study, corpus = session.study, session.corpus
    columns = ["code", "definition", "include", "exclude"]
    counted = _frequencies(study, study.sources)[["code", "segments", "sources", "cases"]]
    table = study.codes[columns].merge(counted.astype({"code": str}), on="code", how="left")
    order = ["code", "segments", "sources", "cases", *columns[1:]]
    coded = corpus.carrying().any(axis=1) & corpus.passages["voice"].isin(corpus.voices)
    return Table(session, session.line("codebook"), table[order], corpus.passages[coded])


def counted_rows(corpus: Searchable, sources: pd.Series | None = None) -> pd.DataFrame:
    """The passages of the voices that count, of all sources or some."""
    rows = corpus.passages[corpus.passages["voice"].isin(corpus.voices)]
    return rows if sources is None else rows[rows["source_id"].isin(sources)]


def _of_kind(study: Study, by: str, kind: str) -> pd.DataFrame:
    sources = study.sources
    if by not in sources:
        known = ", ".join(map(str, sources.columns))
        raise StudyError(Problem(f"by={by!r}", "no such column", known, "correct it"))
    kinds = sorted(sources["kind"].unique())
    if kind and kind not in kinds:
        raise StudyError(
            Problem(
                f"kind={kind!r}",
                "no source of this kind",
                ", ".join(kinds),
                "name one of them, or '' for all",
            )
        )
    return sources if not kind else sources[sources["kind"] == kind]


def _frequencies(study: Study, sources: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    with warnings.catch_warnings():
        # A group of several kinds has no word rate; the columns are left empty.
        warnings.simplefilter("ignore", UndefinedMeasure)
        return frequencies.code_frequencies(study.corpus.of_sources(sources["source_id"]), by)


def _segments(study: Study, code: str, *, alone: bool) -> pd.DataFrame:
    """Segments under a code by case: case_id, segments; `alone` without the codes beneath it."""
    corpus = study.corpus
    if alone:
        own = corpus.codings["code"] == code
        corpus = replace(corpus, codings=corpus.codings[own])
    counted = frequencies.code_by_source(corpus)
    own = counted[counted["code"] == code]
    return own.groupby("case_id", as_index=False)["segments"].sum()


def _columns_of(session: Session, theme: str) -> tuple[str, dict[str, str]]:
    """What a theme is called, and its columns: as a query -> its code.

    Of a code with codes beneath it the first column is what is coded on itself. In a study
    without codes there is no theme, and '' has no columns.
    """
    study, names = session.study, session.corpus.names
    for claim in read_claims(study.raw / CLAIMS, study.codes):
        for one in claim.themes:
            if one.name == theme:
                return theme, {names.written(code): code for code in one.codes}
    if not (theme or names.codes):
        return theme, {}
    code = names.meant(theme, "theme")
    beneath = [one for one in study.codes["code"] if one.rpartition("/")[0] == code]
    own = "=" * bool(beneath) + names.written(code)
    return names.name(code), {own: code} | {names.written(one): one for one in beneath}


def _summaries(study: Study, theme: str) -> dict[str, str]:
    """What a person wrote of each case under a theme, where there is a matrix.csv."""
    from analysis.claims.material import Material
    from analysis.claims.matrix import MATRIX, read_matrix

    claims = read_claims(study.raw / CLAIMS, study.codes)
    material = Material.of(study.corpus)
    cells = read_matrix(study.raw / MATRIX, claims, material, study.register)
    own = cells[cells["theme"] == theme]
    return dict(zip(own["case_id"], own["summary"], strict=True))
