"""From processed tables to the site: tables, data pages, values, checks, rendering."""

from __future__ import annotations

import dataclasses
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.claims import Claim, quotable, read_claims, read_judgements, read_memos
from analysis.claims import written_when as history
from analysis.claims.bearing import BEARINGS
from analysis.claims.memos import MEMOS
from analysis.claims.quotable import Evidence
from analysis.claims.signing import MUST_REREAD, SIGNED
from analysis.corpus import may_be_quoted
from analysis.files.private import keep_private
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.report import (
    codings_told,
    evidence_index,
    interpretations,
    links,
    numbers,
    shrinkage,
)
from analysis.report.gate import closed, consent, gate, searched
from analysis.report.gate.authors import Authors
from analysis.report.gate.labels import labels_of
from analysis.report.gate.way_out import WayOut
from analysis.report.gate.withheld import withheld_words
from analysis.report.pages import (
    approach_text,
    cards,
    changes,
    choices_table,
    coders_table,
    data_pages,
    evidence,
    figure_links,
    memo_pages,
    nobody_asks,
    places,
    programs,
    provenance,
    quotation_counts,
    tables,
    variables_page,
    written_when,
)
from analysis.report.pages.memo_words import MemoWords
from analysis.report.prose import check, prose
from analysis.report.prose.registered import typed_in, unfilled
from analysis.report.prose.unfinished import unfinished
from analysis.report.render import render
from analysis.report.render.quarto import QuartoError
from analysis.stages import speakers
from analysis.stages.texts import columns_told, pseudonym_key
from analysis.study import parts
from analysis.study.folder import Study

SITE = "_site"
UNUSED = "unused.txt"
_QUOTED = re.compile(r"_generated/quotations/([\w-]+)\.md")


def publish(study: Study, *, final: bool = False) -> None:
    """Make `reports/_site` from what the stages left.

    Raises `StudyError` before anything is rendered when the prose does not fit the data, or, when
    this is to be `final`, while the authors must re-read a claim; the last good site then stays,
    unless it shows a source that has left since: then it goes first.
    """
    consent.remove_withdrawn(study.register, study.reports / SITE)
    if final:
        _refuse_unread(study.table("decisions"), study.reports)
    count, missing = _compared(study)
    keep_private(study.private)
    closed.refuse_unnamed(study)
    closed.tell_undecided(study, final=final)
    # Left by a run that was killed: there is one writer, and that is this one.
    for left in study.reports.glob(f"{SITE}.*"):
        shutil.rmtree(left)
    if final:
        raise_if_any(unfinished(study.reports) + shrinkage.problems(missing))
    generated = study.reports / render.GENERATED
    for stale in (generated / "pages", study.reports / tables.KEPT):
        shutil.rmtree(stale, ignore_errors=True)
    (generated / "pages").mkdir(parents=True)
    examples = study.table("examples")
    judged = examples[examples["bears"] != "presence only"]
    shown = quotable.gather(study.passages, study.all_codings, study.sources, judged)
    for warning in evidence.extract_warnings(
        shown, study.passages, study.sources, study.choices.extract_share
    ):
        print(f"warning: {warning}", file=sys.stderr)
    for line in codings_told.lines(study):
        print(f"codings: {line}", file=sys.stderr)
    claims = read_claims(study.raw / "claims.yml", study.codes)
    unwritten = unfilled(claims, study.codes)
    if final:
        raise_if_any(unwritten)
    for problem in unwritten:
        print(f"warning: {problem.where}: {problem.found}", file=sys.stderr)
    memos = read_memos(study.raw / MEMOS)
    bearings = judgements(study, claims)
    index = evidence_of(study, bearings)
    linker = links.linker(index, study)
    tables.write_all(study, linker)
    programs.write_all(study)
    dated = history.standings(study.folder)
    _write(generated / "written-when.md", written_when.told(claims, dated))
    interpreted = interpretations.read(study.reports, claims)
    cards.write_all(study, linker, bearings, interpreted, history.made_after(dated))
    _write(generated / "choices.md", choices_table.choices_table(study.choices))
    unknown = nobody_asks.told(nobody_asks.nobody_asks(study.passages))
    approach = approach_text.approach_text(study.choices)
    _write(generated / "approach.md", f"{approach}\n{unknown}" if unknown else approach)
    _write(generated / "coders.md", coders_table.coders_table(study, claims, linker))
    read = MemoWords(study.register, set(shown.passages["id"]))
    _write_memos(study, memos, read, generated)
    _write_quotations(study, shown)
    made = provenance.write_all(study)
    renderer = render.choose_renderer()
    provenance.write_versions(study, render.programs(renderer))
    formatted = numbers.collect(study.processed, study.reports, _settings(study, made))
    _write_interpretations(study, claims, bearings, formatted, generated, final=final)
    now = changes.state(
        formatted, study.table("patterns"), study.table("claim_patterns"), study.sources
    )
    _write(generated / "changes.md", changes.told(now, study.processed, _used(study.reports)))
    _write_counts(study, generated, linker)
    data_pages.write_all(study, shown, claims, memos, formatted, index, generated / "pages")
    spots = figure_links.of_figures(study, linker)
    files = generated / "pages"
    beside = (file.relative_to(files).as_posix() for file in files.rglob("*.html"))
    leading = _write_links(study, linker, formatted, beside)
    listed = variables_page.page(study.reports, formatted, leading, constructed=study.constructed)
    _write(generated / "pages" / "variables.html", listed)
    consent.write_published(study.sources, generated / "pages")
    for line in (
        *speakers.told(study.private),
        *columns_told(study),
        *parts.lacking(len(study.sources)),
    ):
        print(line, file=sys.stderr)
    checked = check.check(study.reports)
    raise_if_any(
        [
            *typed_in(claims, study.codes, study.reports),
            *(
                dataclasses.replace(problem, where=f"reports/{problem.where}")
                for problem in checked.problems
            ),
        ]
    )
    _tell_unused(checked.unused, generated)
    _render(study, renderer, spots)
    changes.keep(now, study.processed)
    if not missing:
        shrinkage.keep(count, study.processed)
    codings_told.keep(study)


def _render(study: Study, renderer: str, spots: Mapping[str, Sequence[figure_links.Spot]]) -> None:
    """Render the site; where a Quarto that nobody asked for by name fails, the embedded renderer
    writes it, and that is told in a line."""

    def rendered(by: str) -> None:
        render.render(
            study.reports,
            study.reports / SITE,
            by,
            constructed=study.constructed,
            spots=spots,
            gate=lambda building: _leaks(study, building),
        )

    try:
        rendered(renderer)
    except QuartoError as error:
        if render.asked_for():
            raise
        said = error.problems[0].found
        print(
            f"warning: Quarto says: {said}; the embedded renderer writes the report",
            file=sys.stderr,
        )
        provenance.write_versions(study, render.programs("embedded"))
        rendered("embedded")


def judgements(study: Study, claims: Sequence[Claim]) -> pd.DataFrame:
    """What was judged, by people and by stances of the coding."""
    path, listed = study.raw / BEARINGS, study.register["source_id"]
    return read_judgements(path, claims, study.corpus, listed, study.stances)


def evidence_of(study: Study, bearings: pd.DataFrame) -> evidence_index.Index:
    """The index of everything that was coded or judged: what the numbers of the paper lead to."""
    sources = study.sources
    return evidence_index.build(
        sources,
        study.passages,
        study.all_codings,
        study.codings,
        study.counted_voices,
        bearings[bearings["source_id"].isin(sources["source_id"])],
        sources.loc[~may_be_quoted(sources), "source_id"],
    )


def _write_links(
    study: Study, linker: links.Linker, formatted: Mapping[str, str], pages: Iterable[str]
) -> dict[str, links.Lead]:
    """Keep where the numbers of the prose lead, and say which lead to no list though they count."""
    found = places.leading(study, linker, formatted, _used(study.reports), pages)
    links.write(study.reports, found)
    for told in linker.refused:
        print(f"warning: a number leads to no list: {told}", file=sys.stderr)
    return found


def _compared(study: Study) -> tuple[shrinkage.Counts, list[str]]:
    """Say what is counted less than in the last report; return the counts and what is unexplained."""
    now = shrinkage.counted(study)
    statuses = dict(zip(study.register["source_id"], study.register["status"], strict=True))
    explained, missing = shrinkage.shrunk(shrinkage.last_counted(study.processed), now, statuses)
    for line in (*explained, *missing):
        print(f"warning: {line}", file=sys.stderr)
    return now, missing


def _refuse_unread(decisions: pd.DataFrame, reports: Path) -> None:
    """Stop while a signed claim rests on a pattern that changed; tell of claims not signed.

    A claim that has an interpretation is signed there (`_write_interpretations`).
    """
    states = decisions.set_index("claim")["state"]
    raise_if_any(
        [
            Problem(
                f"data/raw/claims.yml, claim {claim}",
                "its patterns or bearings changed since it was signed",
                "a decision signed for what the data now show",
                "read the claim's card again, revise what needs it, and copy the digest of "
                "data/processed/decisions.csv into its decision",
            )
            for claim in states.index[states == MUST_REREAD]
        ]
    )
    for claim in states.index[~states.isin([SIGNED, MUST_REREAD])]:
        if interpretations.path_of(reports, claim).is_file():
            continue
        print(f"warning: the authors have signed nothing on the claim {claim}", file=sys.stderr)


def standings(
    study: Study, claims: Sequence[Claim], bearings: pd.DataFrame, formatted: Mapping[str, str]
) -> dict[str, tuple[interpretations.Standing, interpretations.Leaning]]:
    """How each interpretation of the authors stands to the data, and what it leans on, by claim.

    `bearings`: all `judgements`.
    """
    patterns, found = study.table("patterns"), interpretations.read(study.reports, claims)
    leaned = {
        claim.id: interpretations.leaning(
            claim, found[claim.id], patterns, bearings, study.passages, formatted
        )
        for claim in claims
        if claim.id in found
    }
    return {
        name: (interpretations.standing(study.reports, found[name], own), own)
        for name, own in leaned.items()
    }


def _write_interpretations(
    study: Study,
    claims: Sequence[Claim],
    bearings: pd.DataFrame,
    formatted: Mapping[str, str],
    generated: Path,
    *,
    final: bool,
) -> None:
    """Write the head of each interpretation; a final report waits until none is out of date."""
    found = {name: one for name, (one, _) in standings(study, claims, bearings, formatted).items()}
    stale = interpretations.stale_problems(found.values())
    if final:
        raise_if_any(stale)
    for problem in stale:
        print(f"warning: {problem.where}: {problem.found}", file=sys.stderr)
    for name in interpretations.unsigned(found.values()):
        print(f"warning: nobody has signed the interpretation of {name}", file=sys.stderr)
    for claim in claims:
        if claim.id in found:
            head = interpretations.told(claim, found[claim.id])
            _write(generated / f"interpretation-{claim.id}.md", head)


def sign(study: Study, claim_id: str, by: str, on: str) -> None:
    """Sign the interpretation of a claim for what the last report showed.

    Raises `StudyError` where the study has no such interpretation.
    """
    claims = read_claims(study.raw / "claims.yml", study.codes)
    bearings = judgements(study, claims)
    found = standings(study, claims, bearings, numbers.load(study.reports))
    if claim_id not in found:
        raise StudyError(
            Problem(
                f"reports/{interpretations.FOLDER}/{claim_id}.qmd",
                "no such interpretation",
                f"one of {', '.join(found) or 'none yet'}",
                "correct the claim's id, or write its interpretation first",
            )
        )
    one, leaned = found[claim_id]
    interpretations.sign(study.reports, one.interpretation, leaned, by, on)


def _leaks(study: Study, building: Path) -> list[Problem]:
    figures = sorted((study.reports / "figures").glob("*.svg"))
    beside = [study.reports / "_variables.yml", *figures]
    authors = Authors.of(study.reports)
    return gate.leaks(
        building,
        pseudonym_key(study),
        withheld=withheld_words(study),
        authors=authors,
        way_out=WayOut.of(study.reports, authors.pages, study.choices.exempt, labels_of(study)),
        also=beside,
        kept=study.private / searched.KEPT,
    )


def _settings(study: Study, made: Mapping[str, str]) -> dict[str, object]:
    choices = dataclasses.asdict(study.choices)
    return {name: choices[name] for name in choices if name not in tables.OF_PEOPLE} | dict(made)


def _used(reports: Path) -> set[str]:
    """The values that the prose pages, and what they include, print."""
    pages = [prose.lines_with_includes(reports, name)[0] for name in prose.page_names(reports)]
    texts = ["\n".join(line.text for line in lines) for lines in pages]
    return {name for text in texts for name in prose.used_variables(text)}


def _tell_unused(names: Sequence[str], generated: Path) -> None:
    """Say in one line how many values no page uses, and of which stages; list them in a file."""
    _write(generated / UNUSED, "".join(f"{name}\n" for name in names))
    if names:
        stages = Counter(name.partition(".")[0] for name in names)
        print(
            f"values that no page uses: {len(names)} ("
            + ", ".join(f"{stage} {count}" for stage, count in sorted(stages.items()))
            + f"), listed in reports/{render.GENERATED}/{UNUSED}",
            file=sys.stderr,
        )


def _write_memos(study: Study, memos: pd.DataFrame, read: MemoWords, generated: Path) -> None:
    folder = generated / "memos"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for memo_id, words in memo_pages.quotable(memos, read).items():
        _write(folder / f"{memo_id}.md", words)
    interviews = study.sources[study.sources["kind"] == "interview"]
    asked_by = interviews.get("interviewer", pd.Series(dtype=str))
    _write(generated / "reflexivity.md", memo_pages.boxes(memos, asked_by, read))


def _write_counts(study: Study, generated: Path, linker: links.Linker) -> None:
    """Write who is quoted, once everything that the prose quotes is there."""
    ids = quotation_counts.quoted(study.reports)
    cases = quotation_counts.by_case(ids, study.counted_passages, study.sources)
    for name, table in (
        ("quotations", quotation_counts.group_table(cases, linker)),
        ("quotations-by-case", quotation_counts.case_table(cases, linker)),
    ):
        _write(generated / f"{name}.md", table.shown(study.reports))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_quotations(study: Study, shown: Evidence) -> None:
    """Write the quotations that the prose asks for by name; a name without words is a problem."""
    wanted: dict[str, str] = {}
    for page in sorted(study.reports.rglob("*.qmd")):
        where = page.relative_to(study.reports.parent).as_posix()
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
            for name in _QUOTED.findall(line):
                wanted.setdefault(name, f"{where}, line {number}")
    found, problems = {}, []
    for name, where in wanted.items():
        words = evidence.quotation(shown, name, study.sources)
        if words is None:
            problems.append(
                Problem(
                    where,
                    f"quotation {name}",
                    "<source>-<passage>-<n> of the evidence page",
                    "choose a coded span there; a source without consent cannot be quoted",
                )
            )
        else:
            found[name] = words
    raise_if_any(problems)
    tables.write_quotations(found, study.reports / render.GENERATED)
