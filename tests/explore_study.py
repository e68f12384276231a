"""A small study to explore: the demonstration's codebook and claims over made-up words."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pandas as pd

from analysis.study.codebook import read_codebook

PROJECT = Path(__file__).resolve().parents[1]
HOSTILE = (
    '<img src=x onerror="window.canary=1"><script>window.canary=1</script> {{< var x >}} `$x$`'
)
_WORDS = [
    "people",
    "voice",
    "meeting",
    "trust",
    "service",
    "form",
    "time",
    "child",
    "room",
    "plan",
    "money",
    "told",
    "listened",
]


def make_study(
    folder: Path,
    sources: int = 12,
    passages: int = 14,
    seed: int = 7,
    codes_used: int | None = None,
) -> Path:
    """Write a study of `sources` sources with `passages` passages each into `folder`.

    Of the codebook's codes the first `codes_used` are used, by default all. Every second passage of
    an interview is the interviewer's. One interview is embargoed, one
    has no consent, one has a possible name that is undecided, and one holds hostile words.
    """
    chance = random.Random(seed)
    raw, processed = folder / "data" / "raw", folder / "data" / "processed"
    for one in (
        raw / "interviews",
        raw / "coding",
        processed / "texts",
        folder / "data" / "private" / "review",
    ):
        one.mkdir(parents=True)
    for name in ("codebook.yml", "claims.yml"):
        shutil.copy(PROJECT / "data" / "raw" / name, raw / name)
    params = (PROJECT / "params.yml").read_text(encoding="utf-8")
    fewer = params.replace("resamples: 2000", "resamples: 200")
    assert fewer != params
    (folder / "params.yml").write_text(fewer, encoding="utf-8")
    codes = read_codebook(raw / "codebook.yml").codes
    usable = list(codes.loc[codes["usable"], "code"])[:codes_used]
    register, spoken, coded = [], [], []
    for number in range(1, sources + 1):
        name, status, publish = f"int-{number:02}", "active", "full"
        if number == 3:
            status, publish = "embargoed", "none"
        if number == 4:
            publish = "none"
        role = ("commissioner", "third_sector")[number % 2]
        register.append(
            [
                name,
                f"case-{number:02}",
                "interview",
                role,
                "here",
                "2024-01-01",
                f"Interview {number}",
                f"interviews/{name}.txt",
                name,
                status,
                publish,
                "constructed",
                "R",
                "I",
            ]
        )
        written: list[str] = []
        at, text = 0, ""
        for place in range(passages):
            said = " ".join(chance.choices(_WORDS, k=chance.randint(8, 30))).capitalize() + "."
            if number == 1 and place == 1:
                # The words that come together most stand beside the hostile ones.
                said = f"{HOSTILE} Voice told. {'Voice told, ' * passages}{said}"
            asked = place % 2 == 0
            speaker, voice = ("I", "interviewer") if asked else ("R", "participant")
            spoken.append(
                [name, place, at, at + len(said), speaker, voice, len(said.split()), said]
            )
            for coder in ("A", "B"):
                for _ in range(0 if asked else chance.randint(0, 3)):
                    begin = chance.randint(0, len(said) - 6)
                    span = [at + begin, at + chance.randint(begin + 5, len(said))]
                    coded.append([name, *span, chance.choice(usable), coder, "made.csv", ""])
            text += said + "\n"
            written.append(f"{speaker}: {said}\n")
            at = len(text)
        (raw / "interviews" / f"{name}.txt").write_text("\n".join(written), encoding="utf-8")
        (processed / "texts" / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
    columns = [
        "source_id",
        "case_id",
        "kind",
        "role",
        "site",
        "date",
        "title",
        "file",
        "coded_as",
        "status",
        "publish",
        "provenance",
        "participant_tags",
        "interviewer_tags",
    ]
    tables = {
        raw / "sources.csv": pd.DataFrame(register, columns=columns),
        processed / "passages.csv": pd.DataFrame(
            spoken,
            columns=["source_id", "passage", "start", "end", "speaker", "voice", "words", "text"],
        ),
        processed / "codings.csv": pd.DataFrame(
            coded, columns=["source_id", "start", "end", "code", "coder", "origin", "memo"]
        ).drop_duplicates(["source_id", "start", "end", "code", "coder"]),
        processed / "codes.csv": codes,
        folder / "data/private/review/candidates-interview.csv": pd.DataFrame(
            [["int-05", 0, 4, "capital", "Ashby", "said Ashby"]],
            columns=["source_id", "start", "end", "cue", "found", "context"],
        ),
    }
    for path, table in tables.items():
        table.to_csv(path, index=False, lineterminator="\n")
    return folder
