"""An expectation that two codes meet less often than in rearranged codings."""

from __future__ import annotations

import dataclasses
from typing import Annotated, ClassVar

from analysis.claims.measured import Measured, Told, told_by_difference
from analysis.claims.meeting import Meetings
from analysis.claims.two_codes import TwoCodes
from analysis.files.yaml_types import one_of
from analysis.study.choices import Choices


class Dissociation(TwoCodes):
    """The two codes meet less often than when the same codings are rearranged."""

    rule: ClassVar = (
        "Dissociation: the same with its sign turned. Rearrangements move a code within each "
        "source; where the unit is the source, they exchange a code among sources of one kind."
    )

    often: ClassVar = "less"

    kind: Annotated[str, one_of(["dissociation"])] = "dissociation"

    def measured(self, found: Meetings, choices: Choices) -> Measured:
        """As of an association, with the sign turned and both directions exchanged."""
        met = super().measured(found, choices)
        return dataclasses.replace(
            met,
            effect=-met.effect,
            lower=-met.upper,
            upper=-met.lower,
            p=met.p_other,
            p_other=met.p,
            least=met.least_other,
            least_other=met.least,
        )

    @classmethod
    def in_rule(cls, choices: Choices) -> Told:
        """By the smallest difference."""
        return told_by_difference("that of an association, with its sign turned", choices)
