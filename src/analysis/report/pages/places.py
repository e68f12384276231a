"""Where a number of the prose stands that no list of evidence is as long as.

Shares, ranges, p and q, coefficients and settings lead to the table in which they stand beside the
counts that they come from, and these to the words; what no table of the paper has leads to the
notebook that computed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from analysis.report import links
from analysis.report.links import Lead, Linker
from analysis.report.numbers import spelled_number
from analysis.report.pages import cards
from analysis.report.prose import prose
from analysis.stages.values import plain_name
from analysis.study.folder import Study

#: By how a name begins: the labels of tables, figures and sections, and the pages, of which the
#: first that is there is led to.
_STANDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("choice.", ("tbl-choices", "sec-choices")),
    ("clean.", ("tbl-cleaning",)),
    ("coding.n_codes", ("codebook.html",)),
    ("coding.n_coders", ("tbl-coders", "sec-coders")),
    ("coding.n_unplaced", ("tbl-coding-report",)),
    ("freq.", ("tbl-codes",)),
    ("cooc.", ("tbl-pairs", "fig-cooccurrence")),
    ("agree.", ("tbl-coders", "sec-coders")),
    ("find.n_matrix", ("matrix.html",)),
    ("find.", ("tbl-sensitivity", "sec-findings")),
)
_NOTEBOOKS = {
    "clean": "01-clean-interview",
    "coding": "02-coding",
    "freq": "03-frequencies",
    "cooc": "04-cooccurrence",
    "agree": "05-agreement",
    "find": "06-findings",
}
_LABEL = re.compile(r"\{#((?:tbl|fig|sec)-[\w-]+)")
_NUMBER = r"[−-]?\d[\d.,]*%?"
_FIGURE = re.compile(rf"(?:under |over )?{_NUMBER}(?: (?:of|to) {_NUMBER})?")


def leading(
    study: Study,
    linker: Linker,
    shown: Mapping[str, str],
    used: Iterable[str],
    pages: Iterable[str],
) -> dict[str, Lead]:
    """Where each value that the prose uses leads: to what it counts, else to where it stands in
    the paper, or on one of the data `pages`. `shown` are the values as they are printed."""
    asked, used = links.of_values(study, linker), set(used)
    patterns = study.table("patterns").to_dict("records")
    claims = {plain_name(str(row["claim"])): str(row["claim"]) for row in patterns}
    claims |= {plain_name(str(row["expectation"])): str(row["claim"]) for row in patterns}
    there = {page: page for page in pages} | labels(study.reports)
    found = {
        name: Lead(where)
        for name in used
        if is_figure(shown.get(name, "")) and (where := place_of(name, claims, there))
    }
    found |= links.leads(linker, asked, links.behind_values(study), shown, used)
    found |= links.spread_furthest(asked, shown)
    for row in patterns:
        name = f"find.{plain_name(row['expectation'])}.sentence"
        found[name] = Lead(place_of(name, claims, there), words=cards.sentence(row, linker))
    return found


def is_figure(shown: str) -> bool:
    """Whether a value says a number: '0.12 to 0.50', 'under 1%', '6 of 8', 'Four', '1 source'."""
    return spelled_number(shown) is not None or _FIGURE.fullmatch(shown) is not None


def labels(reports: Path) -> dict[str, str]:
    """The labels of figures, tables and sections of the prose pages: label -> address."""
    found: dict[str, str] = {}
    for name in prose.page_names(reports):
        for line in prose.lines_with_includes(reports, name)[0]:
            for label in _LABEL.findall(line.text):
                found.setdefault(label, f"{Path(name).stem}.html#{label}")
    return found


def place_of(name: str, claims: Mapping[str, str], there: Mapping[str, str]) -> str:
    """The address of the place where the value `name` stands, '' where there is none.

    `claims` gives the claim of each expectation, and of itself, by their names in values; `there`
    the addresses of what the paper has, by label, and of the pages beside it, by name.
    """
    stage, _, rest = name.partition(".")
    own = claims.get(rest.partition(".")[0], "") if stage == "find" else ""
    stands = [f"tbl-claim-{own}"] * bool(own)
    for begins, listed in _STANDS:
        stands += listed if name.startswith(begins) else ()
    stands.append(f"notebooks/{_NOTEBOOKS.get(stage, '')}.html")
    return next((there[one] for one in stands if one in there), "")
