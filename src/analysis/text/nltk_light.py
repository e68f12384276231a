"""NLTK without the optional packages that it imports when it finds them.

NLTK tries scikit-learn and scipy's statistics at import, which cost seconds and are used nowhere
here.
"""

from __future__ import annotations

import sys

_absent = {"sklearn", "scipy.stats"}.difference(sys.modules)
for _name in _absent:
    sys.modules[_name] = None  # type: ignore[assignment]
try:
    import nltk
finally:
    for _name in _absent:
        del sys.modules[_name]

__all__ = ["nltk"]
