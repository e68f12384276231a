"""The interview guide `data/raw/guide.yml`: what was asked, about which codes or claims, from when.

Silence of somebody who was never asked is no silence. The guide is optional; without it only the
matrix says who was not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.claims.expectation import Expectation, akin
from analysis.claims.model import Claim
from analysis.corpus import Corpus
from analysis.files.problems import Problem, raise_if_any
from analysis.measures.chance.answers import ASKING
from analysis.study.guide import GUIDE, Guide, Known, Question, without_marks
from analysis.text.english import plural

INTERVIEW = "interview"


def read_guide(path: Path, claims: Iterable[Claim], codes: Iterable[str]) -> Guide:
    """Read the guide (`Guide.of_study`), whose questions are about these claims and codes."""
    known = Known(frozenset(map(str, codes)), frozenset(claim.id for claim in claims))
    return Guide.of_study(path, known)


def concerns(question: Question, claim: Claim, one: Expectation) -> bool:
    """Whether it asks about the claim, or a code on which silence counts, or one above or below."""
    return claim.id in question.about or akin(question.about, one.asked_of)


def check_words(guide: Guide, corpus: Corpus) -> None:
    """Raise `StudyError` for each question whose words no interviewer says in any interview in
    which it could have been asked: a slip there would leave nobody to count."""
    interviews, turns = _interviews(corpus), _turns(corpus)
    problems = []
    for number, question in enumerate(guide.questions, start=1):
        held = [one for one, date in interviews if one in turns and not _before(date, question)]
        if question.words and held and not any(question.is_asked_in(turns[one]) for one in held):
            problems.append(
                Problem(
                    f"data/raw/{GUIDE}, question {number}, words",
                    f"words of no interviewer in {plural(len(held), 'interview')}",
                    "words by which the asking of this question is known",
                    "copy them from a transcript, or leave them out",
                )
            )
    raise_if_any(problems)


def unasked(guide: Guide, claims: Sequence[Claim], corpus: Corpus) -> dict[str, list[str]]:
    """The cases that nobody asked, by expectation: interviewed, and in no interview any question.

    An expectation about which the guide asks nothing has none: it may have been spoken of all the
    same. Where an interview has no date, or nobody's turn is an interviewer's, asking is assumed.
    """
    return _by_nobody(
        {
            one.id: [each for each in guide.questions if concerns(each, claim, one)]
            for claim in claims
            for one in claim.expectations
        },
        corpus,
    )


def unasked_of_codes(
    guide: Guide, codes: Iterable[str], claims: Sequence[Claim], corpus: Corpus
) -> dict[str, list[str]]:
    """As `unasked`, by code: of it, or one above or below, or a claim where silence on it counts."""
    about = {code: {code, *(claim.id for claim in expecting(code, claims))} for code in codes}
    return _by_nobody(
        {code: [one for one in guide.questions if akin(one.about, about[code])] for code in about},
        corpus,
    )


def expecting(code: str, claims: Sequence[Claim]) -> list[Claim]:
    """The claims with an expectation for which silence on the code counts."""
    return [
        claim for claim in claims if any(akin(one.asked_of, [code]) for one in claim.expectations)
    ]


def _by_nobody(asking: Mapping[str, list[Question]], corpus: Corpus) -> dict[str, list[str]]:
    """The cases that were asked none of the questions, where there are any; by the same names."""
    turns, interviews = _turns(corpus), _interviews(corpus)
    case_of = dict(zip(corpus.sources["source_id"], corpus.sources["case_id"], strict=True))
    everybody = {case_of[name] for name, _ in interviews}
    found: dict[str, list[str]] = {}
    for about, questions in asking.items():
        asked = {
            case_of[name]
            for name, date in interviews
            if any(_was_asked(each, date, turns.get(name, "")) for each in questions)
        }
        if questions:
            found[about] = sorted(everybody - asked)
    return found


def _was_asked(question: Question, date: str, turns: str) -> bool:
    if _before(date, question):
        return False
    return not (question.words and turns) or question.is_asked_in(turns)


def _before(date: str, question: Question) -> bool:
    """Whether an interview of that date, which may be a year or a month, was before for sure."""
    if not (question.since[:1].isdigit() and date[:1].isdigit()):
        return False
    latest, earliest = f"{date}-99-99"[:10], f"{question.since}-00-00"[:10]
    return latest < earliest


def _interviews(corpus: Corpus) -> list[tuple[str, str]]:
    """Id and date of each interview."""
    own = corpus.sources[corpus.sources["kind"] == INTERVIEW]
    return list(zip(own["source_id"], own["date"].astype(str), strict=True))


def _turns(corpus: Corpus) -> dict[str, str]:
    """What interviewers said, by interview."""
    passages = corpus.passages if corpus.passages is not None else pd.DataFrame()
    own = passages[passages["voice"] == ASKING] if len(passages) else passages
    return {
        str(source): "\n".join(map(without_marks, turns["text"]))
        for source, turns in (own.groupby("source_id") if len(own) else ())
    }
