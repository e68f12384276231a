"""The tiny study with what its stages leave for an export, without running a notebook."""

from __future__ import annotations

from pathlib import Path

from tiny import write_tiny_study

from analysis import claims as found
from analysis import coding
from analysis.cleaning.preparing import prepare_all
from analysis.measures import cooccurrence
from analysis.stages import clean, texts
from analysis.study.folder import Study

CASES = "case_id,score,motto\ncom-1,3.5,=1+1\ncom-2,1,calm\nts-1,2,\n"
MATRIX = (
    "case_id,theme,summary,state,passages,digest\n"
    "com-1,Trust,Says it counts beside outcomes.,said,c1-1,\nts-1,Trust,,silent,,\n"
)
BEARINGS = (
    "claim,source_id,passage,quote,bears,by,note,negative_outcome\n"
    'trust,t1,1,,supports,A,"=HYPERLINK is no formula here",\n'
    "trust,t2,1,,supports,A,Not to be shown.,\n"
)


def write_placed_study(folder: Path) -> Study:
    """Write the tiny study into `folder`, o1 withdrawn, and place it."""
    write_tiny_study(folder)
    raw = folder / "data" / "raw"
    register = (raw / "sources.csv").read_text(encoding="utf-8")
    register = register.replace("o1.txt,,active", "o1.txt,,withdrawn")
    (raw / "sources.csv").write_text(register, encoding="utf-8")
    (raw / "observations" / "o1.txt").unlink()
    for name, text in (("cases", CASES), ("matrix", MATRIX), ("bearings", BEARINGS)):
        (raw / f"{name}.csv").write_text(text, encoding="utf-8")
    return place(folder)


def place(folder: Path) -> Study:
    """Do what notebooks 01, 02, 04 and 06 do for an export."""
    study = Study.open(folder, embargoed=True)
    prepared = prepare_all(study.sources, study.raw, study.choices.cleaning)
    placement = coding.place(
        texts.read_projects(study),
        study.sources,
        texts.cleaned_texts(study),
        study.codebook.codes,
        anchor_score=92,
        coders={},
        code_names={},
        withdrawn=study.withdrawn_names,
    )
    memos = placement.codings.assign(memo="a memo on " + placement.codings["source_id"])
    study.write_table(clean.passages_of(prepared), "passages")
    study.write_table(study.codebook.codes, "codes")
    study.write_table(memos, "codings")
    (study.processed / "texts").mkdir(exist_ok=True)
    for source_id, one in prepared.items():
        (study.processed / "texts" / f"{source_id}.txt").write_bytes(one.clean.text.encode())
    study = Study.open(folder)
    corpus = study.corpus
    study.write_table(cooccurrence.cooccurrence_test(corpus, "passage", n=20), "cooccurrence")
    claims = found.read_claims(study.raw / "claims.yml", study.codes, study.register["role"])
    material = found.Material.of(corpus)
    listed = study.register["source_id"]
    bearings = found.read_bearings(study.raw / "bearings.csv", claims, study.passages, listed)
    matrix = found.read_matrix(study.raw / "matrix.csv", claims, material, study.register)
    study.write_tables(examples=found.examples(claims, material, bearings), matrix=matrix)
    return study
