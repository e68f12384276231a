"""Numbers and nouns in English sentences."""

from __future__ import annotations


def grouped(count: int) -> str:
    """A count as the paper prints it.

    >>> grouped(12600)
    '12,600'
    """
    return f"{count:,}"


def plural(count: int, noun: str) -> str:
    """A count with its noun.

    >>> plural(1, "passage"), plural(1200, "passage")
    ('1 passage', '1,200 passages')
    """
    return f"{grouped(count)} {noun}" + ("" if count == 1 else "s")
