"""Coded projects of any program -> coded spans on the clean texts of the study."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pandas as pd

from analysis.cleaning import PseudonymKey
from analysis.cleaning.edits import CleanText
from analysis.cleaning.preparing import CleanTexts
from analysis.coding.placing.alignment import Alignment
from analysis.coding.placing.anchoring import Anchorer, Quotation
from analysis.coding.placing.disguise import Disguise, trimmed
from analysis.coding.placing.folding import fold_text
from analysis.coding.placing.ledger import PLACED, Fate, balanced
from analysis.coding.placing.matching import SourceMatcher
from analysis.coding.placing.merge import clashes
from analysis.coding.placing.names import CodeNames
from analysis.coding.placing.nearest import Nearest
from analysis.coding.project import (
    FOLDER,
    REPORT_COLUMNS,
    UNKNOWN_CODER,
    CodedProject,
    Report,
    rows_table,
)
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.vocabulary import folded, side_by_side
from analysis.study.schemas import columns
from analysis.study.tables import CODINGS, validate
from analysis.workers.pools import Died, each

UNPLACED_COLUMNS = tuple(columns("unplaced"))
_PLACED_COLUMNS = tuple(columns("codings"))
_KEY = list(_PLACED_COLUMNS[:5])
# The codings of so many sources, their texts read from the cache, take about a second. Projects in
# one part each, or in few more, are placed sooner than workers have started.
_AT_A_TIME, _WORTH_WORKERS = 500, 4


@dataclass(frozen=True)
class Placement:
    """Coded spans on clean texts, and what became of the rest.

    - `codings`: a table of `tables.CODINGS`, sorted by all its columns.
    - `report`: file, topic, detail, count; the reports of the projects first.
    - `unplaced`: origin, row, source_id ('' where none was found), reason; one row a coding.
    - `ledger`: what became of every coding that was read (`ledger.balanced`).
    """

    codings: pd.DataFrame
    report: pd.DataFrame
    unplaced: pd.DataFrame
    ledger: pd.DataFrame


def place(
    projects: Sequence[CodedProject],
    sources: pd.DataFrame,
    cleaned: Mapping[str, CleanText],
    codes: pd.DataFrame,
    *,
    anchor_score: float,
    coders: Mapping[str, str],
    code_names: Mapping[str, str],
    withdrawn: Collection[str] = (),
    key: PseudonymKey | None = None,
) -> Placement:
    """Place the codings of all `projects` on the clean texts.

    `sources` and `codes` are tables of the study, `cleaned` holds a text per source_id,
    `withdrawn` the names under which withdrawn sources are known (source_id, coded_as, file).
    `anchor_score` (0 to 100) is the least likeness of a fuzzily found quotation, and of a span
    whose source differs from the text in the project. `coders` maps the coder of a project to
    the coder of the study, and the name of a file whose coder is unknown to its coder.
    `code_names` maps a code of a project to one of the codebook. `key` is the study's: words that
    a project knows under their own names are found where the texts have pseudonyms.

    Raises one `StudyError` for all that `projects` have as problems, codings of sources and codes that the study does not list,
    spans outside their text, quotes that do not match, and codes that clash between projects.
    A span that cannot be found, or whose words were all removed, is no error: it is in
    `unplaced`. A coding that two files hold is kept once, under the first file's name.
    """
    problems = [problem for project in projects for problem in project.problems]
    problems += clashes(projects, code_names) + coders_side_by_side(projects, coders)
    matcher = SourceMatcher(sources, withdrawn)
    parts = [list(_parts(project, matcher, cleaned)) for project in projects]
    work = partial(
        _placed,
        names=CodeNames(codes, code_names),
        coders=coders,
        anchor_score=anchor_score,
        key=key,
    )
    every = [part for own in parts for part in own]
    done = iter(each(work, every, worth=len(projects) + _WORTH_WORKERS, at_a_time=1))
    found = [_together([next(done) for _ in own], own[0].project) for own in parts]
    for project, one in zip(projects, found, strict=True):
        problems += one.problems + one.unknown_codes(project)
    raise_if_any(problems)

    table = rows_table(
        (row for one in found for row in one.placed), _PLACED_COLUMNS, ("start", "end")
    )
    codings = once(table)
    reports = [
        table
        for project, one in zip(projects, found, strict=True)
        for table in (project.report, one.report.table())
    ]
    merged = Report("all files")
    merged.add(
        "placed", "codings that are there more than once, kept once", len(table) - len(codings)
    )
    reports.append(merged.table())
    return Placement(
        codings,
        pd.concat(reports, ignore_index=True)[list(REPORT_COLUMNS)],
        rows_table((row for one in found for row in one.unplaced), UNPLACED_COLUMNS, ("row",)),
        balanced(projects, [fate for one in found for fate in one.fates], codings),
    )


def once(codings: pd.DataFrame) -> pd.DataFrame:
    """`codings` sorted, each key of `tables.CODINGS` once; different memos are joined by ' | '."""
    ordered = codings.sort_values(list(_PLACED_COLUMNS), kind="stable", ignore_index=True)
    repeated = ordered.duplicated(_KEY, keep=False)
    if repeated.any():
        joined = (
            ordered[repeated]
            .groupby(_KEY, sort=False)["memo"]
            .transform(lambda memos: " | ".join(dict.fromkeys(filter(None, memos))))
        )
        ordered.loc[repeated, "memo"] = joined
        ordered = ordered.drop_duplicates(_KEY, ignore_index=True)
    return validate(ordered, CODINGS, "all codings")


def coders_of(project: CodedProject, coders: Mapping[str, str]) -> dict[str, str]:
    """What the study calls each coder of a project: by `coders`, of the params, else as there.

    A coder whom the project does not name is looked up by the name of its file.
    """
    named = {*project.codings["coder"], *project.quotations["coder"]}
    known = {folded(theirs): ours for theirs, ours in coders.items()}
    called = {name: known.get(folded(name), name.strip()) for name in named}
    if UNKNOWN_CODER in called and folded(project.origin) in known:
        called[UNKNOWN_CODER] = known[folded(project.origin)]
    return called


def coders_side_by_side(
    projects: Sequence[CodedProject], coders: Mapping[str, str]
) -> list[Problem]:
    """A problem for coders that differ in nothing a reader sees, within or between projects."""
    first: dict[str, str] = {}
    for project in projects:
        for name in coders_of(project, coders).values():
            first.setdefault(name, project.origin)
    return side_by_side(
        first,
        FOLDER,
        "coder",
        "perhaps the same? say so in params.yml, coders: {this name: that name}",
    )


@dataclass(frozen=True)
class _Part:
    """Codings of some sources of a project: their names there, which sources of the register these
    fit and whether one of them is withdrawn, and the clean texts of these."""

    project: CodedProject
    matched: Mapping[str, tuple[set[str], bool]]
    cleaned: Mapping[str, CleanText]


def _parts(
    project: CodedProject, matcher: SourceMatcher, cleaned: Mapping[str, CleanText]
) -> Iterator[_Part]:
    """`project` in parts of `_AT_A_TIME` sources, in the order of their names; codings without a
    position, which are looked for together, are in the last. There is one part at least."""
    tellings = {one["source_id"]: _tellings(one) for one in project.sources.to_dict("records")}
    names = sorted(project.codings["source_id"].unique())
    place = {name: at // _AT_A_TIME for at, name in enumerate(names)}
    coded = dict(list(project.codings.groupby(project.codings["source_id"].map(place))))
    number = max(1, -(-len(names) // _AT_A_TIME))
    for at in range(number):
        own = names[at * _AT_A_TIME : (at + 1) * _AT_A_TIME]
        quotations = project.quotations if at == number - 1 else project.quotations.iloc[:0]
        matched = {}
        for name in {*own, *quotations["source_name"]}:
            told = tellings.get(name, [name])
            matched[name] = matcher.find(*told), matcher.is_withdrawn(*told)
        part = replace(
            project,
            sources=project.sources.iloc[:0],
            texts={name: project.texts[name] for name in own if name in project.texts},
            codings=coded.get(at, project.codings.iloc[:0]),
            quotations=quotations,
        )
        wanted = sorted({source_id for fitting, _ in matched.values() for source_id in fitting})
        yield _Part(part, matched, _only(cleaned, wanted))


def _only(cleaned: Mapping[str, CleanText], wanted: Sequence[str]) -> Mapping[str, CleanText]:
    if isinstance(cleaned, CleanTexts):
        return cleaned.only(wanted)
    return {source_id: cleaned[source_id] for source_id in wanted if source_id in cleaned}


@dataclass
class _Found:
    """What became of the codings of a part: rows placed and not, the fate of each, what is wrong,
    codes that the codebook lacks with the rows that have them, and what the report says."""

    report: Report
    placed: list[tuple[object, ...]] = field(default_factory=list)
    unplaced: list[tuple[object, ...]] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: dict[str, list[int]] = field(default_factory=dict)

    def add(self, other: _Found) -> None:
        """Let what `other` found follow."""
        self.placed += other.placed
        self.unplaced += other.unplaced
        self.fates += other.fates
        self.problems += other.problems
        for code, rows in other.unknown.items():
            self.unknown.setdefault(code, []).extend(rows)
        for line, count in other.report.counts.items():
            self.report.add(*line, count)

    def unknown_codes(self, project: CodedProject) -> list[Problem]:
        """One problem for each code that the codebook does not list, at its first coding."""
        return [
            Problem(
                project.where(rows[0]),
                f"code {code[:80]!r}" + (f", and in {len(rows) - 1} more" if rows[1:] else ""),
                "a code that the codebook lists as usable",
                "add it to codebook.yml, or name its code under code_names in params.yml",
            )
            for code, rows in self.unknown.items()
        ]


def _placed(
    part: _Part,
    names: CodeNames,
    coders: Mapping[str, str],
    anchor_score: float,
    key: PseudonymKey | None,
) -> _Found:
    """Place one part; a text that cannot be read is a problem, for a cluster logs what is raised."""
    placer = _Placer(part, names, coders, anchor_score, key)
    try:
        placer.place_spans()
        placer.place_quotations()
    except StudyError as error:
        placer.found.problems += error.problems
    return placer.found


def _together(found: Sequence[_Found | Died], project: CodedProject) -> _Found:
    whole = _Found(Report(project.origin))
    for one in found:
        if isinstance(one, Died):
            whole.problems.append(
                Problem(
                    f"{FOLDER}/{project.origin}",
                    "codings that ended the process placing them, each time it was tried",
                    "codings that can be placed",
                    "save the project anew in its program, or take it out of the folder",
                )
            )
        else:
            whole.add(one)
    return whole


class _Placer:
    """Places one part of a project; gathers what went wrong."""

    def __init__(
        self,
        part: _Part,
        names: CodeNames,
        coders: Mapping[str, str],
        anchor_score: float,
        key: PseudonymKey | None,
    ) -> None:
        self.project, self._matched, self._cleaned = part.project, part.matched, part.cleaned
        self._report = Report(part.project.origin)
        self.found = _Found(self._report)
        self._names = names
        self._called, self._anchor_score = coders_of(part.project, coders), anchor_score
        self._disguise = Disguise(key)
        self._anchorers: dict[str, Anchorer] = {}
        self._split: dict[str, tuple[list[str], list[str]]] = {}

    def place_spans(self) -> None:
        """Place the codings that come with positions."""
        for name, codings in self.project.codings.groupby("source_id", sort=True):
            source_id = self._source_of(str(name), codings)
            if source_id:
                self._place_in(source_id, str(name), codings)

    def _place_in(self, source_id: str, name: str, codings: pd.DataFrame) -> None:
        clean = self._cleaned[source_id]
        text = self.project.texts.get(name)
        alignment = None if text is None else Alignment(text, clean.original)
        if text is not None and text != clean.original:
            self._report.add("aligned", "sources whose text differs from the project's")
        held = clean.original if text is None else text
        nearest, cleaned = Nearest(held), Nearest(clean.text)
        disguised = self._disguise.beside(text, clean)
        spots: dict[tuple[int, int], tuple[int, int] | str] = {}
        for one in codings.itertuples():
            start, end = _between(nearest, one) or (one.start, one.end)
            if end == len(held) + 1:
                end -= 1
                self._report.add("offsets", "ends one past the end of their text, cut back to it")
            inside = 0 <= start < end <= len(held)
            if one.quote and not (inside and self._repeats(clean, held, start, end, one.quote)):
                place = nearest.place(one.quote, start)
                if place is None:
                    shown = cleaned.place(self._disguise.of(one.quote), start)
                    if shown is not None:
                        self._report.add("anchored", "found by its words in the text as cleaned")
                        self._keep(source_id, trimmed(clean, shown), one)
                    elif self.project.stated:
                        self._mismatch(one.row, inside, one, len(held))
                    else:
                        self._keep(source_id, self._anchored(source_id, one.quote), one)
                    continue
                (start, end), inside = place, True
                self._report.add("anchored", "found by its words, not at the position stated")
            if not inside:
                self._mismatch(one.row, inside, one, len(held))
                continue
            if (start, end) not in spots:
                spots[start, end] = self._spot(clean, alignment, start, end)
                if isinstance(spots[start, end], str) and disguised:
                    # Aligned once more only now: two long texts cost time.
                    spots[start, end] = disguised.spot(start, end, self._anchor_score)
            self._keep(source_id, spots[start, end], one)

    def _repeats(self, clean: CleanText, held: str, start: int, end: int, quote: str) -> bool:
        """Whether the quotation is what stands at the span, as it is or as it was cleaned."""
        if fold_text(quote) == fold_text(held[start:end]):
            return True
        if held is not clean.original:
            return False
        span = clean.to_clean(start, end)
        said = fold_text(clean.text[slice(*span)]) if span else ""
        return bool(said) and said in (fold_text(quote), fold_text(self._disguise.of(quote)))

    def _mismatch(self, row: int, inside: bool, one: Any, length: int) -> None:
        if inside:
            self._wrong(
                row,
                "a quote that does not match the text of its span",
                "the words of the span",
                "correct start and end, or the quote",
            )
        else:
            self._wrong(
                row,
                f"span {one.start} to {one.end}",
                f"a span within 0 to {length}",
                "code this passage again, or take the row out",
            )

    def _anchored(self, source_id: str, quote: str) -> tuple[int, int] | str:
        """Where words stand whose position is not theirs."""
        clean = self._cleaned[source_id]
        if source_id not in self._anchorers:
            self._anchorers[source_id] = Anchorer({source_id: clean}, self._anchor_score)
        (anchor,) = self._anchorers[source_id].anchor([Quotation(source_id, quote, "")])
        if anchor.span is None:
            return anchor.reason
        self._report.add("anchored", anchor.reason)
        return trimmed(clean, clean.to_clean(*anchor.span))

    def _spot(
        self, clean: CleanText, alignment: Alignment | None, start: int, end: int
    ) -> tuple[int, int] | str:
        """Where a span of the project stands in the clean text, or why it does not."""
        span = alignment.to_other(start, end, self._anchor_score) if alignment else (start, end)
        if span is None:
            return "these words are not in the source's text"
        return trimmed(clean, clean.to_clean(*span))

    def place_quotations(self) -> None:
        """Find the codings that come without positions by the words they quote."""
        coded: list[tuple[str, Any]] = []
        for name, quotations in self.project.quotations.groupby("source_name", sort=True):
            source_id = self._source_of(str(name), quotations)
            if source_id:
                coded += [(source_id, one) for one in quotations.itertuples()]
        coded.sort(key=lambda pair: pair[1].row)
        anchorer = Anchorer(
            {source_id: self._cleaned[source_id] for source_id, _ in coded}, self._anchor_score
        )
        anchors = anchorer.anchor(
            [Quotation(source_id, one.quote, one.segment) for source_id, one in coded]
        )
        for (source_id, one), anchor in zip(coded, anchors, strict=True):
            if anchor.span is None and (said := self._disguise.of(one.quote)) != one.quote:
                (anchor,) = anchorer.anchor([Quotation(source_id, said, one.segment)])
            spot: tuple[int, int] | str = anchor.reason
            if anchor.span is not None:
                clean = self._cleaned[source_id]
                spot = trimmed(clean, clean.to_clean(*anchor.span))
                self._report.add("anchored", anchor.reason)
            self._keep(source_id, spot, one)

    def _source_of(self, name: str, coded: pd.DataFrame) -> str | None:
        """The source of the register for a source of the project; None when not to be placed."""
        rows, (found, is_withdrawn) = coded["row"], self._matched[name]
        if not found and is_withdrawn:
            self._report.add("withdrawn", "codings of withdrawn sources, skipped", len(rows))
            for one in coded.itertuples():
                for code in self._codes(one.code, None):
                    self._note(one, code, "of a withdrawn source")
            return None
        if len(found) != 1:
            what = "no source" if not found else f"{len(found)} sources"
            self.found.problems.append(
                Problem(
                    self.project.where(rows.iloc[0]),
                    f"{len(rows)} codings of {name!r}, which fits {what} of the register",
                    "one source",
                    "give this name in the column coded_as of sources.csv",
                )
            )
            return None
        source_id = next(iter(found))
        if source_id not in self._cleaned:
            self.found.problems.append(
                Problem(
                    self.project.where(rows.iloc[0]),
                    f"codings of {source_id}, which has no text",
                    "a text for every coded source",
                    "give its file in sources.csv",
                )
            )
            return None
        return source_id

    def _codes(self, given: str, row: int | None) -> list[str]:
        """The codes of a cell; with a `row` those that the codebook lacks are noted, else kept."""
        if given not in self._split:
            self._split[given] = self._names.split(given)
        found, missing = self._split[given]
        missing = missing or ([] if found else [given])
        if row is None:
            return [*found, *missing]
        for code in missing:
            self.found.unknown.setdefault(code, []).append(row)
        return found

    def _keep(self, source_id: str, spot: tuple[int, int] | str, one: Any) -> None:
        for path in self._codes(one.code, one.row):
            if isinstance(spot, str):
                self._report.add("not placed", spot)
                self.found.unplaced.append((self.project.origin, one.row, source_id, spot))
                self._note(one, path, spot)
                continue
            self._report.add("placed", "codings on the clean texts")
            coder = self._called[one.coder]
            self.found.placed.append((source_id, *spot, path, coder, self.project.origin, one.memo))
            self._note(one, path, PLACED)

    def _note(self, one: Any, code: str, fate: str) -> None:
        table = "quotations" if hasattr(one, "segment") else "codings"
        coder = self._called[one.coder]
        self.found.fates.append(Fate(self.project.origin, table, one.Index, coder, code, fate))

    def _wrong(self, row: int, found: str, expected: str, remedy: str) -> None:
        self.found.problems.append(Problem(self.project.where(row), found, expected, remedy))


def _between(nearest: Nearest, one: Any) -> tuple[int, int] | None:
    """The one place that has the words which the file gives around a quotation, if it gives any."""
    before, after = getattr(one, "before", ""), getattr(one, "after", "")
    if not before and not after:
        return None
    return nearest.between(before, one.quote, after, one.start, one.end)


def _tellings(source: Mapping[Hashable, Any]) -> list[str]:
    """The names under which a project knows a source."""
    return [source[name] for name in ("source_id", "name", "file") if source[name]]


def texts_of(projects: Iterable[CodedProject], sources: pd.DataFrame) -> dict[str, str]:
    """The texts that `projects` hold for the sources of the register, by source_id.

    Of several projects the first one that has a text gives it. A source with a file of its own
    may be among them: its file comes first, then this.
    """
    matcher = SourceMatcher(sources)
    texts: dict[str, str] = {}
    for project in projects:
        for source in project.sources.to_dict("records"):
            found = matcher.find(*_tellings(source))
            if len(found) == 1 and source["source_id"] in project.texts:
                texts.setdefault(next(iter(found)), project.texts[source["source_id"]])
    return texts
