"""A transparent program that codes: one linear model a code, on runs of letters and words.

It needs scikit-learn (`pip install qualan[program]`), no network and no downloads. Every case, read
by people or not, belongs to one of a few folds by its own number; the model of a fold is taught by
what people coded in the other folds, and codes all of this one. So no case is coded by a model that
has seen it, and what people and program differ by in the sample is what they differ by elsewhere
(cross-fitting: Zrnic & Candès 2024, PNAS 121, cross-prediction).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from analysis.files.problems import Problem, StudyError
from analysis.sampling.design import number_of


@dataclass(frozen=True)
class Settings:
    """How the models are made: all of it is written down with what they coded.

    Runs of `letters` (shortest, longest) within words and of `words`; `strictness` is the inverse
    of C; the probabilities are calibrated within what people coded, by case, in `folds`; a
    passage gets a code from `at_least` on. Codes that people put on fewer than `passages` passages
    or in fewer than `cases` cases are not learnt.
    """

    letters: tuple[int, int] = (2, 5)
    words: tuple[int, int] = (1, 2)
    strictness: float = 0.1
    folds: int = 5
    at_least: float = 0.5
    passages: int = 10
    cases: int = 8
    seed: int = 0

    def as_written(self) -> dict[str, Any]:
        """The settings as plain values."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True)
class Proposed:
    """`codes` that were learnt, and the probability (passages, codes) of each in each passage."""

    codes: list[str]
    probability: np.ndarray

    def calibration(
        self, people: np.ndarray, read: np.ndarray, parts: int = 5
    ) -> list[dict[str, Any]]:
        """How far probabilities hold, in passages that people read: a row a code and band.

        `people` (passages, codes) of bool. Each row: code, from, to, passages, said (the mean
        probability in the band) and carried (the share that people put the code on).
        """
        rows = []
        for place, code in enumerate(self.codes):
            said, true = self.probability[read, place], people[read, place]
            band = np.minimum((said * parts).astype(int), parts - 1)
            for number in np.unique(band):
                here = band == number
                rows.append(
                    {
                        "code": code,
                        "from": float(number / parts),
                        "to": float((number + 1) / parts),
                        "passages": int(here.sum()),
                        "said": round(float(said[here].mean()), 3),
                        "carried": round(float(true[here].mean()), 3),
                    }
                )
        return rows


def fold_of(case_id: str, settings: Settings) -> int:
    """The fold of a case, from 0: not by the number that draws the sample, but by one like it."""
    return int(number_of(settings.seed, f"fold\n{case_id}") * settings.folds)


def propose(
    texts: Sequence[str],
    case_ids: Sequence[str],
    people: np.ndarray,
    codes: Sequence[str],
    read: np.ndarray,
    settings: Settings,
) -> Proposed:
    """Learn from the passages that people `read`, and tell of all how likely each code is.

    `texts`, `case_ids` (n passages,), `people` (n, codes) of bool, looked at where `read` (n,).
    Raises `StudyError` where scikit-learn is not installed, or no code can be learnt.
    """
    _require_sklearn()
    cases, words = np.asarray(case_ids, dtype=object), np.asarray(texts, dtype=object)
    fold = np.array([fold_of(case, settings) for case in cases])
    learnt = [
        place
        for place in range(len(codes))
        if _is_enough(people[:, place] & read, cases, fold, settings)
    ]
    if not learnt:
        raise StudyError(
            Problem(
                "the sample that people coded",
                f"no code on {settings.passages} passages of {settings.cases} cases, in all folds",
                "enough of at least one code to learn it from",
                "code more of the sample (`qualan sample` with a larger size)",
            )
        )
    probability = np.zeros((len(texts), len(learnt)))
    for number in range(settings.folds):
        taught, asked = read & (fold != number), fold == number
        if asked.any():
            probability[asked] = _answers(words, cases, people, learnt, taught, asked, settings)
    return Proposed([codes[place] for place in learnt], probability)


def _require_sklearn() -> None:
    try:
        import sklearn  # noqa: F401
    except ModuleNotFoundError:
        raise StudyError(
            Problem(
                "this environment",
                "no scikit-learn",
                "the optional part `program`",
                "install it: pip install qualan[program]",
            )
        ) from None


def _is_enough(held: np.ndarray, cases: np.ndarray, fold: np.ndarray, settings: Settings) -> bool:
    """Whether a code can be learnt: often enough, and on two or more cases outside every fold."""
    return (
        int(held.sum()) >= settings.passages
        and len(set(cases[held])) >= settings.cases
        and all(len(set(cases[held & (fold != number)])) >= 4 for number in range(settings.folds))
    )


def _answers(
    texts: np.ndarray,
    cases: np.ndarray,
    people: np.ndarray,
    learnt: Sequence[int],
    taught: np.ndarray,
    asked: np.ndarray,
    settings: Settings,
) -> np.ndarray:
    """The probability (asked passages, learnt codes), by models taught by the `taught` passages."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_union

    features = make_union(
        TfidfVectorizer(analyzer="char_wb", ngram_range=settings.letters, sublinear_tf=True),
        TfidfVectorizer(
            ngram_range=settings.words, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b"
        ),
    )
    seen = features.fit_transform(texts[taught])
    new = features.transform(texts[asked])
    parts = StratifiedGroupKFold(3)
    answers = np.zeros((new.shape[0], len(learnt)))
    for column, place in enumerate(learnt):
        true = people[taught, place]
        by_case = list(parts.split(seen, true, groups=cases[taught].astype(str)))
        plain = LogisticRegression(
            C=1 / settings.strictness, max_iter=1000, solver="liblinear", random_state=0
        )
        model = CalibratedClassifierCV(plain, method="sigmoid", cv=by_case)
        answers[:, column] = model.fit(seen, true).predict_proba(new)[:, 1]
    return answers
