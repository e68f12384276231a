"""Memos `data/raw/memos/*.md`: analytic, reflexive and method notes, quotable by their id."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.regular import read_regular
from analysis.files.vocabulary import folded
from analysis.files.yaml_fields import compose_text
from analysis.text.comments import without_comments

MEMOS = "memos"
KINDS = ("analytic", "reflexive", "method")
# How a paragraph of an exploration's memo begins that says what must not leave the lab.
NOT_FOR_RELEASE = "**Not for release.**"
COLUMNS = ["memo_id", "kind", "date", "about", "publish", "title", "text"]
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}[ \t]+([^\s#].*)$", re.MULTILINE)
_LIMIT = 1_000_000


def read_memos(folder: Path) -> pd.DataFrame:
    """Read the memos of a folder, sorted by date and name; without the folder there are none.

    A memo begins with front matter between lines of `---`: kind (analytic, reflexive, method),
    date, about (whom or what: an interviewer, a source, a claim, a code; ';' between several),
    publish (yes or no; no by default). Columns: memo_id (the file's name without `.md`), kind,
    date, about, publish (bool), title (its first heading, or ''), text (Markdown as it
    stands, without HTML comments).

    Raises one `StudyError` for every memo whose front matter is missing or wrong, that is no
    plain file of at most 1 MB, or whose name would not do as an id.
    """
    problems: list[Problem] = []
    rows = []
    paths = sorted(folder.glob("*.md")) if folder.is_dir() else []
    for path in paths:
        if path.name == "README.md":
            continue
        try:
            rows.append(_memo(path, f"data/raw/{MEMOS}/{path.name}", problems))
        except StudyError as error:
            problems += error.problems
    raise_if_any(problems)
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"publish": bool})
    return table.sort_values(["date", "memo_id"], ignore_index=True)


def _memo(path: Path, shown: str, problems: list[Problem]) -> list[object]:
    if not _ID.fullmatch(path.stem):
        problems.append(
            Problem(shown, "this name", "letters, digits, - and _ before .md", "rename the file")
        )
    if path.is_symlink():
        raise StudyError(Problem(shown, "a link", "a plain file", "replace it"))
    try:
        content = read_regular(path, shown, _LIMIT).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise StudyError(
            Problem(shown, "bytes that are not UTF-8", "Markdown in UTF-8", "save it as UTF-8")
        ) from None
    front = _FRONT.match(content)
    if front is None:
        raise StudyError(
            Problem(
                f"{shown}, line 1",
                "no front matter",
                "--- kind, date, about, publish ---",
                "begin the memo with it",
            )
        )
    # A line of --- stands above, so that lines are counted as in the file.
    fields = compose_text("\n" + front[1], shown, problems)
    fields.only(["kind", "date", "about", "publish"])
    text = without_comments(content[front.end() :]).strip()
    title = _HEADING.search(text)
    return [
        path.stem,
        fields.one_of("kind", KINDS),
        fields.date("date"),
        fields.text("about", required=False),
        fields.truth("publish", default=False),
        title[1].rstrip(" \t#") if title else "",
        text,
    ]


def reflexivity(memos: pd.DataFrame, interviewers: pd.Series) -> pd.DataFrame:
    """The published reflexive memos about each interviewer, for a box on who asked whom.

    `interviewers`: the register's column. Columns: interviewer, n_interviews, memos (ids with ';'
    between; '' when none may be shown), n_private (memos that stay private).
    """
    counts = interviewers[~interviewers.isin(["", "unknown"])].value_counts().sort_index()
    reflexive = memos[memos["kind"] == "reflexive"]
    rows = []
    for name, count in counts.items():
        about = (
            reflexive["about"].map(lambda said, who=name: folded(who) in _names(said)).astype(bool)
        )
        own = reflexive[about]
        shown = own.loc[own["publish"], "memo_id"]
        rows.append([name, int(count), ";".join(shown), len(own) - len(shown)])
    return pd.DataFrame(rows, columns=["interviewer", "n_interviews", "memos", "n_private"])


def _names(about: str) -> list[str]:
    return [folded(name) for name in about.split(";")]
