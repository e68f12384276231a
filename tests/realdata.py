"""Real files of other people's studies, for checking only; tests never depend on them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REALDATA = Path(__file__).resolve().parents[2] / "shared" / "realdata"

# Where the material must be there (REQUIRE_REALDATA=1) these tests fail without it.
needs_realdata = pytest.mark.skipif(
    not REALDATA.is_dir() and os.environ.get("REQUIRE_REALDATA") != "1",
    reason=f"REAL DATA NOT CHECKED: {REALDATA.parent.name}/{REALDATA.name} is not beside the project",
)
