"""What the cleaning of some sources came to, as it is kept and put together with that of others."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from analysis.cleaning.prepared import Prepared
from analysis.stages import clean, speakers
from analysis.stages.speakers import Heard
from analysis.study import schemas, tables

#: The kind of source of which it is asked who speaks.
INTERVIEW = "interview"


@dataclass(frozen=True)
class OfBatch:
    """What the cleaning of some sources came to. Private matter.

    - `held`: tables of a few rows a source, as columns: read, counted, log, ledger.
    - `masked`: `clean.masked_rows` of the active ones.
    - `interviews`: who speaks in each.
    - `written`: rows of CSV without heading, of passages and of each sheet for review.
    """

    held: Mapping[str, Mapping[str, list[object]]]
    masked: Sequence[Sequence[str]]
    interviews: Sequence[Heard]
    written: Mapping[str, str]
    texts: Mapping[str, str]

    @classmethod
    def of(
        cls, prepared: Mapping[str, Prepared], rows: Mapping[str, Mapping[str, str]], kind: str
    ) -> OfBatch:
        """Of the sources `prepared`, whose rows of the register are `rows`."""
        active = {name: one for name, one in prepared.items() if rows[name]["status"] == "active"}
        held = {
            "read": clean.what_was_read(prepared),
            "counted": clean.counted_of(prepared),
            "log": clean.log_of(prepared),
            "ledger": clean.ledger_of(prepared),
        }
        asked = prepared if kind == INTERVIEW else {}
        return cls(
            {name: table.to_dict("list") for name, table in held.items()},
            clean.masked_rows(active),
            [speakers.heard(rows[name], one) for name, one in asked.items()],
            {name: as_csv(table, header=False) for name, table in long_tables(prepared).items()},
            {name: one.clean.text for name, one in prepared.items()},
        )

    def as_json(self) -> str:
        """All of it. It names people: only for data/private."""
        return json.dumps({**vars(self), "interviews": [asdict(one) for one in self.interviews]})

    @classmethod
    def from_json(cls, stored: str) -> OfBatch:
        """What `as_json` made of it."""
        found = json.loads(stored)
        interviews = [
            Heard(
                **{
                    **one,
                    "speakers": tuple(one["speakers"]),
                    "said": tuple((tag, said) for tag, said in one["said"]),
                }
            )
            for one in found.pop("interviews")
        ]
        return cls(**found, interviews=interviews)


def long_tables(prepared: Mapping[str, Prepared]) -> dict[str, pd.DataFrame]:
    """Passages and each sheet for review: what is as long as the texts."""
    schema = schemas.schema_of("passages")
    passages = tables.typed_if_empty(clean.passages_of(prepared), schema)
    return {
        "passages": tables.validate(passages, schema, "passages"),
        **clean.private_tables(prepared),
    }


def as_csv(table: pd.DataFrame, *, header: bool) -> str:
    """Its rows, with their heading or without."""
    return str(table.to_csv(index=False, header=header, lineterminator="\n"))
