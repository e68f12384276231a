"""Transcripts of programs: the same segments, times and speakers in whatever form.

Built from each program's documented output; whisper's from its real files (`shared/realdata`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from realdata import REALDATA, needs_realdata

from analysis.files.problems import StudyError
from analysis.lifecycle.begin.recordings import once
from analysis.reading import is_text, read
from analysis.reading.captions import cues_of
from analysis.reading.transcripts import Segment, segments_of, under_times

SAID = [(0.0, 1.5, "Ann", "Hello there."), (1.5, 3.25, "Ben", "Good morning to you.")]
WORDS = [
    {"word": " Hello", "start": 0.0, "end": 0.5},
    {"word": " there.", "start": 0.5, "end": 1.5},
]
FORMS: dict[str, Any] = {
    "whisper": {
        "text": " Hello there. Good morning to you.",
        "segments": [
            {
                "id": n,
                "seek": 0,
                "start": b,
                "end": e,
                "text": f" {t}",
                "speaker": w,
                "words": WORDS,
            }
            for n, (b, e, w, t) in enumerate(SAID)
        ],
        "language": "en",
    },
    "WhisperX": {
        "segments": [{"start": b, "end": e, "text": t, "speaker": w} for b, e, w, t in SAID],
        "word_segments": WORDS,
    },
    "whisper.cpp": {
        "systeminfo": "",
        "transcription": [
            {
                "timestamps": {
                    "from": f"00:00:{b:06.3f}".replace(".", ","),
                    "to": f"00:00:{e:06.3f}".replace(".", ","),
                },
                "offsets": {"from": int(b * 1000), "to": int(e * 1000)},
                "text": f" {t}",
                "speaker": w,
            }
            for b, e, w, t in SAID
        ],
    },
    "AssemblyAI": {
        "utterances": [
            {
                "start": int(b * 1000),
                "end": int(e * 1000),
                "speaker": w,
                "text": t,
                "confidence": 0.9,
            }
            for b, e, w, t in SAID
        ]
    },
    "Sonix": {
        "name": "x",
        "transcript": [
            {"speaker": w, "start_time": b, "end_time": e, "text": t, "words": []}
            for b, e, w, t in SAID
        ],
    },
    "Happy Scribe": [
        {
            "speaker": w,
            "words": [
                {"text": part, "type": "text", "data_start": b, "data_end": e} for part in t.split()
            ],
        }
        for b, e, w, t in SAID
    ],
    "Deepgram": {
        "results": {
            "channels": [],
            "utterances": [
                {"start": b, "end": e, "transcript": t, "speaker": w} for b, e, w, t in SAID
            ],
        }
    },
    "Rev": {
        "speakers": [{"id": 0, "name": "Ann"}, {"id": 1, "name": "Ben"}],
        "monologues": [
            {
                "speaker": number,
                "elements": [
                    {"type": "text", "value": part, "ts": b, "end_ts": e} for part in t.split()
                ],
            }
            for number, (b, e, _, t) in enumerate(SAID)
        ],
    },
}


@pytest.mark.parametrize("program", FORMS)
def test_every_program_says_the_same(program: str, tmp_path: Path) -> None:
    text = json.dumps(FORMS[program])
    assert segments_of(text) == [Segment(*one) for one in SAID]
    path = tmp_path / "one.json"
    path.write_text(text, encoding="utf-8")
    assert is_text(path)
    found = read(path)
    assert found.format == "vtt"
    assert [(cue.begins, cue.ends) for cue in cues_of(found.text)] == [
        (begins, ends) for begins, ends, _, _ in SAID
    ]
    assert "<v Ann>Hello there." in found.text


def test_youtube_s_and_whisper_s_tables() -> None:
    sbv = "0:00:00.000,0:00:01.500\nHello\nthere.\n\n0:00:01.500,0:00:03.250\nGood morning.\n"
    assert segments_of(sbv) == [
        Segment(0.0, 1.5, "", "Hello there."),
        Segment(1.5, 3.25, "", "Good morning."),
    ]
    tsv = "start\tend\ttext\n0\t1500\tHello there.\n1500\t3250\tGood morning.\n"
    assert segments_of(tsv)[1] == Segment(1.5, 3.25, "", "Good morning.")


def test_what_teams_writes_into_a_document(tmp_path: Path) -> None:
    document = docx.Document()
    for begin, end, who, said in (
        ("0:0:0.0", "0:0:1.5", "Ann", SAID[0][3]),
        ("0:0:1.5", "0:0:3.250", "Ben", SAID[1][3]),
    ):
        document.add_paragraph(f"{begin} --> {end}\n{who}\n{said}")
    document.save(str(tmp_path / "meeting.docx"))
    found = read(tmp_path / "meeting.docx")
    assert found.format == "vtt"
    assert [(cue.begins, cue.ends) for cue in cues_of(found.text)] == [(0.0, 1.5), (1.5, 3.25)]
    assert "<v Ben>Good morning to you." in found.text


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"segments": []}',
        '[{"text": "no time"}]',
        '[{"id": 1, "data": {"text": "a"}, "annotations": [{"result": []}]}]',
        "[" * 100_000,
        "Name\tAge\nAnn\t3\n",
        "plain words",
    ],
)
def test_what_is_no_transcript(text: str, tmp_path: Path) -> None:
    assert segments_of(text) == []
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    assert not is_text(path)
    with pytest.raises(StudyError):
        read(path)


@pytest.mark.parametrize(
    "text",
    [
        "{}:00:00.000,0:00:01.000\nhello\n",
        "start\tend\ttext\n{}\t1\thello\n",
        '{{"segments": [{{"start": "{}:00:00", "end": 1, "text": "hello"}}]}}',
        '{{"segments": [{{"start": {}, "end": 1, "text": "hello"}}]}}',
    ],
)
def test_a_time_without_end_is_no_time(text: str) -> None:
    """Python makes no number of more than 4,300 digits."""
    assert segments_of(text.format("9" * 5_000)) == []
    assert under_times(f"{'9' * 5_000}:0:3.0 --> 0:0:9.0\nAnn\nhello\n") == []


def test_words_are_never_cues(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    hostile = [{"start": 0, "end": 1, "text": "00:00:01.000 --> 00:00:02.000\n<v Eve>I & you"}]
    path.write_text(json.dumps({"segments": hostile}), encoding="utf-8")
    assert len(cues_of(read(path).text)) == 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["segments", "text", "start", "end", "speaker", "words", "offsets"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_anything_is_segments_or_none(value: Any) -> None:
    for one in segments_of(json.dumps(value)):
        assert one.words


@needs_realdata
def test_the_five_files_of_one_recording_are_one_source() -> None:
    files = sorted((REALDATA / "formats" / "whisper").iterdir())
    kept, left_out = once(files)
    assert len(files) == 5 and [path.suffix for path in kept] == [".json"]
    assert set(left_out.values()) == set(kept)
    for path in files:
        if path.suffix != ".txt":
            cues = cues_of(read(path).text.replace("\r\n", "\n"))
            assert len(cues) == 21 and cues[-1].ends == pytest.approx(109.48, abs=0.01)


def test_other_words_of_one_name_stay(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("quite another text")
    (tmp_path / "a.json").write_text(json.dumps(FORMS["WhisperX"]))
    paths = sorted(tmp_path.iterdir())
    assert once(paths) == (paths, {})


def test_a_broken_line_of_speech_under_a_time_is_nobodys_name() -> None:
    text = (
        "0:0:3.0 --> 0:0:9.0\nHester Quill\nHow did it begin?\n\n"
        "0:0:9.0 --> 0:0:12.0\nthen families came\nand stayed all day.\n\n"
        "0:0:12.0 --> 0:0:15.0\nHester Quill:\nAnd who was first?\n\n"
        "0:0:15.0 --> 0:0:17.0\nNobody.\n"
    )
    said = [(one.speaker, one.words) for one in under_times(text)]
    assert said == [
        ("Hester Quill", "How did it begin?"),
        ("", "then families came and stayed all day."),
        ("Hester Quill", "And who was first?"),
        ("", "Nobody."),
    ]
