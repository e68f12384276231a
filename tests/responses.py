"""Invented responses to a consultation, written by a stated grammar, so that their true codes are known.

A response is one to three paragraphs; a paragraph is one or two sentences. A sentence is of a code
(with the probabilities of `OF_CODE`) or of none, and is made of one of the code's patterns with
words put into its gaps. Half of the young people's sentences are in other words than the adults'
(`YOUNG`), and there are fewer young people: a program that learnt from all finds less of theirs.
Every sentence that a pattern of a code made carries the code, nothing else does.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

from tiny import BIBLIOGRAPHY, PROJECT

ROLES = {"parent": 0.5, "professional": 0.3, "young_person": 0.2}
OF_CODE = {"waiting": 0.16, "cost": 0.09, "travel": 0.12, "being heard": 0.14}
TOGETHER = 14
YOUNG_HEARD = 2.0  # young people speak of being heard so many times as often

_GAPS = {
    "long": [
        "eight months",
        "over a year",
        "nearly two years",
        "since last spring",
        "far too long",
    ],
    "who": [
        "my daughter",
        "our son",
        "the family",
        "a child I know",
        "my foster child",
        "she",
        "he",
    ],
    "where": ["the clinic", "the centre", "the service", "the hub", "that building in town"],
    "what": ["the plan", "the questionnaire", "the proposal", "this consultation", "the meeting"],
    "sum": ["forty pounds a week", "half my wages", "more than we have", "a fortune", "too much"],
}
PATTERNS = {
    "waiting": [
        "We waited {long} to be seen at {where}.",
        "{who} was on the list for {long}.",
        "The queue for {where} is {long} by now.",
        "Nobody rang us for {long}.",
    ],
    "cost": [
        "Getting help cost {sum} in the end.",
        "We paid {sum} for private sessions.",
        "There is no money for it when rent takes {sum}.",
    ],
    "travel": [
        "It takes two buses to reach {where}.",
        "{where} is an hour away and there is no parking.",
        "Without a car {who} cannot get to {where}.",
    ],
    "being heard": [
        "Nobody asked {who} before {what}.",
        "They listened to {who} and changed {what}.",
        "{who} wants a say in {what}.",
    ],
}
YOUNG = {
    "waiting": ["been ages, {long} and still nothing.", "honestly just left hanging {long}."],
    "cost": ["can't afford it, {sum} lol.", "it's {sum} and i'm skint."],
    "travel": ["{where} is miles off.", "no lift so i don't go."],
    "being heard": ["no one ever asks us.", "they chat about us not with us."],
}
PLAIN = [
    "I read {what} with interest.",
    "Thank you for the chance to write about {where}.",
    "The staff at {where} are kind.",
    "I have worked at {where} for ten years.",
    "We moved here from another county.",
    "{who} likes drawing and football.",
    "Please send me {what} when it is done.",
    "I was told about {where} by a neighbour, and we waited for nothing.",
    "The list of services in {what} is clear.",
    "I asked at the desk where the lift was.",
    "The bus stop outside {where} has a new bench.",
]


@dataclass(frozen=True)
class Response:
    """A response: its text, and its spans with their true codes."""

    source_id: str
    role: str
    text: str
    spans: tuple[tuple[int, int, str], ...]

    @property
    def codes(self) -> set[str]:
        return {code for _, _, code in self.spans}


def responses(count: int, seed: int = 19) -> list[Response]:
    """`count` responses, the same ones for the same seed."""
    chance = random.Random(seed)
    return [_response(f"r{number:06}", chance) for number in range(count)]


def _response(source_id: str, chance: random.Random) -> Response:
    role = chance.choices(list(ROLES), list(ROLES.values()))[0]
    text, spans = "", []
    for paragraph in range(chance.choice([1, 1, 2, 3])):
        text += "\n\n" if paragraph else ""
        for sentence in range(chance.choice([1, 2, 2])):
            text += " " if sentence else ""
            code, words = _sentence(role, chance)
            if code:
                spans.append((len(text), len(text) + len(words), code))
            text += words
    return Response(source_id, role, text, tuple(spans))


def _sentence(role: str, chance: random.Random) -> tuple[str, str]:
    young = role == "young_person"
    shares = dict(OF_CODE)
    if young:
        shares["being heard"] *= YOUNG_HEARD
    drawn = chance.random()
    for code, share in shares.items():
        drawn -= share
        if drawn < 0:
            own = YOUNG if young and chance.random() < 0.5 else PATTERNS
            return code, _filled(chance.choice(own[code]), chance)
    return "", _filled(chance.choice(PLAIN), chance)


def _filled(pattern: str, chance: random.Random) -> str:
    words = pattern.format(**{name: chance.choice(told) for name, told in _GAPS.items()})
    return words[0].upper() + words[1:] if pattern[0] == "{" else words


def documents(count: int, seed: int = 19, codings: int | None = None) -> list[Response]:
    """`count` documents of about 300 words, each of `TOGETHER` responses; with about `codings` spans
    each, from all of the text, or with all of them."""
    short = responses(count * TOGETHER, seed)
    found = []
    for number in range(count):
        text, spans = "", []
        for part in short[number * TOGETHER : (number + 1) * TOGETHER]:
            text += "\n\n" if text else ""
            spans += [(start + len(text), end + len(text), code) for start, end, code in part.spans]
            text += part.text
        kept = spans if codings is None else spans[:: max(1, len(spans) // codings)][:codings]
        found.append(Response(f"r{number:07}", short[number * TOGETHER].role, text, tuple(kept)))
    return found


def write_coded(folder: Path, told: list[Response]) -> Path:
    """A study of these responses in `folder`, all coded by A as they truly are."""
    write_study(folder, told)
    rows = [(one.source_id, *span, "A") for one in told for span in one.spans]
    write_spans(folder / "data" / "raw" / "coding" / "people.csv", rows)
    return folder


CODEBOOK = "codes:\n" + "".join(
    f"  - name: {code}\n    definition: What is said of {code}.\n" for code in OF_CODE
)
INDEX = """\
---
title: "What the responses say"
format:
  html: default
  typst: default
  docx: default
bibliography: references.bib
---

# Methods {#sec-methods}

{{< var coding.n_documents_counted >}} were read. {{< var corr.reason >}}

{{< include _generated/programs.md >}}

# Findings {#sec-findings}

Of waiting speak {{< var corr.first_reader.waiting.cases >}}: see @tbl-corrected and @fig-corrected. Where people and program part is in @tbl-programs-apart.

{{< include _generated/corrected.md >}}

{{< include _generated/corrected-figure.md >}}

{{< include _generated/corrected-groups.md >}}

{{< include _generated/programs-apart.md >}}

![Cases by code, as people coded the sample. Each mark is a case.](figures/cases-per-code){#fig-cases fig-alt="One mark per case."}
"""


# The paper before any program coded.
BEFORE = """\
---
title: "What the responses say"
format:
  html: default
---

# Methods {#sec-methods}

{{< include _generated/programs.md >}}
"""
REPRODUCIBILITY = """\
---
title: "Reproducibility"
format:
  html: default
---

{{< include _generated/inputs.md >}}

: Inputs {#tbl-inputs}
"""


def write_study(folder: Path, told: list[Response]) -> Path:
    """A study of these responses in `folder`, nobody having coded anything yet."""
    raw = folder / "data" / "raw"
    for name in ("interviews", "documents", "observations", "coding"):
        (raw / name).mkdir(parents=True)
    (folder / "reports").mkdir()
    head = "source_id,case_id,kind,role,site,date,title,file,coded_as,status,publish,provenance"
    rows = [
        f"{one.source_id},{one.source_id},document,{one.role},unknown,2024-05-01,Response,"
        f"documents/{one.source_id}.txt,,active,full,constructed"
        for one in told
    ]
    (raw / "sources.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    for one in told:
        (raw / "documents" / f"{one.source_id}.txt").write_text(one.text + "\n", encoding="utf-8")
    (raw / "codebook.yml").write_text(CODEBOOK, encoding="utf-8")
    (raw / "claims.yml").write_text("claims: []\n", encoding="utf-8")
    params = (PROJECT / "src/analysis/skeleton/params.yml").read_text(encoding="utf-8")
    (folder / "params.yml").write_text(params, encoding="utf-8")
    write_spans(raw / "coding" / "people.csv", [])
    shutil.copy(PROJECT / "reports" / "_quarto.yml", folder / "reports" / "_quarto.yml")
    shutil.copytree(PROJECT / "reports" / "styles", folder / "reports" / "styles")
    (folder / "reports" / "index.qmd").write_text(BEFORE, encoding="utf-8")
    (folder / "reports" / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    (folder / "reports" / "reproducibility.qmd").write_text(REPRODUCIBILITY, encoding="utf-8")
    return folder


def write_spans(path: Path, rows: list[tuple[str, int, int, str, str]]) -> None:
    """Coded spans: source_id, start, end, code, coder."""
    lines = [f"{source},{start},{end},{code},{coder}" for source, start, end, code, coder in rows]
    path.write_text("\n".join(["source_id,start,end,code,coder", *lines]) + "\n", encoding="utf-8")


def code_sample(folder: Path, told: list[Response], cases: list[str]) -> None:
    """Let A code these cases as they truly are, and say that all of them were read."""
    sampled = [one for one in told if one.source_id in set(cases)]
    rows = [(one.source_id, *span, "A") for one in sampled for span in one.spans]
    raw = folder / "data" / "raw"
    write_spans(raw / "coding" / "people.csv", rows)
    read = [f"A,{one.source_id}" for one in sampled]
    (raw / "readings.csv").write_text(
        "\n".join(["coder,source_id", *read]) + "\n", encoding="utf-8"
    )
