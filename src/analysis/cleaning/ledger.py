"""The words ledger of a source: what its file holds, what each step took or put, what is left.

The first side is counted by `reading.account`, which knows nothing of the readers; the last is the
clean text as it is written. What lies between must explain the difference to the character, and
each rule may only take what is its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.cleaning.edits import CleanText, Layer
from analysis.files.problems import Problem
from analysis.reading import Reading
from analysis.reading.account import LEFT_OUT, letters, text_in, text_to_read
from analysis.text.words import count_words

IN_FILE, CLEAN = "in the file", "clean text"
# Rules that change no letter and no digit of any word.
_KEEP_LETTERS = frozenset({"line_ends", "line_wrapping", "white_space", "hyphenation"})
# Rules that change how letters are written, and none of them in compatible form.
_KEEP_COMPATIBLE = frozenset({"characters", "composed"})


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: what a step took (below zero) or put, or what stands there."""

    rule: str
    words: int
    characters: int


def ledger(
    where: str, data: bytes | None, found: Reading, clean: CleanText
) -> tuple[list[Entry], list[Problem]]:
    """Return the entries of one source, from `IN_FILE` to `CLEAN`, and what they do not explain.

    The entries between the first and the last add up to the difference of the two. `data` is the
    file, None for a text from a coding project; `where` names source and file in the problems.
    """
    held = text_in(data, found) if data is not None else None
    to_read = text_to_read(data, found, held) if data is not None else None
    problems = [] if to_read is None else list(_unread(where, to_read, found))
    whole = held if held is not None else clean.original
    words, characters = count_words(whole), len(whole)
    entries = [Entry(IN_FILE, words, characters)]

    def step(rule: str, after: str, changed: int) -> None:
        nonlocal words, characters
        now = count_words(after)
        entries.append(Entry(rule, now - words, changed))
        words, characters = now, characters + changed

    left_out = [note for note in found.notes if note.startswith(LEFT_OUT)]
    text = clean.original
    step("; ".join(left_out) or "layout of the file", text, len(text) - characters)
    for layer in clean.layers:
        problems += _beyond_its_rule(where, layer, text)
        text = layer.apply(text)
        changed = sum(len(edit.replacement) - (edit.end - edit.start) for edit in layer.edits)
        step(layer.rule, text, changed)
    if characters != len(clean.text):
        difference = f"{len(clean.text) - characters:+}"
        problems.append(_problem(where, "the sum of all rules", difference))
    entries.append(Entry(CLEAN, words, len(clean.text)))
    return [entry for entry in entries if entry.words or entry.characters], problems


def _unread(where: str, held: str, found: Reading) -> Iterator[Problem]:
    """Tell letters of the file that the reader neither read nor named as left out."""
    lost = letters(held) - letters(found.text)
    if lost:
        line = next((line for line in held.splitlines() if not _stands_in(line, found.text)), "")
        at = f"reading, at {' '.join(line.split())[:60]!r}" if line else "reading"
        yield _problem(where, at, f"-{lost.total()}")


def _stands_in(line: str, text: str) -> bool:
    return "".join(line.split()) in "".join(text.split())


def _beyond_its_rule(where: str, layer: Layer, text: str) -> Iterator[Problem]:
    """Yield the first edit of a layer that takes letters which are not its rule's to take."""
    for edit in layer.edits:
        taken = text[edit.start : edit.end]
        if layer.rule in _KEEP_LETTERS:
            well = letters(taken) == letters(edit.replacement)
        elif layer.rule in _KEEP_COMPATIBLE:
            well = letters(_compatible(taken)) == letters(_compatible(edit.replacement))
        else:
            well = True
        if not well:
            yield _problem(
                where,
                f"rule {layer.rule}, at {' '.join(taken.split())[:60]!r}",
                f"{len(edit.replacement) - len(taken):+}",
            )
            return


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _problem(where: str, at: str, characters: str) -> Problem:
    return Problem(
        f"{where}: {at}",
        f"a difference of {characters} letters or characters that nothing explains",
        "words of the file = words of the clean text + what each rule took or put",
        "look at this place of the file; leave the rule out of `cleaning` in params.yml if it errs",
    )
