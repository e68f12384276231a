"""Coding, judging and settling where one reads: what a study's people decide, written at once."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.desk.desk import Desk
    from analysis.desk.judging import Judging
    from analysis.desk.settling import Settling
    from analysis.desk.suggesting import asked, missed, said
    from analysis.desk.widget import desk_widget, fill, judge, outcomes, reread, review, settle

__all__ = [
    "Desk",
    "Judging",
    "Settling",
    "asked",
    "desk_widget",
    "fill",
    "judge",
    "missed",
    "outcomes",
    "reread",
    "review",
    "said",
    "settle",
]

_MODULES = {
    "Desk": "desk",
    "Judging": "judging",
    "Settling": "settling",
    **dict.fromkeys(("asked", "missed", "said"), "suggesting"),
}


def __getattr__(name: str) -> object:
    """Import what is asked for: a report needs what was settled, and no widget."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"analysis.desk.{_MODULES.get(name, 'widget')}"), name)


def __dir__() -> list[str]:
    """What is there to be asked for, for the keyboard's completion too."""
    return __all__
