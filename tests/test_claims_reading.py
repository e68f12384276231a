"""claims.yml is read whole, or refused with every fault and its line."""

from __future__ import annotations

from pathlib import Path

import claims_fixture as made
import pytest

from analysis.claims import read_claims
from analysis.files.problems import StudyError

ROLES = ["charity", "council"]


def faults(path: Path) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read_claims(path, made.CODES, ROLES)
    return [str(problem) for problem in caught.value.problems]


def changed(path: Path, old: str, new: str) -> int:
    """Replace the first `old` in the file and return the line it stood in."""
    text = path.read_text()
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1))
    return line


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made.written(
        tmp_path,
        made.claim("first", made.PREVALENCE, made.CONTRAST),
        made.claim("second", made.TOGETHER, made.REACH),
    )


def test_every_field_arrives(path: Path) -> None:
    first, second = read_claims(path, made.CODES, ROLES)
    assert first.sentence == "first is claimed."
    assert first.codes == ("tie/old", "merit", "tie")
    common, more = first.expectations
    assert (common.kind, common.at_least, common.kind_of_source) == ("prevalence", 5, "interview")
    assert (more.group, more.than) == ("charity", "council")
    assert more.says["opposite"] == "more is opposite."
    together, short = second.expectations
    assert together.codes == ("tie/old", "merit")
    assert (short.codes, short.share, short.direction) == (("plan", "doing"), 0.5, "stops short")
    assert second.decision.status == "undecided"


def test_no_file_means_no_claims(tmp_path: Path) -> None:
    assert read_claims(tmp_path / "claims.yml", made.CODES) == []


def test_the_studys_own_claims_are_read() -> None:
    from analysis.study.codebook import read_codebook

    raw = Path(__file__).parents[1] / "data" / "raw"
    claims = read_claims(raw / "claims.yml", read_codebook(raw / "codebook.yml").codes)
    assert len({one.id for claim in claims for one in claim.expectations}) >= len(claims) > 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("code: tie", "code: ties", "the path of a code"),
        ("group: charity", "group: charities", "a role of the register: charity, council"),
        ("than: council", "than: charity", "another role"),
        ("at_least: 5", "at_least: many", "a whole number, 1 or more"),
        ("at_least: 5", "at_least: 0", "a whole number, 1 or more"),
        ("share: 0.5", "share: 50", "a number, 0 to 1"),
        ("share: 0.5", "share: nan", "a number, 0 to 1"),
        ("direction: stops short", "direction: sideways", "one of reaches, stops short"),
        ("kind: contrast", "kind: contrasts", "one of prevalence, contrast"),
        ("origin: theory", "origin: dream", "one of theory, earlier data, these data"),
        ("date: 2023-09-01", "date: last May", "a date like"),
        ("id: more", "id: common", "each id once"),
        ("id: common", "id: Common Ground", "small letters"),
        ("name: second theme", "name: first theme", "each name once"),
        (
            "codes: [tie/old, merit]\n        against",
            "codes: [merit]\n        against",
            "two codes",
        ),
        (
            "codes: [tie/old, merit]\n        against",
            "codes: [tie, tie/old]\n        against",
            "apart",
        ),
        ("against: Something else.", "against: ''", "this field filled"),
        ("sentence: first is claimed.", "sentence: ~", "this field filled"),
        ("heading: first", "headings: first", "a field of this name"),
        ("decision: {status: undecided}", "decision: {status: proven}", "one of undecided"),
        ("decision: {status: undecided}", "decision: {status: [a]}", "a list"),
    ],
)
def test_a_fault_is_told_with_its_line(path: Path, old: str, new: str, said: str) -> None:
    line = changed(path, old, new)
    told = faults(path)
    assert any(f"claims.yml, line {line}, " in one and said in one for one in told), told


def test_a_missing_sentence_for_a_pattern_is_told(path: Path) -> None:
    line = changed(path, "          opposite: more is opposite.\n", "")
    (told,) = faults(path)
    assert "expectation more, says, opposite" in told
    # The mapping of sentences begins two lines above: that of `present`.
    assert f"line {line - 2}, " in told


def test_a_sentence_for_a_pattern_that_cannot_be_is_told(path: Path) -> None:
    changed(
        path, "          absent: common is absent.", "          absent: a.\n          varies: b."
    )
    (told,) = faults(path)
    assert "varies" in told


def test_all_faults_come_at_once(path: Path) -> None:
    changed(path, "code: tie", "code: unknown code")
    changed(path, "share: 0.5", "share: x")
    assert len(faults(path)) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("claims: [", "YAML"),
        ("- a\n- b\n", "no `name: value` lines"),
        ("claims: &a [*a]\n", "an alias"),
        ("claims: " + "[" * 40 + "]" * 40, "without end"),
        ("claims: [one, two]\n", "a list of"),
        ("claims: []\nclaims: []\n", "a second time"),
        ("other: 1\n", "a field of this name"),
        ("claims: !!python/object/apply:os.system ['true']\n", "a list of"),
    ],
)
def test_what_is_no_list_of_claims_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "claims.yml"
    path.write_text(content)
    told = faults(path)
    assert any(said in one for one in told), told


@pytest.mark.parametrize("content", ["", "# none yet\n", "claims:\n", "claims: []\n"])
def test_a_study_may_have_no_claims_yet(tmp_path: Path, content: str) -> None:
    path = tmp_path / "claims.yml"
    path.write_text(content)
    assert read_claims(path, made.CODES, ROLES) == []


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "claims.yml"
    path.write_bytes(b"claims: \xff")
    assert "UTF-8" in faults(path)[0]
