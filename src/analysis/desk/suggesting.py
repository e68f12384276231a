"""Spans that a search, or the words of what is coded, propose: a person accepts or dismisses each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.desk.coded import Act
from analysis.desk.desk import Desk
from analysis.explore.explorer import Explorer
from analysis.files.problems import Problem, StudyError
from analysis.measures.language import FUNCTION_WORDS, concordance
from analysis.measures.said import words_of

_DISMISSED = "dismissed"
_BETWEEN = " · "
_FOLDS = 5
Place = tuple[str, int, int]


@dataclass(frozen=True)
class Suggestions:
    """Places (source, start, end in the clean text) proposed for a code, and what proposed them.

    `said` tells how far the proposals can be trusted, where that can be told.
    """

    desk: Desk
    code: str
    origin: str
    places: Sequence[Place]
    said: str = ""

    def waiting(self) -> list[Place]:
        """Those that the coder neither coded so nor dismissed."""
        dismissed = self._dismissed()
        left = []
        for source_id, start, end in self.places:
            spans = [one for one in self.desk.own(source_id) if one.code == self.code]
            coded = any(one.start < end and one.end > start for one in spans)
            if (
                not coded
                and (source_id, *self.desk.texts.kept(source_id, start, end)) not in dismissed
            ):
                left.append((source_id, start, end))
        return left

    def accept(self, *places: Place) -> None:
        """Code these places, or all that wait; each says what proposed it."""
        self.desk.accept(places or self.waiting(), self.code, self.origin)

    def dismiss(self, *places: Place) -> None:
        """Remember that these places are not to be coded so."""
        for source_id, start, end in places:
            kept = self.desk.texts.kept(source_id, start, end)
            note = _BETWEEN.join([self.code, f"{kept[0]}-{kept[1]}", self.origin])
            self.desk.ledger.do(self.desk.coder, Act(_DISMISSED, (), (), note, source_id))

    def _dismissed(self) -> set[Place]:
        found: set[Place] = set()
        for _, act in self.desk.ledger.of(self.desk.coder).acts:
            what = act.what.removeprefix("undo ").removeprefix("redo ")
            code, _, rest = act.note.partition(_BETWEEN)
            if what != _DISMISSED or code != self.code:
                continue
            start, _, end = rest.partition(_BETWEEN)[0].partition("-")
            place = (act.source_id, int(start), int(end))
            if act.what.startswith("undo "):
                found.discard(place)
            else:
                found.add(place)
        return found


def said(desk: Desk, code: str, words: str) -> Suggestions:
    """Every place where words are said, as a concordance finds it."""
    if not any(one.strip("*") for one in words.split()):
        raise StudyError(Problem("words", repr(words[:60]), "a word, or several", "write one"))
    found = concordance(desk.study.corpus, words, 0)
    listed = list(zip(found["source_id"], found["start"], found["end"], strict=True))
    return Suggestions(desk, desk.usable(code), f"concordance {words}", _plain(listed))


def asked(desk: Desk, code: str, query: str) -> Suggestions:
    """Every passage that a query finds (`near` among its operators)."""
    rows = Explorer(desk.study).passages(query).rows
    listed = list(zip(rows["source_id"], rows["start"], rows["end"], strict=True))
    return Suggestions(desk, desk.usable(code), f"query {query}", _plain(listed))


def missed(desk: Desk, code: str, most: int = 25) -> Suggestions:
    """The `most` uncoded passages whose words are most like those of the code's passages.

    Like: the cosine of a passage's weighted words (how often a word stands in it, times the
    logarithm of passages over passages that have the word; words of grammar left out) with the
    mean of the coded ones. `said` tells the precision by cross-validation: of the passages that
    ranked first among those uncoded and one fifth of the coded, hidden from the measure, as many
    as were hidden, how many were hidden ones. What was missed counts against it, so it is the
    least that the measure is worth. Nothing is proposed for a code on fewer than two passages.
    """
    code = desk.usable(code)
    passages = pd.concat([desk.passages(one) for one in desk.source_ids], ignore_index=True)
    passages = passages[passages["voice"].isin(desk.study.counted_voices)].reset_index(drop=True)
    coded = np.zeros(len(passages), dtype=bool)
    for one in desk.own():
        if one.code == code:
            own = passages["source_id"] == one.kept.source_id
            own &= (passages["start"] < one.end) & (passages["end"] > one.start)
            coded |= own.to_numpy()
    origin = "words like those coded"
    if coded.sum() < 2:
        return Suggestions(desk, code, origin, (), "too few passages carry this code to go by")
    weights = _weighted(passages["text"])
    like = _like(weights, coded)
    ranked = np.argsort(-like, kind="stable")
    rows = passages.iloc[[at for at in ranked if not coded[at] and like[at] > 0][:most]]
    listed = list(zip(rows["source_id"], rows["start"], rows["end"], strict=True))
    return Suggestions(desk, code, origin, _plain(listed), _told(*precision(weights, coded)))


def precision(weights: sparse.csr_matrix, coded: np.ndarray) -> tuple[int, int, float]:
    """Hidden passages that ranked first, how many were hidden, and the share expected by chance.

    `weights` (passages, words), each row of length 1; `coded` (passages). Every coded passage is
    hidden once, in one of five parts, dealt in turn in order of the text.
    """
    places = np.flatnonzero(coded)
    found, chance = 0, 0.0
    for part in range(min(_FOLDS, len(places))):
        hidden = places[part :: min(_FOLDS, len(places))]
        known = coded.copy()
        known[hidden] = False
        candidates = np.flatnonzero(~known)
        ranked = candidates[np.argsort(-_like(weights, known)[candidates], kind="stable")]
        found += int(coded[ranked[: len(hidden)]].sum())
        chance += len(hidden) * len(hidden) / len(candidates)
    return found, len(places), chance / len(places)


def _told(found: int, hidden: int, chance: float) -> str:
    return (
        f"cross-validation: of {hidden} coded passages, hidden a fifth at a time, {found} came first "
        f"among the uncoded (precision {found / hidden:.2f}; by chance {chance:.2f})"
    )


def _weighted(texts: pd.Series) -> sparse.csr_matrix:
    """(passages, words): how often a word stands in a passage by how few have it, length 1."""
    number: dict[str, int] = {}
    rows, columns = list[int](), list[int]()
    for at, text in enumerate(texts):
        for word in words_of(text):
            if word not in FUNCTION_WORDS:
                rows.append(at)
                columns.append(number.setdefault(word, len(number)))
    counts = sparse.csr_matrix(
        (np.ones(len(rows)), (rows, columns)), shape=(len(texts), max(len(number), 1))
    )
    spread = np.asarray((counts > 0).sum(axis=0)).ravel()
    weighted = counts.multiply(np.log(len(texts) / np.maximum(spread, 1))).tocsr()
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sparse.diags(1 / np.where(length > 0, length, 1)) @ weighted


def _like(weights: sparse.csr_matrix, coded: np.ndarray) -> np.ndarray:
    """(passages): the cosine of each with the mean of those that are coded."""
    mean = np.asarray(weights[coded].mean(axis=0)).ravel()
    length = float(np.sqrt(mean @ mean))
    return np.asarray(weights @ mean).ravel() / (length or 1.0)


def _plain(places: list[tuple[object, object, object]]) -> tuple[Place, ...]:
    return tuple((str(source), int(str(start)), int(str(end))) for source, start, end in places)
