"""Which interviews have no known interviewer; the pages that mark one are looked at by
`test_report_gate_consent`."""

from __future__ import annotations

import pandas as pd

from analysis.report.pages.nobody_asks import nobody_asks, told


def voices(**heard: str) -> pd.DataFrame:
    rows = [(source, voice) for source, said in heard.items() for voice in said.split()]
    return pd.DataFrame(rows, columns=["source_id", "voice"])


def test_only_a_participant_who_nobody_asks_is_among_them() -> None:
    passages = voices(
        a="participant interviewer", b="participant", c="author", d="heard", e="interviewer"
    )
    assert nobody_asks(passages) == {"b"}
    assert nobody_asks(voices()) == frozenset()


def test_the_paragraph_names_them_and_says_what_follows() -> None:
    assert told(frozenset()) == ""
    assert told(frozenset({"b_1", "a"})).startswith(
        "In 2 interviews no interviewer is known (a, b&#95;1)"
    )
    assert "…" in told(frozenset(map(str, range(40))))
