"""Coding, judging and settling where one reads: what a study's people decide, written at once."""

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
