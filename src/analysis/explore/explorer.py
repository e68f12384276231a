"""What can be asked in one line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from analysis.claims.memos import MEMOS, read_memos
from analysis.claims.reading import CLAIMS, read_claims
from analysis.explore import (
    agreement,
    arguments,
    counting,
    joint,
    laying,
    mapping,
    starting,
    wording,
)
from analysis.explore.beside import Beside
from analysis.explore.counts import Grid, Lines, Table
from analysis.explore.meetings import known_unit, meetings
from analysis.explore.passages import Passages, SourcePage, passages_of
from analysis.explore.results import Session
from analysis.explore.search import Search, Searchable
from analysis.explore.widget import ExploreWidget, explorer_widget
from analysis.files.problems import Problem, StudyError
from analysis.measures import language
from analysis.study.choices import read_choices
from analysis.study.folder import Study
from analysis.study.names import undecided

Values = str | Sequence[str]
WIDTH, LEAST = 60, 3


class Explorer:
    """A study to be read, doubted and followed; every answer says the line that asks for it.

    Nothing here writes but `add_to_memo`, `bears_on` and `keep` of a result. Codes are written as
    in `analysis.explore.query`: by their own name, by their path where two share a name; a code
    includes those beneath it. Embargoed sources count here where the study lets them in; every
    count says so, since the paper counts without them.
    """

    def __init__(self, study: Study, said: str = "explore") -> None:
        """`said`: this explorer as a line of code, for the lines of its answers."""
        self.study, self._said = study, said
        _show_changes_in_notebook()

    @cached_property
    def corpus(self) -> Searchable:
        """The study's passages and readings, laid out for searching once."""
        return Searchable.of(self.study)

    @cached_property
    def session(self) -> Session:
        """What every answer is made with."""
        from analysis.figures import NOTICE

        notice = NOTICE if self.study.constructed else ""
        study = self.study.in_sight
        return Session(study, self.corpus, self._said, self._undecided(), self._claims, notice)

    def under(self, **choices: object) -> Explorer:
        """The same study under other choices (`unit="window", window=2`); no file is touched."""
        given = ", ".join(f"{name}={value!r}" for name, value in choices.items())
        return Explorer(self.study.with_choices(**choices), f"{self._said}.under({given})")

    def beside(self, **choices: object) -> Beside:
        """The measures under the present choices and, beside them, under others."""
        if not choices:
            raise StudyError(
                Problem("beside", "no choice", "unit='window', window=2, …", "name what to change")
            )
        return Beside(self.session, self.under(**choices).session.study, choices)

    @cached_property
    def start(self) -> starting.Start:
        """Codes, a theme, a source and words of this study to begin with."""
        return starting.start(self.session)

    # --- reading -----------------------------------------------------------------

    def widget(self) -> ExploreWidget:
        """The code explorer, to click and to step through by keyboard."""
        return explorer_widget(self.session)

    def passages(
        self,
        query: str = "",
        *,
        role: Values = (),
        kind: Values = (),
        case: Values = (),
        source: Values = (),
        coder: str = "",
        voice: Values = (),
        since: str = "",
        until: str = "",
        claim: str = "",
        **columns: Values,
    ) -> Passages:
        """The passages that a query asks for, of sources and voices chosen by filters.

        `query`: codes, and words that are said in double quotes, joined by and & or | near near(3)
        not ~ and brackets; '' asks for every passage. `a near(3) b` are the passages of either with the other at most 3 passages away
        in the same source, counting only passages of the voices asked for (not, as a rule,
        interviewers' turns); `=a` is the code a without those beneath it. Each filter takes one
        value or several, and so does any other column of the register (`site="north"`). `since`,
        `until`: of sources with a date from or up to a day, a month or a year. `claim`: passages
        with a code of this claim, or judged for it. `coder`: as that coder coded, or 'everybody'; without, the coding that
        counts. Without `voice`, the voices that count. Raises `StudyError` for a query that
        cannot be read, an unknown code or value.
        """
        given = {"role": role, "kind": kind, "case": case, "source": source, "voice": voice}
        chosen: dict[str, Any] = {
            name: arguments.texts(name, value) for name, value in given.items()
        }
        query, coder = arguments.text("the query", query), arguments.text("coder", coder)
        others = tuple((name, arguments.texts(name, value)) for name, value in columns.items())
        search = Search(
            query,
            coder=coder,
            columns=others,
            since=arguments.text("since", since),
            until=arguments.text("until", until),
            claim=arguments.text("claim", claim),
        )
        search = replace(search, **chosen)
        return passages_of(self.session, search)

    def source(self, source_id: str, coder: str = "") -> SourcePage:
        """A source as a page: its words with their codes, and stripes of its widest codes."""
        name = arguments.text("source", source_id)
        found = self.passages(source=name, coder=coder, voice=self.corpus.values("voice"))
        line = self.session.line("source", name, coder=coder or None)
        return SourcePage(self.session, line, found.rows, (), coder)

    def meetings(self, code_a: str, code_b: str, unit: str = "") -> Passages:
        """The passages behind a cell of `cooccurrence`, under its unit; codes as queries name them,
        each counted alone, without the codes beneath it."""
        names, unit = self.corpus.names, known_unit(unit or self.study.choices.unit)
        codes = [names.meant(code, "meetings") for code in (code_a, code_b)]
        rows = meetings(self.corpus, codes[0], codes[1], unit, self.study.choices.window)
        called = [names.name(code) for code in codes]
        line = self.session.line("meetings", *called, unit=unit)
        asked = {code: code.rpartition("/")[2] for code in codes}
        return Passages(self.session, line, rows, codes, asked=asked)

    # --- counting ----------------------------------------------------------------

    def cooccurrence(self, unit: str = "", most: int = counting.MEETING) -> Grid:
        """How often codes meet: the `most` codes that meet most as a chart and as buttons.

        `table` has every pair (`measures.cooccurrence.cooccurrence`). As in the paper each code
        is counted alone, without the codes beneath it.
        """
        unit = known_unit(unit or self.study.choices.unit)
        return counting.meeting(self.session, unit, arguments.whole("most", most, 2), self.meetings)

    def compare(
        self,
        by: str = "role",
        kind: str | None = None,
        codes: Values = (),
        most: int = counting.COMPARED,
    ) -> Grid:
        """How many cases of each group carry a code: dots by case, and a bar of cases as button.

        `by`: a column of the register. `kind`: compared within one kind of source, since kinds
        yield words and cases differently; '' for all; without, interviews where there are any.
        `codes`: as queries write them; else the `most` that most sources carry. `table`:
        `measures.frequencies.code_frequencies`.
        """
        by = arguments.text("by", by)
        named = [self.corpus.names.meant(one, "compare") for one in arguments.texts("codes", codes)]
        return counting.compared(
            self.session, by, kind, named, arguments.whole("most", most, 1), self.passages
        )

    def matrix(self, theme: str) -> Grid:
        """A theme case by case: coded segments under each of its codes, as buttons.

        `theme`: the name of a theme in claims.yml, or a code; then the columns are that code
        itself and the codes beneath it. `table` has, beside the counts, what a person wrote of
        each case in matrix.csv.
        """
        return counting.by_case(self.session, arguments.text("theme", theme), self.passages)

    def joint(self, attribute: str) -> Grid:
        """The cases sorted by a measured attribute (a column of `data/raw/cases.csv`), each with
        its coded spans under every theme, what matrix.csv says of it and a quotation, as in the
        paper; `beneath` are the contrasts of the attribute and its crossing with the themes."""
        return joint.joint(self.session, arguments.text("attribute", attribute), self.passages)

    def codebook(self) -> Table:
        """Every code with its definition and how often it was used."""
        return counting.codebook(self.session)

    def agreement(self) -> Grid:
        """Where the two coders who coded most agree, code by code: alpha, and how many passages
        both of them or one alone put a code on; each number opens its passages."""
        return agreement.agreement_grid(self.session, self.passages)

    # --- laid out -----------------------------------------------------------------

    def code_line(self, source_id: str) -> Grid:
        """A source as a line: its passages across, its codes down, each cell a button."""
        return laying.code_line(self.session, arguments.text("source", source_id), self.passages)

    def documents(self, *source_ids: str) -> Grid:
        """Sources beside each other: segments under each code, what most of them share first.

        Of all sources where none is named: code x source.
        """
        named = [arguments.text("source", one) for one in source_ids]
        return laying.documents(self.session, named, self.passages)

    def coverage(self) -> Grid:
        """How much of each source lies under each code, in words."""
        return laying.coverage(self.session, self.passages)

    def hierarchy(self) -> Grid:
        """The tree of codes with how much is coded under each."""
        return laying.hierarchy(self.session, self.passages)

    def code_map(self, unit: str = "", most: int = mapping.MAPPED) -> mapping.CodeMap:
        """The `most` codes that meet most as a map: choose a code or a line for its passages."""
        known, most = known_unit(unit or self.study.choices.unit), arguments.whole("most", most, 2)
        return mapping.code_map(self.session, known, most, self.meetings, self.passages)

    def crosstab(self, down: str, across: str, code: str = "") -> Grid:
        """Cases by two attributes, columns of the register or of `cases.csv` (of which numbers are
        parted at their middle); with a code, or a query, how many of them carry it."""
        named = [arguments.text("column", one) for one in (down, across)]
        return laying.crosstab(
            self.session, named[0], named[1], arguments.text("code", code), self.passages
        )

    def memos(self, words: str = "") -> Table:
        """Memos of the study and memos on spans, those that hold `words`; to be searched."""
        written = read_memos(self.study.raw / MEMOS)
        return laying.memos(self.session, arguments.text("words", words), written)

    # --- words -------------------------------------------------------------------

    def concordance(self, word: str, width: int = WIDTH, sort: str = "") -> Lines:
        """Every place where words are said, in context: 'voice', 'trusted adult', 'co-produc*'.

        A word is found as it stands, so that 'people' finds no possessive ('people*' also finds
        people's); what stands in square brackets, as replaced names do, is not found at all.
        `width`: characters shown on each side. `sort`: by the words before ('left') or after
        ('right') instead of by place. `passages` of the result hold the words.
        """
        word, width = arguments.text("concordance", word), arguments.whole("width", width, 0)
        try:
            found = language.concordance(self.study.corpus, word, width)
        except ValueError:
            raise StudyError(
                Problem("concordance", repr(word[:60]), "a word, or several", "write one")
            ) from None
        ids = found["source_id"] + "-" + found["passage"].astype(str)
        table = wording.sorted_concordance(
            found.assign(id=ids)[["id", "left", "word", "right"]], arguments.text("sort", sort)
        )
        line = self.session.line(
            "concordance", word, width=None if width == WIDTH else width, sort=sort or None
        )
        rows = self.corpus.passages[self.corpus.passages["id"].isin(ids)]
        return Lines(self.session, line, table, rows, [word])

    def word_tree(self, word: str, side: str = "right", depth: int = 3) -> Grid:
        """What is said after words ('right') or before them ('left'), as branches with counts."""
        line = self.session.line(
            "word_tree",
            word,
            side=None if side == "right" else side,
            depth=None if depth == 3 else depth,
        )
        side, depth = arguments.text("side", side), arguments.whole("depth", depth, 1)
        return laying.word_tree(self.session, line, self.concordance(word, 200), side, depth)

    def words(self, by: str = "role", function_words: bool = False) -> Table:
        """How often each word is said, in all and by group of a column of the register.

        Words of grammar are left out unless `function_words`.
        """
        sources = self.corpus.sources
        if arguments.text("by", by) not in sources:
            known = ", ".join(map(str, sources.columns))
            raise StudyError(Problem("by", repr(by)[:60], known, "correct it"))
        out = frozenset[str]() if function_words else language.FUNCTION_WORDS
        groups = sources.set_index("source_id")[by].fillna("").astype(str)
        table = wording.frequencies(self.study.corpus, groups, out)
        line = self.session.line("words", by=by, function_words=function_words or None)
        return Table(self.session, line, table, counting.counted_rows(self.corpus))

    def collocations(self, code: str = "", least: int = LEAST) -> Table:
        """Pairs of words that come together more than chance, in all text or under a code.

        `least`: how often a pair must be met.
        """
        code, least = arguments.text("code", code), arguments.whole("least", least, 1)
        about = [self.corpus.names.meant(code, "collocations")] if code else []
        counted = self.corpus.passages
        counted = counted[counted["voice"].isin(self.study.counted_voices)]
        read = self.corpus.under(about) if about else counted
        table = language.collocations(replace(self.study.corpus, passages=read), least=least)
        line = self.session.line(
            "collocations", code=code or None, least=None if least == LEAST else least
        )
        return Table(self.session, line, table, counted[counted["id"].isin(read["id"])], about)

    # --- what the answers rest on ------------------------------------------------

    def _claims(self) -> dict[str, str]:
        return {
            one.id: one.sentence for one in read_claims(self.study.raw / CLAIMS, self.study.codes)
        }

    def _undecided(self) -> frozenset[str]:
        """Sources in which cleaning found possible names that nobody has decided on."""
        return frozenset(undecided(self.study.private)["source_id"])


def _show_changes_in_notebook() -> None:
    """Let `study.with_choices(…)`, where this is a notebook, show the measures beside the present.

    Asked of each explorer, not on import: a kernel may be forked from a process that had this
    module already.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        shell.display_formatter.formatters["text/html"].for_type(Study, _beside)


def _beside(study: Study) -> str | None:
    """A study under other choices than its params.yml, as HTML: what they would change."""
    there = read_choices(study.folder / "params.yml")
    changed = {
        name: value for name, value in vars(study.choices).items() if value != vars(there)[name]
    }
    if not changed:
        return None
    present = Study(study.folder, there, study.with_embargoed)
    return Explorer(present).beside(**changed)._repr_html_()
