"""What changed, told: a page for reviewers and a list for a response letter."""

from __future__ import annotations

from analysis.lifecycle.compare.differences import NOT_THERE, Change, Differences
from analysis.lifecycle.compare.snapshot import Snapshot
from analysis.report import look
from analysis.text.escape import readable_markdown as markdown

_LONGEST = 400


def summary(found: Differences) -> str:
    """In one line how much changed."""
    gone, new = (sum(getattr(one, side) for one in found.codings) for side in ("gone", "new"))
    return (
        f"Numbers that the paper prints and that changed: {len(found.numbers)} (others: "
        f"{found.not_printed}); patterns: {len(found.patterns)}; codings gone: {gone}, new: {new}; "
        f"sources: {len(found.sources)}; passages of wording: {len(found.wording)}."
    )


def page(before: Snapshot, now: Snapshot, found: Differences, *, constructed: bool) -> str:
    """The page, in the look of the report; nothing in it needs the network."""
    return look.page(
        "compare.html",
        title="From one report to the next",
        constructed=constructed,
        navigation=(),
        before=before.name,
        now=now.name,
        summary=summary(found),
        inputs=list(found.inputs.items()),
        tables=[
            ("numbers", "Numbers that the paper prints", found.numbers),
            ("patterns", "Patterns", found.patterns),
            ("sources", "Sources", found.sources),
        ],
        codings=found.codings,
        wording=found.wording,
    )


def response(before: Snapshot, now: Snapshot, found: Differences) -> str:
    """The list, in Markdown: one line a change, to be kept or deleted."""
    lines = [
        "# What changed since the last version",
        "",
        f"Compared: {markdown(before.name)} with {markdown(now.name)}. {summary(found)}",
    ]
    lines += _part(
        "Evidence and choices",
        [line for changes in found.inputs.values() for line in map(_sentence, changes)],
    )
    lines += _part("Numbers", [_sentence(one) for one in found.numbers])
    lines += _part("Patterns", [_sentence(one) for one in found.patterns])
    lines += _part(
        "Wording",
        [
            f"{markdown(one.what)}: "
            + " ".join(filter(None, [_quoted("was", one.before), _quoted("now reads", one.now)]))
            for one in found.wording
        ],
    )
    return "\n".join(lines) + "\n"


def _part(heading: str, told: list[str]) -> list[str]:
    return ["", f"## {heading}", "", *(f"- {line}" for line in told or ["No change."])]


def _sentence(one: Change) -> str:
    what = markdown(one.what)
    if one.before == NOT_THERE:
        said = f"{what} is new: {markdown(one.now)}"
    elif one.now == NOT_THERE:
        said = f"{what} is no longer there (it was {markdown(one.before)})"
    else:
        said = f"{what}: {markdown(one.before)}; now {markdown(one.now)}"
    return said.removesuffix(".") + (f". This can be by: {one.by}." if one.by else ".")


def _quoted(word: str, text: str) -> str:
    short = text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(maxsplit=1)[0] + " …"
    return f"{word} “{markdown(' '.join(short.split()))}”." if text else ""
