"""The words that only one source has, as it came, as cleaned, or as coded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import coding, reading
from analysis.cleaning import PseudonymKey
from analysis.cleaning.preparing import prepare
from analysis.coding.placing.matching import SourceMatcher
from analysis.files.problems import StudyError
from analysis.study.register import is_inside
from analysis.text.runs import only_in, published_words


@dataclass(frozen=True)
class OwnWords:
    """`texts` of one source; `sought`, their runs of five words that are nowhere else to be
    expected; `readable` is false when its file is there and cannot be read."""

    texts: tuple[str, ...]
    sought: frozenset[str]
    readable: bool


def own_words(
    study: Path, register: pd.DataFrame, source_id: str, matcher: SourceMatcher
) -> OwnWords:
    """What can be told of the words of `source_id`.

    What another source of the register or a published work of the references has too is not
    sought; a text of a project that nobody registered may be a copy, and so takes none away.
    """
    raw, cleaned = study / "data" / "raw", study / "data" / "processed" / "texts"
    path = study / "data" / "private" / "pseudonyms.csv"
    key = PseudonymKey.read(path) if path.is_file() else None
    own, others, readable = list[str](), list(published_words(study / "reports")), True
    for row in register.to_dict("records"):
        source = {str(name): str(value) for name, value in row.items()}
        texts = [*_texts(raw, source, key), _plain(cleaned / f"{source['source_id']}.txt")]
        if source["source_id"] == source_id:
            own += texts
            readable = bool(texts[0]) or not (raw / (source["file"] or "-")).is_file()
        else:
            others += texts
    for whose, text in _in_projects(study, matcher):
        if whose == {source_id}:
            own.append(text)
        elif whose:
            others.append(text)
    return OwnWords(tuple(own), only_in(own, others), readable)


def _texts(raw: Path, source: Mapping[str, str], key: PseudonymKey | None) -> list[str]:
    """The text of the source's file, as read and as cleaned; only read if it cannot be cleaned."""
    path = raw / source["file"]
    if not source["file"] or not is_inside(path, raw) or not path.is_file():
        return [""]
    try:
        clean = prepare(source, path, key=key).clean
        return [clean.original, clean.text]
    except StudyError:
        pass
    try:
        return [reading.read(path).text]
    except StudyError:
        return [""]


def _plain(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _in_projects(study: Path, matcher: SourceMatcher) -> Iterator[tuple[set[str], str]]:
    """Every text and quotation of the coding files, with the sources it may be of."""
    for path in coding_files(study):
        try:
            project = coding.read(path, name=path.relative_to(study / coding.FOLDER).as_posix())
        except StudyError:
            continue
        told = project.sources[["source_id", "name", "file"]].itertuples(index=False, name=None)
        whose = {names[0]: matcher.find(*filter(None, names)) for names in told}
        said: Iterable[tuple[str, str]] = project.texts.items()
        yield from ((whose.get(name, set()), text) for name, text in said)
        for table, column in ((project.codings, "source_id"), (project.quotations, "source_name")):
            said = zip(table[column], table["quote"], strict=True)
            yield from ((whose.get(name, set()), text) for name, text in said)


def coding_files(study: Path) -> list[Path]:
    """What stands in `data/raw/coding`: each file of coding, each folder that is one project, and
    every other file."""
    folder = study / "data" / "raw" / "coding"
    coded = set(coding.coded_in(folder))
    others = (one for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
    return sorted(coded | {one for one in others if coded.isdisjoint((one, *one.parents))})
