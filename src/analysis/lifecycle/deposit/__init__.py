"""A deposit: one folder that an archive takes as it is, split by consent."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.files.exchange import take_place
from analysis.files.problems import Problem, StudyError
from analysis.files.project import LOCK
from analysis.files.spreadsheet import safe_csv
from analysis.files.whole_file import write_bytes
from analysis.lifecycle.deposit import again, crate, readme
from analysis.lifecycle.deposit.about import About, citation
from analysis.lifecycle.deposit.access import OPEN, SAFEGUARDED, access
from analysis.lifecycle.deposit.compared import run_again
from analysis.lifecycle.deposit.data_list import data_list
from analysis.lifecycle.deposit.left_out import left_out
from analysis.lifecycle.deposit.package import package
from analysis.lifecycle.export import FORMS, Material, files_of, plain_tables, refi, rock
from analysis.lifecycle.export.gated import refuse_leaks
from analysis.pipeline.own_stages import stages_of
from analysis.pipeline.stages import Work
from analysis.report import numbers, publish
from analysis.report.gate.authors import Authors
from analysis.study.folder import Study

__all__ = ["deposit_study"]

# Tables of the stages that the paper's figures and tables come from; none of them has words.
_RESULTS = [
    "frequencies",
    "frequencies_overall",
    "rates",
    "contrasts",
    "code_by_source",
    "accumulation",
    "cooccurrence",
    "cooccurrence_by_unit",
    "agreement",
    "patterns",
    "claim_patterns",
    "expectation_cases",
    "stances",
    "sensitivity",
]
_INSTRUMENTS = ("instruments/**/*", "guide.yml")
_CRATE = "ro-crate-metadata.json"
Files = dict[str, bytes]


def deposit_study(study: Path, folder: Path, on: str) -> None:
    """Write the deposit of the study in the folder `study`, as of the day `on`, into `folder`.

    `open` and `safeguarded` hold what consent lets each hold (`access`); what neither holds is
    listed by kind and count. The leak gate goes over all of it before anything stands in `folder`,
    where an earlier deposit is replaced. Raises `StudyError` when the report is not up to date,
    where the gate finds something, and for a folder with something else in it.
    """
    _refuse_other(folder)
    _refuse_stale(study)
    opened = Study.open(study)
    about = About.of(opened, on, numbers.load(opened.reports))
    parts = access(opened.sources)
    material = Material.of(study)
    files = _of_open(material, parts, about)
    safeguarded = [name for name, part in parts.items() if part == SAFEGUARDED]
    files |= _of_safeguarded(study, safeguarded, about)
    missing = left_out(material, parts, files)
    files["not_deposited.csv"] = safe_csv(missing)
    files["README.md"] = readme.of_deposit(about, parts, missing).encode("utf-8")
    pages = {f"{OPEN}/paper/{page}" for page in Authors.of(opened.reports).pages}
    prose = {name for name in files if name.startswith(f"{OPEN}/study/reports/")}
    refuse_leaks(opened, files, authors_own=pages | prose)
    _put(folder, files)
    counts = {part: list(parts.values()).count(part) for part in readme.ORDER}
    print(
        f"deposit in {folder}: {len(files)} files; texts of sources: "
        + ", ".join(f"{count} {part}" for part, count in counts.items()),
        file=sys.stderr,
    )


def _of_open(material: Material, parts: Mapping[str, str], about: About) -> Files:
    study = material.study
    texts = {name: f"texts/{name}.txt" for name in material.texts}
    files: Files = {f"data/{name}": content for name, content in files_of(material, FORMS).items()}
    files |= {texts[name]: text.encode("utf-8") for name, text in material.texts.items()}
    runs = again.files(material, parts)
    otherwise = run_again(study.folder, runs)
    files |= {f"study/{name}": content for name, content in runs.items()}
    files |= {f"paper/{name}": content for name, content in _below(study.reports / publish.SITE)}
    for name in _RESULTS:
        table = material.stored(name)
        if table is not None and len(table):
            files[f"results/{name}.csv"] = safe_csv(table)
    values = numbers.load(study.reports)
    said = pd.DataFrame(sorted(values.items()), columns=["name", "value"])
    files["results/values.csv"] = safe_csv(said)
    for pattern in _INSTRUMENTS:
        files |= {
            f"instruments/{file.relative_to(study.raw).as_posix().removeprefix('instruments/')}": (
                file.read_bytes()
            )
            for file in sorted(study.raw.glob(pattern))
            if file.is_file() and not file.is_symlink()
        }
    files["data_list.csv"] = safe_csv(data_list(material, parts, texts))
    files["requirements.lock"] = LOCK.read_bytes()
    return _described(files, about, readme.of_open(material, about, files, otherwise))


def _of_safeguarded(study: Path, source_ids: list[str], about: About) -> Files:
    """Whole texts of sources of which the paper shows extracts, and their codings with words."""
    if not source_ids:
        return {}
    whole = Material.of(study, also_whole=source_ids)
    own = whole.only(source_ids)
    exported = files_of(own, (refi.FORM, plain_tables.FORM, rock.FORM))
    files: Files = {f"data/{name}": content for name, content in exported.items()}
    files |= {f"texts/{name}.txt": text.encode("utf-8") for name, text in own.texts.items()}
    described = _described(files, about, readme.of_safeguarded(own, about))
    return {
        name.replace(f"{OPEN}/", f"{SAFEGUARDED}/", 1): data for name, data in described.items()
    }


def _described(files: Files, about: About, said: str) -> Files:
    """The files of a part with its README, citation, Data Package and RO-Crate, in its folder."""
    files = {**files, "README.md": said.encode("utf-8")}
    files["CITATION.cff"] = citation(about).encode("utf-8")
    tables = {
        name: data for name, data in files.items() if not name.startswith(("study/", "paper/"))
    }
    files["datapackage.json"] = package(tables, about)
    files[_CRATE] = crate.crate(files, readme.TOLD, about)
    return {f"{OPEN}/{name}": files[name] for name in sorted(files)}


def _below(folder: Path) -> list[tuple[str, bytes]]:
    return [
        (file.relative_to(folder).as_posix(), file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    ]


def _refuse_stale(study: Path) -> None:
    if not Work(study, stages_of(study)).is_done or not (study / "reports" / publish.SITE).is_dir():
        raise StudyError(
            Problem(
                f"STUDY={study}",
                "a report that is not up to date",
                "the paper of what is in data/raw now, since it is deposited too",
                "run make report first",
            )
        )


def _refuse_other(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / OPEN / _CRATE).is_file():
        raise StudyError(
            Problem(
                f"DIR={folder}",
                "something is there that is no earlier deposit",
                "a new folder, or an earlier deposit, which is replaced",
                "choose another name",
            )
        )


def _put(folder: Path, files: Mapping[str, bytes]) -> None:
    """The files in `folder`, all of them or none; what a deposit left that was killed goes first."""
    folder = folder.resolve()
    made = folder.with_name(f".{folder.name}.unfinished")
    if made.exists():
        shutil.rmtree(made)
    try:
        for name, content in files.items():
            write_bytes(made / name, content)
        take_place(made, folder)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        raise
