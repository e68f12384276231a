"""Who speaks where turns open in a form that nobody listed: marks, a time and a number around a name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cleaning import clean, passages
from analysis.cleaning.speakers import Speakers
from analysis.cleaning.turn_forms import turn_form
from analysis.reading import Reading

SAID = (
    "How did the drop-in begin for you?",
    "With two chairs and a teapot, honestly: nothing more.",
    "And then? Who came first?",
    "Families came. Then Nadia from the council asked us at 10:15 to move.",
    "Tell me about the move.",
    "It was cold, and nobody had keys - we sang.",
)
NAMES = (("Hester", "Orrin"), ("Hester Quill", "Orrin Vale"), ("HQ", "OV"), ("P01", "INT2"))
TIMES = ("0:0{n}", "00:00:0{n}.450", "[0:0{n}]", "(0:0{n})", "T=0:0{n}", "#00:00:0{n}-5#")
BEFORE = ("", "- ", "• ", "§ ", "→ ", "@", "{n}. ", "[{n}] ")
AROUND = (("", ""), ("<<", ">>"), ("~", "~"), ("{{", "}}"), ("=", "="), ("/", "/"), ("‹", "›"))
# Between name and speech: what no sentence has.
AFTER = (": ", ".- ", ".-", " – ", " :: ", " | ", "> ", " => ", " // ", ":\n")


def turns_of(text: str) -> Iterator[tuple[str, str]]:
    table = passages("s", clean(Reading(text, "txt", "utf-8"), "interview"), "interview")
    return zip(table["speaker"], table["text"], strict=True)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.sampled_from(NAMES),
    st.sampled_from(BEFORE),
    st.sampled_from(AROUND),
    st.sampled_from(AFTER),
    st.sampled_from(("", *TIMES)),
    st.booleans(),
)
def test_any_form_that_recurs_opens_turns(
    names: tuple[str, str],
    before: str,
    around: tuple[str, str],
    after: str,
    time: str,
    first: bool,
) -> None:
    lines = []
    for n, words in enumerate(SAID):
        name = f"{around[0]}{names[n % 2]}{around[1]}"
        at = time.format(n=n)
        named = " ".join(part for part in ((at, name) if first else (name, at)) if part)
        lines.append(f"{before.format(n=n + 1)}{named}{after}{words}")
    assert list(turns_of("\n".join(lines))) == [(names[n % 2], one) for n, one in enumerate(SAID)]


@pytest.mark.parametrize(
    "form",
    ("T={t} {n}: ", "{t},{n},", "{n}/{t}/ ", "{n}, {t}: ", "{n}.- ", "<<{n}>> ", "“{n}” ({t}) – "),
)
def test_forms_that_transcribers_use(form: str) -> None:
    text = "\n".join(
        form.format(t=f"0:0{n}", n=NAMES[0][n % 2]) + words for n, words in enumerate(SAID)
    )
    assert list(turns_of(text)) == [(NAMES[0][n % 2], one) for n, one in enumerate(SAID)]


@pytest.mark.parametrize(
    "text",
    (
        "Well, we sang.\nYes, they came.\nWell, nobody asked.\nYes, it was cold.",
        "Hester, 0:03: We began.\nThere was tea.\nNobody asked.\nIt was cold.",
        "The drop-in began – in May.\nNobody asked – then.\nWe sang – loudly.\nThey left – late.",
    ),
)
def test_sentences_have_no_form(text: str) -> None:
    assert turn_form(text, Speakers()) is None
    assert {speaker for speaker, _ in turns_of(text)} == {""}
