"""What the front end asks and what it is told: the same results that one line of code gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from analysis.explore import view
from analysis.explore.counts import Lines
from analysis.explore.known import Known
from analysis.explore.passages import Passages, passages_of
from analysis.explore.query import chained, saying
from analysis.explore.recordings import played
from analysis.explore.results import Result, Session
from analysis.explore.search import FILTERS, Search
from analysis.files.problems import Problem, StudyError

PAGE = 50
_FIRST_WORDS = 90
_TOLD = 3

Message = Mapping[str, Any]


def told(problem: Problem) -> str:
    """A problem in one line, in the order in which one reads it."""
    found = problem.found + "." * (not problem.found.endswith("?"))
    said = f"{problem.where}: {found} Expected: {problem.expected}. To do: {problem.remedy}."
    return said[:1].upper() + said[1:]


def _beginning(text: str) -> str:
    """The first whole words of a passage, with '…' where it goes on."""
    if len(text) <= _FIRST_WORDS:
        return text
    return (text[: _FIRST_WORDS + 1].rpartition(" ")[0] or text[:_FIRST_WORDS]) + " …"


class Answers:
    """The passages in front of one reader, and answers about them.

    Every answer is plain data; `html` in it is escaped text with marks, safe to place.
    """

    def __init__(
        self,
        session: Session,
        whole: Result | None = None,
        behind: Callable[[str, str], Passages] | None = None,
    ) -> None:
        """`whole`: the result above the reader, if there is one; `behind`: what its cells list."""
        self.session, self.whole, self.behind = session, whole, behind
        self.found = Passages(session, "", session.corpus.passages.iloc[:0], [])

    def answer(self, message: Message) -> dict[str, Any]:
        """Answer `message['ask']`; what a researcher can put right comes back as `problem`."""
        asked = {
            "search": self._search,
            "cell": self._cell,
            "page": self._page,
            "read": self._read,
            "memo": self._memo,
            "bears": self._bears,
            "keep": self._keep,
            "line": self._line,
            "play": self._play,
        }[message["ask"]]
        try:
            return asked(message)
        except StudyError as error:
            return {"problem": " ".join(map(told, error.problems[:_TOLD]))}
        except OSError as error:
            return {"problem": f"Not written: {error.strerror}."}

    def _search(self, message: Message) -> dict[str, Any]:
        names = self.session.corpus.names
        terms = [(one["operator"], one["code"], int(one["distance"])) for one in message["terms"]]
        given = {name: value for name, value in message["filters"].items() if value}
        given = {
            name: value if isinstance(value, list) else [value] for name, value in given.items()
        }
        columns = tuple(
            (name, tuple(values))
            for name, values in given.items()
            if name in self.session.corpus.columns
        )
        one = {name: given.get(name, [""])[0] for name in ("coder", "claim", "since", "until")}
        search = Search(
            saying(chained(terms, names), given.get("words", [])), columns=columns, **one
        )
        chosen: dict[str, Any] = {
            name: tuple(values) for name, values in given.items() if name in FILTERS
        }
        search = replace(search, **chosen)
        return self.show(passages_of(self.session, search))

    def _cell(self, message: Message) -> dict[str, Any]:
        if self.behind is None:
            raise ValueError("this reader has no cells")
        return self.show(self.behind(message["row"], message["column"]))

    def show(self, found: Passages) -> dict[str, Any]:
        """Put `found` in front of the reader; what is told is its first page and passage."""
        self.found = found
        shown = {
            "line": found.line,
            "counted": found.counted,
            "total": len(found),
            "warnings": found.warnings,
        }
        return (
            shown
            | self._page({"from": 0})
            | (self._read({"at": 0, "context": 0}) if len(found) else {})
        )

    def _page(self, message: Message) -> dict[str, Any]:
        start = max(0, int(message["from"])) // PAGE * PAGE
        listed = [
            {
                "at": start + number,
                "id": row.id,
                "who": f"{row.role}, {row.voice}".replace("_", " "),
                "words": _beginning(row.text),
            }
            for number, row in enumerate(self.found.rows.iloc[start : start + PAGE].itertuples())
        ]
        return {"from": start, "listed": listed}

    def _read(self, message: Message) -> dict[str, Any]:
        at = min(max(0, int(message["at"])), len(self.found) - 1)
        html = self.found.read(at, int(message["context"]))
        own = self.session.warnings(self.found.rows.iloc[at : at + 1])
        known = self._known.of(self.found.rows.iloc[at])
        return {"at": at, "html": html, "own_warnings": own, "known": known}

    @cached_property
    def _known(self) -> Known:
        return Known(self.session.study, frozenset(self.session.corpus.blind))

    def _line(self, message: Message) -> dict[str, Any]:
        """The passage of one place of a concordance, with its neighbours."""
        if not isinstance(self.whole, Lines):
            raise ValueError("this reader has no lines")
        self.found = self.whole.passages.only(str(self.whole.table["id"].iloc[int(message["at"])]))
        return self.show(self.found)

    def _play(self, message: Message) -> dict[str, Any]:
        source = str(self.found.rows["source_id"].iloc[int(message["at"])])
        kind, content = played(self.session.study.raw, source)
        return {"kind": kind, "buffers": [content]}

    def _chosen(self, message: Message) -> Passages:
        if message["all"]:
            return self.found
        return self.found.only(self.found.rows["id"].iloc[int(message["at"])])

    def _memo(self, message: Message) -> dict[str, Any]:
        chosen = self._chosen(message)
        path = chosen.add_to_memo(message["name"], message["note"])
        stands = "stands" if len(chosen) == 1 else "stand"
        return {
            "said": f"{view.plural(len(chosen), 'passage')} now {stands} in data/raw/memos/{path.name}"
        }

    def _bears(self, message: Message) -> dict[str, Any]:
        chosen = self._chosen(message)
        chosen.bears_on(message["claim"], message["bears"], message["note"], message["by"])
        return {"said": f"{view.plural(len(chosen), 'row')} added to data/raw/bearings.csv"}

    def _keep(self, message: Message) -> dict[str, Any]:
        result = self.whole if message["whole"] and self.whole is not None else self.found
        path = result.keep(message["form"])
        return {"said": f"written to data/private/review/exploring/{path.name}"}
