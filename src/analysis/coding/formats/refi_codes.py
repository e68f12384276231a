"""The code tree of a REFI-QDA document: paths, told apart by GUID."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from analysis.coding.formats.refi_elements import (
    Element,
    child_of,
    children,
    guid_of,
    text_of,
)
from analysis.coding.project import (
    OUR_ORIGIN,
    Code,
    Report,
    step,
)

# As our export writes them below a definition, and as many codebooks are typed.
_BESIDES = re.compile(r"^(include|exclude|example):[ \t]*(.*)$", re.IGNORECASE)


def _told(description: str) -> dict[str, str]:
    """The definition, and what lines that begin `Include:`, `Exclude:` or `Example:` say."""
    told = {"definition": "", "include": "", "exclude": "", "example": ""}
    place = "definition"
    for line in description.split("\n"):
        found = _BESIDES.match(line)
        if found and not told[found[1].lower()]:
            place, line = found[1].lower(), found[2]
        told[place] += f"\n{line}" if told[place] else line
    return {name: said.strip() for name, said in told.items()}


class CodeTree:
    """The codes below `element`: `codes` in their order, and `path_of` GUID -> path.

    Where no code has another below it, `::` in a name parts it, since ATLAS.ti writes a tree so.
    """

    def __init__(self, element: Element | None, origin: str, report: Report) -> None:
        self.codes: list[Code] = []
        self.path_of: dict[str, str] = {}
        self._report = report
        self._taken: set[str] = set()
        self._same: Counter[str] = Counter()
        top = list(children(element, "Code"))
        flat = not any(child_of(code, "Code") is not None for code in top)
        self._parted = flat and origin != OUR_ORIGIN
        if self._parted and any("::" in (code.get("name") or "") for code in top):
            report.add("codes", "names with '::' taken as a tree")
        self._walk(top, "")

    def marked(self, used: Set[str]) -> Iterator[Code]:
        """The codes; a heading under which something is coded (`used`) is a code after all."""
        for code in self.codes:
            coded = not code.usable and code.path in used
            self._report.add("codes", "headings with codings, taken as codes", int(coded))
            yield replace(code, usable=code.usable or coded)

    def _walk(self, codes: Iterable[Element], above: str) -> None:
        for code in codes:
            path = "/".join(filter(None, [above, *self._steps(code.get("name") or "")]))
            usable = (code.get("isCodable") or "true").strip().lower() not in ("false", "0")
            if usable:
                path = self._distinct(path)
            guid = guid_of(code)
            if guid in self.path_of:
                self._report.add("codes", "codes whose GUID another code has")
            else:
                self.path_of[guid] = path
            told = _told(text_of(child_of(code, "Description")))
            self.codes.append(Code(path, guid, usable=usable, **told))
            self._walk(children(code, "Code"), path)

    def _steps(self, name: str) -> list[str]:
        parts = [part for part in name.split("::") if part.strip()] if self._parted else []
        return [step(part) for part in parts or [name]]

    def _distinct(self, path: str) -> str:
        label = path
        while label in self._taken:
            self._same[path] += 1
            label = f"{path} ({self._same[path] + 1})"
        self._report.add("codes", "codes of one path, told apart by a number", int(label != path))
        self._taken.add(label)
        return label
