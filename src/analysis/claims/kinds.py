"""The kinds of expectation: one table, one file and one line a kind."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ValidationInfo, field_validator

from analysis.claims.association import Association
from analysis.claims.contrast import Contrast
from analysis.claims.dissociation import Dissociation
from analysis.claims.expectation import Expectation
from analysis.claims.prevalence import Prevalence
from analysis.claims.reach import Reach
from analysis.files.vocabulary import meant
from analysis.files.yaml_types import one_of

#: In the order in which the rule tells them.
KINDS: dict[str, type[Expectation]] = {
    "prevalence": Prevalence,
    "contrast": Contrast,
    "association": Association,
    "dissociation": Dissociation,
    "reach": Reach,
}


class Unknown(Expectation):
    """An expectation of no kind that there is, so that what else is wrong with it is told too."""

    model_config: ClassVar = Expectation.model_config | {"extra": "ignore"}

    kind: Annotated[str, one_of(KINDS)]
    says: Any = None

    @field_validator("says", mode="before")
    @classmethod
    def _whole_sentences(cls, given: Any) -> Any:
        """Of which patterns there are sentences, a kind would say."""
        return given


def _of_its_kind(given: Any, info: ValidationInfo) -> Any:
    if not isinstance(given, dict):
        return given
    kind = given.get("kind")
    known = meant(kind, KINDS) if isinstance(kind, str) else None
    return KINDS.get(known or "", Unknown).model_validate(given, context=info.context)


#: An expectation of whichever kind its `kind` says.
AnyExpectation = Annotated[Expectation, BeforeValidator(_of_its_kind)]
