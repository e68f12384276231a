"""What the evidence page lists is as long as what the measures count, and script and Python agree."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pandas as pd
import pytest
from browser import browser
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect

from analysis.claims import quotable
from analysis.claims.asking import asked_code
from analysis.cleaning import PseudonymKey
from analysis.cleaning.pseudonyms import Entry
from analysis.corpus import COUNTED_VOICES, Corpus
from analysis.measures.cooccurrence import cooccurrence
from analysis.measures.frequencies import code_frequencies
from analysis.report.evidence_index import Index, address, build, question_of
from analysis.report.gate.gate import leaks
from analysis.report.pages import evidence, evidence_parts
from analysis.report.site.link_proof import prove, read_index

__all__ = ["browser"]

CODES = ["tie", "tie/old", "tie/new", "plan"]
# Names that mean something to addresses, to queries, or to a script.
SIGNED = [
    *("=tie", "==tie", "= tie", "=", "a & b", "a|b", "a+b", "#x", "100%", "a;b=c", "?", " x "),
    *(
        "not",
        "near",
        "and",
        "list",
        "'q'",
        '"q"',
        "<b>",
        "\\",
        "__proto__",
        "constructor",
        "é",
        "∕",
    ),
]
SOURCES = pd.DataFrame(
    {
        "source_id": ["a", "b", "c", "d"],
        "case_id": ["p1", "p1", "p2", "p3"],
        "kind": ["interview", "interview", "interview", "document"],
        "role": ["charity", "council", "council", "council"],
        "publish": ["full", "extracts", "none", "full"],
        "status": "active",
        "title": "T",
    }
)
WIDTH, MANY = 20, 6
# Where words of two letters stand, in passages whose text is shorter than they are wide.
WITHIN_WORDS = [WIDTH * number + at for number in range(MANY) for at in range(0, WIDTH - 2, 2)]
PASSAGES = pd.DataFrame(
    [
        [
            name,
            number,
            number * WIDTH,
            number * WIDTH + WIDTH - 1,
            "",
            voice,
            4,
            "one two three four",
        ]
        for name in SOURCES["source_id"]
        for number in range(MANY)
        for voice in ["interviewer" if number % 3 == 0 and name != "d" else "participant"]
    ],
    columns=["source_id", "passage", "start", "end", "speaker", "voice", "words", "text"],
)
JUDGED = pd.DataFrame(
    [
        ["trust", "a", 1, "supports"],
        ["trust", "a", 2, "contradicts"],
        ["trust", "c", 1, "supports"],
        ["reach", "d", 5, "qualifies"],
    ],
    columns=["claim", "source_id", "passage", "bears"],
)
SPAN = st.tuples(
    st.sampled_from("abcd"),
    st.integers(0, WIDTH * MANY - 10),
    st.integers(2, 2 * WIDTH),
    st.sampled_from(CODES),
    st.sampled_from("AB"),
)


def coded(spans: list[tuple[str, int, int, str, str]]) -> pd.DataFrame:
    rows = [
        [source, start, min(start + length, WIDTH * MANY - 1), code, coder]
        for source, start, length, code, coder in spans
    ]
    table = pd.DataFrame(rows, columns=["source_id", "start", "end", "code", "coder"])
    return table.drop_duplicates(ignore_index=True)


def indexed(codings: pd.DataFrame) -> tuple[Index, Corpus]:
    headline = codings[codings["coder"] == "A"]
    index = build(SOURCES, PASSAGES, codings, headline, COUNTED_VOICES, JUDGED, ["c"])
    codes = pd.DataFrame({"code": CODES, "parent": ["", "tie", "tie", ""]})
    return index, Corpus(SOURCES, PASSAGES, codes, headline)


def length(index: Index, **asked: str) -> int:
    return len(index.entries(question_of(address(**asked).partition("#")[2])))


@given(st.lists(SPAN, min_size=1, max_size=14))
def test_lists_are_as_long_as_the_frequencies(spans: list[tuple[str, int, int, str, str]]) -> None:
    index, corpus = indexed(coded(spans))
    for row in code_frequencies(corpus).itertuples():
        for name in ("segments", "sources", "cases"):
            assert length(index, list=name, code=row.code, coding="counted") == getattr(row, name)


@given(st.lists(SPAN, min_size=2, max_size=14))
def test_lists_are_as_long_as_the_meetings(spans: list[tuple[str, int, int, str, str]]) -> None:
    index, corpus = indexed(coded(spans))
    asked = {
        "overlap": lambda a, b: {"list": "meetings", "code": f"={a}", "meets": f"={b}"},
        "passage": lambda a, b: {"list": "passages", "code": f"={a}", "and_": f"={b}"},
        "window": lambda a, b: {"code": f"={a}", "near": f"={b}", "window": "2"},
        "source": lambda a, b: {"list": "sources", "code": f"={a}", "and_": f"={b}"},
    }
    for unit, ask in asked.items():
        met = cooccurrence(corpus, unit, window=2 if unit == "window" else None)
        for row in met.itertuples():
            one = ask(row.code_a, row.code_b) | {"coding": "counted"}
            if unit == "source":
                one["within"] = "source"
            assert length(index, **one) == row.n_ab, (unit, row.code_a, row.code_b)


def test_a_coder_is_asked_jointly_with_a_code_and_a_judgement_with_its_claim() -> None:
    codings = coded(
        [("a", 21, 9, "tie/old", "A"), ("a", 21, 9, "plan", "B"), ("b", 21, 9, "plan", "A")]
    )
    index, _ = indexed(codings)
    assert length(index, code="plan") == 2
    assert length(index, code="plan", coder="B") == 1
    assert length(index, code="tie", coder="B") == 0
    assert length(index, code="=tie") == 0
    assert length(index, list="cases", code="tie", and_="plan", within="case") == 1
    assert length(index, list="cases", code="tie", and_="plan", coder="A") == 0
    assert length(index, code="tie", not_="plan") == 0
    assert length(index, code="tie", or_="plan") == 2
    assert length(index, claim="trust", bears="supports") == 2
    assert length(index, claim="reach", bears="supports") == 0
    assert length(index, claim="trust", bears="not judged", code="plan") == 1
    assert length(index, list="cases") == 3
    assert length(index, list="cases", role="charity", without_role="council") == 0
    assert length(index, list="cases", without_case="p1") == 2
    with pytest.raises(ValueError, match="colour"):
        length(index, colour="red")


def test_a_code_of_any_name_is_asked_for_with_those_beneath_it_or_alone() -> None:
    names = [*SIGNED, *(f"{name}/below" for name in SIGNED)]
    spans = [(code, place) for place, code in enumerate(names)]
    index, _ = indexed(coded([("a", 2 * place, 2, code, "A") for code, place in spans]))
    for name in SIGNED:
        assert length(index, list="segments", code=asked_code(name)) == 2, name
        assert length(index, list="segments", code=asked_code(name, alone=True)) == 1, name


@pytest.mark.parametrize("parts", [False, True])
def test_the_index_comes_back_from_the_page_and_a_wrong_number_is_found(
    tmp_path: Path, parts: bool
) -> None:
    index, _ = page_of(tmp_path, parts=parts)
    again = read_index(tmp_path / "evidence.html")
    assert (again.sources, again.passages) == (index.sources, index.passages)
    where = address(list="segments", code="tie")
    text = (
        f'<main><a href="{where}">3</a> <a href="{where}">Three</a> <a href="{where}">4</a></main>'
    )
    (tmp_path / "index.html").write_text(text.replace("&", "&amp;"), encoding="utf-8")
    followed, problems = prove(tmp_path)
    assert followed == 3
    assert len(problems) == 1
    assert "4, which leads to 3 entries" in problems[0].found


def page_of(folder: Path, *, parts: bool = False) -> tuple[Index, pd.DataFrame]:
    codings = coded(
        [
            ("a", 21, 9, "tie/old", "A"),
            ("a", 25, 30, "plan", "A"),
            ("a", 22, 5, "plan", "B"),
            ("b", 41, 40, "tie/new", "A"),
            ("b", 100, 9, "plan", "A"),
            ("c", 30, 40, "tie", "A"),
            ("d", 5, 90, "plan", "A"),
            *(
                ("b", place, 2, name, "A")
                for place, name in zip(WITHIN_WORDS, SIGNED, strict=False)
            ),
            *(
                ("b", place, 2, f"{one}/x", "A")
                for place, one in zip(WITHIN_WORDS, SIGNED, strict=False)
            ),
        ]
    )
    index, _ = indexed(codings)
    judged = JUDGED.merge(PASSAGES, on=["source_id", "passage"])
    shown = quotable.gather(PASSAGES, codings, SOURCES, judged)
    uses = pd.DataFrame(columns=["id", "claim", "bears", "place"])
    unknown, paged = frozenset("a"), frozenset("ad")
    if parts:
        evidence_parts.write(folder, shown, SOURCES, uses, index, unknown=unknown, paged=paged)
    text = evidence.page(
        shown,
        SOURCES,
        uses,
        index,
        constructed=False,
        unknown=unknown,
        paged=paged,
        in_parts=parts,
    )
    (folder / "evidence.html").write_text(text, encoding="utf-8")
    return index, codings


# Asks for one after the other, and waits for each number a while.
_ASK_ALL = """async ([fragments, wanted]) => {
  const count = document.getElementById("count"), found = [];
  for (const [at, fragment] of fragments.entries()) {
    location.hash = fragment;
    window.dispatchEvent(new HashChangeEvent("hashchange"));
    const end = Date.now() + 5000;
    while (count.dataset.entries !== wanted[at] && Date.now() < end)
      await new Promise(again => setTimeout(again, 5));
    found.push(count.dataset.entries);
  }
  return found;
}"""


@pytest.mark.parametrize("parts", [False, True])
def test_the_script_of_the_page_lists_what_python_lists(
    browser: Browser, tmp_path: Path, parts: bool
) -> None:
    page_of(tmp_path, parts=parts)
    index = read_index(tmp_path / "evidence.html")
    asked = [
        {"list": listed, "code": "tie", join: "plan", "within": within, "coding": coding}
        for listed, join, within, coding in itertools.product(
            ("passages", "segments", "sources", "cases"),
            ("and_", "or_", "not_"),
            ("passage", "source", "case"),
            ("", "counted"),
        )
    ]
    asked += [{"list": listed} for listed in ("passages", "segments", "sources", "cases")]
    asked += [
        {"code": "tie", "near": "plan", "window": "2"},
        {"list": "meetings", "code": "tie", "meets": "plan"},
        {"list": "meetings", "code": "plan", "meets": "=tie/new", "coding": "counted"},
        {"code": "plan", "coder": "B"},
        {"list": "cases", "role": "council", "without_role": "charity"},
        {"list": "cases", "kind": "interview", "without_case": "p1", "code": "tie"},
        {"claim": "trust", "bears": "any"},
        {"claim": "trust", "bears": "not judged", "list": "sources"},
        {"bears": "qualifies", "voice": "participant"},
        {"words": "TWO three", "source": "a"},
        {"words": "nothing of the kind"},
    ]
    for name, alone in itertools.product(SIGNED, (False, True)):
        asked.append({"list": "segments", "code": asked_code(name, alone=alone)})
    page = browser.new_page()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto((tmp_path / "evidence.html").as_uri())
    expect(page.locator("#count")).to_have_attribute("data-entries", re.compile("."))
    fragments = [address(**one).partition("#")[2] for one in asked]
    wanted = [str(len(index.entries(question_of(fragment)))) for fragment in fragments]
    assert page.evaluate(_ASK_ALL, [fragments, wanted]) == wanted
    # Back returns to what was asked before.
    page.goto((tmp_path / "evidence.html").as_uri() + "#list=cases&code=tie")
    expect(page.locator("#asked")).to_contain_text("tie")
    before = page.locator("#count").inner_text()
    page.evaluate("location.hash = 'list=cases&code=plan'")
    expect(page.locator("#asked")).to_contain_text("plan")
    page.go_back()
    expect(page.locator("#asked")).to_contain_text("tie")
    assert page.locator("#count").inner_text() == before
    assert failed == []
    page.close()


def test_passages_beside_the_page_look_as_they_do_on_it(browser: Browser, tmp_path: Path) -> None:
    articles = []
    for parts in (False, True):
        folder = tmp_path / str(parts)
        folder.mkdir()
        page_of(folder, parts=parts)
        page = browser.new_page()
        page.goto((folder / "evidence.html").as_uri() + "#q-a-1")
        page.wait_for_selector("#q-a-1")
        articles.append(
            page.eval_on_selector_all(
                "article",
                """all => all.filter(one => !one.hidden).map(one => {
                    one.querySelectorAll("[tabindex]").forEach(each => each.removeAttribute("tabindex"));
                    return [one.id, one.textContent.replace(/\\s+/g, ""),
                        one.querySelector(".passage")?.innerHTML,
                        Array.from(one.querySelectorAll("a")).map(link => link.getAttribute("href"))];
                })""",
            )
        )
        page.close()
    assert len(articles[0]) > 5
    for one, other in zip(*articles, strict=True):
        assert one == other


def test_the_gate_reads_the_words_beside_the_page(tmp_path: Path) -> None:
    passages = PASSAGES.assign(text="Margaret Quennell said, “no \\ more”")
    codings = coded([("a", 21, 9, "tie", "A")])
    index = build(SOURCES, passages, codings, codings, COUNTED_VOICES, JUDGED.iloc[:0], ())
    shown = quotable.gather(passages, codings, SOURCES)
    uses = pd.DataFrame(columns=["id", "claim", "bears", "place"])
    evidence_parts.write(
        tmp_path, shown, SOURCES, uses, index, unknown=frozenset(), paged=frozenset()
    )
    key = PseudonymKey((Entry("Margaret Quennell", "[Nurse]", "person", False, 2),))
    assert [problem.where for problem in leaks(tmp_path, key)] == ["evidence/words-0.js, line 2"]
