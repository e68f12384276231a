"""A small invented study in tables, with coding that a test can turn as it likes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.claims.expectation import Expectation
from analysis.claims.kinds import KINDS
from analysis.claims.model import Claim
from analysis.study.choices import Choices, read_choices, with_choices

CODES = pd.DataFrame(
    {
        "code": ["tie", "tie/old", "tie/new", "merit", "plan", "doing"],
        "parent": ["", "tie", "tie", "", "", ""],
    }
)
CHARITY = [f"ch-{number}" for number in range(1, 9)]
COUNCIL = [f"co-{number}" for number in range(1, 9)]
PASSAGES = 12
WIDTH = 40
PATTERNS = ("present", "absent", "opposite", "varies", "too few cases to compare")
OF_KIND = {
    "prevalence": ("present", "absent", "too few cases to compare"),
    "reach": ("present", "opposite", "varies", "too few cases to compare"),
}


def choices(**changed: object) -> Choices:
    """The project's own choices, with fewer redraws."""
    read = read_choices(Path(__file__).parents[1] / "params.yml")
    return with_choices(read, **{"resamples": 400, **changed})


def sources() -> pd.DataFrame:
    rows = [
        {"source_id": name, "case_id": f"person-{name}", "kind": "interview", "role": role}
        for role, names in (("charity", CHARITY), ("council", COUNCIL))
        for name in names
    ]
    rows += [{"source_id": "doc-1", "case_id": "org-1", "kind": "document", "role": "council"}]
    table = pd.DataFrame(rows)
    table["publish"] = table["kind"].map({"interview": "extracts", "document": "none"})
    return table.assign(status="active", site="unknown", date="unknown", title=table["source_id"])


def passages() -> pd.DataFrame:
    """Twelve passages of eight words in every source; every third is the interviewer's."""
    rows = []
    for source in sources().itertuples():
        for number in range(PASSAGES):
            start = number * (WIDTH + 1)
            text = f"{source.source_id}x{number:02d} one two three four five six seven"[:WIDTH]
            voice = "participant" if source.kind == "interview" else "document"
            if source.kind == "interview" and number % 3 == 0:
                voice = "interviewer"
            rows.append(
                [
                    source.source_id,
                    number,
                    start,
                    start + len(text),
                    "",
                    voice,
                    len(text.split()),
                    text,
                ]
            )
    columns = ["source_id", "passage", "start", "end", "speaker", "voice", "words", "text"]
    return pd.DataFrame(rows, columns=columns)


def codings(placed: Iterable[tuple[str, int, str]], coder: str = "A") -> pd.DataFrame:
    """One span for each (source, passage, code): the whole passage."""
    rows = [
        [source, number * (WIDTH + 1), number * (WIDTH + 1) + 30, code, coder, "made", ""]
        for source, number, code in placed
    ]
    columns = ["source_id", "start", "end", "code", "coder", "origin", "memo"]
    return pd.DataFrame(rows, columns=columns).astype({"start": "int64", "end": "int64"})


def sentences(name: str, kind: str) -> str:
    return "\n".join(
        f"          {pattern}: {name} is {pattern}." for pattern in OF_KIND.get(kind, PATTERNS)
    )


def expectation(name: str, kind: str, *fields: str) -> str:
    lines = [f"      - id: {name}", f"        kind: {kind}", *(f"        {one}" for one in fields)]
    return "\n".join(
        [*lines, "        against: Something else.", "        says:", sentences(name, kind)]
    )


def claim(name: str, *expectations: str, decision: str = "status: undecided") -> str:
    return "\n".join(
        [
            f"  - id: {name}",
            f"    heading: {name} heading",
            f"    sentence: {name} is claimed.",
            "    origin: theory",
            "    date: 2023-09-01",
            "    themes:",
            f"      - name: {name} theme",
            "        idea: A central idea.",
            "        codes: [tie/old, merit]",
            "    expectations:",
            *expectations,
            f"    decision: {{{decision}}}",
        ]
    )


#: What each kind has to state beside what all state.
STATED = {
    "prevalence": {"code": "tie", "group": "charity", "at_least": 5},
    "contrast": {"code": "tie", "group": "charity", "than": "council"},
    "association": {"codes": ["tie/old", "merit"]},
    "dissociation": {"codes": ["tie/old", "merit"]},
    "reach": {"from": "plan", "to": "doing", "share": 0.5},
}


def stated(kind: str, **fields: object) -> Expectation:
    """An expectation of a kind without a file, with whatever `fields` say otherwise."""
    says = {pattern: f"{kind} is {pattern}." for pattern in KINDS[kind].patterns}
    common = {"id": "e", "against": "Something else.", "says": says}
    return KINDS[kind].model_validate({**common, **STATED[kind], **fields})


def bare_claim(name: str, **fields: object) -> Claim:
    """A claim that expects nothing yet, which no file may say."""
    said = {"heading": name, "sentence": f"{name}.", "origin": "theory", "date": "2023-09-01"}
    nothing = {"themes": (), "expectations": ()}
    return Claim.model_construct(**{"id": name, **said, **nothing, **fields})


def written(folder: Path, *claims: str) -> Path:
    path = folder / "claims.yml"
    path.write_text("claims:\n" + "\n".join(claims) + "\n", encoding="utf-8")
    return path


PREVALENCE = expectation("common", "prevalence", "code: tie", "group: charity", "at_least: 5")
CONTRAST = expectation("more", "contrast", "code: tie", "group: charity", "than: council")
TOGETHER = expectation("together", "association", "codes: [tie/old, merit]")
APART = expectation("apart", "dissociation", "codes: [tie/old, merit]")
REACH = expectation(
    "short", "reach", "from: plan", "to: doing", "share: 0.5", "direction: stops short"
)
