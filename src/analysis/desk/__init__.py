"""Coding, judging and settling where one reads: what a study's people decide, written at once."""

from analysis.desk.desk import Desk
from analysis.desk.widget import desk_widget

__all__ = ["Desk", "desk_widget"]
