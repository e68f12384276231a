"""The program with its imports behind it, which is forked for each run that a test asks for.

Run by `built.report` as a process of its own: nothing of pytest is in it. A line on standard input
asks for a run, a line on standard output answers with what came of it, both JSON.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path


def serve() -> None:
    """Answer until the input ends: with the tests, whatever became of them."""
    import analysis.report.publish  # noqa: F401
    from analysis.pipeline import run

    run.limit_threads()
    run._import_once()
    # A collection in a fork would write to, and so copy, all that it shares with this process.
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile() as said:
            pid = os.fork()
            if pid == 0:
                # It ends as the program itself would, with what an end brings with it.
                sys.exit(_run(asked["arguments"], asked["environment"], said.fileno()))
            _, status = os.waitpid(pid, 0)
            said.seek(0)
            answer = [os.waitstatus_to_exitcode(status), said.read().decode()]
        print(json.dumps(answer), flush=True)


def _run(arguments: list[str], environment: Mapping[str, str], said: int) -> int:
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, stream in enumerate((nothing, said, said)):
        os.dup2(stream, number)
    from analysis.__main__ import main

    return main(arguments)


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[1])
    serve()
