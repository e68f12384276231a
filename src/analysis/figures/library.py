"""The drawing library, imported where no file of a study can set it.

It looks for `matplotlibrc` in the current folder first, which may be a study: what stands there could
name a module to import, or be a pipe that never ends.
"""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import plotnine as p9
from plotnine import aes, ggplot

# What draws imports it when it is first needed, wherever that is.
with chdir(Path(__file__).parent):
    import matplotlib as mpl

__all__ = ["aes", "ggplot", "mpl", "p9"]
