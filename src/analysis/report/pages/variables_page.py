"""The page of all variables: what each says, where the prose uses it, and what is quoted where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from html import unescape
from pathlib import Path

from analysis.report import look
from analysis.report.links import Lead
from analysis.report.numbers import is_spelled_variant
from analysis.report.pages.quotation_counts import LINK
from analysis.report.prose import prose

# The choices of params.yml stand in the paper's own table, in words.
_CHOICES = "choice."


def page(
    reports: Path, values: Mapping[str, str], leads: Mapping[str, Lead], *, constructed: bool
) -> str:
    """Every value but the choices, and every quotation of the prose pages.

    `values` as they are printed, `leads` where those lead that lead somewhere.
    """
    used, quoted = _uses(reports)
    rows = [
        {
            "name": name,
            "value": unescape(value),
            "lead": leads.get(name, Lead("")),
            "places": used.get(name, []),
        }
        for name, value in sorted(values.items())
        if not name.startswith(_CHOICES) and (name in used or not is_spelled_variant(name))
    ]
    return look.page(
        "variables.html",
        title="Variables and quotations",
        constructed=constructed,
        current="variables.html",
        rows=rows,
        quotations=sorted(quoted.items()),
    )


def _uses(reports: Path) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Variable -> the places that print it, and passage -> the places that quote it."""
    used: dict[str, list[str]] = defaultdict(list)
    quoted: dict[str, list[str]] = defaultdict(list)
    for name in prose.page_names(reports):
        for line in prose.lines_with_includes(reports, name)[0]:
            place = f"{line.file}, line {line.number}"
            for variable in prose.used_variables(line.text):
                used[variable].append(place)
            for passage in LINK.findall(line.text):
                quoted[passage.removeprefix("q-")].append(place)
    return used, quoted
