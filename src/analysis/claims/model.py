"""What a claim is made of: the words of `claims.yml`, and nothing computed."""

from __future__ import annotations

from typing import Annotated

from analysis.claims.fields import Codes, Id, ThemeName
from analysis.claims.kinds import AnyExpectation
from analysis.claims.terms import DECISIONS, ORIGINS
from analysis.files.yaml_model import Model
from analysis.files.yaml_types import (
    MAPPINGS,
    Date,
    MaybeDate,
    MaybeWords,
    Paragraphs,
    Words,
    one_of,
    several,
)
from analysis.study.codebook import STANCES


class Theme(Model):
    """A central idea, and the codes under which it was found."""

    name: ThemeName
    idea: Words
    codes: Codes

    @classmethod
    def of_code(cls, code: str) -> Theme:
        """A code that stands for itself, without an idea, where nobody claims anything yet."""
        return cls.model_construct(name=code, idea="", codes=(code,))


class Decision(Model):
    """What the authors decided; `digest` is what they saw when they signed ('' if they did not)."""

    status: Annotated[str, one_of(DECISIONS)] = "undecided"
    paragraphs: Paragraphs = ""
    signed_by: MaybeWords = ""
    date: MaybeDate = ""
    digest: MaybeWords = ""


class CodedStance(Model):
    """What `coded` (a code, or what a stance or weight column says) does to this claim alone."""

    coded: Words
    bears: Annotated[str, one_of(STANCES)]


class Claim(Model):
    """A working claim: one sentence, its themes, expectations and the authors' decision."""

    id: Id
    heading: Words
    sentence: Words
    origin: Annotated[str, one_of(ORIGINS)]
    date: Date
    themes: Annotated[tuple[Theme, ...], several(MAPPINGS)]
    expectations: Annotated[tuple[AnyExpectation, ...], several(MAPPINGS)]
    stances: Annotated[tuple[CodedStance, ...], several(MAPPINGS, least=0)] = ()
    decision: Decision = Decision()

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code of the claim's themes and expectations, each once, in that order."""
        named = [code for theme in self.themes for code in theme.codes]
        named += [code for one in self.expectations for code in one.codes]
        return tuple(dict.fromkeys(named))


class Claims(Model):
    """The whole of `claims.yml`, in which there may be none yet."""

    claims: Annotated[tuple[Claim, ...], several(MAPPINGS, least=0)] = ()
