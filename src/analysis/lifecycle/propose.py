"""The command `propose`: a program learns from the sample that people coded, and codes all.

What it codes goes to `data/raw/coding` as any coder's; what it is, to `data/raw/programs` and
`data/raw/coders.yml`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from analysis.files.problems import Problem, StudyError
from analysis.files.together import write_together
from analysis.measures.units import Frame
from analysis.sampling.classifier import Proposed, Settings, propose
from analysis.sampling.read_so_far import cases_read
from analysis.sampling.recorded import of_kinds, read_sample
from analysis.stages.texts import cleaned_texts
from analysis.study.declared import CODERS, PROGRAMS, SHOWN, read_coders
from analysis.study.folder import Study

VERSION = "1"
_ENTRY = re.compile(r"^([ \t]*)- ", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,60}")


def propose_codings(study: Study, name: str, on: str) -> str:
    """Let the program `name` code all that the recorded design covers; say what it did.

    Raises `StudyError` where the name is taken or is none, there is no recorded design, the coding
    has not been placed yet, or there is too little to learn from.
    """
    _check_name(study, name)
    sample = read_sample(study.raw, study.sources)
    used = of_kinds(study.sources, sample.design.kinds)
    corpus = study.corpus.of_sources(used["source_id"])
    read_cases = cases_read(study, sample, used)
    codes = [str(code) for code in study.codes.loc[study.codes["usable"], "code"]]
    frame = Frame.of(corpus, "passage", None, False, codes)
    unit, code, _ = frame.presence()
    people = np.zeros((frame.n_units, len(frame.names)), dtype=bool)
    people[unit, code] = True
    passages = corpus.counted_passages
    cases = passages["source_id"].map(corpus.sources.set_index("source_id")["case_id"])
    read = cases.isin(read_cases).to_numpy()
    settings = Settings(seed=study.choices.seed)
    proposed = propose(list(passages["text"]), list(cases), people, frame.names, read, settings)
    learnt = people[:, [frame.names.index(one) for one in proposed.codes]]
    told = _settings(settings, proposed, learnt, read, sorted(read_cases))
    spans = _spans(study, passages, proposed, settings, name)
    settings_file = study.raw / PROGRAMS / f"{name}.yml"
    as_written = yaml.safe_dump(told, sort_keys=False)
    digest = hashlib.sha256(as_written.encode()).hexdigest()
    people_who_coded = sorted(study.all_codings["coder"].unique())
    # Declared without its coding, or the other way round, it would be somebody else's.
    write_together(
        study.folder,
        {
            settings_file: as_written,
            study.raw / CODERS: _declared(study, settings_file.name, digest, on, people_who_coded),
            study.raw / "coding" / f"{name}.csv": spans,
        },
    )
    read_coders(study.raw)
    left = [one for one in frame.names if one not in proposed.codes]
    return (
        f"{name} learnt {len(proposed.codes)} codes from {len(read_cases)} cases that people coded, "
        f"and put {spans.count(chr(10)) - 1:,} codings on {read.size:,} passages"
        + (f"; too few to learn: {', '.join(left)}" if left else "")
        + f". It is declared in {SHOWN}: look at that, then `make report`"
    )


def _check_name(study: Study, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise StudyError(
            Problem(
                "the name of the program",
                repr(name[:60]),
                "letters, digits, - and _, a letter first",
                "choose another",
            )
        )
    if name in study.coders or (study.raw / "coding" / f"{name}.csv").exists():
        raise StudyError(
            Problem(
                SHOWN,
                f"{name!r} codes already",
                "a name for each version of a program",
                f"choose another ({name}-2), or take its entry and its file in data/raw/coding out",
            )
        )


def _settings(
    settings: Settings,
    proposed: Proposed,
    people: np.ndarray,
    read: np.ndarray,
    cases: list[str],
) -> dict[str, Any]:
    import sklearn

    taught = hashlib.sha256("\n".join(cases).encode() + np.packbits(people[read]).tobytes())
    return {
        "program": "qualan propose: logistic regression on runs of letters and words",
        "scikit-learn": sklearn.__version__,
        **settings.as_written(),
        "codes": proposed.codes,
        "taught by": {
            "cases": len(cases),
            "passages": int(read.sum()),
            "sha256": taught.hexdigest(),
        },
        "calibration": proposed.calibration(people, read),
    }


def _spans(
    study: Study, passages: pd.DataFrame, proposed: Proposed, settings: Settings, name: str
) -> str:
    """The codings as span CSV, in the places of the texts as they were read."""
    texts = cleaned_texts(study)
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["source_id", "start", "end", "code", "coder", "memo"])
    put = proposed.probability >= settings.at_least
    for at, row in enumerate(passages.itertuples(index=False)):
        if texts[row.source_id].text[row.start : row.end] != row.text:
            raise StudyError(
                Problem(
                    f"source {row.source_id}",
                    "another text than when its passages were made",
                    "passages of the text as it is now",
                    "run make report first, then this again",
                )
            )
        start, end = texts[row.source_id].to_original(row.start, row.end)
        for column in np.flatnonzero(put[at]):
            said = f"probability {proposed.probability[at, column]:.2f}"
            rows.writerow([row.source_id, start, end, proposed.codes[column], name, said])
    return file.getvalue()


def _declared(study: Study, settings: str, digest: str, on: str, people: list[str]) -> str:
    """coders.yml with the program whose file of `settings` has this `digest`; where there is none,
    with those who coded, as people."""
    path = study.raw / CODERS
    entry = {
        "name": Path(settings).stem,
        "kind": "program",
        "version": VERSION,
        "settings": settings,
        "sha256": digest,
        "date": on,
        "on": "every counted passage of the sources that the sample was drawn of",
    }
    if path.is_file():
        before = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    else:
        listed = [{"name": one, "kind": "person"} for one in people]
        before = "coders:\n" + _indented(listed) if listed else "coders:\n"
    indent = _ENTRY.search(before)
    return before + _indented([entry], indent[1] if indent else "  ")


def _indented(entries: list[dict[str, str]], indent: str = "  ") -> str:
    lines = yaml.safe_dump(entries, sort_keys=False, width=1000, allow_unicode=True).splitlines()
    return "".join(f"{indent}{line}\n" for line in lines)
