"""Every table that a stage leaves in `data/processed`, by its name: its columns, their types, its key.

What the columns mean is said where they are computed; the name of a table that is written once
for each kind of source ends in `-<kind>`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandera.pandas as pa

from analysis import tables

# What the cells of a column hold. An empty text is a text; of the others only a figure that could
# not be computed, and a whole number that there need not be, leave their cell empty.
TEXT, WHOLE, YES_NO = "str", "int64", "bool"
FIGURE, WHOLE_IF_ANY = MAY_BE_MISSING = "float64", "Int64"


def schema_of(name: str) -> pa.DataFrameSchema:
    """The schema of the stored table `name`. Raises KeyError for a name that no stage uses."""
    return _STORED[name.split("-")[0]]


def _table(key: Sequence[str] = (), /, **columns: str) -> pa.DataFrameSchema:
    """A schema of `columns` (name -> type), of which `key` names those that tell rows apart.

    Only columns with cells that may be missing are converted, for pandas types them by what
    happens to be there: figures that all are whole, whole numbers that are not all there.
    """
    typed = {
        name: pa.Column(kind, nullable=kind in MAY_BE_MISSING, coerce=kind in MAY_BE_MISSING)
        for name, kind in columns.items()
    }
    return pa.DataFrameSchema(typed, strict=True, unique=list(key) or None, index=pa.Index(int))


_STORED = {
    # 01 and 02
    "sources": tables.SOURCES,
    "passages": tables.PASSAGES,
    "cleaning_log": tables.CLEANING_LOG,
    "codes": tables.CODES,
    "codings": tables.CODINGS,
    "coding_report": _table(file=TEXT, topic=TEXT, detail=TEXT, count=WHOLE),
    "unplaced": _table(origin=TEXT, row=WHOLE, source_id=TEXT, reason=TEXT),
    # 03
    "frequencies": _table(
        ("kind", "role", "code"),
        kind=TEXT, role=TEXT, code=TEXT, segments=WHOLE, words=WHOLE, cases=WHOLE, sources=WHOLE,
        n_cases=WHOLE, n_sources=WHOLE, total_words=WHOLE, rate_pooled=FIGURE,
        rate_mean_of_cases=FIGURE, uncounted_segments=WHOLE,
    ),
    "frequencies_overall": _table(
        ("code",),
        code=TEXT, segments=WHOLE, words=WHOLE, cases=WHOLE, sources=WHOLE, n_cases=WHOLE,
        n_sources=WHOLE, total_words=WHOLE, rate_pooled=FIGURE, rate_mean_of_cases=FIGURE,
        uncounted_segments=WHOLE,
    ),
    "code_by_source": _table(
        ("code", "source_id"),
        code=TEXT, source_id=TEXT, case_id=TEXT, segments=WHOLE, words=WHOLE, total_words=WHOLE,
        rate=FIGURE,
    ),
    "rates": _table(
        ("kind", "role", "code"),
        kind=TEXT, role=TEXT, code=TEXT, rate_pooled=FIGURE, pooled_lower=FIGURE,
        pooled_upper=FIGURE, rate_mean_of_cases=FIGURE, mean_lower=FIGURE, mean_upper=FIGURE,
        n_cases=WHOLE,
    ),
    "contrasts": _table(
        ("code", "group_a", "group_b"),
        code=TEXT, group_a=TEXT, group_b=TEXT, cases_a=WHOLE, n_cases_a=WHOLE, cases_b=WHOLE,
        n_cases_b=WHOLE, share_difference=FIGURE, share_lower=FIGURE, share_upper=FIGURE,
        p_share=FIGURE, q_share=FIGURE, rate_difference=FIGURE, lower=FIGURE, upper=FIGURE,
        p=FIGURE, q=FIGURE, log_odds_z=FIGURE, note=TEXT,
    ),
    "accumulation": _table(
        ("step",),
        step=WHOLE, source_id=TEXT, date=TEXT, new_codes=WHOLE, cumulative=WHOLE, expected=FIGURE,
        lower=FIGURE, upper=FIGURE, new_in_run=FIGURE, ratio=FIGURE, below=YES_NO,
    ),
    # 04
    "cooccurrence": _table(
        ("code_a", "code_b"),
        code_a=TEXT, code_b=TEXT, n_a=WHOLE, n_b=WHOLE, n_ab=WHOLE, n_units=WHOLE,
        shared_words=WHOLE_IF_ANY, c_coefficient=FIGURE, c_above_1=YES_NO, jaccard=FIGURE, dice=FIGURE,
        lift=FIGURE, npmi=FIGURE, phi=FIGURE, odds_ratio=FIGURE, expected=FIGURE, p=FIGURE,
        q=FIGURE, family=WHOLE, lower=FIGURE, upper=FIGURE,
    ),
    "cooccurrence_by_unit": _table(
        ("code_a", "code_b"),
        code_a=TEXT, code_b=TEXT, overlap=WHOLE, passage=WHOLE, window=WHOLE, source=WHOLE,
    ),
    # 05
    "agreement": _table(
        ("code",),
        code=TEXT, n_units=WHOLE, n_coders=WHOLE, applied=WHOLE, agreed=WHOLE, prevalence=FIGURE,
        percent_agreement=FIGURE, kappa=FIGURE, alpha=FIGURE, ac1=FIGURE, lower=FIGURE,
        upper=FIGURE, undefined_draws=WHOLE, diagnosis=TEXT,
    ),
    "disagreements": _table(
        source_id=TEXT, code=TEXT, difference=TEXT, start_a=WHOLE_IF_ANY, end_a=WHOLE_IF_ANY, start_b=WHOLE_IF_ANY,
        end_b=WHOLE_IF_ANY, decision=TEXT, reason=TEXT,
    ),
    # 06
    "patterns": _table(
        ("expectation",),
        claim=TEXT, expectation=TEXT, kind=TEXT, codes=TEXT, group=TEXT, than=TEXT,
        kind_of_source=TEXT, unit=TEXT, effect=FIGURE, lower=FIGURE, upper=FIGURE, n=WHOLE,
        n_of=WHOLE, than_n=WHOLE, than_of=WHOLE, expected=FIGURE, n_sources=WHOLE, p=FIGURE,
        p_other=FIGURE, q=FIGURE, q_other=FIGURE, pattern=TEXT, sentence=TEXT, against=TEXT,
        marked_codes=TEXT,
    ),
    "claim_patterns": _table(
        ("claim",),
        claim=TEXT, coded_pattern=TEXT, reason=TEXT, n_expectations=WHOLE, n_present=WHOLE,
        n_absent=WHOLE, n_opposite=WHOLE, n_varies=WHOLE, n_too_few=WHOLE,
    ),
    "expectation_cases": _table(
        claim=TEXT, expectation=TEXT, case_id=TEXT, role=TEXT, side=TEXT, code=TEXT,
        carries=YES_NO, segments=WHOLE,
    ),
    "examples": _table(
        claim=TEXT, expectation=TEXT, source_id=TEXT, passage=WHOLE, start=WHOLE, end=WHOLE,
        code=TEXT, bears=TEXT, by=TEXT, note=TEXT, negative_outcome=TEXT, case_id=TEXT, role=TEXT,
        kind=TEXT, voice=TEXT, publishable=YES_NO, rank=WHOLE,
    ),
    "negative_cases": _table(
        claim=TEXT, case_id=TEXT, role=TEXT, state=TEXT, source_id=TEXT, passage=WHOLE,
        start=WHOLE, end=WHOLE, by=TEXT, note=TEXT, outcome=TEXT, searched=WHOLE,
    ),
    "claims_by_kind": _table(
        ("claim", "kind"),
        claim=TEXT, kind=TEXT, n_sources=WHOLE, n_carrying=WHOLE, n_supporting=WHOLE,
        n_qualifying=WHOLE, n_contradicting=WHOLE, state=TEXT,
    ),
    "decisions": _table(
        ("claim",),
        claim=TEXT, status=TEXT, state=TEXT, digest=TEXT, signed_digest=TEXT, signed_by=TEXT,
        date=TEXT, paragraphs=TEXT,
    ),
    "matrix": _table(
        ("case_id", "theme"),
        claim=TEXT, case_id=TEXT, theme=TEXT, summary=TEXT, state=TEXT, passages=TEXT,
        digest=TEXT, digest_now=TEXT, stale=YES_NO,
    ),
    "sensitivity": _table(
        ("variant", "expectation"),
        variant=WHOLE, expectation=TEXT, unit=TEXT, null=TEXT, coder=TEXT,
        interviewer_speech=YES_NO, minimum_words=WHOLE, left_out_case=TEXT, effect=FIGURE,
        lower=FIGURE, upper=FIGURE, p=FIGURE, q=FIGURE, pattern=TEXT, effective=TEXT,
        headline=YES_NO,
    ),
    "turning": _table(
        expectation=TEXT, pattern=TEXT, choice=TEXT, value=TEXT, becomes=TEXT, through=TEXT
    ),
    "document_profiles": _table(
        ("source_id",),
        source_id=TEXT, title=TEXT, date=TEXT, author=TEXT, audience=TEXT, purpose=TEXT,
        omissions=TEXT,
    ),
}  # fmt: skip
