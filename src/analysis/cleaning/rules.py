"""The cleaning rules by name, in the order in which they are applied."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from types import MappingProxyType

from analysis.cleaning import (
    characters,
    cues,
    pages,
    transcripts,
)
from analysis.cleaning.about import About
from analysis.cleaning.edits import Edit
from analysis.cleaning.habits import unusual_turns
from analysis.cleaning.speakers import find_turns

Rule = Callable[[str, About], Iterable[Edit]]

_MARKUP = re.compile(
    r"^(?P<heading>[ \t]{0,3}#{1,6}[ \t]+)|^(?P<quote>[ \t]{0,3}>[ \t]?)"
    r"|^(?P<ruler>(?=[|: \t-]+$)[|: \t]*-[|: \t-]*|\*{3,}[ \t]*$|_{3,}[ \t]*$)"
    r"|(?P<image>!\[[^\]\n]{0,500}\]\([^)\n]{0,500}\))"
    r"|(?P<open>\[)(?=[^\]\n]{1,500}\]\([^)\s]{0,500}\))|(?P<close>(?<=[^\]\n])\]\([^)\s]{0,500}\))"
    r"|(?P<strong>\*\*|__)|(?P<emphasis>(?<![\w*\\])[*_](?=\S)|(?<=[^\s\\])[*_](?![\w*]))"
    r"|(?P<cell>^[ \t]*\|[ \t]*|(?<![ \t])[ \t]*\|[ \t]*$)|(?P<between>(?<![ \t])[ \t]*\|[ \t]*)",
    re.MULTILINE,
)


def markup(text: str, about: About) -> Iterator[Edit]:
    """Marks of Markdown go from .md files; the words of headings, links and tables stay."""
    if about.format != "md":
        return
    # Stars and hashes before a speaker's name are taken out with the tag.
    tags = [(turn.opening, turn.start) for turn in find_turns(text, about.tags)]
    tags += [(turn.start, turn.end) for turn in unusual_turns(text, about.unusual)]
    for match in _MARKUP.finditer(text):
        if not any(start <= match.start() < end for start, end in tags):
            new = "\t" if match.lastgroup == "between" else ""
            yield Edit(*match.span(), new, "mark of Markdown")


ALL = MappingProxyType(
    {
        "line_ends": characters.line_ends,
        "characters": characters.characters,
        "composed": characters.composed,
        "cues": cues.cues,
        "markup": markup,
        "page_numbers": pages.page_numbers,
        "running_heads": pages.running_heads,
        "line_wrapping": pages.line_wrapping,
        "hyphenation": pages.hyphenation,
        "timestamps": transcripts.timestamps,
        "cover_sheets": transcripts.cover_sheets,
        "white_space": characters.white_space,
    }
)
RULES = tuple(ALL)
