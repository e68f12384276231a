"""Working claims: what is claimed, what would count against it, and what the codings show.

The program states patterns, by one printed rule (`RULE`); what they mean, and whether a claim is
kept, the authors decide and sign.
"""

from __future__ import annotations

from analysis.claims.bearing import read_bearings
from analysis.claims.coded_stance import read_judgements
from analysis.claims.disagreements import matrix_disagreements
from analysis.claims.examples import (
    by_kind,
    document_profiles,
    examples,
    negative_cases,
)
from analysis.claims.expectation import Expectation
from analysis.claims.material import Material
from analysis.claims.matrix import cell_digest, read_matrix
from analysis.claims.memos import read_memos, reflexivity
from analysis.claims.model import (
    Claim,
    Decision,
    Theme,
)
from analysis.claims.patterns import cases, claim_patterns, evaluate
from analysis.claims.reading import read_agreement, read_claims
from analysis.claims.reading_list import blind_list, judges, reading_list
from analysis.claims.rule import RULE
from analysis.claims.sensitivity import (
    distinct,
    effective_variants,
    sensitivity,
    turning,
)
from analysis.claims.signing import decisions, digest
from analysis.claims.stance import Stances, stance_table

__all__ = [
    "RULE",
    "Claim",
    "Decision",
    "Expectation",
    "Material",
    "Stances",
    "Theme",
    "blind_list",
    "by_kind",
    "cases",
    "cell_digest",
    "claim_patterns",
    "decisions",
    "digest",
    "distinct",
    "document_profiles",
    "effective_variants",
    "evaluate",
    "examples",
    "judges",
    "matrix_disagreements",
    "negative_cases",
    "read_agreement",
    "read_bearings",
    "read_claims",
    "read_judgements",
    "read_matrix",
    "read_memos",
    "reading_list",
    "reflexivity",
    "sensitivity",
    "stance_table",
    "turning",
]
