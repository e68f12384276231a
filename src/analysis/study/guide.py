"""The interview guide `data/raw/guide.yml`: what was asked, about what, from when, in which words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import BeforeValidator, Field, ValidationInfo

from analysis.files.vocabulary import meant, perhaps
from analysis.files.yaml_model import Model
from analysis.files.yaml_types import MAPPINGS, FaultError, MaybeDatePart, Words, named, several
from analysis.measures.chance.answers import ASKING, TOLD
from analysis.text.folding import fold

GUIDE = "guide.yml"
_QUOTES = str.maketrans("", "", "\"'‘’‚‛“”„‟«»‹›`´")


@dataclass(frozen=True)
class Known:
    """What a question may be about."""

    codes: frozenset[str]
    claims: frozenset[str]


def _about(given: Any, info: ValidationInfo) -> str:
    word = named(given)
    if info.context is None:
        return word
    known = info.context.claims | info.context.codes
    found = meant(word, known)
    if found is None:
        raise FaultError(
            f"{word[:80]!r}{perhaps(word, known)}",
            "the path of a code of the codebook, or the id of a claim",
        )
    return found


class Question(Model):
    """A question: what it is `about`, from when it was asked, and what its asking sounds like.

    `words`: any of them, in a turn of the interviewer, says that it was asked; without them it is
    taken as asked in every interview from `since` on.
    """

    ask: Words
    about: Annotated[tuple[Annotated[str, BeforeValidator(_about)], ...], several("words")]
    since: MaybeDatePart = Field("", alias="from")
    words: Annotated[tuple[Words, ...], several("words")] = ()

    def is_asked_in(self, turns: str) -> bool:
        """Whether `turns`, as `without_marks` leaves them, hold any of its words."""
        return any(without_marks(words) in turns for words in self.words)


class Guide(Model):
    """All questions, in their order."""

    questions: Annotated[tuple[Question, ...], several(MAPPINGS, least=0)] = ()

    @classmethod
    def of_study(cls, path: Path, known: Known | None = None) -> Guide:
        """Read the guide; without the file it has no questions.

        `known`: what questions may be about; None looks at nothing but the words. Raises one
        `StudyError` for all its faults, each with its line.
        """
        try:
            return cls.read(path, f"data/raw/{path.name}", known)
        except FileNotFoundError:
            return cls()


def without_marks(text: str) -> str:
    """`text` in one form, without white space and quotation marks: they say nothing of what was asked."""
    return "".join(fold(text).casefold().translate(_QUOTES).split())


def with_answers(passages: pd.DataFrame, guide: Guide) -> pd.DataFrame:
    """`passages` with the column answer: which question of the guide each was said in answer to.

    An answer goes from an interviewer's turn with the words of a question to the next such turn; it
    is numbered within its source, what comes before the first is 0. -1 in sources in which no
    question is known by its words, and without the column where the guide has no words.
    """
    asking = [question for question in guide.questions if question.words]
    if not asking:
        return passages
    asks = np.zeros(len(passages), dtype=bool)
    for row in np.flatnonzero(passages["voice"] == ASKING):
        said = without_marks(passages["text"].iloc[row])
        asks[row] = any(question.is_asked_in(said) for question in asking)
    by_source = pd.Series(asks, index=passages.index).groupby(passages["source_id"])
    number = by_source.cumsum().astype("int64")
    return passages.assign(**{TOLD: number.where(by_source.transform("any"), -1)})
