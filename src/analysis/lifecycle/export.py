"""The study for other programs: REFI-QDA project and codebook, and plain tables."""

from __future__ import annotations

import sys
from pathlib import Path

from analysis.coding.formats.refi_export import write_qdc, write_qdpx, write_tables
from analysis.study.folder import Study

_README = """\
# Export of a study

{constructed}| file | what it is |
|---|---|
| `study.qdpx` | REFI-QDA project: texts, codes, codings by coder, cases with attributes |
| `codebook.qdc` | REFI-QDA codebook |
| `sources.csv` | one row a source, with its attributes |
| `codes.csv` | one row a code |
| `codings.csv` | one row a coded span: source, start, end, code, coder, memo, text |
| `cases_by_code.csv` | one row a case: attributes, then how many spans each code has |

Texts are the cleaned, pseudonymised ones. A text is here only where consent to publish is `full`
({full} of {sources} sources); the project holds these sources alone, since a REFI-QDA source needs
its text. Codings, attributes and counts are those of all active sources, without words where
consent does not reach so far; memos, which may quote, are left out there too. Withdrawn and
embargoed sources are in no file.

Positions count Unicode code points from 0, end-exclusive. Names of files, and names used in coding
programs, are left out, since they can be names of people. People can still be recognised by what is
said and by combinations of attributes: pass this on under the terms they agreed to.
"""


def export_study(study: Path, folder: Path) -> None:
    """Write the study in the folder `study` into `folder`, as consent allows.

    Every coder's codings of active sources are written; whole texts, and the words and memos of
    codings, only of sources with `publish: full`. Files of an earlier export are replaced.
    Raises `StudyError` when the coding has not been placed yet.
    """
    opened = Study.open(study)
    sources, codes, codings = opened.sources, opened.codes, opened.all_codings
    full = list(sources.loc[sources["publish"] == "full", "source_id"])
    texts = {source_id: opened.text(source_id) for source_id in full}
    spoken = codings["source_id"].isin(full)
    silent = codings.assign(memo=codings["memo"].where(spoken, ""))
    folder.mkdir(parents=True, exist_ok=True)
    write_qdpx(folder / "study.qdpx", sources, texts, codes, silent)
    if len(codes):
        write_qdc(folder / "codebook.qdc", codes)
    write_tables(folder, sources, texts, codes, silent)
    said = "All evidence in it is invented.\n\n" if opened.constructed else ""
    readme = _README.format(constructed=said, full=len(full), sources=len(sources))
    (folder / "README.md").write_text(readme, encoding="utf-8")
    print(
        f"exported to {folder}: {len(sources)} sources, {len(full)} of them with text, "
        f"{len(silent)} codings",
        file=sys.stderr,
    )
