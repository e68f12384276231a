"""The authors' reading of each claim: a Markdown file of theirs, signed for what it leans on.

`reports/interpretations/<claim>.qmd` holds the text; its front matter, under `interpretation:`,
says what was decided, by whom and when. Signing keeps the decision, a digest of the text and what it
leaned on, beside it, in `signed/<claim>.json`. When any of that changes, the paper shows the text
marked as out of date, with what changed, until it is read again and signed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.claims import Claim
from analysis.claims.signing import leaned_on
from analysis.claims.terms import DECISIONS
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.whole_file import write_text
from analysis.files.yaml_fields import Fields, compose_text
from analysis.report.pages.tables import markdown_table
from analysis.report.prose import prose
from analysis.text.comments import without_comments
from analysis.text.english import plural
from analysis.text.escape import markdown

FOLDER = "interpretations"
_RECORDS = "signed"
_TEXT = "text"
_FIELDS = ("status", "wording", "signed_by", "date", "digest")
UNSIGNED, SIGNED, STALE = "not signed", "signed", "authors must re-read"

Leaning = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Interpretation:
    """One file: what its front matter says, the numbers that its text quotes by name, and a digest
    of its words."""

    claim: str
    status: str
    wording: str
    signed_by: str
    date: str
    digest: str
    quoted: tuple[str, ...]
    words: str = ""


@dataclass(frozen=True)
class Standing:
    """An interpretation beside the data of today: its state, and what changed since it was signed.

    `changes` holds (what, as signed, now); it is empty unless the state is 'authors must re-read'.
    """

    interpretation: Interpretation
    state: str
    changes: tuple[tuple[str, str, str], ...] = ()


def path_of(reports: Path, claim: str) -> Path:
    """Where the interpretation of a claim stands, or would."""
    return reports / FOLDER / f"{claim}.qmd"


def read(reports: Path, claims: Iterable[Claim]) -> dict[str, Interpretation]:
    """The interpretations that there are, by claim. Raises `StudyError` with every fault."""
    known = [claim.id for claim in claims]
    found: dict[str, Interpretation] = {}
    problems: list[Problem] = []
    for path in sorted((reports / FOLDER).glob("*.qmd")):
        shown = f"reports/{FOLDER}/{path.name}"
        if path.stem not in known:
            problems.append(
                Problem(
                    shown,
                    f"no claim {path.stem}",
                    f"the id of a claim: {', '.join(known) or 'there are none yet'}",
                    "rename the file, or write the claim in data/raw/claims.yml",
                )
            )
            continue
        text = path.read_text(encoding="utf-8")
        length = prose.front_matter_length(text)
        # The line above the front matter keeps the lines of the file in what is told of it.
        head = "\n".join(["", *text[:length].splitlines()[1:-1]])
        outer = compose_text(head, shown, problems)
        own = outer.mapping("interpretation") or Fields({}, {}, 1, shown, "", problems)
        found[path.stem] = _read(path.stem, own, text[length:])
    raise_if_any(problems)
    return found


def _read(claim: str, fields: Fields, text: str) -> Interpretation:
    fields.only(_FIELDS)
    status = fields.one_of("status", DECISIONS, default=DECISIONS[0])
    wording = fields.text("wording", required=status == "revised")
    return Interpretation(
        claim,
        status,
        wording,
        fields.text("signed_by", required=False),
        fields.date("date", required=False),
        fields.text("digest", required=False),
        tuple(sorted(set(prose.used_variables(text)))),
        _digest_of_words(text),
    )


def _digest_of_words(text: str) -> str:
    """Neither comments nor how lines are broken make a difference, any other sign does."""
    words = " ".join(without_comments(text).split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def leaning(
    claim: Claim,
    interpretation: Interpretation,
    patterns: pd.DataFrame,
    bearings: pd.DataFrame,
    passages: pd.DataFrame,
    numbers: Mapping[str, str],
) -> Leaning:
    """What is signed, by group and name: the decision and the words of the text, and what they lean
    on: the claim, its patterns with the counts behind them, judged passages, negative cases'
    outcomes, and the numbers that the text quotes."""
    return {
        **leaned_on(claim, patterns, bearings, passages),
        "number": {name: numbers.get(name, "none") for name in interpretation.quoted},
        "decision": {"status": interpretation.status, "wording": interpretation.wording or "none"},
        _TEXT: {"words": interpretation.words},
    }


def digest_of(leaned: Leaning) -> str:
    """Sixteen hexadecimal digits of the SHA-256 of what is signed."""
    told = json.dumps(leaned, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def standing(reports: Path, interpretation: Interpretation, leaned: Leaning) -> Standing:
    """Whether what was signed still is so; if not, what changed."""
    if not interpretation.digest:
        return Standing(interpretation, UNSIGNED)
    if interpretation.digest == digest_of(leaned):
        return Standing(interpretation, SIGNED)
    return Standing(
        interpretation, STALE, tuple(_changes(_record(reports, interpretation), leaned))
    )


def _record(reports: Path, interpretation: Interpretation) -> Leaning:
    """What was signed; nothing where the record is gone or is of another signature."""
    path = reports / FOLDER / _RECORDS / f"{interpretation.claim}.json"
    try:
        kept: Leaning = json.loads(path.read_bytes())
        return kept if digest_of(kept) == interpretation.digest else {}
    except (OSError, ValueError, TypeError):
        return {}


def _changes(before: Leaning, now: Leaning) -> list[tuple[str, str, str]]:
    if not before:
        return [("what was signed", "not kept", "see the claim's card")]
    changes = []
    for group in sorted({*before, *now}):
        old, new = before.get(group, {}), now.get(group, {})
        for name in sorted({*old, *new}):
            was, is_now = old.get(name, "none"), new.get(name, "none")
            if was != is_now:
                changes.append((f"{group} {name}", was, is_now))
    return changes


def sign(reports: Path, interpretation: Interpretation, leaned: Leaning, by: str, on: str) -> None:
    """Write who signed, when and for what into the front matter, and keep what it leaned on.

    The rest of the file stays as it is. Raises `StudyError` where nothing was decided yet.
    """
    path = path_of(reports, interpretation.claim)
    text = path.read_text(encoding="utf-8")
    length = prose.front_matter_length(text)
    head = text[:length].splitlines()
    if not any(line.startswith("interpretation:") for line in head):
        raise StudyError(
            Problem(
                f"reports/{FOLDER}/{path.name}",
                "no `interpretation:` in its front matter",
                "status, and for a revised claim its wording",
                "write them first: undecided is a decision too",
            )
        )
    signed = {"signed_by": by, "date": on, "digest": digest_of(leaned)}
    kept = [line for line in head if not re.match(rf"\s+({'|'.join(signed)}):", line)]
    added = [f"  {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in signed.items()]
    content = "\n".join([*kept[:-1], *added, kept[-1]]) + "\n" + text[length:]
    record = json.dumps(leaned, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_text(reports / FOLDER / _RECORDS / path.with_suffix(".json").name, record)
    write_text(path, content)


def told(claim: Claim, of: Standing) -> str:
    """The head of an interpretation in the paper, as Markdown: whose words follow, and their standing."""
    said = of.interpretation
    who = f", signed by {markdown(said.signed_by)}" if said.signed_by else ""
    when = f" on {markdown(said.date)}" if said.date else ""
    state = who + when if of.state != UNSIGNED else ", not signed yet"
    parts = [f"*The authors’ reading. Decision: **{markdown(said.status)}**{state}.*\n"]
    if said.status == "revised":
        parts.append(f"> ~~{markdown(claim.sentence)}~~\n>\n> {markdown(said.wording)}\n")
    if of.state == STALE:
        rows = pd.DataFrame(of.changes, columns=["what was signed", "as signed", "now"])
        table = markdown_table(rows, dict.fromkeys(rows.columns, "text"))
        parts.append(
            f"::: {{.callout-warning}}\n{_capital(_since(of))}: authors must re-read."
            f"\n\n{table}\n:::\n"
        )
    return "\n".join(parts)


def stale_problems(standings: Iterable[Standing]) -> list[Problem]:
    """One problem for each text that is not what was signed, or was signed for other data."""
    return [
        Problem(
            f"reports/{FOLDER}/{one.interpretation.claim}.qmd",
            f"{_since(one)}: {plural(len(one.changes), 'change')}, {_first(one.changes)}",
            "a text signed as it stands, for what the data now show",
            f"read it again, then qualan sign {one.interpretation.claim} --by NAME",
        )
        for one in standings
        if one.state == STALE
    ]


def _since(of: Standing) -> str:
    """What became of a signed text: others may have changed its words, or the data what it says."""
    own = {"decision", _TEXT}
    if {what.split(" ")[0] for what, _, _ in of.changes} <= own:
        return "the text was changed after it was signed"
    return "the text was signed for other data"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _first(changes: tuple[tuple[str, str, str], ...]) -> str:
    what, before, now = changes[0]
    return f"first {what}: {before} then, {now} now"


def unsigned(standings: Iterable[Standing]) -> list[str]:
    """The claims whose text nobody has signed."""
    return [one.interpretation.claim for one in standings if one.state == UNSIGNED]
