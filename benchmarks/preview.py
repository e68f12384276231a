"""How long from a saved sentence to the page that shows it, in the demonstration study's paper.

`.venv/bin/python benchmarks/preview.py`. The study must have been built (`make report`); it is
copied first. Printed are the seconds from the saving to the whole page in the reader's hands, and the
seconds of processor that this took, Pandoc's included: these hardly depend on what else runs.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from urllib.request import urlopen

from analysis.lifecycle.preview.preview import Preview, follow
from analysis.lifecycle.preview.server import Server, Shown
from analysis.study.folder import Study

PROJECT = Path(__file__).resolve().parents[1]
TIMES = 5


def processor() -> float:
    """Seconds of processor so far, of this program and of those that it ran."""
    return sum(os.times()[:4])


def main() -> None:
    with tempfile.TemporaryDirectory() as held:
        study = Path(held) / "study"
        study.mkdir()
        for name in ("data", "reports"):
            shutil.copytree(PROJECT / name, study / name, ignore=shutil.ignore_patterns("_site*"))
        shutil.copyfile(PROJECT / "params.yml", study / "params.yml")
        shown = Path(held) / "preview"
        shown.mkdir()
        made = Preview(Study.open(study), shown)
        made.is_due()
        began = time.perf_counter()
        made.write()
        print(f"first page: {time.perf_counter() - began:.2f} s")
        index = study / "reports" / "index.qmd"
        with Server(made.site, Shown()) as server:
            threading.Thread(target=follow, args=(made, server.shown), daemon=True).start()
            for number in range(1, TIMES + 1):
                sentence = f"A sentence that was saved {'again ' * number}just now."
                began, worked = time.perf_counter(), processor()
                with index.open("a", encoding="utf-8") as page:
                    page.write(f"\n{sentence}\n")
                while urlopen(f"{server.address}changed?since={number}").read() == b"%d" % number:
                    pass
                text = urlopen(server.address).read().decode()
                assert sentence in text
                taken, work = time.perf_counter() - began, processor() - worked
                print(f"from save to page: {taken:.2f} s, of processor {work:.2f} s")


if __name__ == "__main__":
    main()
