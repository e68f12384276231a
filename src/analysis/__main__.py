"""The command line that the Makefile calls. Imports wait until a command needs them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files.dates import fault_of
from analysis.files.of_system import of_file
from analysis.files.one_writer import no_writer, one_writer
from analysis.files.problems import (
    Problem,
    StudyError,
    problems_of,
    raise_if_any,
)
from analysis.workers import cores

if TYPE_CHECKING:
    from analysis.pipeline.stages import Work
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
        told = error if isinstance(error, StudyError) else StudyError(of_file(error))
        count = len(told.problems)
        print(f"{count} problem{'s' if count > 1 else ''}:\n\n{told}", file=sys.stderr)
        return told.status
    except KeyboardInterrupt:
        print("stopped; what was finished is kept", file=sys.stderr)
        return 130
    return 0


def _day(given: str) -> str:
    """A day as it is given on the command line."""
    fault = fault_of(given, whole=True)
    if fault:
        found, expected, remedy = fault
        raise argparse.ArgumentTypeError(f"{found}: expected {expected}; {remedy}")
    return given


def _whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number from `least` to `most` as it is given on the command line."""

    def number(given: str) -> int:
        # Longer ones than the largest are no numbers to be worked out.
        is_one = given.isdecimal() and len(given) <= len(str(most))
        if not is_one or not least <= int(given) <= most:
            raise argparse.ArgumentTypeError(
                f"{given[:40]!r}: expected a whole number from {least} to {most:,}; correct it"
            )
        return int(given)

    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qualan", description=__doc__)
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(required=True)

    def command(name: str, function: object, summary: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=summary)
        added.set_defaults(command=function)
        added.add_argument("--study", type=Path, default=Path())
        return added

    report = command("report", _report, "evidence to paper: every stage that is due, then the site")
    report.add_argument("--jobs", type=_whole(1, 1_000), default=cores())
    report.add_argument("--final", action="store_true", help="fail where authors must re-read")
    command("preview", _preview, "the paper in a browser, made anew at each saved change")
    command("lab", _lab, "read, doubt and follow hunches in JupyterLab")
    new = command("new", _new, "begin a study from a coding project or a folder of texts")
    new.add_argument("folder", type=Path)
    new.add_argument("origin", type=Path)
    new.add_argument("--columns", default="", help="what the columns of a table of responses are")
    new.add_argument(
        "--approach",
        default="framework",
        help="kind of analysis: framework, codebook, content or reflexive",
    )
    sign = command("sign", _sign, "sign the authors' reading of a claim for what the data now show")
    sign.add_argument("claim")
    sign.add_argument("--by", required=True, help="who signs: names or letters")
    sign.add_argument("--on", default=date.today().isoformat(), type=_day, help="the day (today)")
    sample = command("sample", _sample, "draw the cases that people code where a program codes all")
    sample.add_argument("--size", type=_whole(1, 1_000_000), required=True, help="how many cases")
    sample.add_argument("--by", default="", help="columns of the register that divide: role,site")
    sample.add_argument("--kinds", default="", help="kinds of sources: document,interview (all)")
    sample.add_argument("--seed", type=_whole(0, 2**32 - 1), help="by default that of params.yml")
    sample.add_argument("--on", default=date.today().isoformat(), type=_day, help="the day (today)")
    propose = command("propose", _propose, "let a program learn from the sample, and code all")
    propose.add_argument("name", help="what the program is called as a coder")
    propose.add_argument(
        "--on", default=date.today().isoformat(), type=_day, help="the day (today)"
    )
    export = command("export", _export, "write the study for other programs")
    export.add_argument("folder", type=Path, nargs="?", help="by default exports in the study")
    export.add_argument("--as", dest="form", default="", help="one form, or all (see docs)")
    export.add_argument("--private", action="store_true", help="all texts, for one's own programs")
    deposit = command("deposit", _deposit, "one folder for an archive, split by consent")
    deposit.add_argument("folder", type=Path, nargs="?", help="by default deposit in the study")
    deposit.add_argument(
        "--on", default=date.today().isoformat(), type=_day, help="the day (today)"
    )
    compare = command("compare-reports", _compare, "what changed from one report to the next")
    compare.add_argument("before", help="a tag, or the folder of a deposit or a study")
    compare.add_argument("now", help="the same of the later one")
    compare.add_argument("folder", type=Path, nargs="?", help="by default compared in the study")
    purge = command("purge", _purge, "delete a withdrawn source and every trace of it")
    purge.add_argument("source")
    purge.add_argument("--yes", action="store_true", help="do not ask")
    command("check", _check, "everything that is unfinished; fails while a final report would")
    command("compare", _compare_renderers, "render with both renderers and show the differences")
    check = command("check-site", _check_site, "compare a rendered folder with its description")
    check.add_argument("folder", type=Path, nargs="?", help="by default reports/_site in the study")
    return parser


def _require_folder(study: Path) -> None:
    try:
        raw = study / "data" / "raw"
        here = {"params.yml": (study / "params.yml").exists(), "data/raw": raw.is_dir()}
        found = "" if study.is_dir() else "a file" if study.is_file() else "no such folder"
    except OSError as error:
        here, found = {}, of_file(error).found
    if any(sign < " " for sign in str(study)):
        found = "a line end or another sign that is not seen in the name"
    wanted = [name for name, is_there in here.items() if not is_there]
    if found or wanted:
        from analysis.reading.bounds import shown

        found = found or f"no {' and no '.join(wanted)}"
        raise StudyError(
            Problem(
                f"STUDY={shown(str(study))}",
                found,
                "a folder with data/raw and params.yml",
                "correct the path, or begin a study with `make new DIR=… FROM=…`",
            )
        )


def _report(options: argparse.Namespace) -> None:
    from analysis.pipeline import beforehand, who_works
    from analysis.pipeline.own_stages import stages_of
    from analysis.pipeline.stages import Work

    _require_folder(options.study)
    beforehand.check(options.study)
    who_works.settle(options.study)
    with one_writer(options.study, "report"):
        work = Work(options.study, stages_of(options.study))
        _run_due(work, options)


def _paper(study: Path) -> str:
    """Where the paper lies, to be opened."""
    return f"the paper: {study / 'reports' / '_site' / 'index.html'}"


def _run_due(work: Work, options: argparse.Namespace) -> None:
    if work.is_done and not options.final:
        print(f"nothing to do: the report is up to date; {_paper(options.study)}", file=sys.stderr)
        return
    from analysis.pipeline import run
    from analysis.pipeline.stages import REPORT

    run.limit_threads()
    study = _checked(options.study)
    coding = (stage for stage in work.stages.values() if stage.notebook == _CODING)
    if any(map(work.is_due, coding)):
        from analysis.stages.texts import check_headline

        check_headline(study)
    work.remove_left_over()
    try:
        run.run_stages(work, study.choices, options.jobs, options.debug)
    except run.StageError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    if work.is_due(REPORT) or options.final:
        from analysis.report import publish

        began = time.monotonic()
        publish.publish(study, final=options.final)
        work.finish(REPORT)
        run.say(REPORT.name, [], time.monotonic() - began)
        print(_paper(options.study), file=sys.stderr)


def _checked(folder: Path) -> Study:
    """The study, when nothing is wrong with what can be checked before any kernel starts.

    All problems are raised at once, with any other fault also those of the sources' files, which
    the first stages tell otherwise. A source that left goes from the last site first, whatever
    happens to the next one and whatever else is wrong with the register.
    """
    from analysis.claims import first_computed, read_claims, read_memos
    from analysis.claims.guide import read_guide
    from analysis.claims.memos import MEMOS
    from analysis.report.gate import consent
    from analysis.report.pages import tables
    from analysis.report.prose import prose
    from analysis.study.cases import CASES, read_cases
    from analysis.study.codebook import CODEBOOK, read_codebook
    from analysis.study.declared import problems_of_choice, read_coders
    from analysis.study.folder import Study
    from analysis.study.guide import GUIDE
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
    of_coders = problems_of(lambda: read_coders(raw))
    faults += of_coders
    if not (of_coders or of_choices):
        coders, choices = read_coders(raw), Study.open(folder).choices
        faults += problems_of_choice(coders, [choices.coder], "params.yml, coder")
        alternative = choices.alternative_coders
        faults += problems_of_choice(coders, alternative, "params.yml, alternative_coders")
    of_codebook = problems_of(lambda: read_codebook(raw / CODEBOOK))
    faults += of_codebook
    if not of_codebook:
        codes = read_codebook(raw / CODEBOOK).codes
        of_claims = problems_of(lambda: read_claims(raw / "claims.yml", codes, roles))
        faults += of_claims
        if not of_claims:
            claims = read_claims(raw / "claims.yml", codes, roles)
            faults += problems_of(lambda: read_guide(raw / GUIDE, claims, codes["code"]))
    if len(register) and "case_id" in register:
        faults += problems_of(lambda: read_cases(raw / CASES, set(register["case_id"])))
    faults += problems_of(lambda: read_memos(raw / MEMOS))
    faults += problems_of(lambda: first_computed.read(folder))
    faults += problems_of(lambda: prose.check_pages(reports))
    if faults and not of_choices:
        from analysis.stages.texts import problems_of_files

        faults += problems_of_files(Study.open(folder), with_files(register, raw))
    raise_if_any(faults)
    return Study.open(folder)


def _preview(options: argparse.Namespace) -> None:
    from analysis.lifecycle.preview.preview import preview
    from analysis.study.folder import Study

    _require_folder(options.study)
    preview(Study.open(options.study))


def _lab(options: argparse.Namespace) -> None:
    from analysis.lifecycle.lab import open_lab

    _require_folder(options.study)
    raise SystemExit(open_lab(options.study))


def _new(options: argparse.Namespace) -> None:
    from analysis.lifecycle.begin import begin_study

    begin_study(options.folder, options.origin, options.columns, options.approach)


def _sign(options: argparse.Namespace) -> None:
    from analysis.report import publish
    from analysis.study.folder import Study

    _require_folder(options.study)
    with one_writer(options.study, "sign"):
        publish.sign(Study.open(options.study), options.claim, options.by, options.on)
    print(f"signed: {options.claim}, by {options.by} on {options.on}; make report shows it")


def _sample(options: argparse.Namespace) -> None:
    from analysis.sampling import recorded
    from analysis.study.folder import Study

    _require_folder(options.study)
    with one_writer(options.study, "sample"):
        study = Study.open(options.study)
        sample = recorded.draw(
            study.raw,
            study.sources,
            size=options.size,
            strata=_words_in(options.by),
            kinds=_words_in(options.kinds),
            seed=study.choices.seed if options.seed is None else options.seed,
            on=options.on,
        )
    print(
        f"drawn: {len(sample.case_ids)} of {sum(sample.design.cases.values())} cases, with seed "
        f"{sample.design.seed}; code them in the order of data/raw/{recorded.SAMPLE}, and say in "
        "data/raw/readings.csv which you have read, also where you found nothing"
    )


def _propose(options: argparse.Namespace) -> None:
    from analysis.lifecycle.propose import propose_codings
    from analysis.study.folder import Study

    _require_folder(options.study)
    with one_writer(options.study, "propose"):
        print(propose_codings(Study.open(options.study), options.name, options.on))


def _words_in(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())


def _export(options: argparse.Namespace) -> None:
    from analysis.lifecycle.export import export_study

    _require_folder(options.study)
    usual = "data/private/exports" if options.private else "exports"
    folder = options.folder or options.study / usual
    with no_writer(options.study, "export"):
        export_study(options.study, folder, options.form, private=options.private)


def _deposit(options: argparse.Namespace) -> None:
    from analysis.lifecycle.deposit import deposit_study

    _require_folder(options.study)
    with no_writer(options.study, "deposit"):
        deposit_study(options.study, options.folder or options.study / "deposit", options.on)


def _compare(options: argparse.Namespace) -> None:
    from analysis.lifecycle.compare import compare_reports

    _require_folder(options.study)
    folder = options.folder or options.study / "compared"
    compare_reports(options.study, options.before, options.now, folder)


def _purge(options: argparse.Namespace) -> None:
    from analysis.lifecycle.purge import NotSearchedError, purge_source

    _require_folder(options.study)
    left: NotSearchedError | None = None
    with one_writer(options.study, "purge"):
        try:
            purge_source(options.study, options.source, ask=not options.yes)
        except NotSearchedError as error:
            left = error
    _report(argparse.Namespace(**vars(options), jobs=cores(), final=False))
    if left is not None:
        print("The report is made again. Still to be looked into:", file=sys.stderr)
        raise left


def _check(options: argparse.Namespace) -> None:
    from analysis.report import open_ends, voices
    from analysis.study.folder import Study

    _require_folder(options.study)
    study = Study.open(options.study)
    found = open_ends.ends(study)
    print(open_ends.told(found))
    if (study.reports / "index.qmd").is_file():
        print(voices.told(voices.by_voice(study.reports)))
    if any(one.lines and one.refused for one in found):
        raise SystemExit(1)


def _compare_renderers(options: argparse.Namespace) -> None:
    from analysis.lifecycle.compare import two_renderers
    from analysis.study.folder import Study

    _require_folder(options.study)
    with one_writer(options.study, "compare"):
        study = Study.open(options.study)
        if not (study.reports / "_generated" / "site.json").is_file():
            raise StudyError(
                Problem(
                    "reports/_generated",
                    "no report yet",
                    "a report, whose pages are rendered once more",
                    "run make report once",
                )
            )
        counts, found = two_renderers.compare(study.reports, constructed=study.constructed)
    for difference in found:
        print(difference)
    told = ", ".join(f"{count} times {kind}" for kind, count in counts.items())
    print(f"compared: {told}; differences: {len(found)}", file=sys.stderr)
    if found:
        raise SystemExit(1)


def _check_site(options: argparse.Namespace) -> None:
    from analysis.report.site.site_check import check_site

    _require_folder(options.study)
    description = options.study / "reports" / "_generated" / "site.json"
    folder = options.folder or options.study / "reports" / "_site"
    problems = check_site(folder, description)
    if problems:
        raise StudyError(problems)
    print(f"{folder}: as its description says")


if __name__ == "__main__":
    raise SystemExit(main())
