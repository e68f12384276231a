"""What a researcher touches in JupyterLab: everything that is clicked is also one line of code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.explore.explorer import Explorer

__all__ = ["Explorer"]


def __getattr__(name: str) -> object:
    """Import the explorer once it is asked for: a report needs modules beside it, and no widget."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from analysis.explore import explorer

    return getattr(explorer, name)


def __dir__() -> list[str]:
    """What is there to be asked for, for the keyboard's completion too."""
    return __all__
