"""How long `make report` takes, beside one stock papermill run of one chart notebook.

Run with the environment already there: `.venv/bin/python benchmarks/pipeline.py`. A copy of the study is
built whole, then again with nothing changed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
CHART = """\
import pandas as pd
from plotnine import aes, geom_point, ggplot
ggplot(pd.DataFrame({"x": [1, 2, 3], "y": [2, 1, 3]}), aes("x", "y")) + geom_point()
"""
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("MAKE", "MFLAGS")) and name != "PYTHONPYCACHEPREFIX"
}
# Where the environment forbids compiled modules, `make report` keeps its own in .venv and stock
# papermill compiles each time: the second ratio gives it the same.
COMPILED = {name: value for name, value in CLEAN.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPYCACHEPREFIX": str(PROJECT / ".venv" / "bytecode")
}


def timed(*command: str, environment: dict[str, str] = CLEAN) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - began, done.stdout + done.stderr


def stock_notebook(folder: Path) -> Path:
    cell = {
        "cell_type": "code",
        "id": "chart",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": CHART.splitlines(keepends=True),
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    path = folder / "chart.ipynb"
    path.write_text(
        json.dumps(
            {
                "cells": [cell],
                "metadata": {"kernelspec": kernel},
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        )
    )
    return path


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        study = folder / "study"
        for name in ("data/raw", "data/private", "reports"):
            ignored = shutil.ignore_patterns("_*", "figures", "notebooks", "prepared", "review")
            shutil.copytree(PROJECT / name, study / name, ignore=ignored)
        shutil.copy(PROJECT / "reports" / "_quarto.yml", study / "reports")
        shutil.copy(PROJECT / "params.yml", study)
        chart = stock_notebook(folder)
        papermill = str(Path(sys.executable).parent / "papermill")
        stock, compiled = (
            min(
                timed(
                    papermill,
                    "--no-progress-bar",
                    str(chart),
                    str(folder / "out.ipynb"),
                    environment=environment,
                )[0]
                for _ in range(3)
            )
            for environment in (CLEAN, COMPILED)
        )
        report = ("make", "-C", str(PROJECT), "report", f"STUDY={study}")
        full, said = timed(*report)
        again, told = timed(*report)
        kernels = len(re.findall(r"^0\d-", told, re.M))
    print(f"{'stock papermill, one chart notebook':<44} {stock:6.2f} s")
    print(
        f"{'the same, its modules compiled before':<44} {compiled:6.2f} s   make report: {full / compiled:4.2f} times"
    )
    print(f"{'make report, whole study':<44} {full:6.2f} s   {full / stock:4.2f} times (at most 3)")
    print(
        f"{'make report, nothing changed':<44} {again:6.2f} s   {kernels} kernels (under 1 s, none)"
    )
    print("where the time goes (stages overlap on two cores):")
    for line in re.findall(r"^(?:0\d-|report).*$", said, re.M):
        print(f"  {line}")


if __name__ == "__main__":
    main()
