"""The preview: a saved change is read a moment later, what is wrong stands at its place, and
nobody but the reader on this computer gets anything."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from built import CLEAN, hearing
from lxml import html
from tiny import PROJECT

from analysis.files.problems import Problem, StudyError
from analysis.lifecycle.preview.annotating import annotated
from analysis.lifecycle.preview.preview import Preview, follow
from analysis.lifecycle.preview.server import Server, Shown
from analysis.report.html_page import read_html
from analysis.study.folder import Study


@contextmanager
def followed(made: Preview, shown: Shown) -> Iterator[None]:
    """Meanwhile somebody follows the paper, who would go on as long as all tests run."""

    def follow_until_ended() -> None:
        with suppress(SystemExit):
            follow(made, shown)

    threading.Thread(target=follow_until_ended, daemon=True).start()
    yield
    made.is_due = sys.exit  # type: ignore[method-assign]


@pytest.fixture
def served(tiny_copy: Path, tmp_path: Path) -> Iterator[tuple[Path, Server]]:
    """A tiny study whose paper is followed, and the server of its preview."""
    made = Preview(Study.open(tiny_copy), tmp_path)
    made.is_due()
    made.write()
    with Server(made.site, Shown()) as server, followed(made, server.shown):
        yield tiny_copy, server


def ask(server: Server, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=named)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def made_anew(server: Server, seen: int) -> bool:
    """Wait for the making after `seen`, as the page does: an answer may come before it."""
    while (told := ask(server, f"/changed?since={seen}")[1]) == str(seen):
        pass
    return told == str(seen + 1)


def files_of(study: Path) -> dict[str, bytes]:
    return {
        file.relative_to(study).as_posix(): file.read_bytes()
        for file in study.rglob("*")
        if file.is_file()
    }


def test_a_saved_change_is_in_the_page_a_moment_later(served: tuple[Path, Server]) -> None:
    study, server = served
    status, first = ask(server, "/")
    assert status == 200 and "Findings" in first and 'data-seen="1"' in first
    assert ask(server, "/changed?since=0") == (200, "1")
    before = files_of(study)
    index = study / "reports" / "index.qmd"
    changed = (
        index.read_text("utf-8") + "\nA sentence just now written, of 17 people.\n\nThe end.\n"
    )
    index.write_text(changed, "utf-8")
    assert made_anew(server, 1)
    page = html.fromstring(ask(server, "/index.html")[1].encode())
    words = [" ".join(part.text_content().split()) for part in page.xpath("//article//p")]
    place = words.index("A sentence just now written, of 17 people.")
    assert words[place + 1] == "The checker"
    assert "digit '17'" in words[place + 2] and "use a variable" in words[place + 2]
    assert words[place + 3] == "The end."
    # The study is as it was, but for what its author saved.
    assert files_of(study) == before | {"reports/index.qmd": changed.encode()}


def test_what_stops_a_report_does_not_stop_the_preview(served: tuple[Path, Server]) -> None:
    study, server = served
    index = study / "reports" / "index.qmd"
    good = index.read_text("utf-8")
    for number, (fault, said) in enumerate(
        [
            ("See @sec-none, @nobody2020 and {{< var no.such >}}.", "unresolved reference"),
            ("{{< include _generated/none.md >}}", "missing include"),
            ('![A](figures/none){#fig-n fig-alt="A"}', "figures/none"),
        ],
        start=1,
    ):
        index.write_text(good + f"\n{fault}\n", "utf-8")
        assert made_anew(server, number)
        assert said in ask(server, "/")[1]
    index.write_text(good.replace("title:", "title: [", 1), "utf-8")
    assert made_anew(server, 4)
    assert "not YAML" in ask(server, "/")[1]
    index.write_text(good, "utf-8")
    assert made_anew(server, 5)
    assert "The checker" not in ask(server, "/")[1]


def test_a_page_is_made_anew_only_when_something_in_it_changed(
    tiny_copy: Path, tmp_path: Path
) -> None:
    reports = tiny_copy / "reports"
    made = Preview(Study.open(tiny_copy), tmp_path)

    def remade(change: Callable[[], object]) -> set[str]:
        pages = [made.site / "index.html", made.site / "reproducibility.html"]
        for page in pages:
            page.write_text("as it was", "utf-8")
        change()
        made.write()
        return {page.stem for page in pages if page.read_text("utf-8") != "as it was"}

    def append(name: str, words: str) -> Callable[[], object]:
        text = (reports / name).read_text("utf-8")
        return lambda: (reports / name).write_text(text + words, "utf-8")

    made.write()
    assert remade(lambda: None) == set()
    assert remade(append("index.qmd", "\nMore.\n")) == {"index"}
    # With a fault, which stands in the page, and when it is mended.
    mend = append("index.qmd", "")
    assert remade(append("index.qmd", "\nOf 17 people.\n")) == {"index"}
    assert remade(lambda: None) == set()
    assert remade(mend) == {"index"}
    assert remade(append("reproducibility.qmd", "\nMore.\n")) == {"reproducibility"}
    assert remade(append("_generated/codes.md", "\n")) == {"index"}
    assert remade(append("_variables.yml", "# x\n")) == {"index", "reproducibility"}
    assert remade(append("references.bib", "\n")) == {"index", "reproducibility"}
    (reports / "unused.md").write_text("x", "utf-8")
    assert remade((reports / "unused.md").unlink) == set()


def test_only_this_reader_gets_anything(served: tuple[Path, Server]) -> None:
    _, server = served
    assert server.server_address[0] == "127.0.0.1"
    port = server.server_port
    assert ask(server, "/", Host=f"elsewhere.example:{port}")[0] == 403
    assert ask(server, "/", Host=f"localhost:{port}")[0] == 403
    assert ask(server, "/changed?since=0", Origin="https://elsewhere.example")[0] == 403
    assert ask(server, "/", Origin=f"http://127.0.0.1:{port}")[0] == 200
    for path in ("/..%2f..%2fparams.yml", "/../reports/index.qmd", "/data/", "/data", "/none.html"):
        assert ask(server, path)[0] == 404, path


def test_a_page_runs_the_one_script_and_loads_nothing(
    served: tuple[Path, Server], tmp_path: Path
) -> None:
    policy = html.fromstring(ask(served[1], "/")[1].encode()).xpath("//meta[@http-equiv]/@content")
    assert "script-src 'sha256-" in policy[0] and "default-src 'none'" in policy[0]
    loads = read_html(tmp_path / "site" / "index.html").loads
    assert [load for load in loads if not load.startswith("data:")] == []


def test_without_a_report_it_says_what_to_run(tmp_path: Path, tiny_copy: Path) -> None:
    (tiny_copy / "reports" / "_generated" / "site.json").unlink()
    with pytest.raises(StudyError, match="make report once"):
        Preview(Study.open(tiny_copy), tmp_path)


def test_a_box_stands_below_what_it_speaks_of_and_breaks_nothing() -> None:
    text = "---\ntitle: A\n---\n\nOne\nparagraph.\n\n| a |\n|---|\n\n: Table {#tbl-a}\n\n```\n\nx\n```\nend"

    def lines_above(line: int) -> int:
        problem = Problem(f"index.qmd, line {line}", "f", "e", "d")
        shown = annotated(text, [problem]).split("\n")
        return next(place for place, one in enumerate(shown) if one.startswith(":::")) - 1

    where = {1: 3, 2: 3, 5: 6, 6: 6, 8: 11, 11: 11, 14: 17}
    assert {line: lines_above(line) for line in where} == where
    of_all = annotated(text, [], [Problem("allowed_numbers.yml, entry 1", "f", "e", "d")])
    assert of_all.startswith("---\ntitle: A\n---\n\n:::")
    assert annotated(text, []) == text


def test_the_command_ends_at_ctrl_c_and_leaves_nothing(tiny_copy: Path, tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.mkdir()
    before = files_of(tiny_copy)
    command = [sys.executable, "-P", "-s", "-m", "analysis", "preview", "--study", str(tiny_copy)]
    surroundings = {"TMPDIR": str(held), "BROWSER": "true", "PYTHONPATH": str(PROJECT / "src")}
    with subprocess.Popen(
        command, env=CLEAN | surroundings, stderr=subprocess.PIPE, text=True, preexec_fn=hearing
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline().startswith("http://127.0.0.1:")
        (folder,) = held.glob("preview-*")
        assert folder.stat().st_mode & 0o077 == 0
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == 0
    assert list(held.glob("preview-*")) == []
    assert files_of(tiny_copy) == before
