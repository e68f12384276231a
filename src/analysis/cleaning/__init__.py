"""Text as read -> clean text and passages, with a map of positions between the two.

Rules are applied in the order of `RULES`, each only when it is asked for. Speakers' tags are
brought to one form, and direct identifiers and the names of the pseudonym key replaced, whatever
rules are chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.cleaning import rules as _rules
from analysis.cleaning.about import About
from analysis.cleaning.edits import (
    CleanText,
    Edit,
    Layer,
    layer_of,
)
from analysis.cleaning.habits import Unusual, tags_in
from analysis.cleaning.identifiers import replace_identifiers
from analysis.cleaning.pages import is_wrapped
from analysis.cleaning.passages import passages
from analysis.cleaning.pseudonyms import PseudonymKey, replace_names
from analysis.cleaning.rules import RULES
from analysis.cleaning.speakers import Speakers
from analysis.cleaning.transcripts import speaker_tags, turn_openings
from analysis.files.problems import Problem, StudyError
from analysis.reading import Reading

__all__ = [
    "RULES",
    "CleanText",
    "Edit",
    "Layer",
    "PseudonymKey",
    "Speakers",
    "check_rules",
    "clean",
    "passages",
]


def clean(
    reading: Reading,
    kind: str,
    rules: Sequence[str] = RULES,
    pseudonyms: PseudonymKey | None = None,
    speakers: Speakers | None = None,
) -> CleanText:
    """Return the clean text of a source of `kind` (interview, document, observation, unknown).

    `rules` are names from `RULES`, in any order; raises `StudyError` for another name. Nothing is
    read from disk, and the same input gives the same text.
    """
    check_rules(rules)
    speakers = speakers or Speakers()
    tags, unusual = frozenset[str](), Unusual()
    if kind == "interview":
        tags, unusual = tags_in(reading.text, speakers, quotes=reading.format == "md")
    about = About(reading.format, kind, speakers, tags, is_wrapped(reading), unusual)
    layers: list[Layer] = []
    text = reading.text

    def add(name: str, rule: _rules.Rule) -> None:
        nonlocal text
        layer = layer_of(name, text, rule(text, about))
        if layer.edits:
            layers.append(layer)
            text = layer.apply(text)

    for name, rule in _rules.ALL.items():
        if name == "page_numbers":
            add("turn_openings", turn_openings)
        if name == "white_space":
            add("speaker_tags", speaker_tags)
        if name in rules:
            add(name, rule)
    add("identifiers", lambda text, about: replace_identifiers(text))
    if pseudonyms is not None:
        key = pseudonyms
        add("pseudonyms", lambda text, about: replace_names(text, key))
    return CleanText(reading.text, tuple(layers))


def check_rules(rules: Sequence[str]) -> None:
    """Raise a `StudyError` that lists the names in `rules` that are no rule's."""
    unknown = sorted(set(rules) - set(RULES))
    if unknown:
        raise StudyError(
            Problem("cleaning", ", ".join(unknown), ", ".join(RULES), "correct params.yml")
        )
