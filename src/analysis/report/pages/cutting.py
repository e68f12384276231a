"""Long quotations cut round the words that were judged, coded, or discussed in the judge's note."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.text.sentences import sentence_spans

LONGEST = 420
GAP = "[…]"
_WORD = re.compile(r"[^\W\d_]{4,}")
_IN_QUOTES = re.compile(r"[‘'“\"]([^‘’'“”\"]{3,})[’'”\".]")
# What is said word for word in a note counts as much as so many words that both share.
_SAID, _CODED = 6, 3


def cut(
    words: str, note: str = "", coded: Sequence[tuple[int, int]] = (), most: int = LONGEST
) -> str:
    """`words` with whole sentences left out at either end, so that at most about `most` letters
    stand; where something is left out, a gap says so.

    Kept are neighbouring sentences: those that hold most of what the `note` quotes or speaks of,
    and of the `coded` stretches (places in `words`); of equals the longer, then the earlier. A
    single sentence that is longer is cut at a word, behind the last of these.
    """
    if len(words) <= most:
        return words
    sentences = sentence_spans(words)
    quoted = [said.strip(" .,").lower() for said in _IN_QUOTES.findall(note)]
    spoken = {word.lower()[:6] for word in _WORD.findall(note)}

    def worth(start: int, end: int) -> int:
        own = words[start:end].lower()
        shared = {word[:6] for word in _WORD.findall(own)} & spoken
        said = sum(phrase in own for phrase in quoted)
        held = any(begin < end and stop > start for begin, stop in coded)
        return len(shared) + _SAID * said + _CODED * held

    runs = [
        (sentences[first][0], sentences[last][1])
        for first in range(len(sentences))
        for last in range(first, len(sentences))
        if last == first or sentences[last][1] - sentences[first][0] <= most
    ]
    start, end = max(runs, key=lambda run: (worth(*run), run[1] - run[0], -run[0]))
    if end - start > most:
        end = _at_word(words, start, end, most)
    before, after = words[:start].strip(), words[end:].strip()
    return f"{GAP} " * bool(before) + words[start:end].strip() + f" {GAP}" * bool(after)


def _at_word(words: str, start: int, end: int, most: int) -> int:
    """Where a sentence of more than `most` letters is cut: before a word, outside brackets."""
    kept = words[start : min(end, start + most)].rsplit(" ", 1)[0]
    opened = kept.rfind("[")
    if opened > kept.rfind("]"):
        kept = kept[:opened].rstrip()
    return start + len(kept)
