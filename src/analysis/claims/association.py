"""An expectation that two codes meet more often than in rearranged codings."""

from __future__ import annotations

from typing import Annotated, ClassVar

from analysis.claims.measured import Told, told_by_difference
from analysis.claims.two_codes import TwoCodes
from analysis.files.yaml_types import one_of
from analysis.study.choices import Choices


class Association(TwoCodes):
    """The two codes meet more often than when the same codings are rearranged."""

    rule: ClassVar = (
        "Association: how often the codes meet, divided by how often they meet on average in "
        "rearrangements of the same codings, less one."
    )

    often: ClassVar = "more"

    kind: Annotated[str, one_of(["association"])] = "association"

    @classmethod
    def in_rule(cls, choices: Choices) -> Told:
        """By the smallest difference."""
        return told_by_difference(
            "how often the codes meet, divided by how often they do on average in rearrangements,"
            " less one",
            choices,
        )
