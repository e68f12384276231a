"""An expectation that one group carries a code more than another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from analysis.claims.asking import Asking, Questions, of_groups
from analysis.claims.counting import carried, count, group, nothing_to_compare
from analysis.claims.expectation import Expectation, Group, Number, in_words, of_all, quoted
from analysis.claims.fields import Code, Counts, Role
from analysis.claims.material import Material, Source
from analysis.claims.measured import Measured, Told, told_by_difference
from analysis.claims.rates import Rates, gather_rates, measure_rates
from analysis.claims.terms import (
    ABSENT,
    AFFIRMED,
    MEASURES,
    MENTIONED,
    OPPOSITE,
    PRESENT,
    RATE,
    SHARE,
    TOO_FEW,
    VARIES,
)
from analysis.files.yaml_types import FaultError, one_of
from analysis.measures.attainable import least_contrast, mid_tail
from analysis.measures.ranges import agresti_caffo
from analysis.study.choices import Choices


def _counted_by_default(of: str | None) -> str:
    return MENTIONED if of == RATE else AFFIRMED


class Contrast(Expectation):
    """More of the cases of `group` than of `than` carry the code, or more often (`measure`)."""

    patterns: ClassVar = (PRESENT, ABSENT, OPPOSITE, VARIES, TOO_FEW)
    rule: ClassVar = (
        "Contrast: the case share of the one group less that of the other, or, where the "
        "expectation says so, its segments per thousand words less those of the other."
    )
    scale: ClassVar = "difference of shares of cases"
    naming_codes: ClassVar = ("code",)

    kind: Annotated[str, one_of(["contrast"])] = "contrast"
    code: Code
    group: Role
    than: Role
    of: Annotated[str, one_of(MEASURES)] = Field(SHARE, alias="measure")
    counts: Counts = Field(default_factory=lambda given: _counted_by_default(given.get("of")))

    @field_validator("than")
    @classmethod
    def _another(cls, than: str, info: ValidationInfo) -> str:
        if than == info.data.get("group"):
            raise FaultError("the same group twice", "another role", "correct one of them")
        return than

    @field_validator("counts")
    @classmethod
    def _nobody_affirms_a_segment(cls, counts: str, info: ValidationInfo) -> str:
        if counts != MENTIONED and info.data.get("of") == RATE:
            raise FaultError(f"{counts}, of a rate", "mentioned: segments are not judged")
        return counts

    @property
    def roles(self) -> tuple[str, ...]:
        """The one group and the other."""
        return self.group, self.than

    def counting(self, material: Material) -> list[Source]:
        """Those of the cases of either group."""
        names = {case for side in self.groups(material) for case, _ in side}
        return [source for source in self.among(material) if source.case_id in names]

    def groups(self, material: Material) -> tuple[Group, ...]:
        """Both groups, without cases that have sources in both."""
        own, other = (
            carried(self.code, material.among(self.kind_of_source, role), material)
            for role in self.roles
        )
        both = own.keys() & other.keys()
        return group(own, both), group(other, both)

    def gather(
        self, groups: tuple[Group, ...], material: Material, choices: Choices
    ) -> tuple[Group, ...] | Rates:
        """The groups, or what rates are computed from."""
        if self.of != RATE:
            return groups
        return gather_rates(self.code, self.kind_of_source, self.roles, groups, material)

    def measured(self, found: tuple[Group, ...] | Rates, choices: Choices) -> Measured:
        """effect = difference of case shares, or of rates (`measure_rates`).

        Labels of the two groups are rearranged over cases, so p is the mid-p of Fisher's exact
        test in the expected direction (Fisher 1935, Lancaster 1961).
        """
        if isinstance(found, Rates):
            return measure_rates(self.id, found, choices)
        if not all(found):
            return nothing_to_compare(found)
        (n, size), (than_n, than_of) = map(count, found)
        low, high = agresti_caffo(n, size, than_n, than_of)
        marked, every = n + than_n, size + than_of
        return Measured(
            n / size - than_n / than_of,
            low,
            high,
            n,
            size,
            min(size, than_of) < choices.minimum_group,
            than_n,
            than_of,
            mid_tail(n, marked, size, every),
            mid_tail(than_n, marked, than_of, every),
            least=least_contrast(marked, size, every),
            least_other=least_contrast(marked, than_of, every),
        )

    def expected(self) -> str:
        """'more cases of third sector than of commissioner carry ‘tie’'."""
        group, than = map(in_words, self.roles)
        if self.of == RATE:
            return f"{group} carry {quoted(self.code)} more often, for the words said, than {than}"
        return f"more cases of {group} than of {than} carry {quoted(self.code)}"

    @classmethod
    def in_rule(cls, choices: Choices) -> Told:
        """By the smallest difference."""
        return told_by_difference(
            "the share of cases of one group that carry the code, less that of the other (or"
            " segments per thousand words, where the expectation says so)",
            choices,
        )

    @classmethod
    def counted(cls, row: Mapping[str, Any], number: Number) -> str:
        """'third sector 6 of 8, commissioner 2 of 8'."""
        own, other = of_all(row, number), of_all(row, number, "than_n", "than_of")
        return f"{in_words(row['group'])} {own}, {in_words(row['than'])} {other}"

    @classmethod
    def asks(cls, row: Mapping[str, Any], asking: Asking) -> Questions:
        """The cases of both groups, and those that carry the code."""
        return of_groups(row, asking)

    @classmethod
    def ends(cls, row: Mapping[str, Any], number: Number) -> str:
        """Of both groups."""
        first = super().ends(row, number)
        least, most, everybody = (
            number(name, row[name]) for name in ("than_least", "than_most", "than_of")
        )
        return f"{first}, against {least} to {most} of {everybody}"

    @classmethod
    def effect(cls, row: Mapping[str, Any]) -> str:
        """The difference, and of what if it is of rates."""
        per = ", in segments per 1,000 words," if row["measure"] == RATE else ""
        return f"the difference{per}"
