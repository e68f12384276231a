"""Lines of a text."""

from __future__ import annotations

import re

# A line that has more than blanks, without its line end. The blanks before its words are taken
# whole and from their first on, so that a long run of them costs no more than its length.
LINE_WITH_WORDS = re.compile(r"(?<![^\S\n])[^\S\n]*+\S[^\n]*")
