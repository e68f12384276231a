"""Every page that is no prose, written into one folder that rendering copies into the site."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from functools import partial
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.claims import Claim
from analysis.claims.joint import Joint
from analysis.claims.quotable import Evidence, quotations
from analysis.files.problems import Problem, raise_if_any
from analysis.report import docx_reference, look
from analysis.report.evidence_index import Index
from analysis.report.pages import (
    checklist_page,
    codebook_page,
    downloads,
    evidence,
    evidence_parts,
    joint_page,
    matrix_page,
    memo_pages,
    notebook_page,
    source_page,
)
from analysis.report.pages.memo_words import MemoWords
from analysis.report.pages.nobody_asks import nobody_asks
from analysis.report.pages.quotation_counts import quoted
from analysis.report.pages.tables import ON_A_PAGE
from analysis.report.prose import prose
from analysis.study import which_pages
from analysis.study.cases import CASES, read_cases
from analysis.study.folder import Study
from analysis.text.english import grouped
from analysis.text.escape import markdown
from analysis.text.passage_html import Span
from analysis.workers.pools import Died, each

# The table that a figure was drawn from, by the name of its picture.
FIGURE_DATA = {
    "accumulation": "accumulation",
    "agreement": "agreement",
    "cases-per-code": "code_by_source",
    "cooccurrence": "cooccurrence",
    "corrected": "corrected",
    "expectations": "expectation_cases",
    "network": "cooccurrence",
    "specifications": "sensitivity",
}
# So many pages take about as long as it takes workers to start, and these a second of one.
_WORTH_WORKERS, _AT_A_TIME = 2_000, 250
# The tables of so many sources are in memory at a time.
_SOURCES_AT_ONCE = 10_000
_HEADING = re.compile(r"^#++ ++(.+)\{#(sec-[\w-]++)", re.M)
_CAPTION = re.compile(r"^: ++(.+)\{#(tbl-[\w-]++)", re.M)


def write_all(
    study: Study,
    shown: Evidence,
    claims: Sequence[Claim],
    memos: pd.DataFrame,
    values: Mapping[str, str],
    index: Index,
    folder: Path,
) -> None:
    """Write the data pages and downloads into `folder`, and a list of them for the prose."""
    invented = study.constructed
    anchors = anchors_of(study.reports)
    places = claim_places(claims, anchors)
    uses = _uses(study)
    uses = uses.assign(place=uses["claim"].map(places).fillna("index.html"))
    paged = _paged(study, uses)
    matrix = study.table("matrix")
    ids = frozenset(shown.passages["id"])
    _write_matrix(study, matrix, claims, folder)
    downloads.write_figure_data(
        {
            figure: study.table(table)
            for figure, table in FIGURE_DATA.items()
            if (study.processed / f"{table}.csv").is_file()
        },
        folder / downloads.FOLDER,
        notice=look.NOTICE if invented else "",
    )
    pages = {
        "evidence.html": _evidence(study, shown, uses, index, paged, folder),
        "codebook.html": codebook_page.page(
            study.codebook, study.table("frequencies_overall"), shown, constructed=invented
        ),
        "matrix.html": matrix_page.page(
            matrix, claims, study.sources, ids, places, constructed=invented
        ),
        "memos.html": memo_pages.page(memos, MemoWords(study.register, ids), constructed=invented),
    }
    pages |= _joint(study, shown, claims, matrix)
    sources = _write_source_pages(study, paged, folder)
    notebooks = _write_notebooks(study, folder)
    pages["notebooks.html"] = look.page(
        "notebooks.html",
        title="Notebooks",
        constructed=invented,
        current="notebooks.html",
        notebooks=notebooks,
    )
    addresses = {
        *pages,
        *sources,
        "index.html",
        "reproducibility.html",
        "checklist.html",
        "variables.html",
    }
    addresses |= {address for address, _ in notebooks}
    pages["checklist.html"] = checklist_page.page(
        study.choices.approach, values, anchors, addresses, constructed=invented
    )
    for name, content in pages.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    (study.reports / "_generated" / "pages.md").write_text(
        _list(study, notebooks, paged, joint="joint.html" in pages), encoding="utf-8", newline="\n"
    )


def anchors_of(reports: Path) -> dict[str, str]:
    """What can be linked in the prose pages: id -> its words; of pages other than the paper the
    id has the page before it (`reproducibility.html#sec-software`)."""
    found: dict[str, str] = {}
    for name in prose.page_names(reports):
        lines, _ = prose.lines_with_includes(reports, name)
        text = "\n".join(line.text for line in lines)
        before = "" if name == "index.qmd" else f"{name.removesuffix('.qmd')}.html#"
        for pattern in (_HEADING, _CAPTION):
            found |= {before + key: unescape(words.strip()) for words, key in pattern.findall(text)}
    return found


def claim_places(claims: Sequence[Claim], anchors: Mapping[str, str]) -> dict[str, str]:
    """Where in the paper each claim stands: its section, its card, or only the paper."""
    places = {}
    for claim in claims:
        there = [key for key in (f"sec-{claim.id}", f"tbl-claim-{claim.id}") if key in anchors]
        places[claim.id] = f"index.html#{there[0]}" if there else "index.html"
    return places


def _write_matrix(
    study: Study, matrix: pd.DataFrame, claims: Sequence[Claim], folder: Path
) -> None:
    notice = look.NOTICE if study.constructed else ""
    reference = study.reports / "_generated" / "reference.docx"
    docx_reference.write(study.reports, reference, notice)
    matrix_page.write_docx(matrix, claims, study.sources, folder / "matrix.docx", reference)
    (folder / "matrix.xlsx").write_bytes(
        matrix_page.workbook(matrix, claims, study.sources, notice)
    )


def _joint(
    study: Study, shown: Evidence, claims: Sequence[Claim], matrix: pd.DataFrame
) -> dict[str, str]:
    """The page of joint displays, and their tables for the paper, where cases have attributes."""
    measured = read_cases(study.raw / CASES, set(study.register["case_id"]))
    themes = [theme for claim in claims for theme in claim.themes]
    joint = Joint.of(study.corpus, themes, quotations(shown), measured, matrix)
    if joint.measured.empty or not themes:
        return {}
    for name, table in joint_page.tables_of(joint, study).items():
        file = study.reports / "_generated" / f"{name}.md"
        file.write_text(table.shown(study.reports), encoding="utf-8", newline="\n")
    ids = frozenset(shown.passages["id"])
    return {"joint.html": joint_page.page(joint, study, ids, constructed=study.constructed)}


def _evidence(
    study: Study,
    shown: Evidence,
    uses: pd.DataFrame,
    index: Index,
    paged: Set[str],
    folder: Path,
) -> str:
    """The evidence page; what one page cannot hold is written beside it."""
    unknown = nobody_asks(study.passages)
    in_parts = len(index.passages) > evidence_parts.ON_ONE_PAGE
    if in_parts:
        evidence_parts.write(
            folder, shown, study.sources, uses, index, unknown=unknown, paged=paged
        )
    return evidence.page(
        shown,
        study.sources,
        uses,
        index,
        constructed=study.constructed,
        unknown=unknown,
        paged=paged,
        in_parts=in_parts,
    )


def _paged(study: Study, uses: pd.DataFrame) -> frozenset[str]:
    """The sources that have a page: those that may be shown whole, and that are asked for."""
    whole = study.sources.loc[study.sources["publish"] == "full", "source_id"]
    if which_pages.asked(study.folder) == which_pages.ALL:
        return frozenset(whole)
    led_to = {
        one.removeprefix("q-").rpartition("-")[0] for one in [*uses["id"], *quoted(study.reports)]
    }
    return frozenset(whole) & led_to


def _write_source_pages(study: Study, paged: Set[str], folder: Path) -> list[str]:
    """Write the pages of the sources `paged` into `folder`; return their names."""
    whole = study.sources[study.sources["source_id"].isin(paged)]
    unknown = nobody_asks(study.passages)
    names: list[str] = []
    for at in range(0, len(whole), _SOURCES_AT_ONCE):
        rows = whole.iloc[at : at + _SOURCES_AT_ONCE]
        names_here = set(rows["source_id"])
        passages = _by_source(study.passages, names_here, ["source_id", "passage"])
        codings = _by_source(study.all_codings, names_here, ["source_id"])
        tasks = [
            (
                row,
                passages.get(row["source_id"], []),
                [_span(one) for one in codings.get(row["source_id"], [])],
                row["source_id"] in unknown,
            )
            for row in rows.to_dict("records")
        ]
        work = partial(_write_source_page, folder=folder.resolve(), constructed=study.constructed)
        written = each(work, tasks, worth=_WORTH_WORKERS, at_a_time=_AT_A_TIME)
        died = [
            Problem(
                f"source {name}",
                "passages that ended the process writing their page, each time it was tried",
                "a page of the source",
                "look at its clean text; publish: extracts leaves the page out",
            )
            for name, one in zip(rows["source_id"], written, strict=True)
            if isinstance(one, Died)
        ]
        raise_if_any(died)
        names += map(str, written)
    return names


def _by_source(
    table: pd.DataFrame, names: Set[str], order: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """The rows of each of these sources, in this order."""
    own = table[table["source_id"].isin(names)].sort_values(list(order), kind="stable")
    rows = own.to_dict("records")
    return {name: list(each) for name, each in groupby(rows, key=lambda row: str(row["source_id"]))}


def _span(row: Mapping[str, Any]) -> Span:
    return Span(row["start"], row["end"], row["code"], row["coder"])


def _write_source_page(
    task: tuple[Mapping[str, str], Sequence[Mapping[str, Any]], Sequence[Span], bool],
    folder: Path,
    constructed: bool,
) -> str:
    source, passages, spans, unknown = task
    name = f"source-{source['source_id']}.html"
    content = source_page.page(source, passages, spans, unknown=unknown, constructed=constructed)
    (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return name


def _write_notebooks(study: Study, folder: Path) -> list[tuple[str, str]]:
    """Address and title of each executed notebook."""
    written = []
    for notebook in sorted((study.reports / "notebooks").glob("*.ipynb")):
        if ".unfinished" not in notebook.name:
            address = f"notebooks/{notebook.stem}.html"
            (folder / address).parent.mkdir(exist_ok=True)
            title = notebook_page.render_notebook(
                notebook, folder / address, constructed=study.constructed
            )
            kind = notebook.stem.removeprefix("01-clean-")
            written.append((address, title if kind == notebook.stem else f"{title} ({kind}s)"))
    return written


def _uses(study: Study) -> pd.DataFrame:
    """Which claim a shown passage bears on: id, claim, bears."""
    examples = study.table("examples")
    known = examples[examples["bears"] != "presence only"]
    ids = "q-" + known["source_id"] + "-" + known["passage"].astype(str)
    return known.assign(id=ids)[["id", "claim", "bears"]].drop_duplicates()


def _list(
    study: Study, notebooks: Sequence[tuple[str, str]], paged: Set[str], *, joint: bool
) -> str:
    """The pages of the site that the navigation does not name, as Markdown."""
    whole = study.sources[study.sources["source_id"].isin(paged)]
    sources = [
        f"[{markdown(row['source_id'])}](source-{row['source_id']}.html)"
        for _, row in whole.sort_values("source_id").head(ON_A_PAGE).iterrows()
    ]
    if len(whole) > ON_A_PAGE:
        sources.append(f"and {grouped(len(whole) - ON_A_PAGE)} more, each from its passages")
    lines = [
        "- [Reporting standards](checklist.html): where this report speaks to each item",
        *(["- [Joint displays](joint.html): measured attributes beside themes"] if joint else []),
        "- [Variables and quotations](variables.html): every number of the prose and where it is used",
        "- [Memos](memos.html) that the analysts let be shown",
        f"- Notebooks, as they ran: {', '.join(f'[{markdown(t)}]({a})' for a, t in notebooks)}",
        f"- Sources shown whole: {', '.join(sources) or 'none'}",
    ]
    return "\n".join(lines) + "\n"
