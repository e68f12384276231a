"""The reading list worked: what a passage does for a claim, judged where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis.claims import bounds as ends
from analysis.claims.bearing import BEARINGS, BLIND, OUTCOMES
from analysis.claims.coded_stance import read_judgements
from analysis.claims.material import Material
from analysis.claims.matrix import FILE_COLUMNS, MATRIX, STATES, cell_digest, read_matrix
from analysis.claims.model import Claim, Theme
from analysis.claims.reading import CLAIMS, read_claims
from analysis.claims.reading_list import blind_list, reading_list
from analysis.claims.stance import Stances
from analysis.claims.terms import OPEN
from analysis.desk.csv_edits import rows_of, with_new_row, with_row
from analysis.desk.ledger import Change, Ledger
from analysis.desk.texts import Texts
from analysis.explore.notes import bearings_with
from analysis.files.problems import Problem, StudyError
from analysis.study.folder import Study

BLIND_SHARE = 0.25
_SHOWN = f"data/raw/{BEARINGS}"


@dataclass(frozen=True)
class Judging:
    """What `by` judges of the claims of a study; needs the tables that `make report` left.

    With `blind` the list holds passages that somebody else judged, without saying what they found:
    a share of each claim's, drawn by the study's seed.
    """

    study: Study
    by: str
    blind: bool = False

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise StudyError(Problem("judged by", "nobody", "a name or initials", "write it"))

    @cached_property
    def ledger(self) -> Ledger:
        """What is written, and can be undone."""
        return Ledger(self.study.folder, Texts({}))

    @cached_property
    def material(self) -> Material:
        """The coded material under the study's choices."""
        return Material.of(self.study.corpus)

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """The claims by id."""
        read = read_claims(self.study.raw / CLAIMS, self.study.codes, self.study.register["role"])
        return {one.id: one for one in read}

    def claim(self, name: str) -> Claim:
        """A claim by its id; `StudyError` for none."""
        if name not in self.claims:
            known = ", ".join(self.claims) or "claims in data/raw/claims.yml"
            raise StudyError(Problem("claim", repr(name)[:60], known, "correct it"))
        return self.claims[name]

    def bearings(self) -> pd.DataFrame:
        """What was judged so far, by anybody, and the stances that the coding carries."""
        return read_judgements(
            self.study.raw / BEARINGS,
            list(self.claims.values()),
            self.study.corpus,
            self.study.register["source_id"],
            self.study.stances,
        )

    def to_read(self, claim: str) -> pd.DataFrame:
        """The passages of a claim that wait for this judge: source_id, passage; the best first.

        First those that settle most (`claims.reading_list`), then every other passage that carries
        a code of the claim and that nobody judged; with `blind` the drawn ones instead.
        """
        one, bearings = self.claim(claim), self.bearings()
        own = bearings[bearings["claim"] == claim]
        if self.blind:
            # Drawn among what was judged before this judge came, so that the list is worked off.
            others = own[own["by"] != self.by]
            drawn = blind_list(others, BLIND_SHARE, self.study.choices.seed)
            done = set(_places(own[own["by"] == self.by]))
            return _table([place for place in _places(drawn) if place not in done])
        open_ones = pd.DataFrame(
            [(two.id, OPEN) for two in one.expectations], columns=["expectation", "pattern"]
        )
        stances = Stances.of([one], bearings, self._matrix())
        listed = _places(reading_list([one], self.material, stances, open_ones))
        held = (self.material.coded.on_passages.get(code, frozenset()) for code in one.codes)
        left = sorted(frozenset().union(*held) - set(listed) - set(_places(own)))
        return _table([*listed, *left])

    def bounds(self, claim: str) -> list[str]:
        """What unread passages could still change, a line for each expectation that counts cases."""
        one = self.claim(claim)
        stances = Stances.of([one], self.bearings(), self._matrix())
        lines = []
        for expected in one.expectations:
            if expected.together or not expected.by_case:
                continue
            found = ends.bounds(one, expected, self.material, stances)
            named = expected.roles or ("all",)
            for at, group in enumerate(found.mentioned):
                mentioned = sum(held for _, held in group)
                line = f"{expected.id}, {named[at]}: {mentioned} of {len(group)} mention"
                if expected.affirmed:
                    counts = [
                        sum(held for _, held in groups[at]) for groups in (found.least, found.most)
                    ]
                    line += f"; affirm: at least {min(counts)}, at most {max(counts)}"
                lines.append(line)
        return lines

    def judge(self, claim: str, source_id: str, passage: int, bears: str, note: str = "") -> None:
        """Record what a passage does for a claim: supports, qualifies, contradicts, does not bear.

        A judgement by the same person is replaced. Raises `StudyError` for an unknown word.
        """
        own = pd.DataFrame({"source_id": [source_id], "passage": [passage]})
        path = self.study.raw / BEARINGS
        old = _text(path)
        chosen = BLIND if self.blind else "reading list of the lab"
        line = self._line(old, claim, source_id, passage)
        if line is None:
            new = bearings_with(path, own, claim, bears, note, self.by, list(self.claims), chosen)
        else:
            # Checked as a new row would be.
            bearings_with(path, own.iloc[:1], claim, bears, note, f"{self.by}?", list(self.claims))
            new = with_row(
                old, _SHOWN, line, {"bears": bears, "note": note, "negative_outcome": ""}
            )
        self.ledger.change(Change({}, {path: (old, new)}, "judgement"))

    def negative(self, claim: str) -> pd.DataFrame:
        """The passages that contradict a claim: source_id, passage, by, negative_outcome."""
        bearings = self.bearings()
        own = bearings[(bearings["claim"] == claim) & (bearings["bears"] == "contradicts")]
        return own[["source_id", "passage", "by", "negative_outcome"]].reset_index(drop=True)

    def outcome(self, claim: str, source_id: str, passage: int, outcome: str) -> None:
        """Say what came of a negative case that this judge found: revised, bounded, unresolved."""
        if outcome not in OUTCOMES:
            raise StudyError(Problem("outcome", repr(outcome)[:40], ", ".join(OUTCOMES), "choose"))
        path = self.study.raw / BEARINGS
        old = _text(path)
        line = self._line(old, claim, source_id, passage)
        heading, _ = rows_of(old, _SHOWN)
        if line is None or "negative_outcome" not in heading:
            found = "no judgement of yours" if line is None else "no column negative_outcome"
            raise StudyError(Problem(_SHOWN, found, "a negative case", "judge it, add the column"))
        new = with_row(old, _SHOWN, line, {"negative_outcome": outcome})
        self.ledger.change(Change({}, {path: (old, new)}, "outcome"))

    # --- the framework matrix -------------------------------------------------

    def themes(self) -> dict[str, Theme]:
        """Every theme of the claims by its name."""
        return {theme.name: theme for one in self.claims.values() for theme in one.themes}

    def under(self, theme: str, case_id: str) -> pd.DataFrame:
        """The passages of a case under a theme: source_id, passage."""
        own = self.material.sources
        sources = set(own.loc[own["case_id"] == case_id, "source_id"])
        held = (
            self.material.coded.on_passages.get(code, frozenset())
            for code in self._theme(theme).codes
        )
        places = frozenset().union(*held)
        return _table(sorted(place for place in places if place[0] in sources))

    def cell(self, theme: str, case_id: str) -> dict[str, str]:
        """What stands in a cell of the matrix; empty words where it is not written."""
        text = _text(self.study.raw / MATRIX)
        found = self._cell_line(text, theme, case_id)
        return found[1] if found else dict.fromkeys(FILE_COLUMNS, "")

    def write_cell(self, theme: str, case_id: str, state: str, summary: str) -> None:
        """Write a cell, with the passages under it and the digest of what it was written from.

        `state`: said, silent, contrary, not asked. Raises `StudyError` for another state, and
        where something was said and `summary` is empty.
        """
        if state not in STATES:
            raise StudyError(Problem("state", repr(state)[:40], ", ".join(STATES), "choose one"))
        if state in (STATES[0], STATES[2]) and not summary.strip():
            raise StudyError(Problem("summary", "no words", "one to three sentences", "write them"))
        path = self.study.raw / MATRIX
        old, places = _text(path), self.under(theme, case_id)
        links = ";".join(f"{one}-{two}" for one, two in _places(places))
        cells = {
            "case_id": case_id,
            "theme": theme,
            "summary": " ".join(summary.split()),
            "state": state,
            "passages": links,
            "digest": cell_digest(self._theme(theme), case_id, self.material),
        }
        found = self._cell_line(old, theme, case_id)
        shown = f"data/raw/{MATRIX}"
        new = (
            with_row(old, shown, found[0], cells)
            if found
            else with_new_row(old, FILE_COLUMNS, shown, cells)
        )
        self.ledger.change(Change({}, {path: (old, new)}, "cell"))

    def _theme(self, name: str) -> Theme:
        themes = self.themes()
        if name not in themes:
            raise StudyError(Problem("theme", repr(name)[:60], ", ".join(themes), "correct it"))
        return themes[name]

    def _cell_line(self, text: str, theme: str, case_id: str) -> tuple[int, dict[str, str]] | None:
        for line, row in rows_of(text, f"data/raw/{MATRIX}")[1]:
            if (row.get("theme"), row.get("case_id")) == (theme, case_id):
                return line, {name: row.get(name, "") for name in FILE_COLUMNS}
        return None

    def _matrix(self) -> pd.DataFrame:
        path, claims = self.study.raw / MATRIX, list(self.claims.values())
        return read_matrix(path, claims, self.material, self.study.register)

    def _line(self, text: str, claim: str, source_id: str, passage: int) -> int | None:
        wanted = (claim, source_id, str(passage), self.by)
        for line, row in rows_of(text, _SHOWN)[1]:
            named = (row.get(name, "").strip() for name in ("claim", "source_id", "passage", "by"))
            if tuple(named) == wanted:
                return line
        return None


def _places(rows: pd.DataFrame) -> list[tuple[str, int]]:
    pairs = zip(rows["source_id"].astype(str), rows["passage"].astype(int), strict=True)
    return list(dict.fromkeys(pairs))


def _table(places: list[tuple[str, int]]) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["source_id", "passage"])


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8") if path.is_file() else ""
