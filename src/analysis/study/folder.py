"""Where things are, and the choices: the object that every notebook opens first."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from analysis.corpus import Corpus, counted_voices
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.whole_file import lay_beside, lift, write_bytes, write_text
from analysis.study import parts, tables
from analysis.study.choices import Choices, read_choices, with_choices
from analysis.study.codebook import CODEBOOK, Codebook, read_codebook
from analysis.study.coders import EVERYONE, chosen_codings, most_first
from analysis.study.declared import Coder, problems_of_choice, problems_of_names, read_coders
from analysis.study.guide import GUIDE, Guide, with_answers
from analysis.study.parts import Batch
from analysis.study.register import FOLDERS, read_register
from analysis.study.rounds import ROUNDS, Round, blind_now, read_rounds
from analysis.study.schemas import schema_of

if TYPE_CHECKING:
    from plotnine import ggplot

    from analysis.figures import Picture

_Kept = TypeVar("_Kept")
# So many bytes a table has at most that is kept once it was read, as long as its file says the same.
_SMALL = 1_000_000


@dataclass(frozen=True)
class Study:
    """One study in one folder. Nothing here computes; it knows where tables live.

    `only_in_sight`: without the codings that an open blind round keeps from others (`in_sight`).
    `batch`: the sources of which it is the study, as `parts` gives them; None for all.
    """

    folder: Path
    choices: Choices
    with_embargoed: bool = False
    only_in_sight: bool = False
    batch: Batch | None = None

    kinds = tuple(FOLDERS)

    @classmethod
    def open(cls, folder: str | Path = ".", *, embargoed: bool = False, **choices: Any) -> Study:
        """Open the study in `folder`; `choices` win over its params.yml.

        `embargoed=True` lets embargoed sources in: for the lab, never for a published page.
        Raises `StudyError` for an unknown or mistyped choice.
        """
        root = Path(folder)
        read = read_choices(root / "params.yml")
        return cls(root, with_choices(read, **choices) if choices else read, embargoed)

    def with_choices(self, **choices: Any) -> Study:
        """The same study under other choices; no file is touched.

        Raises `StudyError` for an unknown or mistyped choice, and for a coder who coded nothing.
        """
        other = replace(self, choices=with_choices(self.choices, **choices))
        if "coder" in choices:
            other._check_coder()
        return other

    def __repr__(self) -> str:
        params = self.folder / "params.yml"
        there = vars(read_choices(params) if params.is_file() else self.choices)
        given = vars(self.choices)
        changed = {name: value for name, value in given.items() if value != there[name]}
        said = ", ".join(f"{name}={value!r}" for name, value in changed.items())
        if not said:
            return f"the study in {self.folder}, under the choices of its params.yml"
        return (
            f"the study in {self.folder}, under {said}; else as its params.yml. What would change: "
            f"analysis.explore.Explorer(study).beside({said})"
        )

    @property
    def raw(self) -> Path:
        """The folder of what the researchers gave; the program only reads it."""
        return self.folder / "data" / "raw"

    @property
    def processed(self) -> Path:
        """The folder of the stages' tables; made again when its inputs change."""
        return self.folder / "data" / "processed"

    @property
    def private(self) -> Path:
        """The folder of the key, and of what is to be reviewed; never published, nor in git."""
        return self.folder / "data" / "private"

    @property
    def reports(self) -> Path:
        """The folder of the paper, and of the site made from it."""
        return self.folder / "reports"

    # --- what the researchers gave -------------------------------------------

    @cached_property
    def register(self) -> pd.DataFrame:
        """Every registered source, withdrawn ones too (`register.read_register`)."""
        return read_register(self.raw)

    @cached_property
    def codebook(self) -> Codebook:
        """The codes and their history (`codebook.read_codebook`)."""
        return read_codebook(self.raw / CODEBOOK)

    @property
    def stances(self) -> dict[str, str]:
        """What codes, and values of a stance column, do to claims: codebook and, above it, params.yml."""
        of_codes = self.codebook.stances if (self.raw / CODEBOOK).is_file() else {}
        return {**of_codes, **self.choices.stances}

    @cached_property
    def coders(self) -> dict[str, Coder]:
        """The coders that `data/raw/coders.yml` declares, by name (`declared.read_coders`)."""
        return read_coders(self.raw)

    @property
    def sources(self) -> pd.DataFrame:
        """The sources that may be used: active ones, and embargoed ones where they are let in."""
        usable = ["active", "embargoed"] if self.with_embargoed else ["active"]
        return self.register[self.register["status"].isin(usable)].reset_index(drop=True)

    def published(self, by_source: Mapping[str, _Kept]) -> dict[str, _Kept]:
        """Of what is kept by source_id, the part that a published page may count: active sources."""
        active = set(self.register.loc[self.register["status"] == "active", "source_id"])
        return {source_id: kept for source_id, kept in by_source.items() if source_id in active}

    @property
    def constructed(self) -> bool:
        """Whether any source in use was invented; then every page and figure says so."""
        return bool((self.register["provenance"] == "constructed").any())

    @property
    def withdrawn_names(self) -> set[str]:
        """Every name under which a withdrawn source may stand in a coding project."""
        left = self.register[self.register["status"] == "withdrawn"]
        return {
            name for column in ("source_id", "file", "coded_as") for name in left[column] if name
        }

    # --- what the stages wrote, each read once ---------------------------------

    @cached_property
    def passages(self) -> pd.DataFrame:
        """Every passage of the sources in use, in whatever voice (`tables.PASSAGES`)."""
        return self._of_sources_in_use(self.table("passages"))

    @cached_property
    def counted_passages(self) -> pd.DataFrame:
        """Passages whose words count: without observers' reflections, and without interviewers'
        speech unless `interviewer_speech` lets it in."""
        passages = self.passages
        return passages[passages["voice"].isin(self.counted_voices)].reset_index(drop=True)

    @property
    def counted_voices(self) -> tuple[str, ...]:
        """The voices of `counted_passages`."""
        return counted_voices(interviewer_speech=self.choices.interviewer_speech)

    @cached_property
    def codes(self) -> pd.DataFrame:
        """The codebook as the coding stage left it (`tables.CODES`)."""
        return self.table("codes")

    @cached_property
    def all_codings(self) -> pd.DataFrame:
        """Every person's codings of the sources in use: a program's are never counted as theirs.

        Raises `StudyError` for a coder whom data/raw/coders.yml, if it is there, does not declare.
        """
        codings = self._everything_coded
        return codings[~codings["coder"].isin(self._programs)].reset_index(drop=True)

    @property
    def coded_by(self) -> str:
        """Who coded what is counted, for figures; '' where no coder is declared."""
        if not self.coders:
            return ""
        people = sorted(self.codings["coder"].unique())
        named = "people" if not people else f"people ({', '.join(people)})"
        return f"Coded by {named}; no program’s codings are in it."

    def codings_of_program(self, name: str) -> pd.DataFrame:
        """What the program `name` coded in the sources in use; only `stages.programs` counts it."""
        codings = self._everything_coded
        return codings[codings["coder"] == name].reset_index(drop=True)

    @cached_property
    def in_sight(self) -> Study:
        """The study as the lab may show and count it: while a blind round lasts, without the
        codings of those whom others of the round may not see (`rounds.blind_now`)."""
        return self if self.out_of_sight.empty else replace(self, only_in_sight=True)

    @cached_property
    def out_of_sight(self) -> pd.DataFrame:
        """The codings that an open blind round keeps from others."""
        codings = self._of_sources_in_use(self.table("codings"))
        return codings[blind_now(codings, self._rounds)]

    @cached_property
    def _rounds(self) -> list[Round]:
        codings = self._of_sources_in_use(self.table("codings"))
        return self._rounds_among(codings["coder"].unique())

    def _rounds_among(self, coders: Iterable[str]) -> list[Round]:
        return read_rounds(self.raw, self.register, {*map(str, coders), *self.coders})

    @cached_property
    def _everything_coded(self) -> pd.DataFrame:
        codings = self._of_sources_in_use(self.table("codings"))
        raise_if_any(problems_of_names(self.coders, codings["coder"].unique()))
        if not self.only_in_sight:
            return codings
        return codings.drop(self.out_of_sight.index).reset_index(drop=True)

    @property
    def _programs(self) -> list[str]:
        return [name for name, coder in self.coders.items() if coder.is_program]

    @cached_property
    def codings(self) -> pd.DataFrame:
        """The codings that count: the chosen coder's, else those of params.yml's coder.

        Raises `StudyError` where another coder is chosen than params.yml's and coded nothing.
        """
        if self.batch is None:
            self._check_coder()
        return chosen_codings(
            self.all_codings, self.choices.coder, self._headline, self._who_coded_most
        )

    @cached_property
    def _who_coded_most(self) -> tuple[str, ...]:
        """The coders in the order of how much they coded in all sources in use, where that counts."""
        return tuple(most_first(self.all_codings["coder"])) if self._everyone_counts else ()

    @property
    def _everyone_counts(self) -> bool:
        return EVERYONE in (self.choices.coder, self._headline)

    @cached_property
    def corpus(self) -> Corpus:
        """The sources in use with the codings that count (`codings`), for every measure."""
        return self.corpus_of(self.codings)

    def corpus_of(self, codings: pd.DataFrame) -> Corpus:
        """The same corpus with other codings, such as every coder's (`all_codings`)."""
        passages = with_answers(self.passages, Guide.of_study(self.raw / GUIDE))
        return Corpus(self.sources, passages, self.codes, codings, self.counted_voices)

    def parts(self) -> Iterator[Part]:
        """The corpus in parts, one after another in the order of its sources, each with a digest of
        all that it hangs on (`analysis.study.parts`). A corpus that is not kept in parts is one.

        Raises `StudyError` as `codings`.
        """
        batches = parts.read_index(self.processed)
        if not batches or self.batch is not None:
            contents = [(self.processed / f"{name}.csv").read_bytes() for name in parts.SCHEMAS]
            digests = [hashlib.sha256(content).hexdigest() for content in contents]
            yield Part(self._digest_of_part(digests, self.sources), self)
            return
        coders = sorted({name for batch in batches for name in batch.coders})
        raise_if_any(problems_of_names(self.coders, coders))
        self._check_coder_among(coders)
        # Read once for all parts; of what is as long as the corpus each has its own rows.
        known: dict[str, object] = {"codes": self.codes, "coders": self.coders}
        if self.only_in_sight:
            known["_rounds"] = self._rounds_among(coders)
        registers = dict(zip(batches, parts.rows_of(self.register, batches), strict=True))
        if self._everyone_counts:
            counts: Counter[str] = sum(
                (
                    Counter(self._of_batch(batch, register, known).all_codings["coder"])
                    for batch, register in registers.items()
                ),
                Counter(),
            )
            known["_who_coded_most"] = tuple(most_first(counts.elements()))
        for batch, register in registers.items():
            part = self._of_batch(batch, register, known)
            if len(part.sources):
                yield Part(part._digest_of_part(batch.digests, part.sources), part)

    def _of_batch(self, batch: Batch, register: pd.DataFrame, known: Mapping[str, object]) -> Study:
        part = replace(self, batch=batch)
        vars(part).update(known, register=register)
        return part

    def _digest_of_part(self, tables: object, sources: pd.DataFrame) -> str:
        named = [self.raw / GUIDE, *([self.raw / ROUNDS] if self.only_in_sight else [])]
        return parts.digest_of(
            tables,
            sources.to_csv(index=False),
            self.codes.to_csv(index=False),
            [path.read_text(encoding="utf-8") for path in named if path.is_file()],
            [date.today().isoformat()] if self.only_in_sight else [],
            [self.choices.coder, self._headline, *self._who_coded_most],
            [self._programs, self.counted_voices],
        )

    @property
    def _headline(self) -> str:
        return read_choices(self.folder / "params.yml").coder

    def _check_coder(self) -> None:
        self._check_coder_among(sorted(self.all_codings["coder"].unique()))

    def _check_coder_among(self, names: Iterable[str]) -> None:
        chosen = self.choices.coder
        raise_if_any(problems_of_choice(self.coders, [chosen], f"coder={chosen!r}"))
        coders = [name for name in names if name not in self._programs]
        if self.choices.coder not in (self._headline, EVERYONE, *coders):
            raise StudyError(
                Problem(
                    f"coder={self.choices.coder!r}",
                    "nobody of this name",
                    ", ".join(coders),
                    "correct it",
                )
            )

    def table(self, name: str) -> pd.DataFrame:
        """A processed table by its name, typed and checked as `analysis.study.schemas` has it.

        Raises `StudyError` when the stage that leaves it has not run.
        """
        if self.batch is not None and name in parts.SCHEMAS:
            return parts.read(self.processed, self.batch, name)
        path = self.processed / f"{name}.csv"
        if not path.is_file():
            raise StudyError(
                Problem(
                    f"data/processed/{path.name}",
                    "not there",
                    "the table that a stage leaves",
                    "run make report first",
                )
            )
        # What is read many times for one report is small; pandas copies what is changed.
        if path.stat().st_size > _SMALL:
            return tables.read_table(path, schema_of(name))
        return _small_table(path, path.read_bytes()).copy(deep=False)

    def text(self, source_id: str) -> str:
        """The clean text of a source, as the coordinates count it."""
        path = self.processed / "texts" / f"{source_id}.txt"
        return path.read_bytes().decode("utf-8")

    def joined_passages(self) -> pd.DataFrame:
        """The passages of all kinds of sources, as the runs of the first stage left them."""
        parts = [self.table(f"passages-{kind}") for kind in self.kinds]
        return pd.concat(parts, ignore_index=True)

    def _of_sources_in_use(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[table["source_id"].isin(self.sources["source_id"])].reset_index(drop=True)

    # --- what a stage writes --------------------------------------------------

    def write_table(self, table: pd.DataFrame, name: str) -> None:
        """Store a processed table, whole or not at all, once it fits its schema in
        `analysis.study.schemas`: it is read as it was written."""
        schema = schema_of(name)
        checked = tables.validate(tables.typed_if_empty(table, schema), schema, name)
        tables.write_table(checked, self.processed / f"{name}.csv")

    def write_parts(self, passages: pd.DataFrame, codings: pd.DataFrame) -> None:
        """Keep a large corpus in parts too (`analysis.study.parts`); of a smaller one nothing is."""
        by_name = {"passages": passages, "codings": codings}
        parts.write(self.processed, self.sources["source_id"], by_name)

    def write_tables(self, **tables_by_name: pd.DataFrame) -> None:
        """Store several processed tables, each by its name, as `write_table` does."""
        for name, table in tables_by_name.items():
            self.write_table(table, name)

    def write_texts(self, texts: Mapping[str, str], kind: str) -> None:
        """Store the clean texts of one kind of source; those of sources that are gone go."""
        self.lift_texts(self.lay_texts(texts), texts, kind)

    def lay_texts(self, texts: Mapping[str, str]) -> list[str]:
        """Lay clean texts beside those that they will replace; returns the sources that have others."""
        folder = self.processed / "texts"
        return [name for name, text in texts.items() if lay_beside(folder / f"{name}.txt", text)]

    def lift_texts(self, laid: Iterable[str], texts: Collection[str], kind: str) -> None:
        """Let the texts that were `laid` take their places; `texts` are all sources of this kind."""
        folder = self.processed / "texts"
        for source_id in laid:
            lift(folder / f"{source_id}.txt")
        listing = folder / f".{kind}"
        elsewhere = set(self.sources.loc[self.sources["kind"] != kind, "source_id"])
        for path in folder.glob("*.txt"):
            if path.stem not in elsewhere and path.stem not in texts:
                path.unlink(missing_ok=True)
        write_text(listing, "".join(f"{name}\n" for name in sorted(texts)))

    def write_graph(self, graphml: str, name: str) -> None:
        """Store a network as `<name>.graphml` beside the tables."""
        write_text(self.processed / f"{name}.graphml", graphml)

    def write_values(self, stage: str, values: Mapping[str, tuple[Any, str]]) -> None:
        """Store the numbers that prose quotes: name -> (raw value, unit), unrounded.

        Units: those of `report.values.format_value`.
        """
        rows = [
            {"name": name, "value": _plain(value), "unit": unit}
            for name, (value, unit) in sorted(values.items())
        ]
        content = json.dumps(rows, indent=1, ensure_ascii=False, allow_nan=True) + "\n"
        write_text(self.processed / "values" / f"{stage}.json", content)

    def save_figure(
        self,
        plot: ggplot,
        name: str,
        width: float = 7.0,
        height: float = 4.5,
        coded_by: str | None = None,
    ) -> Picture:
        """Write a figure as SVG and PNG into `reports/figures` and return it, to be shown.

        Sizes in inches. Drawing costs more than computing: a figure is drawn once. Where coders are
        declared it says who coded: `coded_by`, else those whose codings count; '' says nothing.
        """
        from analysis.figures import draw

        by = self.coded_by if coded_by is None else coded_by
        picture = draw(plot, width, height, constructed=self.constructed, coded_by=by)
        for suffix, content in (("svg", picture.svg), ("png", picture.png)):
            write_bytes(self.reports / "figures" / f"{name}.{suffix}", content)
        return picture


@dataclass(frozen=True)
class Part:
    """Some sources of a study: the study of them alone, and a digest of all that its corpus hangs on."""

    digest: str
    study: Study

    @property
    def corpus(self) -> Corpus:
        """Its sources with the codings that count (`Study.corpus`).

        Of a corpus in parts it is read each time: who has counted in a part does not hold it.
        """
        return self.study.corpus if self.study.batch is None else copy(self.study).corpus


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


@lru_cache(maxsize=64)
def _small_table(path: Path, content: bytes) -> pd.DataFrame:
    return tables.read_table(path, schema_of(path.stem))
