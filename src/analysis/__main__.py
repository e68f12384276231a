"""The command line that the Makefile calls. Imports wait until a command needs them."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files.problems import (
    Problem,
    StudyError,
    problems_of,
    raise_if_any,
)
from analysis.pipeline import made_from

if TYPE_CHECKING:
    from analysis.pipeline.run import Stage
    from analysis.study.folder import Study


# The notebook that takes the coding projects in.
_CODING = "02-coding"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status. Errors are told without a traceback."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except (StudyError, OSError) as error:
        if options.debug:
            raise
        told = error if isinstance(error, StudyError) else StudyError(_of_file(error))
        count = len(told.problems)
        print(f"{count} problem{'s' if count > 1 else ''}:\n\n{told}", file=sys.stderr)
        return told.status
    except KeyboardInterrupt:
        print("stopped; what was finished is kept", file=sys.stderr)
        return 130
    return 0


def _of_file(error: OSError) -> Problem:
    """A file that the system would not give: missing, a folder, no permission, no room."""
    return Problem(
        Path(str(error.filename or "a file")).name,
        error.strerror or type(error).__name__,
        "a file that can be read and written here",
        "put it right; if it is one that the stages make: make clean, then make report",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="analysis", description=__doc__)
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(required=True)

    def command(name: str, function: object, summary: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=summary)
        added.set_defaults(command=function)
        added.add_argument("--study", type=Path, default=Path())
        return added

    command("inputs", _inputs, "list what each stage is made from")
    due = command("due", _due, "run the commands that a dry run of make prints")
    due.add_argument("--jobs", type=int, default=1)
    due.add_argument("--final", action="store_true", help="fail where authors must re-read")
    for name, summary in (("stage", "run one notebook"), ("site", "render the report")):
        alone = command(name, _alone, summary)
        alone.add_argument("words", nargs="*")
        alone.add_argument("--final", action="store_true")
    new = command("new", _new, "begin a study from a coding project or a folder of texts")
    new.add_argument("folder", type=Path)
    new.add_argument("origin", type=Path)
    export = command("export", _export, "write the study as REFI-QDA and CSV")
    export.add_argument("folder", type=Path)
    purge = command("purge", _purge, "delete a withdrawn source and every trace of it")
    purge.add_argument("source")
    purge.add_argument("--yes", action="store_true", help="do not ask")
    check = command("check-site", _check_site, "compare a rendered folder with its description")
    check.add_argument("folder", type=Path)
    return parser


def _inputs(options: argparse.Namespace) -> None:
    _require_folder(options.study)
    made_from.write_lists(options.study)


def _require_folder(study: Path) -> None:
    wanted = [name for name in ("params.yml", "data/raw") if not (study / name).exists()]
    if wanted:
        found = f"no {' and no '.join(wanted)}" if study.is_dir() else "no such folder"
        raise StudyError(
            Problem(
                f"STUDY={study}",
                found,
                "a folder with data/raw and params.yml",
                "correct the path, or begin a study with `make new DIR=… FROM=…`",
            )
        )


def _due(options: argparse.Namespace) -> None:
    _run_commands(sys.stdin.read().splitlines(), options)


def _alone(options: argparse.Namespace) -> None:
    options.jobs = 1
    _run_commands([shlex.join(sys.argv)], options)


def _run_commands(lines: Iterable[str], options: argparse.Namespace) -> None:
    """Run the stages that `lines` name, then the site if a line asks for it.

    A line is a command as the Makefile writes it:
    `… -m analysis stage NAME NOTEBOOK name=value … makes: FILE … needs: FILE …`.
    After a line `everything:` come all stages that there are, of which those follow that need what
    a due one makes: in a dry run make does not see that a file will be new.
    """
    due: list[Stage] = []
    there_are: list[Stage] = []
    stages, site = due, False
    for line in lines:
        words = shlex.split(line)
        if words == ["everything:"]:
            stages = there_are
        elif "stage" in words:
            stages.append(_stage(words[words.index("stage") + 1 :]))
        elif "site" in words:
            site = site or stages is due or bool(due)
    stages = _with_followers(due, there_are)
    if not stages and not site:
        print("nothing to do: the report is up to date", file=sys.stderr)
        return
    from analysis.pipeline import run

    run.limit_threads()
    study = _checked(options.study)
    if any(stage.notebook == _CODING for stage in stages):
        from analysis.stages.texts import check_headline

        check_headline(study)
    try:
        run.run_stages(stages, study.folder, study.choices, options.jobs, options.debug)
    except run.StageError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    if site:
        from analysis.report import publish

        began = time.monotonic()
        publish.publish(study, final=options.final)
        run.say("report", [], time.monotonic() - began)


def _checked(folder: Path) -> Study:
    """The study, when nothing is wrong with what can be checked before any kernel starts.

    All problems are raised at once, with any other fault also those of the sources' files, which
    the first stages tell otherwise. A source that left goes from the last site first, whatever
    happens to the next one and whatever else is wrong with the register.
    """
    from analysis.claims import read_claims, read_memos
    from analysis.claims.memos import MEMOS
    from analysis.report.gate import consent
    from analysis.report.pages import tables
    from analysis.report.prose import prose
    from analysis.study.codebook import CODEBOOK, read_codebook
    from analysis.study.folder import Study
    from analysis.study.register import as_written, read_register, with_files

    raw, reports = folder / "data" / "raw", folder / "reports"
    try:
        register, faults = read_register(raw), list[Problem]()
    except StudyError as error:
        register, faults = as_written(raw), list(error.problems)
    consent.remove_withdrawn(register, reports / "_site")
    roles = None if faults else register["role"]
    of_choices = problems_of(lambda: Study.open(folder))
    faults += of_choices
    if not of_choices and len(register):
        crossed = Study.open(folder).choices.crossed_attributes
        faults += problems_of(lambda: tables.check_crossed(crossed, register))
    of_codebook = problems_of(lambda: read_codebook(raw / CODEBOOK))
    faults += of_codebook
    if not of_codebook:
        codes = read_codebook(raw / CODEBOOK).codes
        faults += problems_of(lambda: read_claims(raw / "claims.yml", codes, roles))
    faults += problems_of(lambda: read_memos(raw / MEMOS))
    faults += problems_of(lambda: prose.check_pages(reports))
    if faults and not of_choices:
        from analysis.stages.texts import problems_of_files

        faults += problems_of_files(Study.open(folder), with_files(register, raw))
    raise_if_any(faults)
    return Study.open(folder)


def _with_followers(due: Sequence[Stage], there_are: Sequence[Stage]) -> list[Stage]:
    """The `due` stages, and of all that `there_are` those that need what these make, in order."""
    found = list(due)
    for stage in there_are:
        known = any(stage.name == one.name for one in found)
        if not known and any(stage.needs & one.makes for one in found):
            found.append(stage)
    return found


def _stage(words: Sequence[str]) -> Stage:
    from analysis.pipeline.run import Stage

    makes, needs = words.index("makes:"), words.index("needs:")
    name, notebook, *parameters = words[:makes]
    pairs = tuple((key, value) for key, _, value in (word.partition("=") for word in parameters))
    return Stage(
        name, notebook, pairs, frozenset(words[needs + 1 :]), frozenset(words[makes + 1 : needs])
    )


def _new(options: argparse.Namespace) -> None:
    from analysis.lifecycle.begin import begin_study

    begin_study(options.folder, options.origin)


def _export(options: argparse.Namespace) -> None:
    from analysis.lifecycle.export import export_study

    export_study(options.study, options.folder)


def _purge(options: argparse.Namespace) -> None:
    from analysis.lifecycle.purge import purge_source

    purge_source(options.study, options.source, ask=not options.yes)


def _check_site(options: argparse.Namespace) -> None:
    from analysis.report.site.site_check import check_site

    _require_folder(options.study)
    description = options.study / "reports" / "_generated" / "site.json"
    problems = check_site(options.folder, description)
    if problems:
        raise StudyError(problems)
    print(f"{options.folder}: as its description says")


if __name__ == "__main__":
    raise SystemExit(main())
