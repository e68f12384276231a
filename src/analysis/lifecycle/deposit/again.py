"""The study as anybody can run it again: what `make report` needs, as far as consent allows."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.claims import read_bearings, read_memos
from analysis.claims.bearing import BEARINGS, FILE_COLUMNS
from analysis.claims.first_computed import RECORD
from analysis.claims.memos import MEMOS, NOT_FOR_RELEASE
from analysis.corpus import QUOTABLE
from analysis.files import safe_yaml
from analysis.files.project import SKELETON, STAGES_FIELD
from analysis.lifecycle.begin.written import with_value
from analysis.lifecycle.deposit.access import NOT_DEPOSITED
from analysis.lifecycle.deposit.own_notebooks import notebook, parted
from analysis.lifecycle.deposit.veiled import veiled
from analysis.lifecycle.export.material import Material
from analysis.pipeline.own_stages import PARAMS
from analysis.pipeline.stage import Stage
from analysis.sampling.recorded import DESIGN, SAMPLE
from analysis.study.cases import CASES
from analysis.study.register import FOLDERS, REGISTER
from analysis.text.comments import without_comments

# What the researchers wrote of codes, claims and rounds, deposited but for their comments.
_PARTED = re.compile(r"\n[ \t]*\n")
_COMMENT = re.compile(rb"^#.*\n?", re.MULTILINE)
_AS_IT_IS = ("codebook.yml", "claims.yml", "guide.yml", "rounds.yml", "coders.yml", DESIGN, CASES)
_PAGES = ("*.qmd", "*.bib", "*.csl", "_quarto.yml", "interpretations/*.qmd", "styles/**/*")
_NAMES_NOBODY = "The texts of this deposit were pseudonymised before they were deposited."
_PEOPLE_VOICES = (("participant_tags", "participant"), ("interviewer_tags", "interviewer"))


def files(material: Material, parts: Mapping[str, str]) -> dict[str, bytes]:
    """The files of the study, by their path in its folder; `parts`: source_id -> `access`.

    Texts are the cleaned, pseudonymised ones; where consent lets out less than the whole, words
    are veiled and every place is kept (`veiled`), so that codings stand where they stood. Of a
    source that lets extracts out, coded and judged words are read; one that its register keeps
    from archives shows no more than the evidence page. Codings
    are spans of the clean texts; maps of names, the key, unpublished memos and what people brought
    with them are left out.
    """
    folder = material.study.folder
    found = dict(_evidence_and_pages(material, parts))
    runs, kept_back = parted(folder, found)
    params = _params(folder / PARAMS)
    if kept_back:
        params = with_value(params, STAGES_FIELD, _stated(folder, runs))
    return {PARAMS: params.encode("utf-8"), **found, **dict(notebook(folder, one) for one in runs)}


def _stated(folder: Path, stages: list[Stage]) -> dict[str, Any]:
    """What `stages:` says of these stages."""
    written = safe_yaml.as_written(
        safe_yaml.compose(safe_yaml.read_text(folder / PARAMS, PARAMS), PARAMS)
    )
    names = {stage.notebook for stage in stages}
    return {name: told for name, told in written[STAGES_FIELD].items() if name in names}


def _evidence_and_pages(
    material: Material, parts: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    study = material.study
    raw = study.raw
    judged = _judged_words(material, parts)
    rows = []
    for source in material.sources.to_dict("records"):
        source_id, folder = str(source["source_id"]), FOLDERS.get(str(source["kind"]), "documents")
        own = study.passages[study.passages["source_id"] == source_id]
        name = f"{folder}/{source_id}.txt"
        yield f"data/raw/{name}", _text(material, source_id, own, judged).encode("utf-8")
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
    yield from _judgements(material, parts)
    memos = read_memos(raw / MEMOS)
    for memo in memos.loc[memos["publish"], "memo_id"]:
        yield f"data/raw/{MEMOS}/{memo}.md", _for_release(raw / MEMOS / f"{memo}.md")
    yield from _pages(study.reports)
    record = study.folder / RECORD
    if record.is_file():
        yield RECORD, record.read_bytes()
    yield ".gitignore", (SKELETON / "gitignore").read_bytes()


def _text(material: Material, source_id: str, passages: pd.DataFrame, judged: pd.DataFrame) -> str:
    text = material.study.text(source_id)
    if source_id in material.texts:
        return text
    coded = _spans(material.study.all_codings, source_id)
    shown: list[tuple[int, int]] = []
    publish = material.sources.set_index("source_id")["publish"]
    if publish[source_id] in QUOTABLE:
        printed = material.shown.passages
        uncoded = printed["id"].map(lambda name: not material.shown.spans[name]).astype(bool)
        shown = coded + _spans(printed[uncoded], source_id) + _spans(judged, source_id)
    places = zip(passages["start"].map(int), passages["end"].map(int), strict=True)
    return veiled(text, places, shown, coded)


def _spans(table: pd.DataFrame, source_id: str) -> list[tuple[int, int]]:
    own = table[table["source_id"] == source_id]
    return list(zip(own["start"].map(int), own["end"].map(int), strict=True))


def _params(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    nothing: dict[str, Any] = {"coders": {}, "code_names": {}, "columns": {}}
    for name, value in {**nothing, "no_names": _NAMES_NOBODY}.items():
        text = with_value(text, name, value)
    return text


def _judged_words(material: Material, parts: Mapping[str, str]) -> pd.DataFrame:
    """The judgements of `bearings.csv` whose words may be read in the open part."""
    sources = material.sources
    quotable = sources.loc[sources["publish"].isin(QUOTABLE), "source_id"]
    ours = [name for name in quotable if parts[name] != NOT_DEPOSITED]
    placed = _bearings(material)
    return placed[placed["source_id"].isin({*ours, *material.texts})]


def _bearings(material: Material) -> pd.DataFrame:
    """The judgements of `bearings.csv`, each on its passage, in the order of the file."""
    study = material.study
    registered = study.register["source_id"]
    return read_bearings(study.raw / BEARINGS, material.claims, study.passages, registered)


def _judgements(material: Material, parts: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Judgements, readings and the sample; without the words and notes of sources that may not be quoted."""
    sources, raw = material.sources, material.study.raw
    coders = material.study.choices.coders
    if (raw / BEARINGS).is_file():
        yield f"data/raw/{BEARINGS}", _csv(_bearings_told(material, parts))
    for name in ("matrix.csv", "readings.csv", SAMPLE):
        if not (raw / name).is_file():
            continue
        table = pd.read_csv(raw / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        if "source_id" in table:
            table = table[table["source_id"].isin(sources["source_id"])].copy()
        if "passages" in table and "case_id" in table:
            table = table[table["case_id"].isin(sources["case_id"])].copy()
            table["passages"] = table["passages"].map(lambda told: _of_use(told, material))
        if "coder" in table:
            table["coder"] = table["coder"].replace(coders)
        yield f"data/raw/{name}", _csv(table)


def _bearings_told(material: Material, parts: Mapping[str, str]) -> pd.DataFrame:
    """`bearings.csv` with the number of every passage, since its words may be hidden; words that
    were quoted, where they may be read."""
    placed, sources = _bearings(material), material.sources
    quotable = set(sources.loc[sources["publish"].isin(QUOTABLE), "source_id"])
    legible = _judged_words(material, parts).index
    whole = set(
        material.study.passages[["source_id", "start", "end"]].itertuples(index=False, name=None)
    )
    places = placed[["source_id", "start", "end"]].itertuples(index=True, name=None)
    placed["quote"] = [
        material.study.text(source_id)[start:end]
        if row in legible and (source_id, start, end) not in whole
        else ""
        for row, source_id, start, end in places
    ]
    placed["note"] = placed["note"].where(placed["source_id"].isin(quotable), "")
    placed["by"] = placed["by"].replace(material.study.choices.coders)
    required = ("claim", "source_id", "passage", "bears", "by")
    return placed[[one for one in FILE_COLUMNS if one in required or (placed[one] != "").any()]]


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
