"""One recording that a program wrote several times, as whisper does, is one source."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from analysis import reading
from analysis.files.problems import StudyError

# The form that says most of who spoke when comes first.
_FORMS = (".json", ".vtt", ".srt", ".tsv", ".sbv", ".txt")
# So many of the words of the shorter must the longer have too.
_ALIKE = 0.95
_NOT_SAID = re.compile(r"^(?:WEBVTT.*|.*-->.*|\d+|NOTE\b.*)$", re.MULTILINE)
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w+")


def once(texts: Sequence[Path]) -> tuple[list[Path], dict[Path, Path]]:
    """The texts, each recording once, and what was left out -> what stands for it.

    Files of one folder and name, in different forms, are one recording where they say the same
    words. What cannot be read stays: its reader says why.
    """
    together: dict[Path, list[Path]] = defaultdict(list)
    for path in texts:
        if path.suffix.lower() in _FORMS:
            together[path.with_suffix("")].append(path)
    left_out: dict[Path, Path] = {}
    for paths in together.values():
        if len(paths) > 1:
            first, *others = sorted(paths, key=lambda path: _FORMS.index(path.suffix.lower()))
            said = _said(first)
            left_out |= {other: first for other in others if said and _alike(said, _said(other))}
    return [path for path in texts if path not in left_out], left_out


def _said(path: Path) -> Counter[str]:
    try:
        text = reading.read(path).text
    except StudyError:
        return Counter()
    return Counter(_WORD.findall(_TAG.sub(" ", _NOT_SAID.sub(" ", text)).casefold()))


def _alike(one: Counter[str], other: Counter[str]) -> bool:
    shorter, longer = sorted((one.total(), other.total()))
    return longer > 0 and (one & other).total() >= _ALIKE * longer and shorter > 0
