"""The sources of a study in batches, for stages that add up what they count in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.corpus import Corpus
from analysis.stages.sums import Batch
from analysis.study.folder import Study


@dataclass(frozen=True)
class Whole:
    """All sources of a study, which are few enough for one batch."""

    study: Study
    digest: str = ""

    @property
    def corpus(self) -> Corpus:
        return self.study.corpus


def batches_of(study: Study) -> Sequence[Batch]:
    """The batches of `study`, in the order of the sources."""
    return [Whole(study)]
