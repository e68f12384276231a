"""A tiny invented study, written into any folder: six sources, five codes, two coders."""

from __future__ import annotations

import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]

REGISTER = """\
source_id,case_id,kind,role,site,date,title,file,coded_as,status,publish,provenance,participant_tags,interviewer_tags
c1,com-1,interview,commissioner,north,2024-01-01,First,interviews/c1.txt,,active,full,constructed,R,I
c2,com-2,interview,commissioner,north,2024-01-08,Second,interviews/c 2 (second) 'take'.txt,,active,extracts,constructed,R,I
t1,ts-1,interview,third_sector,south,2024-01-15,Third,interviews/t1.txt,,active,full,constructed,R,I
t2,ts-2,interview,third_sector,south,2024-01-22,Fourth,interviews/t2.txt,,active,none,constructed,R,I
d1,org-1,document,commissioner,north,2023-12-01,Plan,documents/d1.md,,active,full,constructed,,
o1,event-1,observation,mixed,south,2024-02-01,Meeting,observations/o1.txt,,active,full,constructed,,
"""

TEXTS = {
    "interviews/c1.txt": "I: What do you buy?\n\nR: We buy outcomes and we count them. Trust matters "
    "too, in its way.\n\nI: And who decides?\n\nR: The board decides after a workshop.\n",
    "interviews/c 2 (second) 'take'.txt": "I: What do you buy?\n\nR: Hours of help. Families trust "
    "the worker they know.\n\nI: Who is heard?\n\nR: The same six people at each workshop.\n",
    "interviews/t1.txt": "I: What is your work?\n\nR: Being known to a child. Trust is the whole of "
    "it.\n\nI: Are you a volunteer?\n\nR: No, I am trained and I am paid.\n",
    "interviews/t2.txt": "I: What is your work?\n\nR: Walking along with them. They trust us because "
    "we stay.\n\nI: And the workshop?\n\nR: Nobody told us what came of it.\n",
    "documents/d1.md": "# Plan\n\nProviders will build trust with families.\n\nA workshop shapes the "
    "plan.\n",
    "observations/o1.txt": "DESCRIPTION: Nine people round a table, one pen.\n\nHEARD (chair): The "
    "workshop was a success.\n\nREFLECTION: I doubt that trust was built here.\n",
}

CODED = {
    "A": [
        ("c1", "count them", "measuring"),
        ("c1", "Trust matters too", "trust"),
        ("c1", "after a workshop", "design/workshop"),
        ("c2", "Families trust the worker they know", "trust"),
        ("c2", "The same six people at each workshop", "design/workshop"),
        ("c2", "The same six people", "design/who is heard"),
        ("t1", "Trust is the whole of it", "trust"),
        ("t1", "Being known to a child. Trust is the whole", "measuring"),
        ("t2", "They trust us because we stay", "trust"),
        ("t2", "Nobody told us what came of it", "design/workshop"),
        ("d1", "build trust with families", "trust"),
        ("d1", "A workshop shapes the plan", "design/workshop"),
        ("o1", "The workshop was a success", "design/workshop"),
    ],
    "B": [
        ("c1", "Trust matters too, in its way", "trust"),
        ("t1", "Trust is the whole of it", "trust"),
        ("t1", "I am trained", "measuring"),
    ],
}

CODEBOOK = """\
codes:
  - name: trust
    definition: A tie that carries help.
  - name: measuring
    definition: Counting what is done.
  - name: design
    definition: Shaping a service.
    usable: false
  - name: workshop
    parent: design
    definition: An event held to shape a service.
  - name: who is heard
    parent: design
    definition: Selection of those who speak.
"""

CLAIMS = """\
claims:
  - id: trust
    heading: Trust is the work
    sentence: Third-sector staff say that trust is the work.
    origin: theory
    date: 2024-01-01
    themes:
      - name: Trust
        idea: Help travels along a tie.
        codes: [trust]
    expectations:
      - id: trust-told
        kind: prevalence
        counts: mentioned
        code: trust
        group: third_sector
        at_least: 2
        against: Fewer of them speak of trust.
        says:
          present: Enough of them speak of trust.
          absent: Too few of them speak of trust.
          too few cases to compare: Too few were asked.
    decision:
      status: undecided
      paragraphs: ""
"""

INDEX = """\
---
title: "A tiny paper"
format:
  html: default
  typst: default
  docx: default
bibliography: references.bib
---

# Findings {#sec-findings}

{{< var coding.n_sources >}} sources, {{< var coding.n_segments >}} segments (@tbl-codes), {{< var find.trust_told.n_group >}} of {{< var find.trust_told.of_group >}} [@maxwell2010]. {{< var find.trust_told.sentence >}}

{{< include _generated/codes.md >}}

: Codes {#tbl-codes}

{{< include _generated/quotations/t1-1-2.md >}}

![Cases by code. Each mark is a case.](figures/cases-per-code){#fig-cases fig-alt="One mark per case."}
"""

BIBLIOGRAPHY = (
    "@article{maxwell2010, author = {Maxwell, Joseph A.}, title = {Using numbers in qualitative "
    "research}, journal = {Qualitative Inquiry}, volume = {16}, number = {6}, year = {2010}}\n"
)


def write_tiny_study(folder: Path) -> Path:
    """Write the study into `folder` (which may exist, empty) and return it."""
    raw = folder / "data" / "raw"
    for name in ("interviews", "documents", "observations", "coding"):
        (raw / name).mkdir(parents=True)
    (folder / "reports").mkdir()
    for name, text in TEXTS.items():
        (raw / name).write_text(text, encoding="utf-8")
    (raw / "sources.csv").write_text(REGISTER, encoding="utf-8")
    (raw / "codebook.yml").write_text(CODEBOOK, encoding="utf-8")
    (raw / "claims.yml").write_text(CLAIMS, encoding="utf-8")
    for coder, coded in CODED.items():
        (raw / "coding" / f"coder {coder}.csv").write_text(span_csv(coder, coded), encoding="utf-8")
    params = (PROJECT / "params.yml").read_text(encoding="utf-8")
    smaller = params.replace("minimum_group: 6", "minimum_group: 2")
    (folder / "params.yml").write_text(smaller, encoding="utf-8")
    shutil.copy(PROJECT / "reports" / "_quarto.yml", folder / "reports" / "_quarto.yml")
    shutil.copytree(PROJECT / "reports" / "styles", folder / "reports" / "styles")
    (folder / "reports" / "index.qmd").write_text(INDEX, encoding="utf-8")
    (folder / "reports" / "reproducibility.qmd").write_text(
        '---\ntitle: "Reproducibility"\nformat:\n  html: default\n---\n\n'
        "{{< include _generated/inputs.md >}}\n\n: Inputs {#tbl-inputs}\n",
        encoding="utf-8",
    )
    (folder / "reports" / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    return folder


def span_csv(coder: str, coded: list[tuple[str, str, str]]) -> str:
    """Span CSV for quotations of the texts above; each quotation stands once in its text."""
    texts = {row.split(",")[0]: row.split(",")[7] for row in REGISTER.splitlines()[1:]}
    lines = ["source_id,start,end,code,coder,quote"]
    for source_id, quote, code in coded:
        text = TEXTS[texts[source_id]]
        assert text.count(quote) == 1, quote
        start = text.index(quote)
        lines.append(f'{source_id},{start},{start + len(quote)},{code},{coder},"{quote}"')
    return "\n".join(lines) + "\n"
