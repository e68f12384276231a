"""Small tables and hypothesis strategies for the tests of measures."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

CODING = ["source_id", "start", "end", "code", "coder"]


def codings_of(*rows: tuple[str, int, int, str] | tuple[str, int, int, str, str]) -> pd.DataFrame:
    """Return a codings table; rows without a coder are A's."""
    table = pd.DataFrame([(*row, "A")[:5] for row in rows], columns=CODING)
    return table.astype({"source_id": str, "code": str, "coder": str}).assign(origin="x", memo="")


def passages_of(
    *rows: tuple[str, str] | tuple[str, str, str], words: int | None = None
) -> pd.DataFrame:
    """Return a passages table of (source_id, text[, voice]), each source's texts in a row."""
    from analysis.text.words import count_words

    place: dict[str, tuple[int, int]] = {}
    table = []
    for source, text, *voice in rows:
        number, start = place.get(source, (0, 0))
        end = start + len(text)
        place[source] = (number + 1, end + 1)
        spoken = count_words(text) if words is None else words
        voiced = voice[0] if voice else "participant"
        table.append((source, number, start, end, "P", voiced, spoken, text))
    return pd.DataFrame(
        table,
        columns=["source_id", "passage", "start", "end", "speaker", "voice", "words", "text"],
    )


def coded_twice() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return codings of two coders, and the passages; only A coded the second source."""
    passages = passages_of(("s", "aaaa"), ("s", "bbbb"), ("s", "cccc"), ("t", "dddd"))
    codings = codings_of(
        ("s", 0, 4, "x", "A"),
        ("s", 0, 3, "x", "B"),
        ("s", 5, 9, "x", "A"),
        ("s", 9, 14, "y", "B"),
        ("t", 0, 4, "x", "A"),
    )
    return codings, passages


def sources_of(
    *rows: tuple[str, str] | tuple[str, str, str], kind: str = "interview"
) -> pd.DataFrame:
    """Return a sources table of (source_id, case_id[, role])."""
    return pd.DataFrame(
        [(*row, "unknown")[:3] for row in rows], columns=["source_id", "case_id", "role"]
    ).assign(kind=kind, date=[f"2024-01-{day + 1:02d}" for day in range(len(rows))])


LENGTH = 40


@st.composite
def coded_texts(
    draw: st.DrawFn, codes: str = "abc", coders: str = "A", max_size: int = 14
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw codings, and passages of the two or three sources they lie in."""
    span = st.tuples(
        st.sampled_from(["s1", "s2", "s3"]),
        st.integers(0, LENGTH - 1),
        st.integers(1, 15),
        st.sampled_from(list(codes)),
        st.sampled_from(list(coders)),
    )
    rows = {
        (source, start, min(start + size, LENGTH), code, coder)
        for source, start, size, code, coder in draw(st.lists(span, min_size=1, max_size=max_size))
    }
    voices = st.sampled_from(["participant", "participant", "interviewer"])
    word = st.sampled_from(["a", "bb", "don't", "[x y]", "ccc,", "(pause)"])
    texts = []
    for source in ("s1", "s2", "s3"):
        left = LENGTH
        while left > 0:
            text = " ".join(draw(st.lists(word, min_size=1, max_size=4)))[:left]
            texts.append((source, text, draw(voices)))
            left -= len(text) + 1
    return codings_of(*sorted(rows)), passages_of(*texts)


def codebook_of(*names: str) -> pd.DataFrame:
    """Return a codebook of these codes, whose parents the paths tell."""
    return pd.DataFrame({"code": list(names)})
