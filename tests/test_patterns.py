"""Every pattern that runs on text from outside costs as much as the text is long, and no more.

`patterns.slow_texts` reads texts off each pattern that would make it slow if it could be. Of times,
those of the processor and not of a clock that runs for others too, only the ratio counts: four
times the text may not cost eight times as much.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from patterns import patterns, slow_texts

from analysis.cleaning import RULES, Speakers, clean
from analysis.cleaning.candidates import find_candidates
from analysis.cleaning.identifiers import find_identifiers
from analysis.reading import Reading, captions, rtf, web
from analysis.reading.bounds import UnreadableError
from analysis.text.folding import fold, folded

# Short texts that a reader or rule could go through again from each place at which they stand.
PUMPS = (
    *(
        "--> ",
        "<!-- a -->",
        "<div>",
        ">> a ",
        "a: b\n",
        " ",
        "\n",
        "\t",
        " \n",
        "\f",
        "a-\n",
        "[",
        "(a) ",
    ),
    *(
        "- ",
        "Name: a\n",
        "[00:03] Name\n",
        "Page 3\n",
        "1\n",
        "I: a\n\n",
        "| a |\n",
        "a.b.",
        "<v A>",
        "&amp;",
    ),
    *(
        "12/03/1985, ",
        "born 12/03/1985, hers 13/04/1990",
        "a@b ",
        "07700 900",
        "ab_cd-",
        "é",
        "\u00ad\n",
    ),
    *(
        "00:00:03 --> 00:00:04\n",
        "my name is ",
        "AaBb",
        "http://a/",
        "{\\a",
        "(short both laugh",
        "![1",
    ),
)
_SHORT, _TIMES = 1_500, 4
# Less is the noise of a busy machine; so long a text of some thousand characters takes nowhere.
_WORTH_TIMING, _TOO_LONG = 0.02, 0.5
# A reader does far more with a text than to look for one pattern.
_WORTH_READING, _TOO_LONG_TO_READ = 0.1, 20.0
_TOO_MUCH, _TRIES = 2.0, 5


class _GivenUpError(Exception):
    pass


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise _GivenUpError

    before = signal.signal(signal.SIGVTALRM, give_up)
    yield
    signal.signal(signal.SIGVTALRM, before)


def seconds(work: Callable[[Any], object], text: Any, patience: float, times: int = 1) -> float:
    """What `work` on the text takes of the processor; `patience` where it takes more."""
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, patience)
    try:
        for at in range(times):
            # A text that is a little longer each time: readers remember what they have read.
            work(text + text[-1:] * at)
    except _GivenUpError:
        return patience
    except UnreadableError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begun


def grows_too_fast(
    work: Callable[[Any], object],
    text: Any,
    worth: float = _WORTH_TIMING,
    patience: float = _TOO_LONG,
) -> bool:
    """Whether `work` on the text, said four times, takes more than twice as long as four times on
    the text, or has no end within `patience`."""
    long = text * _TIMES
    if seconds(work, long, patience) < worth:
        return False
    # A busy machine may slow down any one measurement: the quickest of each count.
    of_long, of_text = [], []
    for _ in range(_TRIES):
        of_long.append(seconds(work, long, patience))
        # As often as the long one is longer: the clock of a processor goes by thousandths.
        of_text.append(seconds(work, text, patience, _TIMES))
        if min(of_long) < patience and min(of_long) < _TOO_MUCH * min(of_text):
            return False
    return True


@pytest.mark.full("each of some hundred patterns is timed on texts made to be slow for it")
def test_every_pattern_takes_as_long_as_its_text() -> None:
    found = patterns()
    assert len(found) > 200
    slow = []
    for name, (pattern, sought) in found.items():

        def run(text: Any, pattern: re.Pattern[Any] = pattern, sought: bool = sought) -> None:
            if sought:
                for _ in pattern.finditer(text):
                    pass
            else:
                pattern.match(text)
                pattern.fullmatch(text)

        slow += [
            f"{name}: {text[:60]!r}"
            for text in slow_texts(pattern, _SHORT)
            if grows_too_fast(run, text)
        ]
    assert not slow


def reader_of(kind: str, format_: str) -> Callable[[str], object]:
    return lambda text: clean(Reading(text, format_, "", ()), kind, RULES, None, Speakers())


READERS: dict[str, Callable[[str], object]] = {
    "an interview": reader_of("interview", "txt"),
    "captions": lambda text: reader_of("interview", "vtt")("00:01.000 --> 00:02.000\n" + text),
    "a document": reader_of("document", "pdf"),
    "notes": reader_of("observation", "md"),
    "candidates": find_candidates,
    "identifiers": find_identifiers,
    "folding": lambda text: (fold(text), folded(text, apart=True)),
    "html": lambda text: web.extract(text.encode()),
    "vtt": lambda text: captions.extract(f"00:01.000 --> 00:02.000\n{text}".encode()),
    "rtf": lambda text: rtf.extract(b"{\\rtf1 " + text.encode("latin-1", "replace")),
}


@pytest.mark.full("each reader is timed on forty texts")
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_readers_and_rules_take_as_long_as_their_text(reader: Callable[[str], object]) -> None:
    texts = [f"a\n{pump * (5_000 // len(pump))}\x01" for pump in PUMPS]
    assert not [
        text[:40]
        for text in texts
        if grows_too_fast(reader, text, _WORTH_READING, _TOO_LONG_TO_READ)
    ]
