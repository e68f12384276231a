"""What is done to the codebook in the lab: text in, text out, comments and order kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from analysis.desk.yaml_edits import YamlText, field, flow, folded, scalar
from analysis.files.problems import Problem, StudyError
from analysis.study.codebook import codebook_in

SHOWN = "data/raw/codebook.yml"
HISTORY_INDENT = 6


class CodebookText:
    """The codebook as a text to be edited; every edit is read again before it counts."""

    def __init__(self, text: str) -> None:
        self.codes = codebook_in(text, SHOWN).codes
        self._yaml = YamlText(text, SHOWN)
        self._entries = self._yaml.entries("codes")
        self._by_path = {_path(entry): entry for entry in self._entries}

    def edited(self, paths: Sequence[str]) -> str:
        """The text as edited, which must hold the codes `paths` and no others."""
        text = self._yaml.edited()
        found = codebook_in(text, SHOWN).codes["code"]
        if sorted(found) != sorted(paths):
            raise StudyError(
                Problem(
                    SHOWN,
                    "lines in a form that the lab does not edit",
                    "a list with a line for each field",
                    "make this change in the file itself",
                )
            )
        return text

    @property
    def paths(self) -> list[str]:
        """The paths of all codes."""
        return list(self.codes["code"])

    def known(self, code: str) -> str:
        """`code`, if the codebook has it; else a `StudyError`."""
        if code not in self._by_path:
            raise StudyError(Problem(SHOWN, f"no code {code[:80]!r}", "a code of it", "correct it"))
        return code

    def free(self, path: str) -> str:
        """`path`, if no code has it, whatever the capitals; else a `StudyError`."""
        taken = {one.casefold(): one for one in self.paths}
        if path.casefold() in taken:
            raise StudyError(
                Problem(
                    SHOWN,
                    f"the code {taken[path.casefold()]!r}",
                    "a name that is free",
                    "choose another",
                )
            )
        return path

    def add(self, name: str, parent: str, definition: str, origin: str = "data") -> None:
        """Put a code in, below its parent's last code."""
        under = [one for one in self._by_path if one == parent or one.startswith(f"{parent}/")]
        last = self._by_path[under[-1]] if parent and under else None
        if last is None and self._entries:
            last = self._entries[-1]
        fields = [("name", scalar(name))]
        fields += [("parent", scalar(parent))] if parent else []
        indent = (last.start_mark.column if last is not None else 4) + 2
        fields += [("definition", folded(definition, indent))] if definition.strip() else []
        fields += [("origin", scalar(origin))]
        self._yaml.add_entry("codes", fields, last, self._following(last))

    def replace(self, moves: Mapping[str, str]) -> None:
        """Give codes other paths: old -> new; those that are to be one with another go."""
        for path, entry in self._by_path.items():
            if path not in moves:
                continue
            new = moves[path]
            if new in self._by_path and new not in moves:
                self._yaml.drop_entry(entry, self._following(entry))
                continue
            parent, _, name = new.rpartition("/")
            old_parent, _, old_name = path.rpartition("/")
            if name != old_name:
                self._yaml.exchange(field(entry, "name"), name)
            if parent == old_parent:
                continue
            if parent:
                self._yaml.set_field(entry, "parent", parent)
            else:
                self._yaml.drop_field(entry, "parent")

    def define(self, code: str, definition: str) -> None:
        """Give a code another definition."""
        self._yaml.set_field(self._by_path[code], "definition", " ".join(definition.split()))

    def tell(self, change: str, codes: Sequence[str], reason: str) -> None:
        """Add a line to the history: today, what was done, to which codes and why."""
        changes = self._yaml.entries("history")
        last = changes[-1] if changes else None
        fields = [
            ("date", date.today().isoformat()),
            ("change", scalar(change)),
            ("codes", flow(codes)),
            ("reason", folded(reason, HISTORY_INDENT)),
        ]
        self._yaml.add_entry("history", fields, last, None)

    def _following(self, entry: Any) -> Any:
        if entry is None:
            return None
        place = self._entries.index(entry) + 1
        return self._entries[place] if place < len(self._entries) else None


def _path(entry: Any) -> str:
    name = field(entry, "name").value.strip().replace("/", "∕")
    parent = field(entry, "parent")
    return f"{parent.value.strip()}/{name}" if parent is not None and parent.value else name


def renamed_in_claims(text: str, shown: str, moves: Mapping[str, str]) -> str:
    """claims.yml with the codes that it names under their new paths."""
    claims = YamlText(text, shown)
    for node in _named_codes(claims.document):
        if node.value in moves:
            claims.exchange(node, moves[node.value])
    return claims.edited()


_FIELDS_OF_CODES = ("code", "codes", "from", "to")


def _named_codes(node: Any) -> list[Any]:
    """Every word that stands for a code."""
    found: list[Any] = []
    if hasattr(node, "value") and isinstance(node.value, list):
        for one in node.value:
            key, value = one if isinstance(one, tuple) else (None, one)
            if key is not None and key.value in _FIELDS_OF_CODES:
                found += value.value if isinstance(value.value, list) else [value]
            else:
                found += _named_codes(value)
    return [one for one in found if isinstance(one.value, str)]


def renamed_in_params(text: str, moves: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """params.yml with `code_names` that lead to the new paths, and those of `theirs` added.

    `theirs`: what files of other programs call a code -> its new path.
    """
    params = YamlText(text, "params.yml")
    node = params.node("code_names")
    known: dict[str, str] = {}
    if node is not None and isinstance(node.value, list):
        known = {str(key.value): str(value.value) for key, value in node.value}
    names = {name: moves.get(path, path) for name, path in known.items()}
    names |= {name: path for name, path in theirs.items() if name != path}
    if names == known:
        return text
    written = (
        "{" + ", ".join(f"{_quoted(one)}: {_quoted(path)}" for one, path in names.items()) + "}"
    )
    if node is None:
        return text.rstrip("\n") + f"\ncode_names: {written}\n"
    if not node.flow_style and node.value:
        written = (
            "\n"
            + "\n".join(f"  {_quoted(one)}: {_quoted(path)}" for one, path in names.items())
            + "\n"
        )
    params.exchange_text(node, written)
    return params.edited()


def _quoted(words: str) -> str:
    import json

    return json.dumps(words, ensure_ascii=False)
