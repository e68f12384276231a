"""What the documentation names is there: pages, targets, choices, and a claim that is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from tiny import CODEBOOK

from analysis.claims import read_claims
from analysis.study.codebook import read_codebook

PROJECT = Path(__file__).resolve().parents[1]
DOCS = PROJECT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if DOCS / "_site" not in path.parents)
# Pages that `make docs` writes from elsewhere.
MADE = {"data.html": PROJECT / "data" / "README.md", "analysis.html": PROJECT / "src/analysis"}
MADE["analysis/measures.html"] = PROJECT / "src/analysis/measures"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"`[^`]*`", "", page.read_text(encoding="utf-8"))
    links = re.findall(r"\]\(((?!\w+:)[^)#]+)", text)
    for link in links:
        place = (page.parent / link).resolve()
        assert MADE.get(place.relative_to(DOCS).as_posix(), place).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_target_and_choice_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= set(targets)
    choices = yaml.safe_load((PROJECT / "params.yml").read_text())
    assert set(re.findall(r"`([a-z_]+):` in\s`params", text)) <= set(choices)


def test_every_page_can_be_reached_from_the_first() -> None:
    reached: set[Path] = set()
    ahead = {DOCS / "index.md"}
    while ahead:
        page = ahead.pop()
        reached.add(page)
        links = re.findall(r"\]\(((?!\w+:)[^)#]+\.md)", page.read_text(encoding="utf-8"))
        ahead |= {(page.parent / link).resolve() for link in links} - reached
    assert reached == set(PAGES)


def test_behind_each_promise_stands_a_test() -> None:
    promised = (PROJECT / "SECURITY.md").read_text(encoding="utf-8")
    promised = promised.partition("## What is promised")[2].partition("## What is not")[0]
    for promise in promised.split("\n- ")[1:]:
        named = re.findall(r"`(test_\w+)`", promise)
        assert named, promise
        assert all((PROJECT / "tests" / f"{name}.py").is_file() for name in named), named


def test_the_claim_of_the_tutorial_is_read(tmp_path: Path) -> None:
    (told,) = re.findall(r"```yaml\n(.*?)```", (DOCS / "tutorial.md").read_text(), re.DOTALL)
    (tmp_path / "claims.yml").write_text(told)
    (tmp_path / "codebook.yml").write_text(CODEBOOK)
    codes = read_codebook(tmp_path / "codebook.yml").codes
    (claim,) = read_claims(tmp_path / "claims.yml", codes)
    assert [one.kind for one in claim.expectations] == ["prevalence"]
