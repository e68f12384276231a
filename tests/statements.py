"""Each statement of the study's first findings has its place in the paper, with what is for and
against it: sections, expectations, and quotations that carry the codes in question."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[1]
REPORTS = PROJECT / "reports"


class Statement(NamedTuple):
    """Where a statement stands: its sections, codes, expectations, and quotations for and against."""

    said: str
    sections: tuple[str, ...]
    codes: tuple[str, ...]
    expectations: tuple[str, ...]
    evidence: tuple[str, ...]
    against: tuple[str, ...]


STATEMENTS = (
    Statement(
        "public value in co-created knowledge and in relationships children already have",
        ("sec-relationships", "sec-wishes"),
        ("value/trusted relationship", "value/co-created knowledge", "value/reported child view"),
        ("tie-carried", "tie-contrast", "merit-distant"),
        ("int-13-25-2", "int-17-15-1", "int-01-31-2", "int-06-21-2", "doc-08-15-3"),
        ("int-01-5-3", "int-17-19-3", "int-01-29-2", "int-09-23-2"),
    ),
    Statement(
        "bottom-up against top-down, emotionally remote clinical services",
        ("sec-relationships",),
        ("value/remoteness",),
        ("merit-distant",),
        ("int-13-31-2", "int-04-25-3"),
        ("int-07-29-2",),
    ),
    Statement(
        "collective co-production: third-sector organisations as a voice for children",
        ("sec-reach",),
        ("co-production/collective", "sectors/speaking for"),
        (),
        ("doc-04-16-2", "int-06-31-2"),
        ("int-11-3-2", "obs-01-11-1"),
    ),
    Statement(
        "how far it reaches down, from strategic co-design to the operational and the intrinsic",
        ("sec-reach",),
        ("co-production/tokenism", "co-production/intrinsic", "co-production/individual"),
        ("stops-short", "tokenism-with-design", "operational-doubt"),
        ("int-08-19-2", "int-13-43-5"),
        ("int-09-5-4", "int-04-9-2", "int-17-13-2", "int-17-13-3"),
    ),
    Statement(
        "a professionalization project, away from the badge 'voluntary'",
        ("sec-project",),
        ("sectors/voluntary resisted", "sectors/recognition"),
        ("badge-resisted", "recognition-sought", "values-with-flexibility"),
        ("int-08-5-3", "int-15-29-2", "int-04-29-1"),
        ("int-15-35-1",),
    ),
    Statement(
        "occupation-based, organisation-based and hybrid professionalism, and wider forces",
        ("sec-pictures", "sec-professionalism"),
        (
            "professionalism/occupational",
            "professionalism/organisational",
            "professionalism/wider forces/market",
            "professionalism/wider forces/digital",
        ),
        (),
        ("int-08-15-4", "int-04-15-5", "int-20-39-1", "int-11-11-1", "int-13-43-4"),
        ("int-15-7-2", "int-15-37-2", "int-02-33-2", "doc-08-11-1"),
    ),
    Statement(
        "users' assets and experiential knowledge; co-creation of value",
        ("sec-assets",),
        ("co-production/assets", "co-production/lived experience", "value/co-created knowledge"),
        (),
        ("int-12-21-2", "int-12-25-2", "int-08-31-2"),
        ("int-06-5-1", "obs-05-9-1", "int-09-11-4"),
    ),
    Statement(
        "first phase of a mixed-method study; what it hands to the second",
        ("sec-conclusion",),
        (),
        (),
        (),
        (),
    ),
)


def sections() -> dict[str, str]:
    """The text of each section of the paper, with the sections beneath it and the authors' readings."""
    page = (REPORTS / "index.qmd").read_text(encoding="utf-8")
    page = re.sub(
        r"\{\{< include (interpretations/[\w-]+\.qmd) >\}\}",
        lambda found: (REPORTS / found[1]).read_text(encoding="utf-8").split("---\n", 2)[2],
        page,
    )
    heads = list(re.finditer(r"^(#+) .*\{#(sec-[\w-]+)\}$", page, re.M))
    found = {}
    for place, head in enumerate(heads):
        after = (one.start() for one in heads[place + 1 :] if len(one[1]) <= len(head[1]))
        found[head[2]] = page[head.end() : next(after, len(page))]
    return found
