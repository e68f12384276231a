"""Which part of a deposit each source's words go into, as consent has it."""

from __future__ import annotations

import pandas as pd

from analysis.files.problems import Problem, raise_if_any

OPEN, SAFEGUARDED, NOT_DEPOSITED = PARTS = ("open", "safeguarded", "not deposited")
#: A column that the register may have: `none` keeps a source's words out of any archive's part
#: that the paper does not publish already.
ARCHIVE = "archive"
_WORDS = ("", "none")
_BY_CONSENT = {"full": OPEN, "extracts": SAFEGUARDED}


def access(sources: pd.DataFrame) -> dict[str, str]:
    """source_id -> the part of the deposit that holds its whole text: one of PARTS.

    `publish: full` is open; `extracts` is safeguarded (what is published of it is open), unless the
    register's column `archive` says `none`; `none` and `unknown` are not deposited. Raises
    `StudyError` for another word under `archive`.
    """
    archive = sources.get(ARCHIVE, pd.Series("", index=sources.index)).str.strip().str.lower()
    raise_if_any(
        [
            Problem(
                f"data/raw/sources.csv, source {source_id}, column {ARCHIVE}",
                repr(word[:40]),
                "none, or nothing",
                "correct it: none keeps a source out of the safeguarded part",
            )
            for source_id, word in zip(sources["source_id"], archive, strict=True)
            if word not in _WORDS
        ]
    )
    parts = {}
    for source_id, publish, word in zip(
        sources["source_id"], sources["publish"], archive, strict=True
    ):
        part = _BY_CONSENT.get(publish, NOT_DEPOSITED)
        parts[source_id] = NOT_DEPOSITED if part == SAFEGUARDED and word == "none" else part
    return parts
