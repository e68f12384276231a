"""Executes stage notebooks with papermill: a copy of each, in `reports/notebooks/`."""

from __future__ import annotations

import gc
import importlib
import json
import multiprocessing
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import cache
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, cast

from analysis.files import confined
from analysis.files.of_system import of_file
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.pipeline.made_from import notebook_of
from analysis.pipeline.notebook_code import code, notebook_parameters
from analysis.pipeline.stage import Stage
from analysis.pipeline.stages import Work

_DECLARES = re.compile(r"^study_folder\s*:", re.MULTILINE)


class StageError(Exception):
    """A notebook stopped; the message says in which cell and why."""


def parameters_for(stage: Stage, study: Path, choices: Any) -> dict[str, object]:
    """What papermill injects: of the study's choices those that the notebook declares.

    Raises `StudyError` when the notebook declares a parameter that is no choice.
    """
    given = {"study_folder": ".", **asdict(choices), **dict(stage.parameters)}
    declared = notebook_parameters(notebook_of(study, stage))
    if not declared and _DECLARES.search(code(notebook_of(study, stage))):
        raise StudyError(
            Problem(
                f"notebooks/{stage.notebook}.ipynb",
                "no cell tagged `parameters`, so that no choice of params.yml would count",
                "the tag on the cell that declares `study_folder`",
                "give that cell its tag again (in JupyterLab: property inspector, cell tags)",
            )
        )
    raise_if_any(
        [
            Problem(
                f"notebooks/{stage.notebook}.ipynb, cell `parameters`",
                f"a parameter {name}",
                "a choice of params.yml",
                "correct its name, or add the choice",
            )
            for name in declared
            if name not in given
        ]
    )
    return {name: given[name] for name in declared}


def run_stage(stage: Stage, study: Path, parameters: dict[str, object], debug: bool) -> None:
    """Execute one notebook; leave `reports/notebooks/<stage>.ipynb`, or raise `StageError`.

    Until it is finished there is no notebook of that name, so that a killed run is seen. A
    notebook that failed or was killed is left as `<stage>.unfinished.ipynb`; a failed one leaves
    nothing else of what the stage makes.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    StudyError.in_full = debug
    folder = study / "reports" / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    finished = study / stage.executed
    unfinished = folder / f"{stage.name}.unfinished.ipynb"
    finished.unlink(missing_ok=True)
    try:
        papermill.execute_notebook(
            str(notebook_of(study, stage)),
            str(unfinished),
            parameters=parameters,
            cwd=str(study),
            kernel_name="python3",
            progress_bar=False,
            autosave_cell_every=0,
            request_save_on_cell_execute=False,
        )
    except DeadKernelError:
        raise StageError(
            f"{stage.name} stopped: its kernel was killed, or the machine is out of memory."
        ) from None
    except PapermillExecutionError as error:
        if debug:
            shown = "\n".join(error.traceback)
        elif error.ename == "StudyError":
            shown = error.evalue
        else:  # The message of another error may have people's words in it.
            shown = f"{error.ename} (make report DEBUG=1 shows all of it; it may quote a source)"
        for name in stage.makes:
            (study / name).unlink(missing_ok=True)
        raise StageError(
            f"{stage.name} stopped in cell {error.cell_index + 1}.\n{shown}\n"
            f"The half-run notebook is {unfinished.relative_to(study)}."
        ) from None
    _settle(unfinished)
    unfinished.replace(finished)


def _settle(path: Path) -> None:
    """Leave in a finished notebook nothing of when, how fast and under which path it ran."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"].pop("papermill", None)
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"cell-{number}"
        for name in ("papermill", "execution"):
            cell["metadata"].pop(name, None)
        if "outputs" in cell:
            cell["outputs"] = _in_one_piece(cell["outputs"])
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _in_one_piece(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a cell printed, joined: a slow machine hands it over in more pieces."""
    joined: list[dict[str, Any]] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            text = "".join([*last["text"], *output["text"]])
            last["text"] = text.splitlines(keepends=True)
        else:
            joined.append(output)
    return joined


def run_stages(work: Work, choices: Any, jobs: int, debug: bool = False) -> None:
    """Run the stages that are due, at most `jobs` at a time, none before those it comes after.

    Each runs in a fork of this process. After a failure only those that come after the failed one
    are not started, so that one `StageError` tells of all that is wrong.
    """
    parameters = {
        name: parameters_for(stage, work.study, choices) for name, stage in work.stages.items()
    }
    with tempfile.TemporaryDirectory() as held:
        # Nobody's own profile of IPython, whose startup files would run in every kernel.
        os.environ["IPYTHONDIR"] = held
        failures = _run(work, parameters, jobs, debug)
    if failures:
        raise StageError("\n\n".join(failures))


def _run(
    work: Work, parameters: Mapping[str, dict[str, object]], jobs: int, debug: bool
) -> list[str]:
    """Run what is due; return what failed."""
    study = work.study.resolve()
    failures, ended, started = list[str](), set[str](), set[str]()
    running: dict[Connection, tuple[Stage, float]] = {}
    while True:
        ready = _ready(work, started, ended)
        # First those that others wait for: the longest chain decides when all is done.
        ready.sort(key=lambda stage: not _is_waited_for(stage, work.stages.values()))
        for stage in ready[: jobs - len(running)]:
            started.add(stage.name)
            _import_once()
            ending = _in_fork(run_stage, stage, study, parameters[stage.name], debug)
            running[ending] = (stage, time.monotonic())
        if not running:
            break
        for ending in cast(list[Connection], wait(list(running))):
            stage, began = running.pop(ending)
            message = _message_of(ending) or _finished(work, stage)
            if message:
                failures.append(message)
            else:
                ended.add(stage.name)
                say(stage.name, stage.after, time.monotonic() - began)
    return failures


def _ready(work: Work, started: set[str], ended: set[str]) -> list[Stage]:
    """The due stages that wait for no other; those that are up to date count as ended from now."""
    ready = []
    for stage in work.stages.values():
        if stage.name not in started | ended and ended.issuperset(stage.after):
            if work.is_due(stage):
                ready.append(stage)
            else:
                ended.add(stage.name)
    return ready


def _finished(work: Work, stage: Stage) -> str:
    try:
        work.finish(stage)
    except StudyError as error:
        return str(error)
    return ""


def _is_waited_for(stage: Stage, others: Iterable[Stage]) -> bool:
    return any(stage.name in other.after for other in others)


def say(name: str, after: Iterable[str], seconds: float) -> None:
    """One line of progress: the stage, the stages whose tables it read, its time."""
    read = ", ".join(after)
    print(f"{name:<24} {seconds:5.1f} s   {('from ' + read) if read else ''}", file=sys.stderr)


@cache
def _import_once() -> None:
    # Forks start with these imported, and with what a first chart and a first notebook make ready
    # behind them. Two imports are kept out, which no notebook asks for:
    # `rfc3987_syntax` builds a grammar, three quarters of papermill's start-up time; `debugpy`
    # would be the larger half of a kernel's.
    confined.begin("analysis.coding.formats", "analysis.reading", "analysis.file_text")
    for name in ("rfc3987_syntax", "debugpy"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    for name in (
        "papermill",
        "ipykernel.kernelapp",
        "ipykernel.debugger",
        "IPython.core.completer",
        "IPython.core.debugger",
        "IPython.core.oinspect",
        "IPython.extensions.storemagic",
        "pandas.io.formats.csvs",
        "pandas.io.formats.html",
        "psutil",
        "pypdfium2",
        "scipy.sparse",
        "analysis.stages.agreement",
        "analysis.text.nltk_light",
        "analysis.claims",
        "analysis.stages.texts",
    ):
        importlib.import_module(name)
    import nbformat

    from analysis import figures
    from analysis.pipeline.forked_kernel import use_forked_kernels

    figures.draw(figures.nothing("warm"), 1, 1, constructed=False)
    nbformat.validate(nbformat.v4.new_notebook())
    use_forked_kernels()
    # A collection in a fork would write to, and so copy, all that it shares with this process.
    gc.freeze()


def _in_fork(work: Callable[..., None], *arguments: Any) -> Connection:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    sys.stderr.flush()
    process = multiprocessing.get_context("fork").Process(
        target=_report_back, args=(theirs, work, arguments)
    )
    process.start()
    theirs.close()
    return ours


def _report_back(ending: Connection, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    # Ctrl-C reaches every process: this one just ends, the one that started it says so.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        work(*arguments)
    except (StageError, StudyError) as failure:
        ending.send(str(failure))
    except OSError as failure:
        ending.send(str(StudyError(of_file(failure))))
    else:
        ending.send("")


def _message_of(ending: Connection) -> str:
    try:
        return str(ending.recv())
    except EOFError:
        return "A stage ended without a word: it was killed, or the machine is out of memory."
    finally:
        ending.close()


def limit_threads() -> None:
    """One thread per process in numerical libraries: forks share the cores, not fight for them."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
