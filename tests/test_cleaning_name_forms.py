"""One name in all its forms: found by key, gate and purge alike, whichever of two the key has."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from analysis.cleaning.name_forms import Entry, forms_of
from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.lifecycle.purge.key import key_without
from analysis.report.gate.gate import leaks

# Each is found where the key has the other: '|' parts the two.
BOTH_WAYS = """
Siobhán|Siobhan
Łukasz|Lukasz
Ægir|Aegir
Jean-Luc|Jean Luc
Jean-Luc|Jean‑Luc
Jean-Luc|Jeanluc
Anne-Marie|AnneMarie
O'Rourke|O’Rourke
O'Rourke|O׳Rourke
O'Rourke|O' Rourke
O'Rourke|ORourke
O'Rourke|O Rourke
D'Arcy|Darcy
J. R. Hartley|JR Hartley
J.R. Hartley|J R Hartley
DJ Tarn|D.J. Tarn
St. John|St John
Saint John|St. John
McDonald|Mc Donald
İpek|ipek
Griffin|Griﬃn
Strauß|STRAUSS
Müller|Mueller
Jörg|Joerg
Åse|Aase
Orla Quennell|OrlaQuennell
Orla Quennell|orla_quennell
Orla Quennell|Quennell, Orla
Orla Quennell|QUENNELL ORLA
"""
# These stand in texts alone.
IN_TEXTS = """
Margaret|Mar\u00ad\ngaret
Margaret|Mar-\r\ngaret
Margaret|Mar\u200bga\u2060ret
Margaret|\u202eMargaret\u202c
De La Cruz|DelaCruz
van den Berg|vandenBerg
Orla Quennell|Orla \nQuennell
Margaret|M-a-r-g-a-r-e-t
Margaret|Маrgаret
Margaret|𝐌𝐚𝐫𝐠𝐚𝐫𝐞𝐭
Margaret|askMargaretAgain
محمد|محـمد
Margaret|Mar-\n\n7\n00:01:02,000 --> 00:01:04,500\ngaret
Orla Quennell|Orla\n\n00:01.500 --> 00:02.500 align:start\nQuennell
"""


def pairs() -> list[tuple[str, str]]:
    found = []
    for line in BOTH_WAYS.split("\n"):
        one, _, other = line.partition("|")
        found += [(one, other), (other, one)] if one else []
    texts = IN_TEXTS.strip("\n").replace("\n\n", "¶¶").split("\n")
    joined: list[str] = []
    for line in texts:
        if "|" in line:
            joined.append(line)
        else:
            joined[-1] += f"\n{line}"
    for line in joined:
        one, _, other = line.replace("¶", "\n").partition("|")
        found.append((one, other))
    return found


def key_of(name: str) -> PseudonymKey:
    return PseudonymKey((Entry(name, "[N]", "person", False, 2),))


def files_that_say(written: str) -> dict[str, str]:
    shown = html.escape(written)
    files = {"plain.txt": f"asked {written} of it\n", "list.json": json.dumps(["a", written])}
    if "-->" not in written:
        half = len(written) // 2
        first, last = html.escape(written[:half]), html.escape(written[half:])
        files |= {
            "text.html": f"<p>asked <mark>{shown}</mark><sup>1⟩</sup> of it</p>",
            "parted.html": f"<p>asked {first}<b>{last}</b> of it</p>",
            "title.html": f'<p title="asked {shown} of it">x</p>',
            "cell.html": f"<table><tr><td>{shown}</td><td>x</td></tr></table>",
            "rows.csv": f'a,b\n"{written}",2\n',
            "figure.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><text>{shown}</text></svg>',
            "data.html": f'<script type="application/json">{json.dumps([written])}</script>',
        }
    return files


@pytest.mark.parametrize(("name", "written"), pairs())
def test_key_gate_and_purge_find_a_name_in_every_form(
    name: str, written: str, tmp_path: Path
) -> None:
    key = key_of(name)
    said = f"and then I asked {written} about the river again."
    assert len(key.find_names(said)) == 1
    lines = f'find,replace\n"{name}",[N]\n'.encode()
    assert key_without(lines, [said], []) == b"find,replace\n"
    assert key_without(lines, [said], [f"so {written} said"]) == lines
    files = files_that_say(written)
    for file, text in files.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    found = {problem.where.partition(",")[0] for problem in leaks(tmp_path, key, jobs=1)}
    assert found == set(files)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Weatherby", "the weather by the sea"),
        ("Annemarie", "anne marie"),
        ("Michael", "Michal"),
        ("Samuel", "Samul"),
        ("James Mark", "he had to mark james bond films"),
        ("Anna", "points A N N A"),
        ("Grace Hope", "hope, grace and patience"),
        ("AR", "a r"),
    ],
)
def test_what_only_looks_like_another_form_is_none(name: str, written: str) -> None:
    assert key_of(name).find_names(f"it was {written} again") == []


def test_a_name_has_few_forms_and_each_once() -> None:
    for name in ("Orla Quennell", "Annemarie van den Berg-Müller", "O'Rourke", "J. R. Hartley"):
        texts = [form.text for form in forms_of(key_of(name).entries[0])]
        assert len(texts) == len(set(texts)) < 60
