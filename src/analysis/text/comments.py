"""Comments in HTML and Markdown: words that no reader is meant to see."""

from __future__ import annotations

import re

_OPENING = re.compile(r"<(?:!--|script\b|style\b)", re.IGNORECASE)
_CLOSING = {"<!--": "-->", "<script": "</script", "<style": "</style"}


def without_comments(text: str) -> str:
    """Return `text` without its HTML comments; one that is never closed stays, as it is shown.

    Scripts and style sheets stay as they are. The time grows with the length of `text`.
    """
    if "<!--" not in text:
        return text
    lower = text.lower()
    kept: list[str] = []
    at = 0
    while opening := _OPENING.search(text, at):
        mark = opening[0].lower()
        end = lower.find(_CLOSING[mark], opening.end())
        if end < 0:
            break
        end += len(_CLOSING[mark])
        kept.append(text[at : opening.start()] if mark == "<!--" else text[at:end])
        at = end
    return "".join([*kept, text[at:]])
