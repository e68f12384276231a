"""The study as anybody can run it again: what `make report` needs, as far as consent allows."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.claims import read_memos
from analysis.claims.memos import MEMOS, NOT_FOR_RELEASE
from analysis.corpus import QUOTABLE
from analysis.files.project import SKELETON
from analysis.lifecycle.begin.written import with_value
from analysis.lifecycle.deposit.veiled import veiled
from analysis.lifecycle.export.material import Material
from analysis.study.cases import CASES
from analysis.study.register import FOLDERS, REGISTER
from analysis.text.comments import without_comments

# What the researchers wrote of codes, claims and rounds, deposited but for their comments.
_PARTED = re.compile(r"\n[ \t]*\n")
_COMMENT = re.compile(rb"^#.*\n?", re.MULTILINE)
_AS_IT_IS = ("codebook.yml", "claims.yml", "guide.yml", "rounds.yml", "coders.yml", CASES)
_PAGES = ("*.qmd", "*.bib", "*.csl", "_quarto.yml", "interpretations/*.qmd", "styles/**/*")
_NAMES_NOBODY = "The texts of this deposit were pseudonymised before they were deposited."
_PEOPLE_VOICES = (("participant_tags", "participant"), ("interviewer_tags", "interviewer"))


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """The files of the study, by their path in its folder.

    Texts are the cleaned, pseudonymised ones; where consent lets out less than the whole, words
    are veiled and every place is kept (`veiled`), so that codings stand where they stood. Codings
    are spans of the clean texts; maps of names, the key, unpublished memos and what people brought
    with them are left out.
    """
    study = material.study
    raw = study.raw
    yield "params.yml", _params(study.folder / "params.yml").encode("utf-8")
    rows = []
    for source in material.sources.to_dict("records"):
        source_id, folder = str(source["source_id"]), FOLDERS.get(str(source["kind"]), "documents")
        own = study.passages[study.passages["source_id"] == source_id]
        name = f"{folder}/{source_id}.txt"
        yield f"data/raw/{name}", _text(material, source_id, own).encode("utf-8")
        tags = {
            column: "; ".join(dict.fromkeys(own.loc[own["voice"] == voice, "speaker"]))
            for column, voice in _PEOPLE_VOICES
        }
        rows.append({**source, "file": name, "coded_as": "", **tags})
    yield f"data/raw/{REGISTER}", _csv(pd.DataFrame(rows, columns=[*material.sources.columns]))
    for coder, codings in material.codings.groupby("coder", sort=True):
        number = sorted(set(material.codings["coder"])).index(str(coder)) + 1
        table = codings[["source_id", "start", "end", "code", "coder", "memo"]]
        yield f"data/raw/coding/coder-{number}.csv", _csv(table)
    for name in _AS_IT_IS:
        if (raw / name).is_file():
            yield f"data/raw/{name}", _COMMENT.sub(b"", (raw / name).read_bytes())
    yield from _judgements(material)
    memos = read_memos(raw / MEMOS)
    for memo in memos.loc[memos["publish"], "memo_id"]:
        yield f"data/raw/{MEMOS}/{memo}.md", _for_release(raw / MEMOS / f"{memo}.md")
    yield from _pages(study.reports)
    yield ".gitignore", (SKELETON / "gitignore").read_bytes()


def _text(material: Material, source_id: str, passages: pd.DataFrame) -> str:
    text = material.study.text(source_id)
    if source_id in material.texts:
        return text
    spans: list[tuple[int, int]] = []
    publish = material.sources.set_index("source_id")["publish"]
    if publish[source_id] in QUOTABLE:
        coded = material.study.all_codings
        own = coded[coded["source_id"] == source_id]
        spans += zip(own["start"].map(int), own["end"].map(int), strict=True)
        shown = material.shown.passages
        uncoded = shown["id"].map(lambda name: not material.shown.spans[name]).astype(bool)
        judged = shown[(shown["source_id"] == source_id) & uncoded]
        spans += zip(judged["start"].map(int), judged["end"].map(int), strict=True)
    places = zip(passages["start"].map(int), passages["end"].map(int), strict=True)
    return veiled(text, places, spans)


def _params(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    nothing: dict[str, Any] = {"coders": {}, "code_names": {}, "columns": {}}
    for name, value in {**nothing, "no_names": _NAMES_NOBODY}.items():
        text = with_value(text, name, value)
    return text


def _judgements(material: Material) -> Iterator[tuple[str, bytes]]:
    """Judgements and readings; without the words and notes of sources that may not be quoted."""
    sources, raw = material.sources, material.study.raw
    quotable = set(sources.loc[sources["publish"].isin(QUOTABLE), "source_id"])
    coders = material.study.choices.coders
    for name in ("bearings.csv", "matrix.csv", "readings.csv"):
        if not (raw / name).is_file():
            continue
        table = pd.read_csv(raw / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        if "source_id" in table:
            table = table[table["source_id"].isin(sources["source_id"])].copy()
            for column in ("quote", "note"):
                if column in table:
                    table[column] = table[column].where(table["source_id"].isin(quotable), "")
        if "passages" in table and "case_id" in table:
            table = table[table["case_id"].isin(sources["case_id"])].copy()
            table["passages"] = table["passages"].map(lambda told: _of_use(told, material))
        for column in ("coder", "by"):
            if column in table:
                table[column] = table[column].replace(coders)
        yield f"data/raw/{name}", _csv(table)


def _of_use(links: str, material: Material) -> str:
    """Links to passages of the sources that are deposited."""
    there = set(material.sources["source_id"])
    kept = [one.strip() for one in links.split(";") if one.strip().rpartition("-")[0] in there]
    return ";".join(kept)


def _pages(reports: Path) -> Iterator[tuple[str, bytes]]:
    for pattern in _PAGES:
        for file in sorted(reports.glob(pattern)):
            if file.is_file() and not file.is_symlink():
                content = _uncommented(file) if file.suffix == ".qmd" else file.read_bytes()
                yield f"reports/{file.relative_to(reports).as_posix()}", content


def _for_release(file: Path) -> bytes:
    """A memo without its comments, and without the paragraphs that are not for release."""
    parts = _PARTED.split(_uncommented(file).decode("utf-8").replace("\r\n", "\n"))
    kept = [part for part in parts if not part.lstrip().startswith(NOT_FOR_RELEASE)]
    return "\n\n".join(kept).encode("utf-8")


def _uncommented(file: Path) -> bytes:
    """A page without its comments, which the site does not show either."""
    return without_comments(file.read_text(encoding="utf-8")).encode("utf-8")


def _csv(table: pd.DataFrame) -> bytes:
    held = io.StringIO()
    table.to_csv(held, index=False, lineterminator="\n")
    return held.getvalue().encode("utf-8")
