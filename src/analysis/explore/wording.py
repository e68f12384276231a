"""Words in context and in company: sorted concordances, word trees, word frequencies by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from analysis.corpus import Corpus
from analysis.files.problems import Problem, StudyError
from analysis.measures.language import FUNCTION_WORDS
from analysis.measures.said import words_of

SORTS = ("", "left", "right")


def sorted_concordance(found: pd.DataFrame, sort: str) -> pd.DataFrame:
    """A concordance by the words before ('left', the nearest first) or after ('right')."""
    if sort not in SORTS:
        raise StudyError(Problem("sort", repr(sort)[:40], "left or right", "correct it"))
    if not sort:
        return found
    keys = [words_of(text) for text in found[sort]]
    ordered = [words[::-1] for words in keys] if sort == "left" else keys
    order = sorted(range(len(found)), key=lambda at: ordered[at])
    return found.iloc[order].reset_index(drop=True)


def tree(found: pd.DataFrame, side: str, depth: int) -> pd.DataFrame:
    """What is said after the words of a concordance (`side` 'right'), or before ('left').

    Columns: words (as many as `depth` says, as they follow or lead up), count, share of all. Each
    branch stands above those that it parts into, the most said first.
    """
    if side not in SORTS[1:]:
        raise StudyError(Problem("side", repr(side)[:40], "left or right", "correct it"))
    said = [words_of(text) for text in found[side]]
    paths = [tuple((words[::-1] if side == "left" else words)[:depth]) for words in said]
    counts: Counter[tuple[str, ...]] = Counter()
    for path in paths:
        counts.update(path[:length] for length in range(1, len(path) + 1))

    def rank(path: tuple[str, ...]) -> list[tuple[int, str]]:
        return [(-counts[path[:at]], path[at - 1]) for at in range(1, len(path) + 1)]

    rows = [
        [" ".join(path[::-1] if side == "left" else path), len(path), counts[path]]
        for path in sorted(counts, key=rank)
    ]
    table = pd.DataFrame(rows, columns=["words", "depth", "count"])
    return table.assign(share=(table["count"] / max(len(found), 1)).round(3))


def frequencies(
    corpus: Corpus, groups: pd.Series, leave_out: Iterable[str] = FUNCTION_WORDS
) -> pd.DataFrame:
    """How often each word is said by each group of sources, and in how many sources.

    `groups`: source_id -> group. Columns: word, count, sources, then for each group its count and,
    as 'per 1,000: group', the rate among all words of the group, those left out too.
    """
    out = frozenset(leave_out)
    counts: dict[str, Counter[str]] = {}
    lengths: Counter[str] = Counter()
    sources: dict[str, set[str]] = {}
    rows = corpus.counted_passages
    for source_id, text in zip(rows["source_id"], rows["text"], strict=True):
        group, words = str(groups[source_id]), words_of(text)
        lengths[group] += len(words)
        own = counts.setdefault(group, Counter())
        for word in words:
            if word not in out:
                own[word] += 1
                sources.setdefault(word, set()).add(str(source_id))
    table = pd.DataFrame(
        {group: pd.Series(own, dtype="int64") for group, own in sorted(counts.items())}
    )
    table = table.fillna(0).astype("int64")
    rates = {
        f"per 1,000: {group}": (1000 * table[group] / lengths[group]).round(2) for group in table
    }
    total = table.sum(axis=1)
    table = table.assign(**rates)
    table.insert(0, "count", total)
    table.insert(1, "sources", [len(sources[word]) for word in table.index])
    table = table.rename_axis("word").reset_index()
    return table.sort_values(["count", "word"], ascending=[False, True], ignore_index=True)
