"""NLTK without the optional packages that it imports when it finds them.

NLTK tries scikit-learn at import, which costs seconds and is used nowhere here.
"""

from __future__ import annotations

import sys

_absent = "sklearn" not in sys.modules
if _absent:
    sys.modules["sklearn"] = None  # type: ignore[assignment]
try:
    import nltk
finally:
    if _absent:
        del sys.modules["sklearn"]

__all__ = ["nltk"]
