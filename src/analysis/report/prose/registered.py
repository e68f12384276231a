"""Numbers typed where claims and codes are registered: prose of the authors that the paper prints.

What a claim says of itself is asserted, so that no quantity may be typed in it. What an
expectation would say of each outcome is chosen by the data, and a definition says what belongs to a
code: there 'the two groups' is no finding, and only counts and shares are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from analysis.claims.model import Claim
from analysis.files.problems import Problem
from analysis.report.prose.blanking import prose_only
from analysis.report.prose.check import ALLOWED, allowed_numbers, without_allowed
from analysis.report.prose.wording import Finding, counts_and_shares, typed_quantities

_CLAIMS, _CODEBOOK = "data/raw/claims.yml", "data/raw/codebook.yml"
_SHORTCODE = re.compile(r"\{\{[<%].*?(?:[>%]\}\}|$)", re.DOTALL)
_SAID_OF_CODES = ("definition", "include", "exclude")


def typed_in(claims: Iterable[Claim], codes: pd.DataFrame, reports: Path) -> list[Problem]:
    """The quantities typed in `claims` and in the names and definitions of `codes`.

    What `allowed_numbers.yml` in `reports` lists, with its reason, passes.
    """
    allowed, _ = allowed_numbers(reports)
    problems = []
    for where, text, asserted in (*_of_claims(claims), *_of_codes(codes, "name", *_SAID_OF_CODES)):
        prose = without_allowed(prose_only(text), allowed)
        found = typed_quantities(prose) if asserted else counts_and_shares(prose)
        problems += [_problem(where, one) for one in found]
    return problems


def unfilled(claims: Iterable[Claim], codes: pd.DataFrame) -> list[Problem]:
    """The shortcodes in `claims` and in the definitions of `codes`: printed as they are written.

    A code may be called so: that stops no report.
    """
    return [
        Problem(
            where,
            f"the shortcode '{found[:60]}': nothing is filled in here",
            "words that stand as they are, in the tables and pages that quote them",
            "say it in the paper's own pages or in reports/interpretations, where variables are "
            "filled in",
        )
        for where, text, _ in (*_of_claims(claims), *_of_codes(codes, *_SAID_OF_CODES))
        for found in _SHORTCODE.findall(text)
    ]


def _of_claims(claims: Iterable[Claim]) -> Iterator[tuple[str, str, bool]]:
    for claim in claims:
        where = f"{_CLAIMS}, claim {claim.id}"
        yield f"{where}, heading", claim.heading, True
        yield f"{where}, sentence", claim.sentence, True
        yield f"{where}, paragraphs", claim.decision.paragraphs, True
        for theme in claim.themes:
            yield f"{where}, theme '{theme.name}'", theme.idea, True
        for one in claim.expectations:
            yield f"{where}, expectation {one.id}, against", one.against, False
            for outcome, said in one.says.items():
                yield f"{where}, expectation {one.id}, says {outcome}", said, False


def _of_codes(codes: pd.DataFrame, *columns: str) -> Iterator[tuple[str, str, bool]]:
    for code in codes.to_dict("records"):
        for column in columns:
            yield f"{_CODEBOOK}, code '{code['code']}', {column}", str(code[column]), False


def _problem(where: str, found: Finding) -> Problem:
    return Problem(
        where,
        f"{found.kind} '{found.words}', which new data may make false",
        "words without a number that was counted",
        "say it in the paper's own pages or in reports/interpretations with a variable, or list "
        f"it with its reason in reports/{ALLOWED}",
    )
