"""Every measure: what says nothing about codes changes nothing.

A new measure joins by a line in `MEASURES`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from measures_tables import codings_of, passages_of, sources_of

from analysis.corpus import Corpus
from analysis.lifecycle.export.qca import truth_table
from analysis.measures import (
    agreement,
    contrasts,
    cooccurrence,
    frequencies,
    language,
    sequences,
)
from analysis.measures.carried import Carried
from analysis.measures.saturation import accumulation

HOW = {"seed": 1, "n": 40}
WORDS = {"least": 1, "leave_out": ()}
ROLES = {"1": "x", "2": "x", "3": "y"}

#: Name -> the measure as it is called on a corpus.
MEASURES: dict[str, Callable[[Corpus], pd.DataFrame]] = {
    "code_frequencies": lambda c: frequencies.code_frequencies(c, "role"),
    "code_by_source": frequencies.code_by_source,
    "coverage": frequencies.coverage,
    "rate_range": lambda c: frequencies.rate_range(c, "role"),
    "contrast": lambda c: contrasts.contrast(c, "role", minimum_group=1, **HOW),
    "cooccurrence": lambda c: cooccurrence.cooccurrence(c, "overlap"),
    "overlap, shift": lambda c: cooccurrence.cooccurrence_test(c, "overlap", "shift", **HOW),
    "overlap, shuffle": lambda c: cooccurrence.cooccurrence_test(c, "overlap", "shuffle", **HOW),
    "passage, shift": lambda c: cooccurrence.cooccurrence_test(c, "passage", "shift", **HOW),
    "passage, shuffle": lambda c: cooccurrence.cooccurrence_test(c, "passage", "shuffle", **HOW),
    "source": lambda c: cooccurrence.cooccurrence_test(c, "source", **HOW),
    **{
        f"{unit}, {null}{', all coders' * (not own)}": lambda c, unit=unit, null=null, own=own: (
            cooccurrence.cooccurrence_test(
                c, unit, null, within_coder=own, window=2 if unit == "window" else None, **HOW
            )
        )
        for unit in ("overlap", "passage", "window")
        for null in ("words", "answers")
        for own in (True, False)
    },
    **{
        f"followed, {null}": lambda c, null=null: _as_a_pair(sequences.followed(c, 2, null))
        for null in ("shift", "shuffle", "words", "answers")
    },
    "stanzas": lambda c: _of_pairs(sequences.stanzas(c, 2)),
    "carried": lambda c: _carried(c).query("a + b + c > 0").reset_index(),
    "truth_table": lambda c: truth_table(_carried(c)[["a", "b", "c"]].clip(upper=1), "c"),
    "window, shift": lambda c: cooccurrence.cooccurrence_test(
        c, "window", "shift", window=2, **HOW
    ),
    "by_unit": cooccurrence.by_unit,
    "accumulation": lambda c: accumulation(c, base=1, run=1, **HOW),
    "agreement_by_code": lambda c: agreement.agreement_by_code(c),
    "u_alpha_by_code": agreement.u_alpha_by_code,
    "ratings": lambda c: agreement.ratings(c, "c").reset_index(),
    "code_sets": lambda c: agreement.code_sets(c).reset_index(),
    "fixed_windows": lambda c: agreement.fixed_windows(c, 5),
    "disagreements": lambda c: agreement.disagreements(c, "A", "B"),
    "concordance": lambda c: language.concordance(c, "one"),
    "collocations": lambda c: language.collocations(c, least=1, leave_out=()),
    "distinctive_words_of_codes": lambda c: language.distinctive_words_of_codes(c, **WORDS),
    "distinctive_words": lambda c: language.distinctive_words(c, ROLES, least=1, leave_out=()),
}


def _as_a_pair(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each code that comes first: what of it is followed by any other."""
    first = table.assign(p=table["p"].round(9), q=table["q"].round(9)).groupby("code_a")
    rows = [
        {
            "code": code,
            "n_a": own["n_a"].iloc[0],
            "n_ab": own["n_ab"].sum(),
            "expected": own["expected"].sum(),
            **{column: tuple(sorted(own[column])) for column in ("p", "q")},
        }
        for code, own in first
    ]
    return pd.DataFrame(rows)


def _carried(corpus: Corpus) -> pd.DataFrame:
    """Passages that carry each code, by case: what corrected counts and truth tables are made of."""
    # The paths under which the corpus knows them: `p/a` may be called `z/k`.
    of = {code.rsplit("/", 1)[-1]: code for code in sorted(corpus.codings["code"].unique())}
    named = [of.get(one) or of[other] for one, other in (("a", "k"), ("b", "j"), ("c", "m"))]
    told = Carried.of(corpus, named)
    counts = {name: told.passages(code) for name, code in zip("abc", named, strict=True)}
    return pd.DataFrame(counts, index=pd.Index(told.case_ids, name="case_id"))


def _of_pairs(stanzas: pd.DataFrame) -> pd.DataFrame:
    """One row a case and pair of codes that meet in it at all."""
    long = stanzas.melt("case_id", var_name="pair", value_name="n")
    long = long[long["n"] > 0]
    codes = long["pair"].str.split(" & ", expand=True)
    return long.assign(code_a=codes[0], code_b=codes[1]).drop(columns="pair").reset_index(drop=True)


# Of these, a further source is more to count over: they may see it.
OVER_SOURCES = {
    *("code_frequencies", "code_by_source", "rate_range", "contrast", "accumulation"),
    *("collocations", "concordance", "distinctive_words_of_codes"),
    *("ratings", "code_sets", "fixed_windows", "truth_table"),
}
# These are asked for a code by its name, or answer with names.
OF_NAMES = {"ratings", "code_sets"}

CORPUS = Corpus(
    sources_of(("1", "11", "x"), ("2", "12", "x"), ("3", "13", "y")),
    passages_of(
        *(("1", "one two"), ("1", "three four"), ("1", "five one"), ("2", "five six")),
        *(("2", "asked", "interviewer"), ("3", "one nine"), ("3", "two one")),
    ),
    pd.DataFrame({"code": ["p", "p/a", "p/b", "c"], "parent": ["", "p", "p", ""]}),
    codings_of(
        *(("1", 0, 8, "p/a", coder) for coder in "AB"),
        *(("1", 4, 13, "p/b", "A"), ("1", 19, 27, "c", "B"), ("2", 0, 4, "p/b", "A")),
        *(("2", 0, 4, "p/b", "B"), ("3", 0, 5, "p/a", "A"), ("3", 3, 12, "c", "A")),
    ),
)
_NOTHING = {"n_units", "lower", "upper", "odds_ratio", "phi", "npmi", "lift"}


def split(codings: pd.DataFrame) -> pd.DataFrame:
    """The same codings as they come from two files that each hold a part of every source."""
    parts = codings.iloc[::2], codings.iloc[1::2]
    return pd.concat([part.reset_index(drop=True) for part in parts])


@cache
def plainly(name: str) -> pd.DataFrame:
    """The measure on the corpus as it is: to compare with, never to change."""
    return found(name, CORPUS)


def found(name: str, corpus: Corpus) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return MEASURES[name](corpus)


def by_rows(table: pd.DataFrame) -> pd.DataFrame:
    keys = [column for column in table if table[column].dtype in ("object", "str")]
    return table.sort_values(keys, ignore_index=True) if keys else table


@pytest.mark.parametrize("name", MEASURES)
def test_another_order_of_rows(name: str) -> None:
    turned = Corpus(
        *(table.iloc[::-1] for table in (CORPUS.sources, CORPUS.passages, CORPUS.codes)),
        CORPUS.codings.sample(frac=1, random_state=3),
    )
    pd.testing.assert_frame_equal(found(name, turned), plainly(name))


@pytest.mark.parametrize("name", MEASURES)
def test_rows_of_a_source_split_over_files(name: str) -> None:
    # Both files number their rows from 0, so that an index says nothing.
    parts = Corpus(CORPUS.sources, split(CORPUS.passages), CORPUS.codes, split(CORPUS.codings))
    pd.testing.assert_frame_equal(found(name, parts), plainly(name))


@pytest.mark.parametrize("name", MEASURES)
def test_an_unused_code(name: str) -> None:
    added = pd.DataFrame({"code": ["zz"], "parent": [""]})
    more = replace(CORPUS, codes=pd.concat([CORPUS.codes, added], ignore_index=True))
    table = found(name, more)
    if "code" in table:
        table = table[table["code"] != "zz"].reset_index(drop=True)
    pd.testing.assert_frame_equal(table, plainly(name))


@pytest.mark.parametrize("name", [name for name in MEASURES if name not in OVER_SOURCES])
@pytest.mark.parametrize("size", [1, 60])
def test_an_uncoded_source_of_any_length(name: str, size: int) -> None:
    added = passages_of(*[("9", "nothing of interest")] * size)
    more = Corpus(
        pd.concat([CORPUS.sources, sources_of(("9", "19", "y"))], ignore_index=True),
        pd.concat([CORPUS.passages, added], ignore_index=True),
        CORPUS.codes,
        CORPUS.codings,
    )
    plain, table = plainly(name), found(name, more)
    kept = [column for column in plain if column not in _NOTHING]
    pd.testing.assert_frame_equal(table[kept], plain[kept])


@pytest.mark.parametrize("name", [name for name in MEASURES if name not in OF_NAMES])
def test_other_names_of_codes(name: str) -> None:
    # The names sort the other way round.
    names = {"p": "z", "p/a": "z/k", "p/b": "z/j", "c": "m"}
    back = {new: old for old, new in names.items()}
    renamed = replace(
        CORPUS,
        codes=CORPUS.codes.replace({"code": names, "parent": names}),
        codings=CORPUS.codings.replace({"code": names}),
    )
    table = found(name, renamed)
    for column in ("code", "code_a", "code_b"):
        if column in table:
            table[column] = table[column].replace(back)
    plain = plainly(name)
    if "code_a" in plain:
        pair = [tuple(sorted(each)) for each in zip(table["code_a"], table["code_b"], strict=True)]
        table[["code_a", "code_b"]] = pair
        swapped = [column for column in plain if column in ("n_a", "n_b")]
        plain, table = (each.drop(columns=swapped) for each in (plain, table))
    pd.testing.assert_frame_equal(by_rows(table), by_rows(plain), check_dtype=False)
