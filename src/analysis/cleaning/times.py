"""How times of a recording are written: clocks, ranges of clocks, and spelled-out times.

The patterns match a time whole or not at all: what could still belong to it (a fraction, the end
of a range) stands in the pattern, or forbids the match. Blanks are taken whole (`*+`), so that no
run of them is tried in parts.
"""

from __future__ import annotations

# '0:03', '00:00:03', '00:00:03.450', f4's '00:00:03-5', frames '00:00:03:12'.
_FRACTION = r"(?:[.,;:-]\d{1,3}(?![\d:]))?"
CLOCK = rf"\d{{1,3}}:\d{{2}}(?::\d{{2}})?{_FRACTION}"
# What chats write: '03/05/2024, 10:03:05', '10:03 AM'.
DATE = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:,[ \t]?|[ \tT]))"
HALF = r"(?:[ ]?[AaPp]\.?[Mm]\b\.?)"
LONG_CLOCK = rf"\d{{1,3}}:\d{{2}}:\d{{2}}{_FRACTION}"
TO = r"[ \t]*+(?:-{1,3}>?|=>|[–—→⟶➔~‐‑−]|(?:to|until|bis|à|a|hasta|tot|til)\b)[ \t]*+"
RANGE = rf"{CLOCK}(?:{TO}{CLOCK})?"
OPEN, CLOSE = r"[\[({<#（【]", r"[\])}>#）】]"
# Also Transana's '¤<1000>'.
BRACKETED = rf"(?:{OPEN}{{1,2}}[ \t]*{DATE}?{RANGE}{HALF}?[ \t]*{CLOSE}{{1,2}}|¤<\d{{1,9}}>)"
# No clock may go on after what was matched.
WHOLE = rf"(?![\w:]|[.,;-]\d|{TO}\d{{1,3}}:\d{{2}})"
# A bare or bracketed time, for use before or after a speaker's name.
ANY_TIME = rf"(?:{BRACKETED}|{DATE}?{RANGE}{HALF}?{WHOLE})"
_UNITS = (
    "hours? hrs? hr h heures? horas? ora ore stunden? std uur timmar timer time tunti tuntia"
    " minutes? mins? min m minuten? minutos? minuto minuti minuut minuter minutter minuuttia"
    " seconds? secs? sec s sekunden? sek secondes? segundos? segundo secondi secondo seconden?"
    " sekunder sekuntia"
)
_UNIT = "(?:" + "|".join(_UNITS.split()) + r")\b\.?"
_AND = r"[ \t]*+(?:,|and|und|et|y|e|en|og|och)?[ \t]*+"
# '0 minutes 3 seconds', '1 hr 2 min 3 s', '3 seconds'.
SPELLED = rf"(?i:\d{{1,3}}[ \t]?{_UNIT}(?:{_AND}\d{{1,3}}[ \t]?{_UNIT}){{0,2}})"
SPELLED_OUT = rf"(?i:\d{{1,3}}[ \t]?{_UNIT}(?:{_AND}\d{{1,3}}[ \t]?{_UNIT}){{1,2}})"
# What captions say of the place of a line on the screen.
SETTINGS = r"(?:[ \t]+(?:align|position|line|size|vertical|region):[^\s]{1,40}){0,6}"
