"""The words themselves: in context, in company, and those that set groups or codes apart.

A word is what `analysis.text.words` says; words are compared in lower case. Nothing is downloaded.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.corpus.plain import several
from analysis.measures.contrasts import weighted_log_odds
from analysis.measures.given import with_text
from analysis.measures.said import Said, said, words_of
from analysis.measures.spans import Text, numbered, rolled_up, union
from analysis.text.words import word_spans

# English words of grammar, left out of collocations and comparisons by default.
_FUNCTION_WORDS = """
    a about after again all also am an and any are aren't as at be because been before being
    but by can can't could couldn't did didn't do does doesn't doing don't down each er erm
    for from get go going got had has have haven't having he he's her here him his how i i'd
    i'll i'm i've if in into is isn't it it's its just kind know like lot me mean more most
    my no not now of off oh ok okay on one only or other our out over own quite really said
    same say see she she's so some sort still such than that that's the their them then
    there there's these they they're they've thing things think this those through to too um
    up us very was wasn't way we we're we've well were what when where which while who why
    will with would wouldn't yeah yes you you're you've your
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())

_SCORES = {"likelihood_ratio": "likelihood_ratio", "pmi": "pmi", "t_score": "student_t"}


def concordance(
    corpus: Corpus,
    word: str,
    width: int = 60,
) -> pd.DataFrame:
    """Return every place where `word` is said, with its context.

    `word` is one word or several side by side, case ignored; a final * of a word stands for any
    ending ('co-produc* with'). Columns: source_id, passage, start, end (clean text), left, word,
    right: up to `width` characters of the same passage on each side. Raises ValueError when
    there is no word but *.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 0, 16, "we co-produced it"), ("t", 0, 0, 9, "they paid")],
    ...         columns=["source_id", "passage", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 16, "work")], columns=["source_id", "start", "end", "code"]
    ...     ),
    ... )
    >>> concordance(corpus, "co-produc*")[["source_id", "left", "word", "right"]].values.tolist()
    [['s', 'we ', 'co-produced', ' it']]
    """
    wanted = word.lower().replace("’", "'").split()
    if not any(one.strip("*") for one in wanted):
        raise ValueError("a concordance needs a word")
    found = []
    counted = with_text(corpus.counted_passages)
    rows = zip(*(counted[name] for name in ("source_id", "passage", "start", "text")), strict=True)
    for source, passage, begin, text in rows:
        spans, said = word_spans(text), words_of(text)
        for place in range(len(said) - len(wanted) + 1):
            if all(map(_is, said[place : place + len(wanted)], wanted)):
                start, end = spans[place][0], spans[place + len(wanted) - 1][1]
                context = text[max(0, start - width) : start], text[start:end], text[end:][:width]
                found.append((source, passage, begin + start, begin + end, *context))
    columns = ["source_id", "passage", "start", "end", "left", "word", "right"]
    return pd.DataFrame(found, columns=columns)


def _is(said: str, wanted: str) -> bool:
    return said.startswith(wanted[:-1]) if wanted.endswith("*") else said == wanted


def collocations(
    corpus: Corpus,
    score: Literal["likelihood_ratio", "pmi", "t_score"] = "likelihood_ratio",
    window: int = 2,
    least: int = 3,
    leave_out: Iterable[str] = FUNCTION_WORDS,
) -> pd.DataFrame:
    """Return pairs of words that come together more than their frequencies would have it.

    A pair is two words at most `window` - 1 apart, in order, in one passage; pairs with a word of
    `leave_out`, or met fewer than `least` times, are left out. Scores are NLTK's (Manning &
    Schütze 1999, chapter 5) and rank: words of a speaker are not independent. Columns: word_a,
    word_b, count, sources (how many have the pair), score; best first. Raises ValueError for an
    unknown score or a window below 2.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 0, 16, "we co-produced it"), ("t", 0, 0, 9, "they paid")],
    ...         columns=["source_id", "passage", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 16, "work")], columns=["source_id", "start", "end", "code"]
    ...     ),
    ... )
    >>> pairs = collocations(corpus, least=1, leave_out=())
    >>> sorted(pairs["word_a"] + " " + pairs["word_b"])
    ['co-produced it', 'they paid', 'we co-produced']
    """
    if score not in _SCORES or window < 2:
        raise ValueError(f"score is one of {', '.join(_SCORES)}, window at least 2")
    from analysis.text.nltk_light import nltk

    measures = nltk.collocations.BigramAssocMeasures
    counted = with_text(corpus.counted_passages)
    spoken = [words_of(text) for text in counted["text"]]
    # Blanks between passages, so that no pair spans two of them.
    padding = [None] * (window - 1)
    stream = [word for words in spoken for word in (*words, *padding)]
    finder = nltk.collocations.BigramCollocationFinder.from_words(stream, window_size=window)
    unwanted = set(leave_out)
    finder.apply_word_filter(lambda word: word is None or word in unwanted)
    finder.apply_freq_filter(least)
    scored = finder.score_ngrams(getattr(measures, _SCORES[score]))
    carriers: dict[tuple[str, str], set[str]] = {pair: set() for pair, _ in scored}
    for source, words in zip(counted["source_id"], spoken, strict=True):
        for place, word in enumerate(words):
            for other in words[place + 1 : place + window]:
                if (word, other) in carriers:
                    carriers[word, other].add(source)
    rows = [(*pair, finder.ngram_fd[pair], len(carriers[pair]), value) for pair, value in scored]
    table = pd.DataFrame(rows, columns=["word_a", "word_b", "count", "sources", "score"])
    return table.sort_values(
        ["score", "word_a", "word_b"], ascending=[False, True, True], ignore_index=True
    )


def distinctive_words(
    corpus: Corpus,
    group: Mapping[str, str] | pd.Series,
    prior: float = 500.0,
    least: int = 5,
    leave_out: Iterable[str] = FUNCTION_WORDS,
) -> pd.DataFrame:
    """Return the words that set each group of sources apart from all others.

    `group` names the group of each source_id, for instance its role, as a mapping or a Series
    with the source_id as index; other sources are left out.
    Weighted log-odds (`contrasts.weighted_log_odds`) with a prior of `prior` words spread as in
    all groups together. Columns: group, word, count, count_elsewhere, sources (of the group that
    have the word), z; by group, the most distinctive first. Only words met at least `least` times
    in all. z ranks; words of one speaker are not independent. Raises ValueError with fewer than
    two groups.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 0, 16, "we co-produced it"), ("t", 0, 0, 9, "they paid")],
    ...         columns=["source_id", "passage", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 16, "work")], columns=["source_id", "start", "end", "code"]
    ...     ),
    ... )
    >>> apart = distinctive_words(corpus, {"s": "x", "t": "y"}, least=1)
    >>> apart[["group", "word", "count"]].values.tolist()[0]
    ['x', 'co-produced', 1]
    """
    return apart([tallied(corpus, group)], prior, least, leave_out)


def distinctive_words_of_codes(
    corpus: Corpus,
    codes: Sequence[str] | None = None,
    prior: float = 500.0,
    least: int = 5,
    leave_out: Iterable[str] = FUNCTION_WORDS,
) -> pd.DataFrame:
    """Return the words that set the text under each code apart from all other counted text.

    As `distinctive_words`, column code in place of group; a word under a code counts once
    however often it is coded, and parents hold their children's words. `codes`: these only. Without
    a code the table has no rows.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 0, 16, "we co-produced it"), ("t", 0, 0, 9, "they paid")],
    ...         columns=["source_id", "passage", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 16, "work")], columns=["source_id", "start", "end", "code"]
    ...     ),
    ... )
    >>> under = distinctive_words_of_codes(corpus, least=1)
    >>> under[["code", "word", "count", "count_elsewhere"]].values.tolist()
    [['work', 'co-produced', 1, 0], ['work', 'paid', 0, 1]]
    """
    return of_codes_apart([tallied_of_codes(corpus)], codes, prior, least, leave_out)


@dataclass(frozen=True)
class Tally:
    """How often `words` (sorted) are said, in all (`total`, words) and in each of `groups`.

    `count`, `sources` (groups, words): how often, and in how many sources. Of some sources; `added`
    puts such parts together.
    """

    words: list[str]
    total: np.ndarray
    groups: list[str]
    count: np.ndarray
    sources: np.ndarray


def tallied(corpus: Corpus, group: Mapping[str, str] | pd.Series) -> Tally:
    """Count the words of each group of sources; arguments as `distinctive_words`.

    >>> passages = pd.DataFrame({"source_id": ["s", "t"], "start": 0, "end": 3, "text": ["ask", "ask"]})
    >>> found = tallied(Corpus(passages=passages), {"s": "x", "t": "y"})
    >>> found.words, found.groups, found.count.tolist(), found.total.tolist()
    (['ask'], ['x', 'y'], [[1], [1]], [2])
    """
    every = said(corpus)
    of_source = {str(source): name for source, name in group.items()}
    named = [of_source.get(source) for source in corpus.sources["source_id"]]
    names = sorted({named[source] for source in np.unique(every.source)} - {None})
    place = {name: number for number, name in enumerate(names)}
    own = np.array([place.get(name, -1) for name in named], dtype=np.int64)[every.source]
    among = {name: np.flatnonzero(own == number) for name, number in place.items()}
    return _tally(every, np.flatnonzero(own >= 0), among)


def tallied_of_codes(corpus: Corpus) -> Tally:
    """Count the words under each code that occurs, and all words; as `distinctive_words_of_codes`.

    >>> passages = pd.DataFrame({"source_id": ["s"], "start": [0], "end": [9], "text": ["they paid"]})
    >>> codings = pd.DataFrame({"source_id": ["s"], "start": [5], "end": [9], "code": ["cost"]})
    >>> found = tallied_of_codes(Corpus(passages=passages, codings=codings))
    >>> found.words, found.total.tolist(), found.count.tolist()
    (['paid', 'they'], [1, 1], [[1, 0]])
    """
    every = said(corpus)
    passages = corpus.counted_passages
    text = Text.of(passages, corpus.counted)
    place = text.laid_out(passages)[0][every.row] + every.start
    among = {}
    for code, spans in rolled_up(corpus.counted, corpus.codes).groupby("code", sort=True):
        start, end = text.laid_out(spans)
        # Words that lie in several spans are there once.
        _, first, beyond = union(
            np.zeros(len(spans), dtype=np.int64),
            np.searchsorted(place, start),
            np.searchsorted(place, end),
        )
        times = beyond - first
        among[str(code)] = np.repeat(beyond - np.cumsum(times), times) + np.arange(times.sum())
    return _tally(every, np.arange(len(place)), among)


def _tally(every: Said, all_words: np.ndarray, among: Mapping[str, np.ndarray]) -> Tally:
    """Of `all_words`, and of those `among` them that each group has; both by their numbers."""
    n_words, n_sources = len(every.words), int(every.source.max(initial=0)) + 1
    total = np.bincount(every.word[all_words], minlength=n_words)
    used = np.flatnonzero(total)
    count, sources = (np.zeros((len(among), len(used)), dtype=np.int64) for _ in range(2))
    for row, here in enumerate(among.values()):
        own = every.word[here].astype(np.int64)
        count[row] = np.bincount(own, minlength=n_words)[used]
        carried = np.unique(own * n_sources + every.source[here])
        sources[row] = np.bincount(carried // n_sources, minlength=n_words)[used]
    return Tally(list(every.words[used]), total[used], list(among), count, sources)


def added(parts: Sequence[Tally]) -> Tally:
    """Sum what was counted in parts of a corpus (`tallied`), each source in one of them.

    >>> one = Tally(["ask"], np.array([2]), ["x"], np.array([[2]]), np.array([[1]]))
    >>> other = Tally(["pay"], np.array([1]), ["x"], np.array([[1]]), np.array([[1]]))
    >>> both = added([one, other])
    >>> both.words, both.count.tolist()
    (['ask', 'pay'], [[2, 1]])
    """
    words, groups = (
        sorted(set(itertools.chain.from_iterable(names)))
        for names in ([part.words for part in parts], [part.groups for part in parts])
    )
    total = np.zeros(len(words), dtype=np.int64)
    count, sources = (np.zeros((len(groups), len(words)), dtype=np.int64) for _ in range(2))
    for part in parts:
        place = numbered(pd.Series(part.words, dtype=str), words)
        cells = np.ix_(numbered(pd.Series(part.groups, dtype=str), groups), place)
        total[place] += part.total
        count[cells] += part.count
        sources[cells] += part.sources
    return Tally(words, total, groups, count, sources)


def apart(
    parts: Sequence[Tally],
    prior: float = 500.0,
    least: int = 5,
    leave_out: Iterable[str] = FUNCTION_WORDS,
) -> pd.DataFrame:
    """Return as `distinctive_words`, of the parts of a corpus (`tallied`). Raises ValueError as there.

    >>> none = np.zeros((2, 1), dtype=np.int64)
    >>> part = Tally(["ask"], np.array([2]), ["x", "y"], none + [[2], [0]], none + [[1], [0]])
    >>> apart([part], least=1)["count_elsewhere"].tolist()
    [0, 2]
    """
    found = added(parts)
    if len(found.groups) < 2:
        raise ValueError("words set groups apart only where there are two groups or more")
    return _apart(found, found.groups, prior, least, leave_out)


def of_codes_apart(
    parts: Sequence[Tally],
    codes: Sequence[str] | None = None,
    prior: float = 500.0,
    least: int = 5,
    leave_out: Iterable[str] = FUNCTION_WORDS,
) -> pd.DataFrame:
    """Return as `distinctive_words_of_codes`, of the parts of a corpus (`tallied_of_codes`).

    >>> part = Tally(["ask"], np.array([2]), ["cost"], np.array([[1]]), np.array([[1]]))
    >>> of_codes_apart([part], least=1)[["code", "count", "count_elsewhere"]].values.tolist()
    [['cost', 1, 1]]
    """
    found = added(parts)
    asked = found.groups if codes is None else several(codes, "codes")
    shown = [code for code in found.groups if code in asked]
    table = _apart(found, shown, prior, least, leave_out)
    return table.rename(columns={"group": "code"})


def _apart(
    found: Tally, groups: Iterable[str], prior: float, least: int, leave_out: Iterable[str]
) -> pd.DataFrame:
    """Each of `groups` against all other words that were counted."""
    words, total = pd.Index(found.words, dtype="str"), found.total
    kept = (total >= least) & ~words.isin(list(leave_out))
    tables = []
    for name in groups:
        row = found.groups.index(name)
        own = found.count[row]
        table = pd.DataFrame(
            {
                "group": name,
                "word": words,
                "count": own,
                "count_elsewhere": total - own,
                "sources": found.sources[row],
                "z": weighted_log_odds(own, total - own, prior * total / total.sum())["z"],
            }
        )[kept]
        tables.append(table.sort_values(["z", "word"], ascending=[False, True]))
    columns = ["group", "word", "count", "count_elsewhere", "sources", "z"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
