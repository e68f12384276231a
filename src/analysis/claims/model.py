"""What a claim is made of: the words of `claims.yml`, and nothing computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PRESENT = "present"
ABSENT = "absent"
OPPOSITE = "opposite"
VARIES = "varies"
UNTOLD = "could not be told with these cases"
OPEN = "open until read"
TOO_FEW = "too few cases to compare"

#: Kinds of expectation, and the patterns of each for which the authors write a sentence.
KINDS: dict[str, tuple[str, ...]] = {
    "prevalence": (PRESENT, ABSENT, TOO_FEW),
    "contrast": (PRESENT, ABSENT, OPPOSITE, VARIES, TOO_FEW),
    "association": (PRESENT, ABSENT, OPPOSITE, VARIES, TOO_FEW),
    "dissociation": (PRESENT, ABSENT, OPPOSITE, VARIES, TOO_FEW),
    "reach": (PRESENT, OPPOSITE, VARIES, TOO_FEW),
}
#: Patterns that every kind can come to, and that the program words where the authors do not.
WORDED = (UNTOLD, OPEN)
AFFIRMED, MENTIONED = COUNTS = ("affirmed", "mentioned")
#: What counts unless an expectation says: of what people hold, what they affirm; of talk, mention.
COUNTED_BY_DEFAULT = {"prevalence": AFFIRMED, "contrast": AFFIRMED}
SHARE, RATE = MEASURES = ("share", "rate")
MEETINGS = ("association", "dissociation")
ORIGINS = ("theory", "earlier data", "these data")
DECISIONS = ("undecided", "retained", "revised", "set aside")
REACHES, STOPS_SHORT = "reaches", "stops short"
ANY_KIND = "any"


@dataclass(frozen=True)
class Theme:
    """A central idea, and the codes under which it was found."""

    name: str
    idea: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Expectation:
    """What coded material should look like if the claim holds, and what would count against it.

    `codes`: one for prevalence and contrast, two for association and dissociation, `from` and
    `to` for reach. `unit`: where two codes must meet ('' for the study's choice); for reach
    `case` or `source`. `says`: one whole sentence for each pattern of its kind, and for any of
    `WORDED` where the authors have their own words. `counts`: whether a case counts by what it
    affirms or by mention alone; `measure`: whether a contrast is of shares of cases or of rates.
    """

    id: str
    kind: str
    codes: tuple[str, ...]
    group: str
    than: str
    at_least: int
    share: float
    direction: str
    unit: str
    kind_of_source: str
    against: str
    says: Mapping[str, str]
    counts: str = MENTIONED
    measure: str = SHARE


@dataclass(frozen=True)
class Decision:
    """What the authors decided; `digest` is what they saw when they signed ('' if they did not)."""

    status: str = "undecided"
    paragraphs: str = ""
    signed_by: str = ""
    date: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Claim:
    """A working claim: one sentence, its themes, expectations and the authors' decision."""

    id: str
    heading: str
    sentence: str
    origin: str
    date: str
    themes: tuple[Theme, ...]
    expectations: tuple[Expectation, ...]
    decision: Decision

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code of the claim's themes and expectations, each once, in that order."""
        named = [code for theme in self.themes for code in theme.codes]
        named += [code for one in self.expectations for code in one.codes]
        return tuple(dict.fromkeys(named))
