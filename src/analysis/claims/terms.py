"""The closed words of claims: patterns, what counts, origins and decisions."""

from __future__ import annotations

PRESENT = "present"
ABSENT = "absent"
OPPOSITE = "opposite"
VARIES = "varies"
UNTOLD = "could not be told with these cases"
OPEN = "open until read"
TOO_FEW = "too few cases to compare"

#: Patterns that every kind can come to, and that the program words where the authors do not.
WORDED = (UNTOLD, OPEN)
#: What counts: of what people hold, what they affirm; of talk, mention.
AFFIRMED, MENTIONED = COUNTS = ("affirmed", "mentioned")
#: What a contrast is of: cases that carry the code, or how often they do.
SHARE, RATE = MEASURES = ("share", "rate")
ORIGINS = ("theory", "earlier data", "these data")
DECISIONS = ("undecided", "retained", "revised", "set aside")
REACHES, STOPS_SHORT = "reaches", "stops short"
ANY_KIND = "any"
