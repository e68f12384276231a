"""An expectation that a code reaches so many cases of a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from analysis.claims.asking import Asking, Questions, of_groups
from analysis.claims.counting import carried, count, group, nothing_to_compare
from analysis.claims.expectation import Expectation, Group, Number, in_words, of_all, quoted
from analysis.claims.fields import Code, Counts, Role
from analysis.claims.material import Material
from analysis.claims.measured import ROUNDING, Measured, Told
from analysis.claims.terms import ABSENT, AFFIRMED, PRESENT, TOO_FEW
from analysis.files.yaml_types import number, one_of
from analysis.measures.ranges import wilson
from analysis.study.choices import Choices


class Prevalence(Expectation):
    """The code is carried by at least `at_least` cases of `group`."""

    patterns: ClassVar = (PRESENT, ABSENT, TOO_FEW)
    rule: ClassVar = (
        "Prevalence: cases of the group that carry the code, less the number expected, as a share "
        "of the group; present when the number is reached, else absent."
    )
    scale: ClassVar = "difference of shares of cases"
    naming_codes: ClassVar = ("code",)
    tested: ClassVar = False

    kind: Annotated[str, one_of(["prevalence"])] = "prevalence"
    code: Code
    group: Role
    at_least: Annotated[int, number(1, whole=True)]
    counts: Counts = AFFIRMED

    @property
    def roles(self) -> tuple[str, ...]:
        """The group."""
        return (self.group,)

    def groups(self, material: Material) -> tuple[Group, ...]:
        """The group alone."""
        return (group(carried(self.code, self.among(material), material)),)

    def measured(self, found: tuple[Group, ...], choices: Choices) -> Measured:
        """effect = (n - at_least) / cases of the group."""
        if not all(found):
            return nothing_to_compare(found)
        n, size = count(found[0])
        aim = self.at_least / size
        low, high = wilson(n, size)
        too_few = size < max(self.at_least, choices.minimum_group)
        return Measured(n / size - aim, low - aim, high - aim, n, size, too_few)

    def pattern(self, found: Measured, q: float, q_other: float, choices: Choices) -> str:
        """Present when the number is reached."""
        return PRESENT if found.effect >= -ROUNDING else ABSENT

    def expected(self) -> str:
        """'at least 5 cases of third sector carry ‘tie’'."""
        return f"at least {self.at_least} cases of {in_words(self.group)} carry {quoted(self.code)}"

    @classmethod
    def in_rule(cls, choices: Choices) -> Told:
        """The number decides."""
        return Told(
            "cases of the group that carry the code, less the number expected, as a share of the"
            " group",
            "the number is reached",
            "never",
            "it is not reached",
        )

    @classmethod
    def counted(cls, row: Mapping[str, Any], number: Number) -> str:
        """'third sector 6 of 8'."""
        return f"{in_words(row['group'])} {of_all(row, number)}"

    @classmethod
    def asks(cls, row: Mapping[str, Any], asking: Asking) -> Questions:
        """The cases of the group, and those that carry the code."""
        return of_groups(row, asking)
