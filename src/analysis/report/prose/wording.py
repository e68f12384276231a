"""Numbers and quantities typed into prose: what the paper must take from the data instead.

A digit, a spelled-out number, a fraction, or a quantifier of cases ('most interviewees', 'few
spoke') says something that new data may make false. The patterns are for English, and for words
a single space apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_MORE = (
    "thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|"
    "sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|dozens?|twice|thrice|twofold|"
    r"zero(?![ -](?:sum|hours?|tolerance))|(?:tens|scores)(?= of\b(?! the\b))"
)
# People and organisations; what they did is a finding, whatever the quantifier.
_PEOPLE = (
    "interviewees?|participants?|respondents?|informants?|commissioners?|managers?|"
    "leaders?|directors?|executives?|clinicians?|practitioners?|workers?|staff|professionals?|"
    "people|persons?|users?|children|parents?|families|carers?|volunteers?|charities|charity|"
    "organi[sz]ations?|coders?|speakers?|counsellors?|nurses?"
)
# Pieces of evidence, and who gathered it; 'every passage' belongs to a description of method, 'most passages' not.
_EVIDENCE = (
    "interviews?|sources?|documents?|observations?|transcripts?|passages?|segments?|extracts?|"
    "quotations?|cases?|codes?|codings?|accounts?|meetings?|spans?|pairs?|interviewers?"
)
# What other writers did is no finding of this paper.
_WRITERS = (
    "authors|scholars|writers|theorists|critics|researchers|studies|papers|reviews|texts|books|"
    "articles|theories|literatures?|models|pictures"
)
# Up to two words between quantifier and noun ('most third-sector staff'), none of which opens
# another clause ('some say that staff') or speaks of other writers.
_CLAUSE = "that|who|which|what|how|when|where|say|says|said|see|for|and|or|to|in|by|with|as|than|is|are|was|were|longer"
_OTHERS = rf"(?: (?!(?:{_CLAUSE}|{_WRITERS})\b)[\w’'-]+)"
_BETWEEN = rf"(?: (?:of|the|these|those|our|their|all))*{_OTHERS}{{0,2}}? "
_AMOUNT = "(?:good|large|small|high|low|great|fair|vast|tiny|sizeable|substantial|considerable)"
_MANY = (
    r"(?<!\bthe )(?<!\bits )(?<!\bour )(?<!\btheir )(?<!['’]s )most|(?<!\bhow )(?:many|few)|fewer|"
    rf"fewest|several|some|numerous|both|half|lots|plenty|a number|handful|couple|bulk|"
    rf"a (?:{_AMOUNT} )?proportion|(?:a|the) {_AMOUNT} (?:number|share|percentage|fraction)|"
    "(?:nearly|almost|virtually|practically) (?:all|every|no)|(?:hardly|scarcely|barely) any|"
    "not a single"
)
_ABOUT = "over|under|about|around|nearly|almost|roughly|barely|more than|less than|at least"
# A quantifier that stands for people by itself ('most felt') begins a sentence or a clause:
# elsewhere 'most' may be a superlative ('what they most wanted'), and 'how many' a question.
_WHOEVER = (
    "(?:most|many|several|a few|few|none|half|a handful|a couple|"
    "(?:a|one|two|three)[ -](?:third|quarter|fifth)s?)"
)
_CLAUSE_BEGINS = (
    rf"(?:\b(?:{_ABOUT}|only|just|virtually) |(?<=[,;:(—–] )|(?<=[(—–])|(?-i:\b(?=[A-Z]))|"
    r"(?<=\band )|(?<=\bor )|(?<=\bbut )|(?<=\bthat )|(?<=\bwhat )|(?<=\bas )|(?<=\bwhile )|"
    r"(?<=\bwhereas )|(?<=\bthough )|(?<=\bbecause )|(?<=\bwhom ))"
)
# What people said or did, in words that are no adjectives.
_SAID = (
    "said|say|told(?! ?,)|tell|spoke|speak|talked|felt|feel|thought|think|agreed|disagreed|believed|"
    "recalled|remembered|complained|objected|referred|explained|replied|answered|wished|hoped"
)
_DID = "worked|came|went|saw|knew|kept|gave|took|were|had(?! been)|did"
# These may be adjectives: 'most reported effects are small'.
_DONE = (
    "described|mentioned|mention|reported|raised|voiced|expressed|stressed|emphasi[sz]ed|praised|"
    "welcomed|doubted|found|noted|noticed|preferred|wanted|want|needed|valued|trusted|feared|used|shared"
)
_OBJECT = (
    "that|how|what|why|when|a|an|the|this|these|it|them|us|their|his|her|its|no|more|having|being"
)
_SPOKE = rf"(?:{_SAID}|(?:{_DONE})(?= (?:{_OBJECT})\b))\b(?! (?:is|are|was|were)\b)"
_ACTED = rf"(?:{_SPOKE}|(?:{_DID})\b)"

_PATTERNS = {
    "digit": (r"(?<![\w.])(?<![A-Z]-)[.+−-]?\d[\d,.]*(?:%|\w+)?",),
    "spelled-out number": (
        rf"\b(?:{_UNITS}|{_MORE})(?:-(?:{_UNITS}|one))?\b",
        r"\b(?:only|just|exactly|all but) one\b",
        rf"\bone (?:of|in|out of) (?:the|our|these|those|every|{_UNITS})\b",
        rf"\bone (?:[\w-]+ )?(?:{_PEOPLE}|{_EVIDENCE})\b",
    ),
    "fraction": (
        "[¼-¾⅐-⅞]",
        r"\bhalf\b(?= (?:of|the|as|our|a)\b)",
        rf"\b(?:{_ABOUT}) half\b(?!-| an? (?:hour|day|year|century)\b)",
        r"\b(?:a|one|two|three)[ -](?:thirds?|quarters?|fifths?|tenths?)\b(?= of\b)",
        r"\bper ?cent\b",
    ),
    "quantifier of cases": (
        r"\b(?:majority|minority) of\b",
        r"\b(?:a|the) (?:vast |large |small |great )?(?:majority|minority)\b"
        r"(?! (?:ethnic|group|language))",
        rf"\b(?:{_MANY}){_BETWEEN}(?:{_PEOPLE}|{_EVIDENCE})\b",
        rf"\bmore (?:{_PEOPLE}|{_EVIDENCE})\b",
        rf"\ba pair{_BETWEEN}(?!coders\b)(?:{_PEOPLE}|interviews)\b",
        rf"\b(?:all|every|each|none|no|nobody|everyone|everybody){_BETWEEN}(?:{_PEOPLE})\b",
        rf"\bnone of(?: the| these| those| our)?{_OTHERS}? (?:{_EVIDENCE})\b",
        r"\b(?:most|many|few|several|some|none|all|each|both) of (?:them|these|those|us|whom)\b",
        rf"\b(?:nobody|everyone|everybody|no one|not one) (?:{_SAID}|mentioned|described|raised)\b",
        rf"\b(?:they|who|{_PEOPLE}) all {_ACTED}",
        rf"{_CLAUSE_BEGINS}(?:{_WHOEVER} {_ACTED}|all {_SPOKE})",
        rf"\b(?-i:(?=[A-Z])){_WHOEVER} (?:{_DONE})(?= (?!(?:[\w-]+ )?(?:is|are|was|were|have|had)\b))",
        rf"{_CLAUSE_BEGINS}{_WHOEVER}{_OTHERS}{{1,3}}? (?:agreed|disagreed|spoke|complained)\b",
    ),
}
_RULES = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, patterns in _PATTERNS.items()
    for pattern in patterns
)


_NUMBER = rf"(?:\d[\d,]*|\b(?:{_UNITS}|{_MORE})(?:-(?:{_UNITS}|one))?)"
_COUNTS = (
    ("share", re.compile(rf"{_NUMBER} (?:out )?of (?:the |our |these )?{_NUMBER}\b", re.I)),
    ("share", re.compile(rf"(?:\d[\d.,]*|{_NUMBER}) ?(?:%|per ?cent\b)", re.I)),
    ("count", re.compile(rf"{_NUMBER}{_OTHERS}{{0,2}}? (?:{_PEOPLE}|{_EVIDENCE})\b", re.I)),
)


@dataclass(frozen=True, order=True)
class Finding:
    """A typed quantity: where it starts in the text, its words, and what kind it is."""

    start: int
    words: str
    kind: str


def counts_and_shares(text: str) -> list[Finding]:
    """Return the counts of people and evidence, and the shares, typed in `text`, in order.

    'three nurses', '14 of 16', '93 %'; `text` as for `typed_quantities`.
    """
    spaced, places = _single_spaced(text)
    return sorted(
        Finding(places[match.start()], match[0], kind)
        for kind, pattern in _COUNTS
        for match in pattern.finditer(spaced)
    )


def typed_quantities(text: str) -> list[Finding]:
    """Return the quantities typed in `text`, in order; of overlapping ones the first.

    `text` is prose with everything that is not prose blanked. Digits inside a name ('H2O',
    'NVivo12', 'SHA-256') do not count; 'third' and 'first' as ordinals, and 'one' as a pronoun, pass.
    """
    spaced, places = _single_spaced(text)
    found = sorted(
        (match.start(), match.end(), kind)
        for kind, pattern in _RULES
        for match in pattern.finditer(spaced)
    )
    kept: list[Finding] = []
    last = 0
    for start, end, kind in found:
        if start >= last:
            kept.append(Finding(places[start], spaced[start:end], kind))
            last = end
    return kept


def _single_spaced(text: str) -> tuple[str, list[int]]:
    """Return `text` with a single space for each run of white space, and each character's place."""
    places = [
        at
        for at, letter in enumerate(text)
        if not (letter.isspace() and text[at - 1 : at].isspace())
    ]
    return "".join(" " if text[at].isspace() else text[at] for at in places), places
