"""Reading a large REFI-QDA project, and finding quotations, beside the least work there is.

Run with `.venv/bin/python benchmarks/coding.py` (a minute), or `--growth` for a table up to a million
codings. Every measurement is a process of its own; memory is the peak above a process that has
only imported the same modules.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from analysis import coding
from analysis.cleaning.edits import CleanText
from analysis.coding.formats import refi_export
from analysis.coding.placing.anchoring import Anchorer, Quotation

WORDS = [
    "we",
    "they",
    "asked",
    "told",
    "young",
    "people",
    "service",
    "commissioner",
    "trust",
    "power",
    "plan",
    "meeting",
    "listened",
    "budget",
    "school",
    "worker",
    "voice",
    "never",
    "always",
    "maybe",
    "because",
    "nobody",
    "together",
    "😀",
    "café",
]
CHARACTERS = 40_000


def text_of(characters: int, chance: random.Random) -> str:
    """Paragraphs of CRLF with some characters beyond the basic plane, as NVivo would store."""
    pieces: list[str] = []
    length = 0
    while length < characters:
        pieces.append(chance.choice(WORDS) + chance.choice([" "] * 12 + [".\r\n"]))
        length += len(pieces[-1])
    return "".join(pieces)[:characters]


def make_project(path: Path, sources: int, codings: int) -> None:
    """A project of `sources` texts with `codings` spans of 100 codes by two coders."""
    chance = random.Random(1)
    names = [f"S{number:03}" for number in range(sources)]
    texts = {name: text_of(CHARACTERS, chance) for name in names}
    register = pd.DataFrame({"source_id": names, "case_id": names, "role": "worker"})
    codes = [f"group {number % 10}/code {number}" for number in range(100)]
    paths = sorted({*codes, *(code.split("/")[0] for code in codes)})
    book = pd.DataFrame(
        {
            "code": paths,
            "parent": [path.rpartition("/")[0] for path in paths],
            "name": [path.rpartition("/")[2] for path in paths],
            "depth": [path.count("/") for path in paths],
            "usable": True,
            "definition": "",
        }
    )
    starts = [chance.randrange(CHARACTERS - 400) for _ in range(codings)]
    table = pd.DataFrame(
        {
            "source_id": [names[number % sources] for number in range(codings)],
            "start": starts,
            "end": [start + chance.randrange(20, 400) for start in starts],
            "code": [chance.choice(codes) for _ in range(codings)],
            "coder": [chance.choice("AB") for _ in range(codings)],
            "origin": "",
            "memo": "",
        }
    )
    refi_export.write_qdpx(path, register, texts, book, table)


def least_work(path: Path) -> object:
    """Unzip, parse the XML, decode the texts, and hold on to all of it."""
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("project.qde"))
        texts = [
            archive.read(name).decode() for name in archive.namelist() if name.endswith(".txt")
        ]
    return root, texts


def nothing(path: Path) -> object:
    """Only what importing costs."""
    return path


TASKS: dict[str, Callable[[Path], object]] = {
    "nothing": nothing,
    "unzip, lxml, decode": least_work,
    "analysis.coding.read": coding.read,
}


def measure(task: str, path: Path, repeats: int = 3) -> tuple[float, float]:
    """Median seconds and peak megabytes of a task, each time in a new process."""
    runs = []
    for _ in range(repeats):
        done = subprocess.run(
            [sys.executable, __file__, "--task", task, "--path", str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        runs.append(json.loads(done.stdout))
    return (
        statistics.median(run["seconds"] for run in runs),
        statistics.median(run["megabytes"] for run in runs),
    )


def run_task(task: str, path: Path) -> None:
    """Do one task and print what it took."""
    coding.read(make_small(path))
    started = time.perf_counter()
    kept = TASKS[task](path)
    seconds = time.perf_counter() - started
    # Not ru_maxrss, which a child inherits from the process that made the project.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]
    print(json.dumps({"seconds": seconds, "megabytes": peak, "kept": kept is not None}))


def make_small(path: Path) -> Path:
    """A tiny project beside `path`: reading it first loads all modules."""
    small = path.with_name("small.qdpx")
    if not small.exists():
        make_project(small, 1, 10)
    return small


def reading(folder: Path, sources: int, codings: int) -> None:
    """Print time and memory of reading beside the least work."""
    path = folder / f"{sources}-{codings}.qdpx"
    make_project(path, sources, codings)
    make_small(path)
    empty = measure("nothing", path, 1)[1]
    least, ours = (measure(task, path) for task in list(TASKS)[1:])
    print(f"{sources} sources of {CHARACTERS:,} characters, {codings:,} codings")
    for name, (seconds, peak) in zip(list(TASKS)[1:], (least, ours), strict=True):
        print(f"  {name:24} {seconds:8.2f} s {peak - empty:8.0f} MB")
    times, memory = ours[0] / least[0], (ours[1] - empty) / (least[1] - empty)
    print(f"  ratio                    {times:8.2f}   {memory:8.2f}", flush=True)


def anchoring(quotations: int, sources: int = 20) -> None:
    """Print quotations found a second beside plain `str.find`."""
    chance = random.Random(2)
    texts = {f"S{number}": text_of(CHARACTERS, chance) for number in range(sources)}
    exact, broken, misheard = [], [], []
    for number in range(quotations):
        source_id = f"S{number % sources}"
        start = chance.randrange(CHARACTERS - 300)
        quote = texts[source_id][start : start + chance.randrange(60, 300)].strip()
        exact.append(Quotation(source_id, quote, str(number)))
        broken.append(Quotation(source_id, " ".join(quote.split()), str(number)))
        changed = quote.replace("e", "3", 2)
        misheard.append(Quotation(source_id, changed, str(number)))
    started = time.perf_counter()
    found = sum(texts[one.source_id].find(one.quote) >= 0 for one in exact)
    seconds = time.perf_counter() - started
    print(f"{quotations:,} quotations in texts of {CHARACTERS:,} characters")
    print(
        f"  {'str.find, exact copies':40} {quotations / seconds:10,.0f} a second, {found:,} found"
    )
    clean = {source_id: CleanText(text) for source_id, text in texts.items()}
    for name, asked in (
        ("exact copies", exact),
        ("other white space", broken),
        ("two letters changed (a tenth of them)", misheard[: quotations // 10]),
    ):
        started = time.perf_counter()
        anchors = Anchorer(clean, 85).anchor(asked)
        seconds = time.perf_counter() - started
        placed = sum(anchor.span is not None for anchor in anchors)
        print(f"  {name:40} {len(asked) / seconds:10,.0f} a second, {placed:,} placed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--task", choices=list(TASKS))
    parser.add_argument("--path", type=Path)
    given = parser.parse_args()
    if given.task:
        run_task(given.task, given.path)
        return
    with tempfile.TemporaryDirectory() as folder:
        for codings in (10_000, 100_000, 300_000, 1_000_000) if given.growth else (100_000,):
            reading(Path(folder), 200, codings)
    if not given.growth:
        anchoring(10_000)


if __name__ == "__main__":
    main()
