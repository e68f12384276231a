"""Published memos: a page that holds them, words to include in the paper, and a box for each
interviewer. What a memo is about, and memos that stay private, are never printed."""

from __future__ import annotations

import re

import pandas as pd

from analysis.claims import reflexivity
from analysis.report import look
from analysis.report.escape import markdown

_HEADING = re.compile(r"^#{1,6}[ \t]+")
_LINES = re.compile(r"\n\s*\n")


def paragraphs(memo: pd.Series) -> list[str]:
    """The memo's paragraphs as plain words: its title apart, marks of headings taken off."""
    parts = [part.strip() for part in _LINES.split(str(memo["text"])) if part.strip()]
    words = [_HEADING.sub("", part) for part in parts]
    return words[1:] if words and words[0] == memo["title"] else words


def page(memos: pd.DataFrame, *, constructed: bool) -> str:
    """`memos.html`: every published memo of `claims.read_memos`, each with its own anchor."""
    published = memos[memos["publish"]]
    return look.page(
        "memos.html",
        title="Memos",
        constructed=constructed,
        current="memos.html",
        memos=[
            {
                "anchor": anchor(row["memo_id"]),
                "title": row["title"] or row["memo_id"],
                "kind": row["kind"],
                "date": row["date"],
                "paragraphs": paragraphs(row),
            }
            for _, row in published.iterrows()
        ],
        private=len(memos) - len(published),
    )


def anchor(memo_id: str) -> str:
    """The anchor of a memo on `memos.html`."""
    return f"memo-{memo_id}"


def quotable(memos: pd.DataFrame) -> dict[str, str]:
    """Markdown of each published memo by its id, to be included as `_generated/memos/<id>.md`."""
    return {
        str(row["memo_id"]): _quoted(paragraphs(row), row)
        for _, row in memos[memos["publish"]].iterrows()
    }


def boxes(memos: pd.DataFrame, interviewers: pd.Series) -> str:
    """A box per interviewer: how each reflexive memo begins, and how many stay private.

    `interviewers` is the register's column, one entry for each interview. Without any the text
    says so.
    """
    described = memos.set_index("memo_id")
    parts = []
    for row in reflexivity(memos, interviewers).to_dict("records"):
        parts.append(f'::: {{.callout-note title="{_heading(row)}"}}\n')
        for memo_id in filter(None, row["memos"].split(";")):
            memo = described.loc[memo_id]
            first = paragraphs(memo)[:1]
            parts.append(f"**{markdown(memo['title'] or memo_id)}.** {markdown(' '.join(first))} "
                         f"([the whole memo](memos.html#{anchor(memo_id)}))\n")  # fmt: skip
        if not row["memos"]:
            parts.append("No reflexive memo about this interviewer is published.\n")
        if row["n_private"]:
            parts.append(f"Reflexive memos that stay private: {row['n_private']}.\n")
        parts.append(":::\n")
    return "\n".join(parts) or "The register names no interviewer.\n"


def _heading(row: dict[str, object]) -> str:
    name = str(row["interviewer"])
    count = row["n_interviews"]
    named = markdown(name[:1].upper() + name[1:])
    return f"{named}: {count} interview{'' if count == 1 else 's'}"


def _quoted(words: list[str], memo: pd.Series) -> str:
    said = markdown(f"{memo['kind']} memo, {memo['date']}")
    title = [f"> **{markdown(str(memo['title']))}**"] if memo["title"] else []
    lines = [*title, *(f"> {markdown(part)}" for part in words)]
    return "\n>\n".join([*lines, f"> [{said}](memos.html#{anchor(memo['memo_id'])})"]) + "\n"
