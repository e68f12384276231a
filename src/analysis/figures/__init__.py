"""Figures: a function takes a table and returns a plot; only `draw` turns it into bytes.

Everything is told by position, length, shape or label; shades of one colour only repeat it, so
that figures read in grey print and for colour-blind readers.
"""

from __future__ import annotations

from analysis.figures.branches import tree_of_codes, word_tree
from analysis.figures.drawing import NOTICE, Picture, draw
from analysis.figures.expectations import cases_by_expectation, specifications
from analysis.figures.meeting import cooccurrence_matrix, network_figure
from analysis.figures.ranges import agreement_plot, contrast_plot, corrected_plot
from analysis.figures.spread import (
    accumulation_curve,
    cases_per_code,
    code_by_source_map,
    coverage_stripes,
    height_of_lengths,
    lengths,
)
from analysis.figures.style import nothing

__all__ = [
    "NOTICE",
    "Picture",
    "accumulation_curve",
    "agreement_plot",
    "cases_by_expectation",
    "cases_per_code",
    "code_by_source_map",
    "contrast_plot",
    "cooccurrence_matrix",
    "corrected_plot",
    "coverage_stripes",
    "draw",
    "height_of_lengths",
    "lengths",
    "network_figure",
    "nothing",
    "specifications",
    "tree_of_codes",
    "word_tree",
]
