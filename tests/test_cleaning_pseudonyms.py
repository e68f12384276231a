"""The pseudonym key: read, refused, applied; names and words that only look like names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning import PseudonymKey, clean
from analysis.cleaning.pseudonyms import Entry
from analysis.files.problems import StudyError
from analysis.reading import Reading

HEADING = "find,replace,kind,common_word\n"


def key_of(tmp_path: Path, *lines: str) -> PseudonymKey:
    path = tmp_path / "pseudonyms.csv"
    path.write_text(HEADING + "\n".join(lines), encoding="utf-8")
    return PseudonymKey.read(path)


def replaced(key: PseudonymKey, text: str) -> str:
    return clean(Reading(text, "txt", "utf-8"), "document", (), key).text


@pytest.fixture
def key(tmp_path: Path) -> PseudonymKey:
    return key_of(
        tmp_path,
        "Margaret Ashdown,Commissioner 1,person,no",
        "Margaret,[Commissioner 1],person,",
        "Ashdown,Commissioner 1,person,no",
        "Yusuf Adeyemi-Clarke,Commissioner 6,person,no",
        "Siobhan O'Neill,Lead,person,no",
        "AR,Interviewer 1,person,no",
        "Grace,Young person,person,yes",
        "Kith,Befriending charity,organisation,yes",
        "Zoë,Worker,person,no",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I met Margaret Ashdown.", "I met [Commissioner 1]."),
        ("I met Margaret\n  Ashdown.", "I met [Commissioner 1]."),
        ("margaret and MARGARET", "[Commissioner 1] and [Commissioner 1]"),
        (
            "Margaret's, Margaret’s and the Ashdowns'",
            "[Commissioner 1]'s, [Commissioner 1]’s and the [Commissioner 1]s'",
        ),
        ("Margarets and Margaretta", "[Commissioner 1]s and Margaretta"),
        (
            "The Ashdowns, ASHDOWNS and ashdowns",
            "The [Commissioner 1]s, [Commissioner 1]S and ashdowns",
        ),
        ("the O’Neills, Siobhan O'Neills’", "the O’Neills, [Lead]s’"),
        ("two Yusuf Adeyemi-Clarkes", "two [Commissioner 6]s"),
        ("Graces, ARs, ARS, Kiths", "Graces, ARs, ARS, Kiths"),
        ("Margaretss, Margarets2", "Margaretss, Margarets2"),
        ("Ms Ashdown", "Ms [Commissioner 1]"),
        ("[Margaret] said", "[Commissioner 1] said"),
        ("Yusuf Adeyemi–Clarke", "[Commissioner 6]"),
        ("Siobhan O’Neill’s", "[Lead]’s"),
        ("AR asked; ar, Ar", "[Interviewer 1] asked; ar, Ar"),
        ("margaret_ashdown.docx", "[Commissioner 1].docx"),
        ("Zoë, Zoe\u0308, Zoe and ZOË", "[Worker], [Worker], [Worker] and [Worker]"),
        (
            "**Margaret** (Margaret) Margaret:",
            "**[Commissioner 1]** ([Commissioner 1]) [Commissioner 1]:",
        ),
    ],
)
def test_whole_words_longest_first_any_case(key: PseudonymKey, text: str, expected: str) -> None:
    assert replaced(key, text) == expected


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("by the grace of it", 0),
        ("I saw Grace there.", 1),
        ("Grace is a virtue they lack", 0),
        ("Grace is not earned. Grace has no price.", 0),
        ("We know Grace. Grace is not well, and Grace has a cold.", 3),
        ("We had Grace in. Well. Grace and the others; Grace would come.", 3),
        ("Grace went home.", 1),
        ("It rained. Grace, she was late.", 1),
        ("Grace couldn’t, Grace didn't", 2),
        ("“Grace,” I said", 1),
        ("Who was it? Grace.", 1),
        ("Grace and I went. Grace and Tom went.", 2),
        ("Grace – she was nine – went", 1),
        ("Grace just never came back", 0),
        ("Grace never came back", 1),
        ("Grace under pressure helps.", 0),
        ("Well. Grace under pressure.", 0),
        ("Well. Grace's view differs.", 1),
        ("Grace said no.", 1),
        ("Grace Jones came.", 1),
        ("Grace: no.", 1),
        ("(Grace)\nNo.", 1),
        ("**Grace**\nNo.", 1),
        ("Grace   0:03\nNo.", 1),
        ("GRACE: no.", 1),
        ("GRACE\nNo.", 1),
        ("**GRACE:** No.", 1),
        ("We had GRACE in.", 1),
        ("GRACE is not well", 1),
        ("FALL FROM GRACE", 0),
        ("GRACE UNDER PRESSURE", 0),
        ("MRS GRACE CAME", 1),
        ("gRACE and GRace", 0),
        ("Living With Grace And Lasting Hope", 0),
        ("a Grace-like calm, and post-Grace days", 0),
        ("kith and kin; we asked Kith.", 1),
        ("Then Dr Grace left.", 1),
    ],
)
def test_a_common_word_counts_only_with_capital_and_context(
    key: PseudonymKey, text: str, hits: int
) -> None:
    found = key.find_names(text)
    assert len(found) == hits
    assert all(
        text[hit.start : hit.end] in (hit.entry.find, hit.entry.find.upper()) for hit in found
    )


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("We met in May 2023.", 0),
        ("in May we met; since May, until May", 0),
        ("last May, next May, early May, late May, mid May and by May", 0),
        ("In May Ofsted came. In May, they left.", 0),
        ("on 12 May, on the 4th of May and on Tuesday 3rd May", 0),
        ("May 2023, May 4, 2023, May the 4th and May '23", 0),
        ("12/May/2023, 12-May-2023 and 12.May.23", 0),
        ("from March to May, May and June, May–July", 0),
        ("the end of May", 0),
        ("May", 0),
        (" May\n", 0),
        ("Month\tMay\t12\nLast\tMay\n", 0),
        ("May I ask? It may be.", 0),
        ("I saw May.", 1),
        ("Then May came in.", 1),
        ("in May's room", 1),
        ("Next May said no.", 1),
        ("In 2023 May was ill. We know May.", 2),
        ("I saw May. 2023 was hard.", 1),
        ("I saw May 3 times.", 1),
        ("at 10 May left", 1),
        ("written by May Jones", 1),
        ("May   0:03\nNo.", 1),
        ("Well.\nMay: no.", 1),
        ("May\tNo.\nI\tYes.", 1),
        ("we asked Sister May in 2023", 1),
        ("1. May came.", 1),
        ("May, may I ask you something?", 1),
        ("his wife May, may she rest in peace", 1),
    ],
)
def test_a_month_is_no_name(tmp_path: Path, text: str, hits: int) -> None:
    key = key_of(tmp_path, "May,nurse 1,person,yes", "Grace,child,person,yes")
    assert len(key.find_names(text)) == hits
    # Another common word stands in no calendar.
    assert len(key.find_names("in Grace 2023")) == 1


@pytest.mark.parametrize(
    ("listed", "text", "expected"),
    [
        (
            "@janedoe",
            "Ask @JaneDoe, or x@janedoe; janedoe is free",
            "Ask [N], or x[N]; janedoe is free",
        ),
        ("@janedoe", "@janedoes @janedoe2", "[social media name] [N]2"),
        ("#AnnSpeaks", "#annspeaks #ann", "[N] #ann"),
        ("Smith Jr.", "Smith Jr.and Smith Jr. Smith", "[N]and [N] Smith"),
        ("(Jo) Berg", "so (Jo) Berg", "so [N]"),
        ("O'Neill", "O'Neill O’Neill O‘Neill O′Neill O`Neill O´Neill", "[N] [N] [N] [N] [N] [N]"),
        (
            "Smith-Jones",
            "Smith-\nJones, Smith- Jones, Smith – Jones, SMITH‑JONES",
            "[N], [N], [N], [N]",
        ),
        ("Smith-Jones", "Smith, Jones. Smith Jones -Smith", "Smith, Jones. [N] -Smith"),
        ("Smith Jones", "Smith-Jones, #SmithJones smithjones", "[N], #[N] [N]"),
        ("Jean-Luc", "Jean-Luc, Jean Luc, Jean-\nLuc, JeanLuc", "[N], [N], [N], [N]"),
        ("O'Rourke", "OʼRourke O’Rourke O′Rourke ORourke O Rourke", "[N] [N] [N] [N] [N]"),
        (
            "St. John",
            "St John, St. John, St-John; the st. Johnson",
            "[N], [N], [N]; the st. Johnson",
        ),
        ("J. R. Vale", "J.R. Vale, J R Vale, JR Vale, J. R. Vale", "[N], [N], [N], [N]"),
        ("Margaret", "Mar-\ngaret, Mar\u00ad\ngaret, Mar\u200bgaret", "[N], [N], [N]"),
        (
            "Margaret",
            "so Mar-\n\n2\n00:00:03.000 --> 00:00:05.000\ngaret came",
            "so [N] came",
        ),
        ("İpek", "İpek ipek IPEK İPEK", "[N] [N] [N] [N]"),
        ("Griffin", "Gri\ufb03n, \u202eGriffin", "[N], \u202e[N]"),
        ("Siobhan", "Siobhán, Siobhan\u0301", "[N], [N]"),
        ("Siobhán", "Siobhan SIOBHAN", "[N] [N]"),
        ("Łukasz", "Lukasz Łukasz", "[N] [N]"),
        ("Donald", "McDonald, DonaldNotes, Donald1, toDonald", "McDonald, [N]Notes, [N]1, to[N]"),
        ("Mo", "toMo MoFin Mo1", "toMo MoFin Mo1"),
        ("Strauß", "Strauß STRAUSS Strauss STRAUẞ Straus", "[N] [N] [N] [N] Straus"),
        ("Strauss", "Strauß STRAUSS strauss", "[N] [N] [N]"),
        ("Bob", "[Bob and Jo] and [ask Bob], [so\nBob]", "[N and Jo] and [ask N], [so\n[N]]"),
        ("Bob", f"[Bob {'left early ' * 9}]", f"[[N] {'left early ' * 9}]"),
    ],
)
def test_marks_hyphens_and_brackets(tmp_path: Path, listed: str, text: str, expected: str) -> None:
    key = key_of(tmp_path, f"{listed},N,person,no")
    assert replaced(key, text) == expected


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("smith,N,person,no", "the Smiths, SMITHS, smiths", "the [N]s, [N]S, smiths"),
        ("James,N,person,no", "James' and Jamess", "[N]' and Jamess"),
        ("Jo,N,person,no", "Jo and Jos", "[N] and Jos"),
        ("Robert,N,person,no", "Robert, and Roberts (2019)", "[N], and Roberts (2019)"),
        ("Nichola,N,person,no", "Nichola, and Nicholas", "[N], and Nicholas"),
        ("Lloyd,N,person,no", "Lloyd banks with Lloyds", "[N] banks with Lloyds"),
        ("Kith,N,organisation,no", "Kith and Kiths", "[N] and Kiths"),
        ("Rob,N,person,no", "he robs Rob; the Robs", "he robs [N]; the [N]s"),
    ],
)
def test_only_persons_have_a_plural(tmp_path: Path, line: str, text: str, expected: str) -> None:
    assert replaced(key_of(tmp_path, line), text) == expected


def test_a_plural_that_the_key_lists_goes_first(tmp_path: Path) -> None:
    key = key_of(tmp_path, "Penny,C,person,no", "Jenkin,A,person,no", "Jenkins,B,person,no")
    assert replaced(key, "Jenkins, Jenkin, Pennys") == "[B], [A], [C]s"


@pytest.mark.parametrize("listed", ["hope", "Hope", "HOPE"])
def test_a_common_word_is_found_however_the_key_spells_it(tmp_path: Path, listed: str) -> None:
    key = key_of(tmp_path, f"{listed},Young person,person,yes")
    assert len(key.find_names("I told Hope, and HOPE, of my hope.")) == 2


def test_several_words_without_a_capital_are_found_as_the_key_has_them(tmp_path: Path) -> None:
    key = key_of(tmp_path, "the academy,[school],organisation,yes")
    text = "We left the academy. The academy said so at THE ACADEMY gate; The Academy; an academy."
    assert [hit.start for hit in key.find_names(text)] == [8, 21, 44, 62]


def test_a_rejected_common_word_leaves_shorter_names_to_be_found(tmp_path: Path) -> None:
    key = key_of(tmp_path, "Grace Under,A,person,yes", "Under,B,person,no", "Grace,C,person,no")
    hits = key.find_names("Grace Under pressure")
    assert [hit.entry.find for hit in hits] == ["Grace", "Under"]


def test_the_same_everywhere_and_found_no_more(key: PseudonymKey) -> None:
    text = (
        "Margaret Ashdown told Margaret, and Ashdown's friend Yusuf Adeyemi-Clarke, of Kith. " * 3
    )
    after = replaced(key, text)
    assert key.find_names(after) == []
    assert after.count("[Commissioner 1]") == 9


def test_composed_letters_are_matched_after_cleaning(key: PseudonymKey) -> None:
    reading = Reading("with Zoe\u0308 and Mar\u00adgaret\u00a0Ash\u200bdown", "txt", "utf-8")
    cleaned = clean(reading, "document", ("characters", "composed"), key)
    assert cleaned.text == "with [Worker] and [Commissioner 1]"


def test_the_key_takes_a_byte_order_mark_and_quoted_commas(tmp_path: Path) -> None:
    path = tmp_path / "pseudonyms.csv"
    path.write_bytes(b"\xef\xbb\xbf" + HEADING.encode() + b'Ann,"Worker, school",person,no\r\n')
    assert PseudonymKey.read(path).entries == (
        Entry("Ann", "[Worker, school]", "person", False, 2),
    )


def test_every_bad_line_is_told_at_once_and_no_name(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as caught:
        key_of(
            tmp_path,
            "Secretname,,person,no",
            "X,Worker,person,no",
            "Otherperson,Worker,person,perhaps",
            "Thirdperson,a [b] c,person,no",
        )
    problems = caught.value.problems
    assert [problem.where for problem in problems] == [
        "pseudonyms.csv, line 2, column replace",
        "pseudonyms.csv, line 3, column find",
        "pseudonyms.csv, line 4, column common_word",
        "pseudonyms.csv, line 5, column replace",
    ]
    for name in ("Secretname", "Otherperson", "Thirdperson"):
        assert name not in str(caught.value)


def test_two_replacements_and_replacements_that_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as caught:
        key_of(
            tmp_path,
            "Anna,Worker 1,person,no",
            "ANNA,Worker 2,person,no",
            "Berta,friend of anna,person,no",
        )
    assert [problem.where for problem in caught.value.problems] == [
        "pseudonyms.csv, line 3",
        "pseudonyms.csv, line 4, column replace",
    ]


@pytest.mark.parametrize(
    "content", [b"find;replace\n", b"", b"\xff\xfe\x00", b"find,replace,kind\na,b,c\n"]
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pseudonyms.csv"
    path.write_bytes(content)
    with pytest.raises(StudyError, match=r"pseudonyms\.csv"):
        PseudonymKey.read(path)
    with pytest.raises(StudyError):
        PseudonymKey.read(tmp_path / "none.csv")


NAMES = ("Anna", "Anna Berg", "Berg", "Li", "O'Shea")


@given(
    st.lists(st.sampled_from([*NAMES, "and", "bergen", "\n", ", ", "’s", " ", "_"]), max_size=20)
)
def test_all_whole_names_are_found_as_brute_force_finds_them(pieces: list[str]) -> None:
    """A name stands where no letter touches it; the longest at a place wins.

    White space and underscores between the words of a name may be any, and be a line end.
    """
    key = PseudonymKey(tuple(Entry(n, f"[{i}]", "p", False, i) for i, n in enumerate(NAMES)))
    text = re.sub("(?<=[a-z])(?=[A-Z])", " ", "".join(pieces))
    expected, place = [], 0
    while place < len(text):
        ends = [
            end
            for end in range(place + 1, len(text) + 1)
            if re.sub(r"[\s_]+", " ", text[place:end]).casefold() in {n.casefold() for n in NAMES}
            and (place == 0 or not text[place - 1].isalnum())
            and not text[end : end + 1].isalnum()
        ]
        if ends:
            expected.append((place, ends[-1]))
        place = ends[-1] if ends else place + 1
    assert [(hit.start, hit.end) for hit in key.find_names(text)] == expected


def test_ten_thousand_names_are_found_in_a_long_text() -> None:
    key = PseudonymKey(
        tuple(Entry(f"Name{n:05}", f"[P {n}]", "p", False, n) for n in range(10_000))
    )
    text = "some words and then Name00017 and more words to follow here " * 5_000
    hits = key.find_names(text)
    assert [hit.start for hit in hits] == [match.start() for match in re.finditer("Name", text)]
    assert {(hit.end - hit.start, hit.entry.replace) for hit in hits} == {(9, "[P 17]")}
