from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.claims.asking import asked_code
from analysis.claims.codes_cell import cell_of, codes_in
from analysis.report.evidence_index import _is, address, question_of

NAMES = st.text(st.sampled_from("a;\\=/&#% +"), min_size=1, max_size=6)


@given(st.lists(NAMES, max_size=4))
def test_codes_of_any_name_come_back_from_their_cell(codes: list[str]) -> None:
    assert codes_in(cell_of(codes)) == codes


@given(NAMES, NAMES)
def test_codes_of_any_name_come_back_from_an_address(one: str, other: str) -> None:
    (_, asked), *_ = question_of(address(code=asked_code(one, alone=True)).partition("#")[2])
    assert _is(one, asked) and (_is(other, asked) == (one == other))
    assert _is(f"{one}/x", asked_code(one)) and not _is(f"{one}/x", asked)
