"""What is said of a deposit: its parts, its files, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from analysis.lifecycle.deposit.about import About
from analysis.lifecycle.deposit.access import NOT_DEPOSITED, OPEN, SAFEGUARDED
from analysis.lifecycle.deposit.compared import Otherwise
from analysis.lifecycle.export import FORMS
from analysis.lifecycle.export.material import Material

ORDER = (OPEN, SAFEGUARDED, NOT_DEPOSITED)
#: What each file, or the files of each folder, are.
TOLD: dict[str, str] = {
    "README.md": "what each file is",
    "CITATION.cff": "how to cite",
    "datapackage.json": "Data Package 2.0: a schema for each table",
    "ro-crate-metadata.json": "RO-Crate 1.2: what each file is",
    "data_list.csv": "data list: one row an interview",
    "requirements.lock": "the versions of all software that the paper was made with",
    "paper/": "the paper and the pages behind it, with the executed notebooks; open index.html",
    "texts/": "the cleaned, pseudonymised text of a source",
    "study/": "the study, to be run again",
    "results/": "a table that figures and tables of the paper come from",
    "results/values.csv": "every number that the prose may print, as it is printed",
    "instruments/": "an instrument: guide, information sheet, form",
    **{f"data/{name}": what for form in FORMS for name, what in form.files.items()},
    "data/rock/": "ROCK: a source as one coder coded it, one sentence a line",
    "data/qca/": "a table for qualitative comparative analysis",
    "data/": "data for other programs",
}
_INVENTED = "**All evidence in it is invented.**\n\n"


def of_deposit(about: About, parts: Mapping[str, str], missing: pd.DataFrame) -> str:
    """The README of the whole: the parts, and what is in none."""
    counts = {part: list(parts.values()).count(part) for part in ORDER}
    lines = [f"| {row.kind} | {row.count} | {row.why} |" for row in missing.itertuples(name="Row")]
    return f"""\
# {about.title}

{_INVENTED if about.invented else ""}Deposited on {about.on}. The parts are split by what each participant agreed to.

| part | who may have it | sources whose whole text it holds |
|---|---|---|
| `open` | everybody, under the licence in `open/CITATION.cff` | {counts[OPEN]} |
| `safeguarded` | registered users who accept the archive's terms | {counts[SAFEGUARDED]} |
| not deposited | nobody | {counts[NOT_DEPOSITED]} |

Codings and counts of every source are in `open`; words only where consent reaches so far. What comes
out otherwise when the study in `open` is run again is listed in `open/README.md`.

## What is left out

| kind | how many | why |
|---|---|---|
{chr(10).join(lines)}

Consent records, recordings and contact details are kept elsewhere and were never part of the study.
"""


def of_open(
    material: Material,
    about: About,
    files: Iterable[str],
    otherwise: Sequence[Otherwise] | None,
) -> str:
    """The README of the open part: each file, how to run the study again, and what then comes out
    `otherwise` (None: a stage stopped)."""
    veiled = len(material.sources) - len(material.texts)
    return f"""\
# {about.title}

{_INVENTED if about.invented else ""}{_table(files)}

Positions count Unicode code points of the clean text from 0, end-exclusive. A cell of a table that
would be taken for a formula has an apostrophe in front. People can be recognised by what is said
and by combinations of attributes: use this under the terms that they agreed to.

## To run it again

`qualan report --study study` (or `make report STUDY=…/study` in the software's folder), with the
versions of `requirements.lock`. Of {veiled} of {len(material.sources)} sources consent does not let
the whole text out: there each hidden word is a row of x, as many as there were, so that every
coding and every passage stands where it stood and counts as it counted.

{_otherwise(otherwise)}
"""


def _otherwise(found: Sequence[Otherwise] | None) -> str:
    tried = "All stages were run again on it when this was deposited"
    if found is None:
        return f"{tried}: one of them stopped. The tables in `results` are those of the paper."
    if not found:
        return (
            f"{tried}: every pattern, every coding, every number that the prose prints, every signature\n"
            "and every cell of the matrix came out as in the paper."
        )
    lines = [
        f"| {one.kind} | {_cell(one.what)} | {_cell(one.paper)} | {_cell(one.again)} |"
        for one in found
    ]
    told = "\n".join(["| what | which | in the paper | run again |", "|---|---|---|---|", *lines])
    return f"""\
{tried}. What is made from hidden words, from memos that are not published, or from
sources that left or are under embargo came out otherwise, and is all listed here; every other
pattern, coding, number that the prose prints, signature and cell of the matrix is as in the paper.

{told}"""


def _cell(said: str) -> str:
    return " ".join(said.split()).replace("|", "\\|")


def of_safeguarded(material: Material, about: About) -> str:
    """The README of the safeguarded part."""
    return f"""\
# {about.title}: safeguarded part

{_INVENTED if about.invented else ""}The whole cleaned, pseudonymised texts of {len(material.texts)} sources of which the paper may
show extracts, and their codings with words. For registered users who accept the archive's terms;
not to be published.

{_table([f"data/{name}" for name in ("study.qdpx", "codebook.qdc", "sources.csv", "codes.csv", "codings.csv")])}
"""


def _table(files: Iterable[str]) -> str:
    """The files, those of one folder and meaning in one line."""
    there = sorted(set(files) | {"CITATION.cff", "datapackage.json", "ro-crate-metadata.json"})
    lines: dict[str, str] = {}
    for path in there:
        if path in TOLD:
            lines[path] = TOLD[path]
            continue
        folders = [name for name in TOLD if name.endswith("/") and path.startswith(name)]
        if folders:
            longest = max(folders, key=len)
            lines[longest] = TOLD[longest]
    told = [f"| `{path}` | {what} |" for path, what in lines.items()]
    return "\n".join(["| file | what it is |", "|---|---|", *told])
