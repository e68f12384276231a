"""What can be asked in one line."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from analysis import summary
from analysis.claims.reading import CLAIMS, read_claims
from analysis.explore import view
from analysis.explore.beside import Beside
from analysis.explore.corpus import FILTERS, Corpus, Search
from analysis.explore.found import Desk, Passages, Table, found_by
from analysis.explore.grid import Cell, Grid
from analysis.explore.meetings import known_unit, meetings
from analysis.measures import UndefinedMeasure, cooccurrence, frequencies, language
from analysis.problems import Problem, StudyError
from analysis.study import Study

if TYPE_CHECKING:
    from analysis.explore.widget import ExploreWidget

Values = str | Sequence[str]
# How many codes a chart shows unless told otherwise.
MEETING, COMPARED = 13, 15


class Page:
    """A page that a notebook shows."""

    def __init__(self, line: str, body: str) -> None:
        self.line, self.body = line, body

    def __repr__(self) -> str:
        return self.line

    def _repr_html_(self) -> str:
        return view.framed(self.body)


class Explorer:
    """A study to be read, doubted and followed; every answer says the line that asks for it.

    Nothing here writes but `add_to_memo` and `bears_on` of a result. Codes are written as in
    `analysis.explore.query`: by their own name, by their path where two share a name, in quotes
    where there are spaces; a code includes those beneath it.
    """

    def __init__(self, study: Study) -> None:
        self.study = study

    @cached_property
    def corpus(self) -> Corpus:
        return Corpus.of(self.study)

    @cached_property
    def desk(self) -> Desk:
        from analysis.figures import NOTICE

        notice = NOTICE if self.study.constructed else ""
        return Desk(self.corpus, self.study.raw, self._undecided(), self._claims, notice)

    def under(self, **choices: object) -> Explorer:
        """The same study under other choices (`unit="window", window=2`); no file is touched."""
        return Explorer(self.study.with_choices(**choices))

    def beside(self, **choices: object) -> Beside:
        """The measures under the present choices and, beside them, under others."""
        return Beside(self.study, self.study.with_choices(**choices), choices)

    # --- reading -----------------------------------------------------------------

    def widget(self) -> ExploreWidget:
        """The code explorer, to click and to step through by keyboard."""
        from analysis.explore.widget import explorer_widget

        return explorer_widget(self.desk)

    def passages(
        self, query: str = "", *, role: Values = (), kind: Values = (), case: Values = (),
        source: Values = (), coder: str = "", voice: Values = (),
    ) -> Passages:  # fmt: skip
        """The passages that a query asks for, of sources and voices chosen by filters.

        `query`: codes joined by and & or | near near(3) not ~ and brackets; '' asks for every
        passage. `a near(3) b` are the passages of either with the other at most 3 passages away
        in the same source. Each filter takes one value or several. `coder`: as that coder coded,
        or 'everybody'; without, the coding that counts. Without `voice`, the voices that count.
        Raises `StudyError` for a query that cannot be read, an unknown code or value.
        """
        given = {"role": role, "kind": kind, "case": case, "source": source, "voice": voice}
        chosen = {
            name: (value,) if isinstance(value, str) else tuple(value)
            for name, value in given.items()
        }
        return found_by(self.desk, Search(query, coder=coder, **chosen))

    def source(self, source_id: str, coder: str = "") -> Page:
        """A source as a page: its words with their codes, and stripes of its widest codes."""
        self.passages(source=source_id, coder=coder, voice=self.corpus.values("voice"))
        own = self.corpus.of_source(source_id)
        first = own.iloc[0]
        body = (
            view.banner(self.desk.warnings(own))
            + f'<p class="where"><strong>{escape(source_id)}</strong> {view.described(first, ("kind", "role"))}</p>'
            + view.striped(self.corpus, source_id, coder)
            + view.hint(self.desk.notice)
        )
        return Page(_line("source", source_id, coder=coder or None), body)

    def meetings(self, code_a: str, code_b: str, unit: str = "") -> Passages:
        """The passages behind a cell of `cooccurrence`, under its unit; codes as queries name them."""
        names, unit = self.corpus.names, unit or self.study.choices.unit
        codes = [names.meant(code, "meetings") for code in (code_a, code_b)]
        rows = meetings(self.corpus, codes[0], codes[1], unit, self.study.choices.window)
        line = _line("meetings", *map(self._plain, codes), unit=unit)
        return Passages(self.desk, line, rows, codes)

    # --- counting ----------------------------------------------------------------

    def cooccurrence(self, unit: str = "", most: int = MEETING) -> Grid:
        """How often codes meet: the `most` codes that meet most as a chart and as buttons.

        `table` has every pair (`measures.cooccurrence.cooccurrence`).
        """
        from analysis import figures

        study, unit = self.study, known_unit(unit or self.study.choices.unit)
        pairs = cooccurrence.cooccurrence(
            study.codings, unit, study.passages, study.choices.window, voices=study.counted_voices
        )  # fmt: skip
        shown = summary.most_met(pairs, most)
        place = {code: number for number, code in enumerate(shown)}
        top = max(1, int(pairs["n_ab"].max())) if len(pairs) else 1
        cells = {}
        for row in pairs[pairs["code_a"].isin(shown) & pairs["code_b"].isin(shown)].itertuples():
            a, b = sorted((row.code_a, row.code_b), key=lambda code: place[code])
            if row.n_ab:
                said = f"{self._plain(a)} with {self._plain(b)}: {row.n_ab}"
                cells[b, a] = Cell(str(row.n_ab), said, row.n_ab / top)
        named = {code: self._plain(code) for code in shown}
        return Grid(
            _line("cooccurrence", unit=unit, most=None if most == MEETING else most), f"Where two codes meet, by {unit}", pairs,
            dict(list(named.items())[1:]), dict(list(named.items())[:-1]), cells,
            lambda b, a: self.meetings(self._plain(a), self._plain(b), unit), self.desk,
            lambda: figures.cooccurrence_matrix(pairs, shown), study.constructed, size=(7.0, 6.0),
        )  # fmt: skip

    def compare(self, by: str = "role", kind: str = "interview", codes: Sequence[str] = (), most: int = COMPARED) -> Grid:  # fmt: skip
        """How many cases of each group carry a code: dots by case, and a bar of cases as button.

        `by`: a column of the register. `kind`: compared within one kind of source, since kinds
        yield words and cases differently; '' for all. `codes`: as queries write them; else the
        `most` that most sources carry. `table`: `measures.frequencies.code_frequencies`.
        """
        from analysis import figures

        study, names = self.study, self.corpus.names
        sources = study.sources if not kind else study.sources[study.sources["kind"] == kind]
        if by not in sources or sources.empty:
            known = ", ".join(map(str, study.sources.columns))
            raise StudyError(
                Problem(f"compare(by={by!r}, kind={kind!r})", "no source", known, "correct it")
            )
        counted = self._counted(sources, by)
        wanted = [names.meant(code, "compare") for code in codes]
        chosen = wanted or summary.most_spread(self._counted(sources), study.codes, most)
        groups = sorted(map(str, sources[by].unique()))
        cells = {
            (str(row.code), str(getattr(row, by))): Cell(
                f"{row.cases} of {row.n_cases}",
                f"{self._plain(str(row.code))}, {getattr(row, by)}: {row.cases} of "
                f"{view.plural(int(row.n_cases), 'case')}, {view.plural(int(row.segments), 'segment')}",
                row.cases / row.n_cases,
            )
            for row in counted[counted["code"].isin(chosen) & (counted["cases"] > 0)].itertuples()
        }  # fmt: skip
        by_source = frequencies.code_by_source(
            study.codings, study.codes, sources, study.passages, voices=study.counted_voices
        )
        roles = sources.assign(role=sources[by].astype(str))

        def behind(code: str, group: str) -> Passages:
            query, kinds = names.written(code), (kind,) if kind else ()
            if by in FILTERS.values():
                name = next(name for name, column in FILTERS.items() if column == by)
                return self.passages(query, **({"kind": kinds} | {name: (group,)}))  # type: ignore[arg-type]
            ids = sources.loc[sources[by].astype(str) == group, "source_id"]
            return self.passages(query, source=tuple(ids))

        return Grid(
            _line("compare", by=by, kind=kind, codes=list(codes) or None, most=None if most == COMPARED else most),
            f"Cases that carry a code, by {by}" + (f" ({kind}s)" if kind else ""),
            counted, {code: self._plain(code) for code in chosen},
            {group: group.replace("_", " ") for group in groups}, cells, behind, self.desk,
            lambda: figures.cases_per_code(by_source, roles, chosen), study.constructed, bars=True,
        )  # fmt: skip

    def matrix(self, theme: str) -> Grid:
        """A theme case by case: coded segments under each of its codes, as buttons.

        `theme`: the name of a theme in claims.yml, or a code that has codes beneath it. `table`
        has, beside the counts, what a person wrote of each case in matrix.csv.
        """
        study, codes = self.study, self._codes_of_theme(theme)
        counted = frequencies.code_by_source(
            study.codings, study.codes, study.sources, study.passages, voices=study.counted_voices
        )
        counted = counted[counted["code"].isin(codes)]
        by_case = counted.groupby(["case_id", "code"], as_index=False)["segments"].sum()
        top = max(1, int(by_case["segments"].max()))
        cells = {
            (row.case_id, row.code): Cell(
                str(row.segments),
                f"{row.case_id}, {self._plain(row.code)}: {view.plural(row.segments, 'segment')}",
                row.segments / top,
            )
            for row in by_case[by_case["segments"] > 0].itertuples()
        }  # fmt: skip
        wide = by_case.pivot(index="case_id", columns="code", values="segments")[codes]
        roles = study.sources.drop_duplicates("case_id").set_index("case_id")["role"]
        cases = sorted(wide.index, key=lambda case: (roles[case], case))
        table = wide.loc[cases].rename_axis(None, axis=1).reset_index()
        said = self._summaries(theme)
        table = table.assign(summary=[said.get(case, "") for case in cases])
        return Grid(
            _line("matrix", theme=theme), f"{theme}: segments by case", table,
            {case: f"{case} ({roles[case].replace('_', ' ')})" for case in cases},
            {code: self._plain(code) for code in codes}, cells,
            lambda case, code: self.passages(self.corpus.names.written(code), case=case), self.desk,
            remarks=said,
        )  # fmt: skip

    def codebook(self) -> Table:
        """Every code with its definition and how often it was used."""
        columns = ["code", "definition", "include", "exclude"]
        counted = self._counted(self.study.sources)[["code", "segments", "sources", "cases"]]
        table = self.study.codes[columns].merge(counted, on="code", how="left")
        order = ["code", "segments", "sources", "cases", *columns[1:]]
        return Table("explore.codebook()", table[order])

    # --- words -------------------------------------------------------------------

    def concordance(self, word: str, width: int = 60) -> Table:
        """Every place where a word is said, in context ('co-produc*' for any ending).

        `passages` of the result are the passages that hold the word.
        """
        found = language.concordance(
            self.corpus.passages, word, width, voices=self.study.counted_voices
        )
        ids = found["source_id"] + "-" + found["passage"].astype(str)
        table = found.assign(id=ids)[["id", "left", "word", "right"]]
        line = _line("concordance", word)
        rows = self.corpus.passages[self.corpus.passages["id"].isin(ids)]
        return Table(line, table, Passages(self.desk, f"{line}.passages", rows, [word]))

    def collocations(self, code: str = "", least: int = 3) -> Table:
        """Pairs of words that come together more than chance, in all text or under a code."""
        passages, line = self.corpus.passages, _line("collocations", code=code or None)
        if code:
            passages = self.corpus.under([self.corpus.names.meant(code, "collocations")])
        voices = self.study.counted_voices
        return Table(line, language.collocations(passages, least=least, voices=voices))

    # --- what the answers rest on ------------------------------------------------

    def _plain(self, code: str) -> str:
        """A code's own name, or its path if another has that name."""
        return self.corpus.names.name(code)

    def _counted(self, sources: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
        study = self.study
        with warnings.catch_warnings():
            # A group of several kinds has no word rate; the columns are left empty.
            warnings.simplefilter("ignore", UndefinedMeasure)
            return frequencies.code_frequencies(
                study.codings, study.codes, sources, study.passages, by, voices=study.counted_voices
            )

    def _codes_of_theme(self, theme: str) -> list[str]:
        path = self.study.raw / CLAIMS
        for claim in read_claims(path, self.study.codes):
            for one in claim.themes:
                if one.name == theme:
                    return list(one.codes)
        code = self.corpus.names.meant(theme, "theme")
        return [one for one in self.study.codes["code"] if one.startswith(f"{code}/")] or [code]

    def _summaries(self, theme: str) -> dict[str, str]:
        """What a person wrote of each case under a theme, where there is a matrix.csv."""
        from analysis.claims.material import Material
        from analysis.claims.matrix import MATRIX, read_matrix

        study = self.study
        claims = read_claims(study.raw / CLAIMS, study.codes)
        material = Material.of(
            study.codings, study.codes, study.sources, study.passages, study.counted_voices
        )
        cells = read_matrix(study.raw / MATRIX, claims, material, study.register)
        own = cells[cells["theme"] == theme]
        return dict(zip(own["case_id"], own["summary"], strict=True))

    def _claims(self) -> dict[str, str]:
        return {
            one.id: one.sentence for one in read_claims(self.study.raw / CLAIMS, self.study.codes)
        }

    def _undecided(self) -> frozenset[str]:
        """Sources in which cleaning found possible names that nobody has decided on."""
        found: set[str] = set()
        for path in sorted((self.study.private / "review").glob("candidates-*.csv")):
            found |= set(pd.read_csv(path, usecols=["source_id"], dtype=str)["source_id"])
        return frozenset(found)


def _line(name: str, *given: object, **named: object) -> str:
    """The line of code that asks the same; what is None is left out."""
    parts = [repr(value) for value in given]
    parts += [f"{key}={value!r}" for key, value in named.items() if value is not None]
    return f"explore.{name}({', '.join(parts)})"
