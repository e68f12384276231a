"""The framework matrix `data/raw/matrix.csv`: a person's summary per case and theme."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from analysis.claims.bearing import read_rows
from analysis.claims.material import Material
from analysis.claims.model import Claim, Theme
from analysis.files.problems import Problem, raise_if_any
from analysis.files.vocabulary import meant, perhaps
from analysis.study.schemas import columns

MATRIX = "matrix.csv"
FILE_COLUMNS = ("case_id", "theme", "summary", "state", "passages", "digest", "event")
COLUMNS = columns("matrix")
SAID, SILENT, CONTRARY, NOT_ASKED = STATES = ("said", "silent", "contrary", "not asked")


def read_matrix(
    path: Path,
    claims: Sequence[Claim],
    material: Material,
    register: pd.DataFrame,
) -> pd.DataFrame:
    """Read the cells, each with whether the codings under it changed since it was written.

    `register`: every registered source; cells of cases that are no longer in use are left out,
    and so are links to passages of sources that are not. Columns: claim (that has the theme),
    case_id, theme, summary, state, passages (';' between `<source_id>-<passage>`), digest (when
    written), digest_now (to be copied in when the cell was read again), stale (the two differ; a
    cell without a digest is stale). Rows in the order of the file.

    Raises one `StudyError` with every row that names an unknown case, theme, state or passage, a
    cell twice, or that was said or contrary and has no summary.
    """
    shown = f"data/raw/{path.name}"
    rows = read_rows(path, shown, ("case_id", "theme", "state"), FILE_COLUMNS)
    themes = {theme.name: (claim.id, theme) for claim in claims for theme in claim.themes}
    checker = _Checker(material, register, themes)
    problems: list[Problem] = []
    in_use = set(material.sources["case_id"])
    cells = []
    for line, row in rows:
        faults = checker.faults(row, f"{shown}, line {line}")
        problems += faults
        if faults or row["case_id"] not in in_use:
            continue
        claim, theme = themes[row["theme"]]
        now = cell_digest(theme, row["case_id"], material)
        links = ";".join(link for link in _links(row) if link in checker.passages)
        cells.append(
            {
                **row,
                "claim": claim,
                "passages": links,
                "digest_now": now,
                "stale": now != row["digest"],
            }
        )
    raise_if_any(problems)
    return pd.DataFrame(cells, columns=COLUMNS).astype({"stale": bool})


def cell_digest(theme: Theme, case_id: str, material: Material) -> str:
    """What a cell was written from: the words of the case under the theme's codes.

    Sixteen hexadecimal digits; the same wherever in its source a span stands.
    """
    own = material.sources.loc[material.sources["case_id"] == case_id, "source_id"]
    codings = material.coded.codings
    spans = codings[codings["source_id"].isin(own) & codings["code"].isin(theme.codes)]
    words = material.coded.words.digests(spans)
    seen = sorted(zip(spans["source_id"], spans["code"], words, strict=True))
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()[:16]


class _Checker:
    """What a row may name, and the cells met so far."""

    def __init__(
        self, material: Material, register: pd.DataFrame, themes: dict[str, tuple[str, Theme]]
    ) -> None:
        self.cases = set(register["case_id"])
        self.sources: Collection[str] = set(register["source_id"])
        self.in_use = set(material.sources["source_id"])
        own = material.coded.passages
        self.passages = set(own["source_id"].astype(str) + "-" + own["passage"].astype(str))
        self.themes = themes
        self.met: set[tuple[str, str]] = set()

    def faults(self, row: dict[str, str], where: str) -> list[Problem]:
        """What is wrong with a row, in which words of closed lists are then as these have them."""
        found = []
        for column, allowed, said in (
            ("case_id", self.cases, "a case of sources.csv"),
            ("theme", self.themes, "the name of a theme in claims.yml"),
            ("state", STATES, f"one of {', '.join(STATES)}"),
        ):
            word = meant(row[column], allowed)
            if word is None:
                named = f"{row[column][:60]!r}{perhaps(row[column], allowed)}"
                found.append(Problem(f"{where}, column {column}", named, said, "correct it"))
            else:
                row[column] = word
        cell = (row["case_id"], row["theme"])
        if cell in self.met:
            found.append(
                Problem(where, "a cell that stands above", "each case and theme once", "remove one")
            )
        self.met.add(cell)
        if row["state"] in (SAID, CONTRARY) and not row["summary"]:
            found.append(
                Problem(
                    f"{where}, column summary", "no words", "one to three sentences", "write them"
                )
            )
        for link in _links(row):
            source = link.rpartition("-")[0]
            known = link in self.passages or (source in self.sources and source not in self.in_use)
            if not known:
                found.append(
                    Problem(
                        f"{where}, column passages",
                        repr(link[:60]),
                        "<source_id>-<passage> of a counted passage, ';' between",
                        "correct it",
                    )
                )
        return found


def _links(row: dict[str, str]) -> list[str]:
    return [link.strip() for link in row["passages"].split(";") if link.strip()]
