"""A file in which nothing was found is searched again once it, or what is sought, has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import file_text
from analysis.cleaning.pseudonyms import Entry, PseudonymKey
from analysis.file_text import Piece
from analysis.report.gate import gate
from analysis.report.gate.authors import NOBODY, Authors
from analysis.report.gate.searched import KEPT
from analysis.report.gate.way_out import NO_WAY_OUT, WayOut
from analysis.report.gate.withheld import NOTHING, Withheld

KEY = PseudonymKey((Entry("Orla Quennell", "[worker 1]", "person", False, 2),))
MORE = PseudonymKey((*KEY.entries, Entry("Thornby", "[town 1]", "place", False, 3)))
SAID = {"b": "they keep counting what nobody ever asked us for"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for number, text in enumerate(("Nobody came.", "We met in Thornby.", "It was quiet.")):
        (tmp_path / "site").mkdir(exist_ok=True)
        page = f"<!DOCTYPE html><html><body><p>{text}</p></body></html>"
        (tmp_path / "site" / f"p{number}.html").write_text(page, encoding="utf-8")
    return tmp_path / "site"


@pytest.fixture
def judged(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[list[str], list[str]]]:
    """Which files are opened when the site is judged, and where something is found."""
    opened: list[str] = []

    def pieces(file: Path) -> list[Piece]:
        opened.append(file.name)
        return file_text.pieces(file)

    def judge(
        key: PseudonymKey = KEY,
        withheld: Withheld = NOTHING,
        authors: Authors = NOBODY,
        way_out: WayOut = NO_WAY_OUT,
    ) -> tuple[list[str], list[str]]:
        opened.clear()
        found = gate.leaks(
            site,
            key,
            withheld=withheld,
            authors=authors,
            way_out=way_out,
            kept=site.parent / KEPT,
            jobs=1,
        )
        return sorted(opened), [problem.where for problem in found]

    monkeypatch.setattr(gate, "pieces", pieces)
    return judge


ALL = ["p0.html", "p1.html", "p2.html"]


def test_only_what_changed_is_searched_again(
    site: Path, judged: Callable[..., tuple[list[str], list[str]]]
) -> None:
    assert judged() == (ALL, [])
    assert judged() == ([], [])
    (site / "p2.html").write_text("<p>Orla Quennell</p>", encoding="utf-8")
    # What was found is found as long as it is there.
    for _ in range(2):
        assert judged() == (["p2.html"], ["p2.html, text"])
    (site / "p2.html").rename(site / "p3.html")
    assert judged() == (["p3.html"], ["p3.html, text"])


@pytest.mark.parametrize(
    "changed",
    [
        {"key": MORE},
        {"withheld": Withheld.of(SAID, [])},
        {"authors": Authors(frozenset({"p0.html"}))},
        {"way_out": WayOut(labels=frozenset({"root"}))},
        {"way_out": WayOut(exempt={"p9.html, key line 2": "a reason"})},
    ],
)
def test_everything_is_searched_again_for_something_else(
    changed: dict[str, object], judged: Callable[..., tuple[list[str], list[str]]]
) -> None:
    assert judged() == (ALL, [])
    assert judged(**changed)[0] == ALL


def test_no_name_of_the_key_and_no_word_of_a_page_is_kept(
    site: Path, judged: Callable[..., tuple[list[str], list[str]]]
) -> None:
    judged(MORE)
    kept = (site.parent / KEPT).read_text(encoding="ascii").split()
    assert [len(line) for line in kept] == [64, 64]
    assert all(set(line) <= set("0123456789abcdef") for line in kept)
