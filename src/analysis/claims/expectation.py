"""What every kind of expectation has: fields, patterns, what is counted, and its own words.

A kind is a class in a file of its own, named in `kinds.KINDS`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import Field, create_model, field_validator

from analysis import corpus
from analysis.claims.asking import Asking, Questions
from analysis.claims.fields import Id
from analysis.claims.material import Material, Place, Source
from analysis.claims.measured import Measured, Told, by_difference
from analysis.claims.terms import (
    AFFIRMED,
    ANY_KIND,
    MENTIONED,
    SHARE,
    TOO_FEW,
    UNTOLD,
    WORDED,
)
from analysis.files.yaml_model import Model
from analysis.files.yaml_types import (
    FaultError,
    MaybeWords,
    Nothing,
    Words,
    one_of,
)
from analysis.study.choices import Choices

#: The cases of one group, sorted: their ids, and whether each carries the code.
Group = tuple[tuple[str, bool], ...]
#: How a count is printed, by its column and value: a report makes a link of it.
Number = Callable[[str, int], str]
#: What of an expectation is signed for though its kind does not have it.
_UNSTATED = {
    "group": "",
    "than": "",
    "at_least": 0,
    "share": 0.0,
    "direction": "",
    "unit": "",
    "counts": MENTIONED,
    "measure": SHARE,
}


@cache
def _sentences(patterns: tuple[str, ...]) -> type[Model]:
    """One sentence for each pattern of a kind, and for any of `WORDED`."""
    fields: dict[str, Any] = {
        f"of_{number}": (Words, Field(alias=pattern)) for number, pattern in enumerate(patterns)
    }
    fields |= {
        f"further_{number}": (MaybeWords, Field("", alias=pattern))
        for number, pattern in enumerate(WORDED)
    }
    return create_model("Sentences", __base__=Model, **fields)


class Expectation(Model):
    """What coded material should look like if the claim holds, and what would count against it.

    `says`: one whole sentence for each pattern of its kind, and for any of `WORDED` where the
    authors have their own words.
    """

    #: The patterns for which the authors write a sentence.
    patterns: ClassVar[tuple[str, ...]]
    #: What the printed rule says of the kind, and what its effects are measured in, for figures.
    rule: ClassVar[str]
    scale: ClassVar[str]
    #: Which fields name its codes, in order.
    naming_codes: ClassVar[tuple[str, ...]]
    #: Whether its codes count only where they meet; whether it is compared with chance.
    together: ClassVar[bool] = False
    tested: ClassVar[bool] = True

    id: Id
    kind: str
    kind_of_source: Annotated[str, one_of((*corpus.KINDS, ANY_KIND))] = "interview"
    against: Words
    says: dict[str, str]

    @field_validator("says", mode="before")
    @classmethod
    def _whole_sentences(cls, given: Any) -> Any:
        if isinstance(given, Nothing):
            raise FaultError("no sentences", "one for each pattern", "write them")
        told = _sentences(cls.patterns).model_validate(given).model_dump(by_alias=True)
        return {pattern: sentence for pattern, sentence in told.items() if sentence}

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that it is about, in their order."""
        named = (getattr(self, name) for name in self.naming_codes)
        return tuple(code for one in named for code in ((one,) if isinstance(one, str) else one))

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles whose cases it looks at, each a side of it; none: everybody."""
        return ()

    def stated(self) -> dict[str, Any]:
        """All that it states but for its sentences, in plain values."""
        own = self.model_dump(by_alias=True, exclude={"says", *self.naming_codes})
        return {**_UNSTATED, **own, "codes": list(self.codes)}

    @property
    def asked_of(self) -> tuple[str, ...]:
        """The codes on which silence counts: who was not asked of them was not asked at all."""
        return self.codes if self.together else self.codes[-1:]

    @property
    def by_case(self) -> bool:
        """Whether its groups are of cases."""
        return True

    @property
    def affirmed(self) -> bool:
        """Whether a case counts by what it affirms, not by mention alone."""
        return bool(getattr(self, "counts", MENTIONED) == AFFIRMED)

    def unit_under(self, choices: Choices) -> str:
        """What is counted."""
        return "case"

    def among(self, material: Material) -> list[Source]:
        """The sources that it looks at."""
        return material.among(self.kind_of_source, *self.roles)

    def counting(self, material: Material) -> list[Source]:
        """The sources of the cases that make its count."""
        return self.among(material)

    def carrying(self, material: Material) -> frozenset[Place]:
        """The passages by which a case counts: those with the (last) code."""
        return material.coded.on_passages.get(self.codes[-1], frozenset())

    def groups(self, material: Material) -> tuple[Group, ...]:
        """The cases of each side, and whether each carries the code; none where none are counted."""
        return ()

    # --- from what is counted to a pattern -------------------------------------

    def gather(self, groups: tuple[Group, ...], material: Material, choices: Choices) -> Hashable:
        """All that `measured` computes from, of `groups`: equal for choices that do not differ."""
        return groups

    @abstractmethod
    def measured(self, found: Any, choices: Choices) -> Measured:
        """The figures of what it `gather`ed."""

    def pattern(self, found: Measured, q: float, q_other: float, choices: Choices) -> str:
        """The pattern by `rule.RULE`, where enough could be compared.

        `q`, `q_other`: `found.p` and `found.p_other` as adjusted over all expectations, NaN in a
        direction in which nothing could be shown.
        """
        return by_difference(found, q, q_other, choices)

    def pattern_of(self, found: Measured, q: float, q_other: float, choices: Choices) -> str:
        """`pattern`, or why there is none."""
        if found.too_few:
            return TOO_FEW
        # Where every rearrangement gives the same, nothing could ever be shown, nor its absence.
        if found.least >= 1 and found.least_other >= 1:
            return UNTOLD
        return self.pattern(found, q, q_other, choices)

    # --- in words --------------------------------------------------------------

    @abstractmethod
    def expected(self) -> str:
        """What it expects: 'at least 5 cases of third sector carry ‘tie’'."""

    @classmethod
    @abstractmethod
    def in_rule(cls, choices: Choices) -> Told:
        """What the table of the rule says of the kind."""

    # From a row of `patterns.evaluate`:

    @classmethod
    @abstractmethod
    def counted(cls, row: Mapping[str, Any], number: Number) -> str:
        """What was counted: 'third sector 6 of 8, commissioner 2 of 8'."""

    @classmethod
    def found(cls, codes: Sequence[str], counted: str) -> str:
        """`counted` of the codes: '‘tie’ is carried by third sector 6 of 8'."""
        return f"{codes[-1]} is carried by {counted}"

    @classmethod
    @abstractmethod
    def asks(cls, row: Mapping[str, Any], asking: Asking) -> Questions:
        """What its counts list, and the passages that carry it (`asking.PASSAGES`): a number of the
        paper leads there. A count that nothing can list is left out."""

    @classmethod
    def ends(cls, row: Mapping[str, Any], number: Number) -> str:
        """Between which numbers reading may move the count."""
        least, most, everybody = (number(name, row[name]) for name in ("n_least", "n_most", "n_of"))
        return f"at least {least} and at most {most} of {everybody} affirm it"

    @classmethod
    def effect(cls, row: Mapping[str, Any]) -> str:
        """What its effect is."""
        return "the difference"


def akin(codes: Iterable[str], others: Collection[str]) -> bool:
    """Whether one of the codes is one of the others, or above or beneath one."""
    return any(
        f"{code}/".startswith(f"{other}/") or f"{other}/".startswith(f"{code}/")
        for code in codes
        for other in others
    )


def plain(column: str, count: int) -> str:
    """The count itself."""
    return str(count)


def of_all(row: Mapping[str, Any], number: Number, n: str = "n", n_of: str = "n_of") -> str:
    """'6 of 8', of two columns of a row."""
    return " of ".join(number(name, int(row[name])) for name in (n, n_of))


def quoted(code: str) -> str:
    """A code by its own name, in quotation marks."""
    return f"‘{code.rpartition('/')[2]}’"


def in_words(role: Any) -> str:
    """A role as prose has it."""
    return str(role).replace("_", " ")
