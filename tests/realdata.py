"""Real files of other people's studies, for checking only; tests never depend on them."""

from __future__ import annotations

from pathlib import Path

import pytest

REALDATA = Path(__file__).resolve().parents[2] / "shared" / "realdata"

needs_realdata = pytest.mark.skipif(
    not REALDATA.is_dir(),
    reason=f"REAL DATA NOT CHECKED: {REALDATA.parent.name}/{REALDATA.name} is not beside the project",
)
