"""YAML read into models: every fault at once, each where it stands, in the words of its field."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.files.problems import StudyError
from analysis.files.yaml_model import Model
from analysis.files.yaml_types import (
    MAPPINGS,
    MaybeDate,
    Paragraphs,
    Words,
    number,
    one_of,
    several,
)


class Room(Model):
    name: Words
    height: Annotated[float, number(0, 3)]
    boards: Annotated[int, number(1, whole=True)] = 4


class House(Model):
    rooms: Annotated[tuple[Room, ...], several(MAPPINGS)]
    colours: Annotated[tuple[Words, ...], several("words", least=0)] = ()
    style: Annotated[str, one_of(["plain", "carved"])] = "plain"
    built: MaybeDate = ""
    story: Paragraphs = ""


def read(folder: Path, text: str) -> House:
    path = folder / "house.yml"
    path.write_text(text, encoding="utf-8")
    return House.read(path, "house.yml")


def told(folder: Path, text: str) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read(folder, text)
    return [f"{one.where}: {one.found} / {one.expected}" for one in caught.value.problems]


def test_what_is_given_arrives_and_the_rest_is_as_the_model_says(tmp_path: Path) -> None:
    house = read(
        tmp_path,
        "rooms:\n  - {name: 1.10, height: 2}\ncolours:\nstyle: Carved\nstory: |\n  One.\n\n  Two.\n",
    )
    assert house.rooms == (Room(name="1.10", height=2.0),)
    assert (house.colours, house.style, house.built) == ((), "carved", "")
    assert house.story == "One.\n\nTwo."


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "rooms:\n  - name: tall\n    height: 9\n    board: 2\n  - height: 1\n    boards: 1.5\n"
    assert told(tmp_path, text + "style: rococo\nbuilt: last May\n") == [
        "house.yml, line 3, room tall, height: '9' / a number, 0 to 3",
        "house.yml, line 4, room tall, board: a field of this name / one of name, height, boards",
        "house.yml, line 5, room, name: no words / this field filled",
        "house.yml, line 6, room, boards: '1.5' / a whole number, 1 or more",
        "house.yml, line 7, style: 'rococo' / one of plain, carved",
        "house.yml, line 8, built: 'last May' / a date like 2024-05-20",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1, rooms: no list / a list of `name: value` lines"),
        ("rooms: []", "line 1, rooms: no list"),
        ("rooms: [a]", "line 1, rooms: an entry of another form"),
        ("rooms: {name: a}", "line 1, rooms: no list"),
        ("rooms:\n- {name: [a], height: 1}", "line 2, room, name: a list / words"),
        ("- a", "line 1: no `name: value` lines / a mapping"),
    ],
)
def test_another_form_is_told(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in one for one in told(tmp_path, text))


_ANY = st.recursive(
    st.sampled_from(["a", "2", "~", "null", "''", "-1", "nan"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda parts: f"[{', '.join(parts)}]"),
        st.dictionaries(st.sampled_from(["name", "height", "x"]), inner, max_size=2).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"
        ),
    ),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(["rooms", "colours", "style", "built", "story", "y"]), _ANY))
def test_whatever_stands_there_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, str]
) -> None:
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    try:
        read(tmp_path_factory.mktemp("any"), text)
    except StudyError as error:
        assert all(one.where.startswith("house.yml, line ") for one in error.problems)
