"""A passage in its context with its codes, as HTML: used by explorer and evidence page alike.

A coded span is underlined, and marked by numbered brackets that carry the same number as its
code's chip, so that nothing depends on colour. All words are escaped here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from html import escape
from itertools import pairwise

# Characters that reorder the words around them are shown by number, never obeyed.
_TURNING = {code: f"⟨U+{code:04X}⟩" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}

# A page that has colours of its own, as a dark one has, names them; elsewhere the light ones stand.
STYLE = """
.passage { font-family: Charter, Georgia, "Liberation Serif", serif; line-height: 1.65; }
.passage mark { background: var(--coded, #eaf1f6); color: inherit; border-bottom: 2px solid var(--coded-line, #2f6690); padding: 0; }
.passage sup { font: 600 0.68em/1 system-ui, sans-serif; color: var(--link, #0b4a80); user-select: none; }
.chips { list-style: none; margin: 0.4rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 0.5rem;
  font-family: system-ui, sans-serif; font-size: 0.8rem; }
.chips li { border: 1px solid var(--field-line, #7c8b98); border-radius: 1rem; padding: 0.05rem 0.6rem;
  background: var(--field, #fff); color: var(--ink, #1c2330); }
.chips b { color: var(--link, #0b4a80); }
.chips .coder { color: var(--soft, #4a5466); }
"""


@dataclass(frozen=True)
class Span:
    """A coded span in code points of the clean text."""

    start: int
    end: int
    code: str
    coder: str


# An uncoded stretch longer than this is left out where only extracts may be shown.
LONGEST_GAP = 60
GAP = " […] "
_ASKED = ' class="asked"'


def passage_html(
    text: str,
    start: int,
    spans: Sequence[Span],
    *,
    extracts: bool = False,
    asked: Mapping[str, str] | None = None,
) -> str:
    """The words `text`, which begin at position `start`, with `spans` marked and listed.

    Spans are cut to the words shown; those outside are left out. With `extracts` longer
    uncoded stretches are left out, and the gap is shown. Of `asked` codes, code -> how its chip
    calls it, spans and chips stand out. The result is one `<div class="passage">` with a list of
    code chips, safe to place in any page.
    """
    end = start + len(text)
    inside = sorted(
        {span for span in spans if span.start < end and span.end > start},
        key=lambda span: (span.start, -span.end, span.code, span.coder),
    )
    places = list(dict.fromkeys((max(s.start, start), min(s.end, end)) for s in inside))
    number = {place: count for count, place in enumerate(places, start=1)}
    names = asked or {}
    sought = {number[max(s.start, start), min(s.end, end)] for s in inside if s.code in names}
    marked = _marked(text, start, number, sought, extracts)
    chips = "".join(
        f"<li{_ASKED * (s.code in names)}><b>{number[max(s.start, start), min(s.end, end)]}</b>"
        f" {_safe(names.get(s.code, leaf(s.code)))}"
        f' <span class="coder">{_safe(s.coder)}</span></li>'
        for s in inside
    )
    return (
        f'<div class="passage"><p>{marked}</p>'
        + (f'<ul class="chips" aria-label="Codes">{chips}</ul>' if chips else "")
        + "</div>"
    )


def shown_length(text: str, start: int, spans: Sequence[Span]) -> int:
    """How many characters of `text` are shown when only extracts may be: see `passage_html`."""
    covered = bytearray(len(text))
    for span in spans:
        begin, stop = max(span.start - start, 0), min(span.end - start, len(text))
        covered[begin:stop] = b"\x01" * max(stop - begin, 0)
    gaps = [gap for gap in bytes(covered).split(b"\x01") if len(gap) > LONGEST_GAP]
    return len(text) - sum(map(len, gaps))


def stretches(text: str, start: int, spans: Sequence[Span]) -> list[tuple[int, str]]:
    """What is shown of `text` when only extracts may be, each stretch with its position; `GAP`
    stands between them, and before or after where words are left out there."""
    end = start + len(text)
    edges = sorted(
        {0, len(text), *(min(max(e, start), end) - start for s in spans for e in (s.start, s.end))}
    )
    shown: list[tuple[int, str]] = [(start, "")]
    for begin, stop in pairwise(edges):
        covered = any(s.start - start <= begin and s.end - start >= stop for s in spans)
        if not covered and stop - begin > LONGEST_GAP:
            shown.append((start + stop, ""))
        else:
            at, words = shown[-1]
            shown[-1] = (at, words + text[begin:stop])
    return shown


def leaf(code: str) -> str:
    """A code's own name, without its parents'."""
    return code.rsplit("/", 1)[-1]


def _marked(
    text: str, start: int, number: dict[tuple[int, int], int], sought: Set[int], extracts: bool
) -> str:
    """`text` with brackets where spans begin and end, underlined while any span is open.

    Under a span of `sought` numbers the line is thicker.
    """
    edges = sorted({0, len(text), *(e - start for place in number for e in place)})
    pieces: list[str] = []
    for begin, stop in pairwise(edges):
        opening = [n for (s, _), n in number.items() if s - start == begin]
        closing = [n for (_, e), n in number.items() if e - start == stop]
        over = {n for (s, e), n in number.items() if s - start <= begin and e - start >= stop}
        covered = bool(over)
        left_out = extracts and not covered and stop - begin > LONGEST_GAP
        words = GAP if left_out else _safe(text[begin:stop])
        pieces.extend(f"<sup>⟨{n}</sup>" for n in sorted(opening))
        mark = f"<mark{_ASKED * bool(over & sought)}>{words}</mark>"
        pieces.append(mark if covered else words)
        pieces.extend(f"<sup>{n}⟩</sup>" for n in sorted(closing, reverse=True))
    return "".join(pieces)


def _safe(text: str) -> str:
    return escape(text.translate(_TURNING), quote=True).replace("\n", "<br>")
