"""Reproducible qualitative analysis: from raw evidence to a findings paper."""

__version__ = "0.1.0"
