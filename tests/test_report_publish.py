"""The interpretation lock: what was signed, and what happens when the data turn round."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml
from built import report, run_stages
from claims_fixture import CHARITY, COUNCIL
from tiny import PROJECT

from analysis.claims.signing import COLUMNS, MUST_REREAD
from analysis.files.problems import StudyError
from analysis.pipeline.stages import STAGES
from analysis.report import publish
from analysis.report.pages import changes
from analysis.study.folder import Study

SAYS = {
    "present": "More charity staff than council staff speak of ties.",
    "absent": "Charity staff speak of ties no more often than council staff.",
    "opposite": "More council staff than charity staff speak of ties.",
    "varies": "Whether more charity staff speak of ties depends on who is drawn.",
    "too few cases to compare": "Too few people were asked to compare the two.",
}
INDEX = """\
---
title: "A contrast"
---

# Findings {#sec-findings}

{{< var find.tie_contrast.sentence >}}

{{< include _generated/claim-ties.md >}}

# What changed {#sec-changes}

{{< include _generated/changes.md >}}
"""
SENTENCE = "We keep to the plan and we know the families whom we see each week.\n"


def write_contrast(folder: Path, carrying: list[str], digest: str = "") -> Path:
    """A study of eight people in each of two roles, of whom `carrying` speak of ties."""
    raw = folder / "data" / "raw"
    for name in ("interviews", "coding"):
        (raw / name).mkdir(parents=True, exist_ok=True)
    (folder / "reports").mkdir(exist_ok=True)
    rows, spans = [], []
    for role, names in (("charity", CHARITY), ("council", COUNCIL)):
        for name in names:
            (raw / "interviews" / f"{name}.txt").write_text(f"R: {SENTENCE}", encoding="utf-8")
            rows.append(
                [
                    name,
                    f"person-{name}",
                    "interview",
                    role,
                    "north",
                    "2024-01-01",
                    name,
                    f"interviews/{name}.txt",
                    "",
                    "active",
                    "extracts",
                    "collected",
                    "R",
                    "I",
                ]
            )
            codes = ["ties", "plan"] if name in carrying else ["plan"]
            spans += [[name, 3, 23, code, "A", ""] for code in codes]
    _csv(
        raw / "sources.csv",
        "source_id,case_id,kind,role,site,date,title,file,coded_as,status,"
        "publish,provenance,participant_tags,interviewer_tags",
        rows,
    )
    _csv(raw / "coding" / "A.csv", "source_id,start,end,code,coder,quote", spans)
    (raw / "codebook.yml").write_text(
        "codes:\n  - {name: ties, definition: A tie.}\n  - {name: plan, definition: A plan.}\n"
    )
    expectation = {
        "id": "tie-contrast",
        "kind": "contrast",
        "counts": "mentioned",
        "code": "ties",
        "group": "charity",
        "than": "council",
        "against": "No more of them do.",
        "says": SAYS,
    }
    decision = (
        {
            "status": "retained",
            "paragraphs": "We keep to this.",
            "signed_by": "K. L.",
            "date": "2024-06-01",
            "digest": digest,
        }
        if digest
        else {"status": "undecided"}
    )
    claim = {
        "id": "ties",
        "heading": "Ties",
        "sentence": "Charities live by ties.",
        "origin": "theory",
        "date": "2023-01-01",
        "themes": [{"name": "Ties", "idea": "A tie carries help.", "codes": ["ties"]}],
        "expectations": [expectation],
        "decision": decision,
    }
    (raw / "claims.yml").write_text(yaml.safe_dump({"claims": [claim]}, sort_keys=False))
    choices = (PROJECT / "params.yml").read_text(encoding="utf-8")
    named = choices.replace('no_names: ""', "no_names: nobody is named in this test")
    (folder / "params.yml").write_text(named, encoding="utf-8")
    (folder / "reports" / "index.qmd").write_text(INDEX, encoding="utf-8")
    return folder


def _csv(path: Path, heading: str, rows: list[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([heading.split(","), *rows])


def decided(study: Path) -> dict[str, str]:
    table = pd.read_csv(study / "data/processed/decisions.csv", dtype=str, keep_default_na=False)
    return {str(name): str(value) for name, value in table.iloc[0].items()}


def words(study: Path) -> str:
    page = (study / "reports/_site/index.html").read_text(encoding="utf-8")
    # A number may be a link; what follows it stands close.
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?a\b[^>]*>", "", page)).split())


def test_a_reversed_contrast_says_the_opposite_and_opens_the_lock(tmp_path: Path) -> None:
    study = write_contrast(tmp_path / "study", CHARITY)
    every = [stage.name for stage in STAGES]
    status, said = run_stages(study, *every)
    assert status == 0, said
    write_contrast(study, CHARITY, digest=decided(study)["digest"])
    status, said = report(study, final=True, drawn=False)
    assert status == 0, said
    assert "warning: the authors" not in said
    assert decided(study)["state"] == "signed"
    assert "signed by K. L." in words(study) and "must re-read" not in words(study)
    (told,) = re.findall(r"^values that no page uses: (\d+) \((.*)\), listed in (.*)$", said, re.M)
    unused = (study / told[2]).read_text(encoding="utf-8").splitlines()
    assert len(unused) == int(told[0]) == sum(map(int, re.findall(r"\d+", told[1])))
    assert "coding.n_sources" in unused and "find.tie_contrast.sentence" not in unused
    assert SAYS["present"] in words(study)
    assert "No other report was published from this folder before" in words(study)
    # Every case under every expectation stands in the card, and in words for who cannot see it.
    shown = (study / "reports/_site/index.html").read_text(encoding="utf-8")
    assert "Every case under every expectation of the claim on ties" in shown
    assert re.search(r'alt="[^"]*tie-contrast: mentioned but not judged 8, silent 8', shown)

    signed = decided(study)["digest"]
    write_contrast(study, COUNCIL, digest=signed)
    status, said = report(study, drawn=False)
    assert status == 0, said
    shown = words(study)
    findings, _, changed = shown.rpartition("What changed")
    assert SAYS["opposite"] in findings and SAYS["present"] not in findings
    assert "charity 0 of 8, council 8 of 8" in shown
    assert "changed since it was signed: authors must re-read" in shown
    assert decided(study)["state"] == MUST_REREAD
    # The share of rearrangements that went as far in the direction that was found.
    q = re.search(r"council 8 of 8\s+\S+ to \S+\s+(under 0\.001|0\.\d+)", shown)
    assert q is not None and (q[1] == "under 0.001" or float(q[1]) <= 0.05)
    # The page tells what the last report said otherwise.
    assert re.search(r"tie-contrast\s+present\s+opposite", changed)
    assert SAYS["present"] in changed

    site = (study / "reports/_site/index.html").read_bytes()
    status, said = report(study, final=True, drawn=False)
    assert status != 0
    assert "claims.yml, claim ties" in said and "Traceback" not in said
    assert (study / "reports/_site/index.html").read_bytes() == site
    # Signed for what the data now show, it is closed again.
    write_contrast(study, COUNCIL, digest=decided(study)["digest"])
    status, said = run_stages(study, *every)
    assert status == 0, said
    assert decided(study)["digest"] != signed and decided(study)["state"] == "signed"


def test_who_has_signed_nothing_is_warned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = Study.open(write_contrast(tmp_path / "study", CHARITY))
    decisions = pd.DataFrame("", index=range(1), columns=COLUMNS)
    study.write_table(decisions.assign(claim="ties", state="undecided"), "decisions")
    # No stage has run: it ends where it would read what they make.
    with pytest.raises(StudyError, match="make report first"):
        publish.publish(study, final=True)
    said = capsys.readouterr().err
    assert "warning: the authors have signed nothing on the claim ties" in said


def test_every_changed_claim_is_named_before_anything_is_rendered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = write_contrast(tmp_path / "study", CHARITY)
    opened = Study.open(study)
    decisions = pd.DataFrame("", index=range(3), columns=COLUMNS).assign(
        claim=["ties", "plans", "new"], state=[MUST_REREAD, MUST_REREAD, "undecided"]
    )
    opened.write_table(decisions, "decisions")
    with pytest.raises(StudyError) as caught:
        publish.publish(opened, final=True)
    assert [problem.where.split()[-1] for problem in caught.value.problems] == ["ties", "plans"]
    assert not (study / "reports/_generated").exists()


def test_the_same_report_again_keeps_what_changed_before(tmp_path: Path) -> None:
    first = {"numbers": {"a.b": "1"}, "patterns": {"e": "present"}, "sources": {"s": "full"}}
    second = {"numbers": {"a.b": "2"}, "patterns": {"e": "absent"}, "sources": {"t": "none"}}
    assert "nothing to compare" in changes.told(first, tmp_path, {"a.b"})
    changes.keep(first, tmp_path)
    assert "nothing to compare" in changes.told(first, tmp_path, {"a.b"})
    told = changes.told(second, tmp_path, {"a.b"})
    assert "| e | present | absent |" in told and "Sources that left&#58; 1" in told
    changes.keep(second, tmp_path)
    assert changes.told(second, tmp_path, {"a.b"}) == told
    kept = (tmp_path / changes.PUBLISHED).read_bytes()
    changes.keep(second, tmp_path)
    assert (tmp_path / changes.PUBLISHED).read_bytes() == kept
    assert json.loads(kept)["last"] == second


def test_a_damaged_memory_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / changes.PUBLISHED).write_text("{")
    state = {"numbers": {}, "patterns": {}, "sources": {}}
    assert "nothing to compare" in changes.told(state, tmp_path, set())
