"""An expectation that so many of the cases with one code also carry another, or that fewer do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from analysis.claims.asking import PASSAGES, Asking, Questions, codes_of, everywhere, roles_of
from analysis.claims.counting import carried, count, group, nothing_to_compare
from analysis.claims.expectation import Expectation, Group, Number, in_words, of_all, quoted
from analysis.claims.fields import Code, Counts, Role
from analysis.claims.material import Material, Source
from analysis.claims.measured import ROUNDING, Measured, Told, varies
from analysis.claims.terms import (
    MENTIONED,
    OPPOSITE,
    PRESENT,
    REACHES,
    STOPS_SHORT,
    TOO_FEW,
    VARIES,
)
from analysis.files.yaml_types import number, one_of
from analysis.measures.attainable import binomial_mid_tail
from analysis.measures.ranges import wilson
from analysis.study.choices import Choices


class Reach(Expectation):
    """Of the cases (or sources) with the code `from`, at least `share` carry `to`; or fewer do."""

    patterns: ClassVar = (PRESENT, OPPOSITE, VARIES, TOO_FEW)
    rule: ClassVar = (
        "Reach: the share of the cases with the first code that also carry the second, less the "
        "threshold of the claim; a share equal to the threshold counts as reaching it."
    )
    scale: ClassVar = "difference of shares of cases"
    naming_codes: ClassVar = ("begins", "reached")

    kind: Annotated[str, one_of(["reach"])] = "reach"
    begins: Code = Field(alias="from")
    reached: Code = Field(alias="to")
    share: Annotated[float, number(0, 1)]
    direction: Annotated[str, one_of((REACHES, STOPS_SHORT))] = REACHES
    unit: Annotated[str, one_of(("case", "source"))] = "case"
    group: Role = ""
    counts: Counts = MENTIONED

    @property
    def roles(self) -> tuple[str, ...]:
        """The group, if there is one."""
        return (self.group,) if self.group else ()

    @property
    def by_case(self) -> bool:
        """Unless sources are the unit."""
        return self.unit == "case"

    def unit_under(self, choices: Choices) -> str:
        """Cases, or sources."""
        return self.unit

    def counting(self, material: Material) -> list[Source]:
        """Those of the cases that carry `from` (or the sources that do)."""
        [begun] = self.groups(material)
        names = {name for name, _ in begun}
        return [
            source
            for source in self.among(material)
            if (source.case_id if self.by_case else source.source_id) in names
        ]

    def groups(self, material: Material) -> tuple[Group, ...]:
        """The cases (or sources) that carry `from`, and whether they carry `to`."""
        begun, reached = (
            carried(code, self.among(material), material, by_source=self.unit == "source")
            for code in self.codes
        )
        return (group({case: reached[case] for case, begins in begun.items() if begins}),)

    def measured(self, found: tuple[Group, ...], choices: Choices) -> Measured:
        """effect = the share that carries `to`, less `share`; 'stops short' turns the sign.

        p is the mid-p of so many or more when each carries it with the chance of the threshold.
        """
        if not all(found):
            return nothing_to_compare(found)
        n, size = count(found[0])
        low, high = (edge - self.share for edge in wilson(n, size))
        effect = n / size - self.share
        more = binomial_mid_tail(n, size, self.share)
        fewer = binomial_mid_tail(size - n, size, 1 - self.share)
        # What all of the cases, and none of them, would give.
        most = binomial_mid_tail(size, size, self.share)
        none = binomial_mid_tail(size, size, 1 - self.share)
        if self.direction == STOPS_SHORT:
            effect, low, high = -effect, -high, -low
            more, fewer, most, none = fewer, more, none, most
        too_few = size < choices.minimum_group
        return Measured(
            effect, low, high, n, size, too_few, p=more, p_other=fewer, least=most, least_other=none
        )

    def pattern(self, found: Measured, q: float, q_other: float, choices: Choices) -> str:
        """Without a smallest difference: the threshold is one."""
        # A share at the threshold reaches it, so 0 belongs to one side only.
        edge = ROUNDING if self.direction == STOPS_SHORT else -ROUNDING
        if found.lower > edge and q <= choices.rearranged_share:
            return PRESENT
        if found.upper <= edge and q_other <= choices.rearranged_share:
            return OPPOSITE
        return varies(found, q, q_other, choices)

    def expected(self) -> str:
        """'of the cases with ‘plan’ at least 50% carry ‘deed’'."""
        begins, reached = map(quoted, self.codes)
        short = "fewer than" if self.direction == STOPS_SHORT else "at least"
        among = f" ({in_words(self.group)})" if self.group else ""
        return f"of the {self.unit}s with {begins} {short} {self.share:.0%} carry {reached}{among}"

    @classmethod
    def in_rule(cls, choices: Choices) -> Told:
        """The threshold of the claim decides."""
        share = f"{choices.rearranged_share:g}"
        return Told(
            "of the cases with the first code the share that also carry the second, less the"
            " threshold of the claim, which counts as reached at the threshold",
            f"the whole range lies on the expected side, and q is at most {share}",
            f"it lies on the other side, and q there is at most {share}",
            "never",
        )

    @classmethod
    def counted(cls, row: Mapping[str, Any], number: Number) -> str:
        """'3 of 10 cases'."""
        return f"{of_all(row, number)} {row['unit']}s"

    @classmethod
    def found(cls, codes: Sequence[str], counted: str) -> str:
        """'3 of 10 cases with ‘plan’ carry ‘deed’'."""
        begins, reached = codes
        return f"{counted} with {begins} carry {reached}"

    @classmethod
    def asks(cls, row: Mapping[str, Any], asking: Asking) -> Questions:
        """The cases (or sources) with the first code, and those that carry the second too."""
        (first, second), whose = codes_of(row), {**everywhere(row), "role": roles_of(row)}
        by = "source" if row["unit"] == "source" else "case"
        begun = {"list": f"{by}s", "code": first}
        left = {"without_case": asking.unasked} if asking.unasked else {}
        found: Questions = {
            "n": {**begun, "and_": second, "within": by, **whose},
            "n_of": {**begun, **whose, **left},
        }
        # Passages in sources that carry the first code too are no question that can be asked.
        if by == "case":
            found[PASSAGES] = {"list": "passages", "code": second, **whose}
        return found

    @classmethod
    def effect(cls, row: Mapping[str, Any]) -> str:
        """The share, set against the threshold."""
        return "the share, less the threshold,"
