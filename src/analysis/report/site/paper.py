"""What a finished PDF or DOCX holds: words, headings, alternative texts, and what lies wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """What a file holds.

    `text`: its words, without what stands at the head and foot of each page; `headings`: those of
    the text, in order; `alternatives`: what its pictures say to who cannot see them; `outside`:
    words that lie outside the margins or over one another, as '… on page 3';
    `is_accessible`: whether it says that it is PDF/UA, of a PDF.
    """

    text: str
    headings: tuple[str, ...]
    alternatives: tuple[str, ...]
    outside: tuple[str, ...]
    is_accessible: bool = True
