"""Sentences, by NLTK's Punkt, told beforehand what a small corpus cannot teach it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# Without the full stop, in lower case, as Punkt stores them.
_ABBREVIATED = """
mr mrs ms mx messrs dr prof rev hon fr sr jr st cllr sen gen col sgt supt insp e.g i.e eg
ie etc cf vs v viz al ca approx c no nos vol ch pp p para sec fig figs tab ed eds esp incl
excl min max est dept univ inst assoc ltd plc inc co corp bros a.m p.m am pm hrs hr mins
secs mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sept sep oct
nov dec tel ext ref u.k u.s u.n n.h.s b.sc m.sc ph.d d.phil m.d b.a m.a rd ave sq
"""
ABBREVIATIONS = tuple(_ABBREVIATED.split())
# Words that occur in lower case: with a capital after an abbreviation they begin a sentence.
# Not "a" and "I", which after a full stop may be initials.
_LOWER_CASE = """
about after all also an and are as at because been before but by can could did do does
for from had has have he her here his how if in into is it its just like me more my no
not now of on one or our out she so some than that the their them then there these they
this those to up very was we well were what when where which who why will with would yeah
yes you your nobody somebody everyone people okay right anyway still sometimes
"""
COMMON = tuple(_LOWER_CASE.split())
_LINE = re.compile(r"[^\n\f]+")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the sentences of `text` as (start, end), half-open, in code points, in order.

    A line end always ends a sentence. Nothing is downloaded and nothing learned from `text`, so
    a sentence is cut the same way in every study.
    """
    spans = []
    for line in _LINE.finditer(text):
        for start, end in _tokenizer().span_tokenize(line[0]):
            if line[0][start:end].strip():
                spans.append((line.start() + start, line.start() + end))
    return spans


@cache
def _tokenizer() -> Any:
    from analysis.text.nltk_light import nltk

    punkt = nltk.tokenize.punkt
    knowledge = punkt.PunktParameters()
    knowledge.abbrev_types = set(ABBREVIATIONS)
    for word in COMMON:
        knowledge.add_ortho_context(word, punkt._ORTHO_MID_LC)
    return punkt.PunktSentenceTokenizer(knowledge)
