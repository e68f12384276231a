"""How each stage grows with the number of sources: time, CPU, peak memory and bytes on disk.

    .venv/bin/python benchmarks/scale.py [--sizes 100 1000 10000] [--seed 19] [--keep FOLDER]

A corpus of documents of about 300 words with about 5 codings each is written by the stated grammar of
`tests/responses.py`. Peers do what they can of it, on the same texts and codings; one that is not
installed is left out. Every stage is the code of its notebook, run by itself in a process of its own, so
that its memory is its own; the report is what `make report` does last. Below each corpus stands what
all stages took one after another, and the highest peak. Then one source of the largest corpus is
changed, and all runs again: stage by stage, together, and before them what it takes to find out what
is due. A corpus that lies in FOLDER already is not written anew, and a stage that ran there finds
what it kept; take a new folder for the first making. CPU is that of the process and
its workers, and hangs less on what else the machine does than wall time. Growth is the power of the
number of sources between the two largest corpora, less what does not grow (starting Python, importing),
as the two smallest show it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pandas as pd

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / "src"), str(PROJECT / "tests")]

from responses import documents, write_coded  # noqa: E402

from analysis.corpus import Corpus  # noqa: E402
from analysis.files.project import NOTEBOOKS  # noqa: E402
from analysis.measures.pairs import overlap_counts  # noqa: E402
from analysis.measures.said import said  # noqa: E402
from analysis.pipeline import made_from  # noqa: E402
from analysis.pipeline.notebook_code import notebook_parameters  # noqa: E402
from analysis.pipeline.stages import REPORT, STAGES, Work  # noqa: E402

CODINGS = 5
# Peers hold all words at once, and are asked up to this size.
_PEERS_AT_MOST = 10_000
# Finding out what is due, as every run of a pipeline does first.
_DUE = "what is due"
EXTRAPOLATED = (10**5, 10**6, 10**7)


def run_one(name: str, folder: Path) -> None:
    """Run one stage in this process, and print what it took as JSON."""
    began = time.perf_counter()
    if name == _DUE:
        work = Work(folder)
        for stage in work.stages.values():
            work.is_due(stage)
    elif name == REPORT.name:
        from analysis.report import publish
        from analysis.study.folder import Study

        publish.publish(Study.open(folder))
    else:
        stage = next(stage for stage in STAGES if stage.name == name)
        _run_notebook(NOTEBOOKS / f"{stage.notebook}.ipynb", dict(stage.parameters), folder)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    took = {
        "wall": time.perf_counter() - began,
        "cpu": sum(one.ru_utime + one.ru_stime for one in used),
        "peak": max(one.ru_maxrss for one in used) * 1024,
    }
    print("\n" + json.dumps(took))


def _run_notebook(path: Path, given: dict[str, object], folder: Path) -> None:
    from analysis.study.choices import read_choices

    choices = asdict(read_choices(folder / "params.yml"))
    parameters = notebook_parameters(path)
    values = {name: choices.get(name, default) for name, default in parameters.items()}
    scope: dict[str, object] = {}
    for cell in json.loads(path.read_bytes())["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), scope)
            if "parameters" in cell["metadata"].get("tags", []):
                scope |= values | given | {"study_folder": str(folder)}


def measured(name: str, folder: Path) -> dict[str, float]:
    """What a stage took in a process of its own, and how many bytes it left."""
    command = [sys.executable, __file__, "--one", name, "--keep", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr[-2000:]}")
    took: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if name == _DUE:
        made = []
    elif name == REPORT.name:
        made = [path for path in (folder / "reports" / "_site").rglob("*") if path.is_file()]
    else:
        stage = next(stage for stage in STAGES if stage.name == name)
        made = [folder / one for one in stage.makes if (folder / one).is_file()]
    took["bytes"] = float(sum(path.stat().st_size for path in made))
    return took


def peers(size: int, seed: int) -> None:
    """Print CPU seconds of counting overlaps and words here and elsewhere, and what each counted."""
    told = documents(size, seed, CODINGS)
    # A second coder whose spans are wider, so that many overlap.
    spans = [(one.source_id, *span) for one in told for span in one.spans]
    wider = [(name, max(start - 40, 0), end + 40, code) for name, start, end, code in spans]
    codings = pd.DataFrame(spans + wider, columns=["source_id", "start", "end", "code"])
    texts = [(one.source_id, 0, len(one.text), one.text) for one in told]
    passages = pd.DataFrame(texts, columns=["source_id", "start", "end", "text"])
    rivals: dict[str, tuple[Callable[[pd.DataFrame], int], pd.DataFrame]] = {
        "overlaps, here": (_overlaps_here, codings),
        "overlaps, pandas": (_overlaps_in_pandas, codings),
        "overlaps, DuckDB": (_overlaps_in_duckdb, codings),
        "words, here": (_words_here, passages),
        "words, scikit-learn": (_words_in_sklearn, passages),
    }
    for name, (count, table) in rivals.items():
        try:
            count(table.head())  # Imports are not counted.
        except ModuleNotFoundError as error:
            print(f"{size:>9,} {name:24} not installed: {error.name}", flush=True)
            continue
        began = time.process_time()
        found = count(table)
        took = time.process_time() - began
        print(f"{size:>9,} {name:24} {took:8.2f} s CPU {found:>12,} counted", flush=True)


def _overlaps_here(codings: pd.DataFrame) -> int:
    source, code = (pd.factorize(codings[name])[0] for name in ("source_id", "code"))
    found = overlap_counts(source, codings["start"], codings["end"], code, int(code.max()) + 1)
    return int(found.sum())


def _overlaps_in_pandas(codings: pd.DataFrame) -> int:
    rows = codings.reset_index(names="row")
    pairs = rows.merge(rows, on="source_id")
    met = pairs[
        (pairs["row_x"] < pairs["row_y"])
        & (pairs["start_x"] < pairs["end_y"])
        & (pairs["start_y"] < pairs["end_x"])
    ]
    return int(met.groupby(["code_x", "code_y"]).size().sum())


def _overlaps_in_duckdb(codings: pd.DataFrame) -> int:
    duckdb = importlib.import_module("duckdb")
    spans = codings.set_axis(["source_id", "first", "beyond", "code"], axis=1).reset_index(
        names="place"
    )
    found = duckdb.sql(
        "SELECT a.code, b.code, count(*) FROM spans a JOIN spans b ON a.source_id = b.source_id "
        "AND a.place < b.place AND a.first < b.beyond AND b.first < a.beyond GROUP BY ALL"
    ).fetchall()
    assert len(spans)
    return sum(int(row[2]) for row in found)


def _words_here(passages: pd.DataFrame) -> int:
    return len(said(Corpus(passages=passages)).word)


def _words_in_sklearn(passages: pd.DataFrame) -> int:
    from sklearn.feature_extraction.text import CountVectorizer

    counted = CountVectorizer(token_pattern=r"\b[\w'’-]+\b").fit_transform(passages["text"])
    return int(counted.sum())


def tell(size: str, name: str, took: dict[str, float]) -> None:
    print(
        f"{size:>9} {name:24} {took['wall']:8.1f} s {took['cpu']:8.1f} s CPU "
        f"{took['peak'] / 1e6:7,.0f} MB {took['bytes'] / 1e6:8.2f} MB on disk",
        flush=True,
    )


def tell_all(size: str, rows: list[dict[str, float]]) -> None:
    """What stages took together: sums, and the highest peak."""
    both = {name: sum(row[name] for row in rows) for name in ("wall", "cpu", "bytes")}
    tell(size, "all of these", both | {"peak": max(row["peak"] for row in rows)})


def change_one(folder: Path) -> None:
    """Add a sentence to the last document of the study."""
    last = max((folder / "data" / "raw" / "documents").iterdir())
    last.write_text(last.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")


def finish(work: Work, names: list[str]) -> None:
    """Write down that stages were made. Run by itself a stage leaves no notebook, which belongs to
    what it makes."""
    for stage in (work.stages[name] for name in names if name in work.stages):
        executed = work.study / stage.executed
        executed.parent.mkdir(parents=True, exist_ok=True)
        executed.touch()
        work.finish(stage)


def exponent(sizes: list[int], values: list[float]) -> float:
    """The power of the number of sources by which a value grew between the two largest corpora.

    What does not grow is taken off, as the smallest corpus shows it beside the next.
    """
    if len(sizes) < 2:
        return math.nan
    fixed = 0.0
    if len(sizes) > 2:
        slope = (values[1] - values[0]) / (sizes[1] - sizes[0])
        fixed = max(values[0] - slope * sizes[0], 0.0)
    above, below = values[-1] - fixed, values[-2] - fixed
    return math.log(above / below) / math.log(sizes[-1] / sizes[-2]) if below > 0 < above else 0.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--seed", type=int, default=19)
    parser.add_argument("--only", nargs="+", default=[*(s.name for s in STAGES), REPORT.name])
    parser.add_argument("--one")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if options.one:
        run_one(options.one, options.keep)
        return
    os.environ["PYTHONPATH"] = str(PROJECT / "src")
    table: dict[str, list[dict[str, float]]] = {name: [] for name in options.only}
    with tempfile.TemporaryDirectory() as scratch:
        for size in options.sizes:
            folder = (options.keep or Path(scratch)) / str(size)
            if not folder.exists():
                folder.mkdir(parents=True)
                write_coded(folder, documents(size, options.seed, CODINGS))
            for name in options.only:
                table[name].append(measured(name, folder))
                tell(f"{size:,}", name, table[name][-1])
            tell_all(f"{size:,}", [table[name][-1] for name in options.only])
        finish(Work(folder), options.only)
        change_one(folder)
        changed = [measured(_DUE, folder)]
        tell("one more", _DUE, changed[-1])
        # What this process knows of files is of before.
        made_from._digest.cache_clear()
        work = Work(folder)
        for name in options.only:
            if name in work.stages and not work.is_due(work.stages[name]):
                continue
            changed.append(measured(name, folder))
            tell("one more", name, changed[-1])
            finish(work, [name])
        tell_all("one more", changed)
    for size in options.sizes:
        if size <= _PEERS_AT_MOST:
            peers(size, options.seed)
    print(
        "\n| stage | CPU grows as | on disk grows as | CPU for "
        + " | for ".join(f"{n:,}" for n in EXTRAPOLATED)
        + " |"
    )
    print("|---|---|---|" + "---|" * len(EXTRAPOLATED))
    for name, rows in table.items():
        power = exponent(options.sizes, [row["cpu"] for row in rows])
        disk = exponent(options.sizes, [row["bytes"] for row in rows])
        last = rows[-1]["cpu"]
        told = [last * (n / options.sizes[-1]) ** max(power, 1.0) / 60 for n in EXTRAPOLATED]
        cells = " | ".join(f"{minutes:,.0f} min" for minutes in told)
        print(f"| {name} | n^{power:.2f} | n^{disk:.2f} | {cells} |")


if __name__ == "__main__":
    main()
