"""Numbers and quantities typed into prose: what the paper must take from the data instead.

A digit, a spelled-out number, a fraction, or a quantifier of cases ('most interviewees') says
something that new data may make false. The patterns are for English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_MORE = (
    "thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|"
    "sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|dozens?|twice|thrice|twofold"
)
# People and organisations; what they did is a finding, whatever the quantifier.
_PEOPLE = (
    "interviewees?|participants?|respondents?|informants?|commissioners?|managers?|clinicians?|"
    "practitioners?|workers?|staff|professionals?|people|persons?|users?|children|parents?|carers?|"
    "volunteers?|charities|charity|organi[sz]ations?|coders?|speakers?|counsellors?|nurses?"
)
# Pieces of evidence; 'every passage' belongs to a description of method, 'most passages' not.
_EVIDENCE = (
    "interviews?|sources?|documents?|observations?|transcripts?|passages?|segments?|extracts?|"
    "quotations?|cases?|codes?|codings?|accounts?|meetings?|spans?|pairs?"
)
# Up to two words between quantifier and noun ('most third-sector staff'), none of which opens
# another clause ('some say that staff').
_CLAUSE = "that|who|which|what|how|when|where|say|says|said|see|for|and|or|to|in|by|with|as|than|is|are|was|were|longer"
_BETWEEN = (
    rf"(?:\s+(?:of|the|these|those|our|their|all))*(?:\s+(?!(?:{_CLAUSE})\b)[\w’'-]+){{0,2}}?\s+"
)
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("digit", r"(?<![\w.])(?<![A-Z]-)[.+−-]?\d[\d,.]*(?:%|\w+)?"),
    ("spelled-out number", rf"\b(?:{_UNITS}|{_MORE})(?:-(?:{_UNITS}|one))?\b"),
    ("spelled-out number", r"\b(?:only|just|exactly|all but) one\b"),
    ("spelled-out number", rf"\bone (?:of|in|out of) (?:the|our|these|those|every|{_UNITS})\b"),
    ("spelled-out number", rf"\bone\s+(?:[\w-]+\s+)?(?:{_PEOPLE}|{_EVIDENCE})\b"),
    ("fraction", r"\bhalf\b(?=\s+(?:of|the|as|our|a)\b)"),
    ("fraction", r"\b(?:a|one|two|three)[ -](?:thirds?|quarters?|fifths?|tenths?)\b(?=\s+of\b)"),
    ("fraction", r"\bper ?cent\b"),
    ("quantifier of cases", r"\b(?:majority|minority)\s+of\b"),
    (
        "quantifier of cases",
        r"\b(?:a|the) (?:vast |large |small |great )?(?:majority|minority)\b"
        r"(?!\s+(?:ethnic|group|language))",
    ),
    (
        "quantifier of cases",
        r"\b(?:(?<!the )most|many|few|fewer|fewest|several|some|numerous|a number|both|half)"
        rf"{_BETWEEN}(?:{_PEOPLE}|{_EVIDENCE})\b",
    ),
    ("quantifier of cases", rf"\bmore\s+(?:{_PEOPLE}|{_EVIDENCE})\b"),
    (
        "quantifier of cases",
        rf"\b(?:all|every|each|none|no|nobody|everyone|everybody){_BETWEEN}(?:{_PEOPLE})\b",
    ),
    (
        "quantifier of cases",
        r"\b(?:most|many|few|several|some|none|all|each|both) of (?:them|these|those|us|whom)\b",
    ),
    (
        "quantifier of cases",
        r"\b(?:nobody|everyone|everybody|no one) (?:said|spoke|mentioned|described|agreed)\b",
    ),
)
_RULES = tuple((kind, re.compile(pattern, re.I)) for kind, pattern in _PATTERNS)


@dataclass(frozen=True, order=True)
class Finding:
    """A typed quantity: where it starts in the text, its words, and what kind it is."""

    start: int
    words: str
    kind: str


def typed_quantities(text: str) -> list[Finding]:
    """Return the quantities typed in `text`, in order; of overlapping ones the first.

    `text` is prose with everything that is not prose blanked. Digits inside a name ('H2O',
    'NVivo12', 'SHA-256') do not count; 'third' and 'first' as ordinals, and 'one' as a pronoun, pass.
    """
    found = sorted(
        Finding(match.start(), " ".join(match[0].split()), kind)
        for kind, pattern in _RULES
        for match in pattern.finditer(text)
    )
    kept: list[Finding] = []
    end = -1
    for finding in found:
        if finding.start >= end:
            kept.append(finding)
            end = finding.start + len(finding.words)
    return kept
