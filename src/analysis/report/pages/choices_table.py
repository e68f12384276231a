"""The analytic choices of a study in words: what was chosen, in what, and among what."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from analysis.report.pages.tables import markdown_table
from analysis.study.choices import Choices

#: What each choice decides. The names of people in `coders` and of their codes are counted only.
IN_WORDS = {
    "approach": "Kind of analysis",
    "cleaning": "Rules by which texts were cleaned, in their order",
    "extract_share": "Extracts of a source that show more than this share of it are warned of",
    "minimum_cell": "Fewest people in a cell of a published crossing of attributes",
    "crossed_attributes": "Attributes of participants that are crossed",
    "coder": "Whose coding the figures count",
    "coders": "Other names of coders in coding files",
    "code_names": "Other names of codes in coding files",
    "columns": "Columns of coding tables that were named by hand",
    "anchor_score": "A quotation without a position is placed when it resembles the text so well, of 100",
    "unit": "Where two codes must meet to count as meeting",
    "window": "Of a window of passages: how many, the present one and those before it",
    "null": "How codings are rearranged for comparison",
    "interviewer_speech": "Whether interviewers’ speech counts",
    "seed": "Start of the chance numbers",
    "resamples": "How often cases are redrawn, or codings rearranged where that is not exact",
    "minimum_group": "Fewest cases of a group that is compared",
    "rearranged_share": "Largest share of rearrangements (q) with which a pattern is present",
    "smallest_difference": "Smallest effect that counts, as a difference of shares or rates",
    "agreement_unit": "Unit on which two coders are compared",
    "discuss_below": "A code with alpha below this is marked as read differently",
    "accumulation_base": "Interviews that the accumulation of codes starts from",
    "accumulation_run": "Interviews that it then takes at a time",
    "accumulation_threshold": "Share of new codes at which the curve is called flat",
    "alternative_units": "Units under which every expectation is run again",
    "alternative_nulls": "Rearrangements under which it is run again",
    "alternative_coders": "Coders under whom it is run again",
    "alternative_minimum_words": "Shortest segments, in words, with which it is run again",
    "no_names": "Why no key of names was needed",
    "stances": "What a stance in the coding does to a claim",
    "exempt": "Places that the search for names was told to pass",
}
_IN_PEOPLE = ("coders", "code_names")
_NULLS = {
    "words": "along the words of a source (holds length, not topic)",
    "shift": "by whole passages, all together (holds neither length nor topic)",
    "shuffle": "passages exchanged freely (holds neither length nor topic, nor runs)",
    "answers": "along the words of the answer to one question (holds length and topic)",
}
_UNITS = {
    "overlap": "the same words",
    "passage": "the same passage",
    "window": "passages close by",
    "source": "the same source",
}
_AGREEMENT = "agreement_unit", "discuss_below", "accumulation_base", "accumulation_run"
_NONE = "none"
#: What a reflexive analysis has no use for.
NOT_REFLEXIVE = (*_AGREEMENT, "accumulation_threshold")


def choices_table(choices: Choices) -> str:
    """Every choice and its value as Markdown, both in words; what is left empty in a row of its own."""
    shown = dataclasses.asdict(choices)
    if choices.approach == "reflexive":
        shown = {name: value for name, value in shown.items() if name not in NOT_REFLEXIVE}
    rows = [
        {"choice": IN_WORDS.get(name, name.replace("_", " ")), "chosen": _value(name, value)}
        for name, value in shown.items()
    ]
    said = [row for row in rows if row["chosen"] != _NONE]
    empty = "; ".join(row["choice"] for row in rows if row["chosen"] == _NONE)
    shown_rows = [*said, {"choice": "Not used", "chosen": empty}] if empty else said
    return markdown_table(pd.DataFrame(shown_rows), {"choice": "text", "chosen": "text"})


def varied(name: str, value: str) -> str:
    """A choice that was made otherwise, in words: 'rearranged by whole passages, all together'."""
    said = {
        # What a rearrangement holds, in brackets, the table of choices tells.
        "null": f"rearranged {_NULLS.get(value, value).partition(' (')[0]}",
        "unit": f"meeting in {_UNITS.get(value, value)}",
        "coder": f"as coder {value} coded",
        "interviewer_speech": "with interviewers’ speech",
        "minimum_words": f"only segments of {value} words or more",
    }
    return said.get(name, f"{name.replace('_', ' ')}: {value}")


def _value(name: str, value: object) -> str:
    if name in _IN_PEOPLE and isinstance(value, Mapping):
        return _counted(value)
    if name in ("null", "alternative_nulls"):
        return _named(value, _NULLS)
    if name in ("unit", "alternative_units"):
        return _named(value, _UNITS)
    if name == "cleaning" and isinstance(value, list):
        return ", ".join(str(rule).replace("_", " ") for rule in value)
    return _said(value)


def _named(value: object, words: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return "; ".join(words.get(str(one), str(one)) for one in value) or _NONE
    return words.get(str(value), str(value))


def _counted(names: Mapping[str, str]) -> str:
    """How many names stand for what; the names themselves may be those of people."""
    used = Counter(names.values())
    return "; ".join(f"{ours}: {count} other" for ours, count in sorted(used.items())) or _NONE


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or _NONE
    if isinstance(value, dict):
        return "; ".join(f"{theirs} is {ours}" for theirs, ours in value.items()) or _NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or _NONE
