"""Work that is done place by place: one place in its context, what it is about, and a choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from analysis.explore.answers import told
from analysis.files.problems import StudyError


@dataclass(frozen=True)
class Choice:
    """What can be decided: the key that decides it, and its name."""

    key: str
    name: str


@dataclass(frozen=True)
class Field:
    """Words to go with a decision; `marks`: they can be marked in the text with the mouse."""

    name: str
    label: str
    marks: bool = False


@dataclass(frozen=True)
class Place:
    """One place: its name, HTML that is safe to place, and lines on what it is about.

    `done`: what was decided of it, '' for nothing; `fields`: what stands in them so far.
    """

    name: str
    html: str
    facts: Sequence[str] = ()
    done: str = ""
    fields: Mapping[str, str] | None = None


class Work(Protocol):
    """A kind of work; what it lists is fixed when a queue is opened, so that places stay put."""

    title: str
    fields: Sequence[Field]

    def queues(self) -> Sequence[tuple[str, str]]:
        """What can be worked on: key and name."""
        ...

    def open(self, queue: str) -> int:
        """List the places of a queue; how many there are."""
        ...

    def choices(self) -> Sequence[Choice]:
        """What can be decided in the open queue."""
        ...

    def place(self, at: int) -> Place:
        """One of the places."""
        ...

    def done(self, at: int) -> str:
        """What was decided of a place, '' for nothing."""
        ...

    def decide(self, at: int, choice: str, fields: Mapping[str, str]) -> str:
        """Decide of a place; what was done, in a line."""
        ...

    def told(self) -> Sequence[str]:
        """What the decisions come to so far."""
        ...

    def undo(self) -> str:
        """Take the last decision back; what it was."""
        ...


class StepAnswers:
    """One front end's questions to a work. Every answer is plain data."""

    def __init__(self, work: Work) -> None:
        self.work, self._count = work, 0

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Answer `message['ask']`; what a person can put right comes back as `problem`."""
        asked: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "open": self._open,
            "read": self._read,
            "decide": self._decide,
            "undo": self._undo,
        }
        try:
            return asked[message["ask"]](message)
        except StudyError as error:
            return {"problem": " ".join(map(told, error.problems[:3]))}
        except OSError as error:
            return {"problem": f"Not written: {error.strerror}."}

    def _open(self, message: Mapping[str, Any]) -> dict[str, Any]:
        self._count = self.work.open(message["queue"])
        choices = [{"key": one.key, "name": one.name} for one in self.work.choices()]
        first = next((at for at in range(self._count) if not self.work.done(at)), 0)
        return {"choices": choices} | self._shown(first)

    def _read(self, message: Mapping[str, Any]) -> dict[str, Any]:
        at = min(max(int(message["at"]), 0), max(self._count - 1, 0))
        if message.get("waiting"):
            order = [*range(at, self._count), *range(at)]
            at = next((one for one in order if not self.work.done(one)), at)
        return self._shown(at)

    def _decide(self, message: Mapping[str, Any]) -> dict[str, Any]:
        at = int(message["at"])
        said = self.work.decide(at, str(message["choice"]), dict(message["fields"]))
        following = self._read({"at": min(at + 1, self._count - 1), "waiting": True})
        return following | {"said": said}

    def _undo(self, message: Mapping[str, Any]) -> dict[str, Any]:
        what = self.work.undo()
        return self._shown(int(message["at"])) | {
            "said": f"undone: {what}" if what else "nothing to undo"
        }

    def _shown(self, at: int) -> dict[str, Any]:
        counted = {"count": self._count, "told": list(self.work.told())}
        if not self._count:
            return counted | {"at": 0, "left": 0}
        place = self.work.place(at)
        left = sum(not self.work.done(one) for one in range(self._count))
        return counted | {
            "at": at,
            "left": left,
            "name": place.name,
            "html": place.html,
            "facts": list(place.facts),
            "done": place.done,
            "fields": dict(place.fields or {}),
        }
