"""The numbers behind the claims: pure functions, table in, table out.

No measure reads a file, changes its input, or depends on the order of rows. Every measure that
rests on chance takes a `seed`.
"""

from __future__ import annotations

import math
import warnings


class UndefinedMeasure(UserWarning):
    """A coefficient has no value for these data; NaN is returned, and this says why."""


class NothingToCompareError(ValueError):
    """Two coders have no text, or no code, in common."""


def undefined(reason: str) -> float:
    """Warn that a measure is undefined because of `reason`, and return NaN."""
    warnings.warn(reason, UndefinedMeasure, stacklevel=3)
    return math.nan
