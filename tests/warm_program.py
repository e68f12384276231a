"""The program with its imports behind it, which is forked for each run that a test asks for.

Run by `built.report` as a process of its own: nothing of pytest is in it. A line on standard input
asks for a run, a line on standard output answers with what came of it, both JSON. Told the number of
a socket it answers everyone who comes in there, until its standard input ends.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import select
import socket
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.figures import Picture
    from analysis.pipeline.stage import Stage

# Before the command line: every figure is the same small picture, with or without the notice of
# invented data as it asks, and notebooks show nothing.
UNDRAWN = "undrawn"


def get_ready() -> None:
    """Import and make once what every run needs."""
    import docx  # noqa: F401
    import networkx  # noqa: F401
    import openpyxl  # noqa: F401
    import pypandoc  # noqa: F401
    import pypdf  # noqa: F401
    import typst  # noqa: F401

    import analysis.report.publish
    import analysis.report.render.embedded  # noqa: F401
    from analysis.pipeline import run
    from analysis.report import look

    run.limit_threads()
    run._import_once()
    _pictures()
    for name in look.environment().list_templates(["html"]):
        look.environment().get_template(name)
    # A collection in a fork would write to, and so copy, all that it shares with this process.
    gc.freeze()


def serve_everyone(door: socket.socket) -> None:
    """Answer each who comes in by a fork of its own, until standard input ends: with the tests."""
    while True:
        ready, _, _ = select.select([sys.stdin, door], [], [])
        if sys.stdin in ready:
            return
        came, _ = door.accept()
        if os.fork() == 0:
            sys.stdin.close()
            with came, came.makefile("r") as asks, came.makefile("w") as told:
                serve(asks, told)
            os._exit(0)
        came.close()


def serve(asks: IO[str], told: IO[str]) -> None:
    """Answer until there are no more questions: with the tests, whatever became of them."""
    for line in asks:
        asked = json.loads(line)
        with tempfile.TemporaryFile() as said:
            pid = os.fork()
            if pid == 0:
                # It ends as the program itself would, with what an end brings with it.
                sys.exit(_run(asked["command"], asked["environment"], said.fileno()))
            _, status = os.waitpid(pid, 0)
            said.seek(0)
            answer = [os.waitstatus_to_exitcode(status), said.read().decode()]
        print(json.dumps(answer), file=told, flush=True)


def _run(command: list[str], environment: Mapping[str, str], said: int) -> int:
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, stream in enumerate((nothing, said, said)):
        os.dup2(stream, number)
    if command[0] == "papermill":
        import papermill

        _, notebook, run, folder = command
        papermill.execute_notebook(notebook, run, cwd=folder, progress_bar=False)
        return 0
    if command[0] == "stages":
        _, study, *names = command
        _run_stages(Path(study), names)
        return 0
    if command[0] == UNDRAWN:
        _, *command = command
        _show_nothing()
    from analysis.__main__ import main

    return main(command)


def _run_stages(study: Path, names: list[str]) -> None:
    from analysis.pipeline import run, stages
    from analysis.study.folder import Study

    _show_nothing()
    asked = tuple(stage for stage in stages.STAGES if stage.name in names)
    run.run_stages(stages.Work(study, asked), Study.open(study).choices, jobs=2)


def _show_nothing() -> None:
    from analysis import figures
    from analysis.pipeline import run

    pictures = _pictures()
    figures.draw = lambda *_, constructed, **__: pictures[constructed]
    run.run_stage = _run_cells
    run._in_fork = _here


@cache
def _pictures() -> dict[bool, Picture]:
    """What stands for every figure, as wide as one: with the notice of invented data and without."""
    from analysis import figures

    return {
        constructed: figures.draw(figures.nothing("not drawn"), 6, 4, constructed=constructed)
        for constructed in (True, False)
    }


def _here(work: Callable[..., None], *arguments: object) -> Connection:
    """What `run._in_fork` does, in this process: for a tiny stage a fork is most of the work."""
    from analysis.pipeline import run

    folder = Path.cwd()
    ours, theirs = multiprocessing.Pipe(duplex=False)
    try:
        run._report_back(theirs, work, arguments)
    finally:
        os.chdir(folder)
    return ours


def _run_cells(stage: Stage, study: Path, parameters: dict[str, object], debug: bool) -> None:
    """What `run.run_stage` does, without a kernel: the same cells, whose outputs nobody sees."""
    from analysis.pipeline.made_from import notebook_of

    warnings.simplefilter("ignore")
    os.chdir(study)
    notebook = json.loads(notebook_of(study, stage).read_bytes())
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names |= parameters
    executed = study / stage.executed
    executed.parent.mkdir(parents=True, exist_ok=True)
    executed.write_text(json.dumps(notebook), encoding="utf-8")


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[1])
    get_ready()
    if len(sys.argv) > 1:
        serve_everyone(socket.socket(fileno=int(sys.argv[1])))
    else:
        serve(sys.stdin, sys.stdout)
