"""How far people have come with the sample: only what was read in the drawn order is a random part."""

from __future__ import annotations

import pandas as pd

from analysis.coding.readings import read_readings
from analysis.sampling.design import frame_of
from analysis.sampling.recorded import Recorded
from analysis.study.coders import EVERYONE
from analysis.study.folder import Study


def cases_read(study: Study, sample: Recorded, sources: pd.DataFrame) -> set[str]:
    """The cases of the sample that people have coded whole and whose codings count, as far as they
    come in the order in which they were drawn within their stratum.

    A source was read where the one whose codings count coded in it or `readings.csv` says so.
    """
    chosen = study.choices.coder
    stated = read_readings(study.raw, study.register)
    whole = stated[stated["from_passage"].isna()]
    people = [name for name, coder in study.coders.items() if not coder.is_program]
    by = people if chosen == EVERYONE else [chosen]
    done = {*study.codings["source_id"], *whole.loc[whole["coder"].isin(by), "source_id"]}
    of_case = sources.groupby("case_id")["source_id"].agg(set).to_dict()
    read: set[str] = set()
    stopped: set[str] = set()
    stratum = strata_of(sources, sample)
    for case in sample.case_ids:
        if stratum[case] in stopped:
            continue
        if of_case[case] <= done:
            read.add(case)
        else:
            stopped.add(stratum[case])
    return read


def strata_of(sources: pd.DataFrame, sample: Recorded) -> dict[str, str]:
    """Case -> the stratum that it was drawn from (`design.frame_of`)."""
    return {str(case): str(name) for case, name in frame_of(sources, sample.design.strata).items()}
