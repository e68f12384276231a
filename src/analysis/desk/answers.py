"""What the desk's front end asks and is told: the acts of a `Desk`, and a source with its spans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.desk.coded import Coded
from analysis.desk.coder_file import coders_in
from analysis.desk.desk import Desk, Shown
from analysis.explore.answers import told
from analysis.explore.recordings import played, recording_of
from analysis.files.problems import StudyError
from analysis.stages.texts import prepared_sources
from analysis.study.codebook import Codebook
from analysis.study.folder import Study

_TOLD = 3
_RECENT = 8

Message = Mapping[str, Any]
Place = tuple[str, int, int]


class DeskAnswers:
    """One front end's questions to a desk. Every answer is plain data, words as text."""

    def __init__(self, study: Study) -> None:
        self.study = study
        # Read once, in the cell that shows the desk: a broken source is told there.
        self._sources = prepared_sources(study)
        # The codes put on last, each with where: there it stands by its new name if it got one.
        self._recent: list[tuple[str, Place]] = []
        self._told_book: Codebook | None = None
        # What a front end was told last: which telling, of which source, and each span by its id.
        self._telling = 0
        self._told_spans: tuple[str, dict[str, Shown]] = ("", {})

    def known(self) -> list[str]:
        """Who coded in the lab before."""
        return coders_in(self.study.raw / "coding")

    def enter(self, coder: str) -> dict[str, Any]:
        """Sit `coder` down at the desk; what the front end needs to begin."""
        self.desk = Desk(self.study, coder.strip(), sources=self._sources)
        titles = self.study.sources.set_index("source_id")["title"]
        self._told_book = self.desk.codebook
        return {
            "coder": self.desk.coder,
            "sources": [{"id": one, "title": titles[one]} for one in self.desk.source_ids],
            "codes": self.codes(),
            **self.state(),
        }

    def answer(self, message: Message) -> dict[str, Any]:
        """Answer `message['ask']`; what a person can put right comes back as `problem`."""
        asked = {
            "enter": lambda message: self.enter(message["coder"]),
            "open": self._open,
            "code": self._code,
            "uncode": self._uncode,
            "recode": self._recode,
            "reach": self._reach,
            "memo": self._memo,
            "new": self._new,
            "book": self._book,
            "done": self._done,
            "play": self._play,
            "undo": self._undo,
            "redo": self._redo,
        }[message["ask"]]
        try:
            return asked(message)
        except StudyError as error:
            return {"problem": " ".join(map(told, error.problems[:_TOLD]))} | self._around(message)
        except OSError as error:
            return {"problem": f"Not written: {error.strerror}."}

    def codes(self) -> list[dict[str, Any]]:
        """The codebook as the front end lists it."""
        rows = self.desk.codebook.codes.itertuples(index=False)
        return [
            {"code": row.code, "usable": bool(row.usable), "definition": row.definition}
            for row in rows
        ]

    def state(self) -> dict[str, Any]:
        """What changes with every act, whatever the source."""
        return {
            "steps": list(self.desk.ledger.steps),
            "recent": self._recent_codes(),
            "read": sorted(self.desk.read),
        }

    # --- acts -----------------------------------------------------------------

    def _open(self, message: Message) -> dict[str, Any]:
        passages = self.desk.passages(message["source"])
        listed = [
            {
                "id": f"{message['source']}-{row.passage}",
                "number": int(row.passage),
                "speaker": row.speaker,
                "start": int(row.start),
                "points": len(row.text),
                "text": row.text,
                "time": time,
            }
            for row, time in zip(
                passages.itertuples(index=False), self.desk.times(message["source"]), strict=True
            )
        ]
        hidden = sorted(self.desk.hidden(message["source"]))
        blind = f"blind to {'everybody' if '*' in hidden else ', '.join(hidden)}" if hidden else ""
        book = {
            "codes": self.codes(),
            "plays": recording_of(self.study.raw, message["source"]) is not None,
        }
        return {"passages": listed, "blind": blind} | self._after(message, "") | book

    def _play(self, message: Message) -> dict[str, Any]:
        kind, content = played(self.study.raw, message["source"])
        return {"kind": kind, "buffers": [content]}

    def _code(self, message: Message) -> dict[str, Any]:
        one = self.desk.code(
            message["source"], int(message["start"]), int(message["end"]), message["code"]
        )
        return self._coded(message, one, f"coded: {one.code}")

    def _recode(self, message: Message) -> dict[str, Any]:
        one = self.desk.recode(self._kept(message), message["code"])
        return self._coded(message, one, f"recoded: {one.code}")

    def _uncode(self, message: Message) -> dict[str, Any]:
        one = self._kept(message)
        self.desk.uncode(one)
        return self._after(message, f"code off: {one.code}")

    def _reach(self, message: Message) -> dict[str, Any]:
        one = self.desk.reach(self._kept(message), int(message["start"]), int(message["end"]))
        return self._after(message, f"ends changed: {one.code}")

    def _memo(self, message: Message) -> dict[str, Any]:
        one = self.desk.note(self._kept(message), message["memo"])
        return self._after(message, f"memo kept on {one.code}")

    def _new(self, message: Message) -> dict[str, Any]:
        made = self.desk.codes.new(message["name"], message["parent"], message["definition"])
        return self._after(message, f"new code: {made}") | {"made": made}

    def _book(self, message: Message) -> dict[str, Any]:
        codes, code, reason = self.desk.codes, message["code"], message["reason"]
        work, other, words = message["work"], message["other"], message["words"].strip()
        if work == "rename":
            said = f"{code} is now {codes.rename(code, words, reason)}"
        elif work == "move":
            said = f"{code} is now {codes.move(code, other, reason)}"
        elif work == "merge":
            codes.merge(code, other, reason)
            said = f"{code} is now {other}"
        elif work == "split":
            parts = [one.partition(":") for one in words.split(";") if one.strip()]
            made = codes.split(
                code, {name.strip(): told.strip() for name, _, told in parts}, reason
            )
            waiting = len(codes.to_reread(code))
            said = (
                f"new: {', '.join(made)}; spans to read again: {waiting} (reread(desk, {code!r}))"
            )
        else:
            codes.define(code, words, reason)
            said = f"{code} is defined anew"
        return self._after(message, said)

    def _done(self, message: Message) -> dict[str, Any]:
        self.desk.read_through(message["source"])
        return self._after(message, f"{message['source']}: read from end to end")

    def _undo(self, message: Message) -> dict[str, Any]:
        what = self.desk.undo()
        return self._after(message, f"undone: {what}" if what else "nothing to undo")

    def _redo(self, message: Message) -> dict[str, Any]:
        what = self.desk.redo()
        return self._after(message, f"done again: {what}" if what else "nothing to do again")

    # --- what is told ---------------------------------------------------------

    def _coded(self, message: Message, one: Coded, said: str) -> dict[str, Any]:
        others = (kept for kept in self._recent if kept[0] != one.code)
        self._recent = [(one.code, one.key[:3]), *others][:_RECENT]
        return self._after(message, said)

    def _recent_codes(self) -> list[str]:
        """The codes put on last, the very last first, by the names that they have now."""
        codes = self.desk.codebook.codes
        usable, spans = (
            set(codes.loc[codes["usable"], "code"]),
            self.desk.ledger.of(self.desk.coder),
        )
        found: list[str] = []
        for code, place in self._recent:
            there = (
                [code] if code in usable else [one[3] for one in spans.spans if one[:3] == place]
            )
            found += [one for one in there if one in usable and one not in found]
        return found

    def _after(self, message: Message, said: str) -> dict[str, Any]:
        """What an act led to. The codebook is told only where it is another than was told last."""
        book = self.desk.codebook
        changed = {} if book is self._told_book else {"codes": self.codes()}
        self._told_book = book
        return {"said": said} | changed | self.state() | self._around(message)

    def _around(self, message: Message) -> dict[str, Any]:
        """The spans of the source on show, as they are now."""
        source = message.get("source", "")
        if not source or source not in self.desk.texts:
            return {}
        spans = {_id(one): one for one in self.desk.spans(source)}
        known, before = self._told_spans
        # A front end that holds what was told last hears only what changed since.
        current = known == source and message.get("telling") == self._telling
        self._telling += 1
        self._told_spans = source, spans
        if not current:
            told = {"spans": [self._span(name, one) for name, one in spans.items()]}
            return told | {"telling": self._telling}
        fresh = [
            self._span(name, one)
            for name, one in spans.items()
            if (old := before.get(name)) is not one and old != one
        ]
        gone = [name for name in before if name not in spans]
        return {"changed": {"gone": gone, "fresh": fresh}, "telling": self._telling}

    def _span(self, name: str, one: Shown) -> dict[str, Any]:
        return {
            "id": name,
            "start": one.start,
            "end": one.end,
            "code": one.code,
            "coder": one.coder,
            "memo": one.kept.memo,
            "origin": one.kept.origin,
            "file": one.file,
            "own": one.coder == self.desk.coder and not one.file,
            "kept": list(one.kept.key),
        }

    def _kept(self, message: Message) -> Coded:
        source, start, end, code = message["kept"]
        return self.desk.own_span((str(source), int(start), int(end), str(code)))


def _id(one: Shown) -> str:
    """What tells a span from all others of its source."""
    return "\n".join([one.coder, one.file, *map(str, one.kept.key)])
