"""Published memos: a page that holds them, words to include in the paper, and a box for each
interviewer. What a memo is about, and memos that stay private, are never printed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.claims import reflexivity
from analysis.report import look
from analysis.report.pages import own_numbers
from analysis.report.pages.memo_words import OURS, Line, MemoWords, Part, Piece
from analysis.text.english import plural
from analysis.text.escape import markdown


def page(memos: pd.DataFrame, read: MemoWords, *, constructed: bool) -> str:
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
                "title": read.plain(row["title"]) or row["memo_id"],
                "kind": row["kind"],
                "date": row["date"],
                "parts": read.parts(row),
            }
            for _, row in published.iterrows()
        ],
        numbers_in=own_numbers.numbers_in,
        ours=OURS,
        own_number=own_numbers.TITLE,
        private=len(memos) - len(published),
    )


def anchor(memo_id: str) -> str:
    """The anchor of a memo on `memos.html`."""
    return f"memo-{memo_id}"


def quotable(memos: pd.DataFrame, read: MemoWords) -> dict[str, str]:
    """Markdown of each published memo by its id, to be included as `_generated/memos/<id>.md`."""
    return {
        str(row["memo_id"]): _quoted(row, read) for _, row in memos[memos["publish"]].iterrows()
    }


def boxes(memos: pd.DataFrame, interviewers: pd.Series, read: MemoWords) -> str:
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
            first = "".join(map(_markdown, read.parts(memo)[:1]))
            parts.append(
                f"**{markdown(read.plain(memo['title']) or memo_id)}.** {first} "
                f"([the whole memo](memos.html#{anchor(memo_id)}))\n"
            )
        if not row["memos"]:
            parts.append("No reflexive memo about this interviewer is published.\n")
        if row["n_private"]:
            parts.append(f"Reflexive memos that stay private: {row['n_private']}.\n")
        parts.append(":::\n")
    return "\n".join(parts) or "The register names no interviewer.\n"


def _heading(row: dict[str, Any]) -> str:
    name = str(row["interviewer"])
    named = markdown(name[:1].upper() + name[1:])
    return f"{named}: {plural(row['n_interviews'], 'interview')}"


def _quoted(memo: pd.Series, read: MemoWords) -> str:
    said = markdown(f"{memo['kind']} memo, {memo['date']}")
    title = [f"**{markdown(read.plain(memo['title']))}**"] if memo["title"] else []
    blocks = [*title, *map(_markdown, read.parts(memo))]
    blocks.append(f"[{said}](memos.html#{anchor(memo['memo_id'])})")
    lines = "\n\n".join(blocks).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n"


def _markdown(part: Part) -> str:
    mark = "- " if part.kind == "list" else ""
    return "\n".join(mark + _pieces(line) for line in part.lines)


def _pieces(line: Line) -> str:
    return "".join(map(_piece, line))


def _piece(piece: Piece) -> str:
    words, address = piece
    if address == OURS:
        return markdown(words)
    return f"[{markdown(words)}]({address})" if address else own_numbers.within(words)
