"""Numbers and nouns in English sentences."""

from __future__ import annotations


def plural(count: int, noun: str) -> str:
    """A count with its noun.

    >>> plural(1, "passage"), plural(1200, "passage")
    ('1 passage', '1,200 passages')
    """
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
