"""`data/raw/claims.yml` -> claims; every fault of the file is told with its line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.claims.fields import Known
from analysis.claims.model import Claim, Claims
from analysis.study import tables
from analysis.study.schemas import schema_of

CLAIMS = "claims.yml"


def read_claims(
    path: Path, codes: pd.DataFrame | Iterable[str], roles: Iterable[str] | None = None
) -> list[Claim]:
    """Read the claims; without the file, or with nothing in it, there are none.

    `codes`: the codebook (tables.CODES) or its paths; `roles`: the roles that a group may name
    (None: any). Raises one `StudyError` with every fault, each with its line: an unknown or
    missing field, kind, code or role, an id twice (claims and expectations share one list of
    ids, for they name values), a sentence missing for a pattern of the kind.
    """
    listed = codes["code"] if isinstance(codes, pd.DataFrame) else codes
    known = Known(frozenset(map(str, listed)), None if roles is None else tuple(sorted(set(roles))))
    try:
        return list(Claims.read(path, f"data/raw/{path.name}", known).claims)
    except FileNotFoundError:
        return []


def read_agreement(processed: Path) -> pd.DataFrame | None:
    """The agreement of two coders by code, or None where that stage left nothing."""
    path = processed / "agreement.csv"
    return tables.read_table(path, schema_of("agreement")) if path.is_file() else None
