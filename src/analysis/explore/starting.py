"""Where to begin in a study that one does not know yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from analysis.claims.reading import CLAIMS, read_claims
from analysis.corpus import Corpus
from analysis.explore.counting import codebook
from analysis.explore.results import Session
from analysis.measures import language
from analysis.measures.said import words_of


@dataclass(frozen=True)
class Start:
    """Something of a study to begin with, '' where it has no code or theme yet.

    `code`, `other`: the codes that most sources carry, as queries write them; `theme`: the first
    of claims.yml, else the code with codes beneath it that most sources carry; `source`: the
    source with most passages, else the first; `words`: the pair of words that most comes together,
    else the word that is said most (of grammar only where nothing else is said).
    """

    code: str
    other: str
    theme: str
    source: str
    words: str

    @property
    def query(self) -> str:
        """One code but not the other, as far as there are any."""
        return f"{self.code} & ~{self.other}" if self.other else self.code


def start(session: Session) -> Start:
    """Look for it: the same study always begins at the same place."""
    study, names = session.study, session.corpus.names
    order = ["sources", "segments", "code"]
    used = codebook(session).table.query("segments > 0")
    ranked = list(used.sort_values(order, ascending=[False, False, True])["code"])
    parents = {code.rpartition("/")[0] for code in names.codes}
    leaves = [code for code in ranked if code not in parents]
    claims = read_claims(study.raw / CLAIMS, study.codes)
    themes = [one.name for claim in claims for one in claim.themes]
    themes += [names.name(code) for code in ranked if code in parents]
    themes += [names.name(code) for code in [*leaves, *names.codes]]
    spoken = session.corpus.passages["source_id"].value_counts().sort_index()
    pairs = language.collocations(study.corpus)
    code, other, *_ = *map(names.written, leaves), "", ""
    return Start(
        code,
        other,
        theme=next(iter(themes), ""),
        source=str(spoken.idxmax()) if len(spoken) else next(iter(study.sources["source_id"]), ""),
        words=" ".join(pairs.iloc[0][["word_a", "word_b"]]) if len(pairs) else _word(study.corpus),
    )


def _word(corpus: Corpus) -> str:
    """The word that is said most; 'the' where nobody says one."""
    said = Counter(word for text in corpus.counted_passages["text"] for word in words_of(text))
    told = [word for word in said if word not in language.FUNCTION_WORDS] or list(said)
    return min(told, key=lambda word: (-said[word], word), default="the")
