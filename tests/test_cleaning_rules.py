"""One rule at a time: what it changes, and what it must leave alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning import (
    RULES,
    CleanText,
    Speakers,
    check_rules,
    clean,
)
from analysis.files.problems import StudyError
from analysis.reading import Reading


def cleaned(
    text: str, *rules: str, kind: str = "document", format: str = "txt", tags: str = ""
) -> CleanText:
    reading = Reading(text, format, "utf-8")
    return clean(reading, kind, rules, None, Speakers.of({"participant_tags": tags}))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("a\r\nb\rc\u2028d\u2029e\x85f\vg", "a\nb\nc\nd\ne\nf\ng"), ("a\nb", "a\nb")],
)
def test_line_ends(raw: str, expected: str) -> None:
    assert cleaned(raw, "line_ends").text == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\u00a0b\u202fc\u3000d", "a b c d"),
        ("co\u00adproduction", "coproduction"),
        ("a\u200bb\ufeffc\u2060d\u200ee", "abcde"),
        ("o\ufb03ce \ufb01ne \ufb05op", "office fine stop"),
        ("non\u2011profit", "non-profit"),
        ("a\x00b\x07c\x1b", "abc"),
        ("a\u200db", "ab"),
        # An emoji of several signs, and Persian, need their joiners.
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("“it’s ‘so’” – no… 😀", "“it’s ‘so’” – no… 😀"),
    ],
)
def test_characters_go_or_change_but_quotes_and_emoji_stay(raw: str, expected: str) -> None:
    assert cleaned(raw, "characters").text == expected


def test_decomposed_letters_are_composed_and_the_map_holds() -> None:
    raw = "cafe\u0301 noe\u0308l"
    found = cleaned(raw, "composed")
    assert found.text == "café noël"
    assert found.to_clean(3, 5) == (3, 4)
    assert found.to_original(3, 4) == (3, 5)


@given(
    st.text(
        alphabet="ae\u0301\u0323\u0308\u1112\u1161\u11ab각中\u093c\u0915 \u0f71\u0f72x", max_size=12
    )
)
def test_composed_is_form_c_as_the_standard_library_makes_it(raw: str) -> None:
    assert cleaned(raw, "composed").text == unicodedata.normalize("NFC", raw)


def test_white_space_one_line_a_paragraph() -> None:
    found = cleaned("\n\n  a  b\t c \n\n\n d\f e \n", "white_space")
    assert found.text == "a b c\nd\ne"


PAGES = "\f".join(
    f"The Strategy | {n}\nchapter on help\n\nText of {what} goes on and on.\nThis is 12 {what}.\n{n}\n- {n} -"
    for n, what in ((4, "apples"), (5, "pears"), (6, "plums"))
)


def test_page_numbers_at_the_edges_only() -> None:
    text = cleaned(PAGES, "page_numbers").text
    assert "- 4 -" not in text and "\n4\n" not in text
    assert "This is 12 pears." in text and "Text of plums" in text


def test_page_numbers_without_pages_only_where_they_say_so() -> None:
    assert cleaned("a\nPage 3 of 9\n12\nb", "page_numbers").text == "a\n\n12\nb"


def test_a_column_of_line_numbers_goes() -> None:
    numbers = "\n".join(map(str, range(1, 90)))
    text = cleaned(f"1/2\nDan: Yes.\n{numbers}\f2/2\nDan: No.\n{numbers}", "page_numbers").text
    assert text.split() == ["Dan:", "Yes.", "Dan:", "No."]


def test_running_heads_go_whatever_their_number() -> None:
    text = cleaned(PAGES, "running_heads").text
    assert "Strategy" not in text and "chapter on help" not in text
    assert text.count("goes on and on") == 3


def test_a_speakers_tag_at_the_top_of_every_page_is_no_running_head() -> None:
    pages = "\f".join(f"Participant:\nSomething number {word}." for word in ("one", "two", "three"))
    text = cleaned(pages, "running_heads", kind="interview", format="pdf").text
    assert text.count("Participant:") == 3


def test_hyphenation_joins_and_keeps_the_hyphen_that_belongs() -> None:
    raw = "We do co-production here.\nIt is commis-\nsioning and co-\nproduction, well-known to A-\nB."
    text = cleaned(raw, "hyphenation", format="pdf").text
    assert "commissioning" in text
    assert text.count("co-production") == 2
    assert "A-\nB" in text


def test_hyphenation_across_pages() -> None:
    raw = "Head\nthe commis-\n1\fHead\nsioning body\n2"
    text = cleaned(raw, "page_numbers", "running_heads", "hyphenation", format="pdf").text
    assert "commissioning body" in text


def test_line_wrapping_joins_lines_but_not_paragraphs_lists_or_turns() -> None:
    raw = (
        "A heading\n\nThe first paragraph is broken by the width\nof the page and goes on to here.\n\n"
        "• one item of a list that is rather long so\n• another item of the list that is long too\n"
    )
    text = cleaned(raw, "line_wrapping", format="pdf").text
    assert "width of the page" in text
    assert "A heading\n" in text
    assert text.count("\n•") == 2


def test_a_paragraph_goes_on_over_pages_and_a_short_heading_does_not() -> None:
    full = "these are the words of a line that is quite full"
    raw = f"{full}\n{full}\fand these words go on.\fNew page, {full}\n\nA heading\nWe begin. {full}"
    lines = cleaned(raw, "line_wrapping", "white_space", format="pdf").text.split("\n")
    assert lines == [
        f"{full} {full} and these words go on.",
        f"New page, {full}",
        "A heading",
        f"We begin. {full}",
    ]
    assert cleaned("commis-\fsioning", "hyphenation", format="pdf").text == "commissioning"


def test_a_number_at_the_start_of_a_line_is_no_list_within_a_sentence() -> None:
    raw = "On average it was there against a standard of\n80. Low fidelity had two distinct sources, they say,\nand so on."
    assert "standard of 80. Low" in cleaned(raw, "line_wrapping", format="pdf").text


def test_line_wrapping_leaves_text_with_a_line_a_paragraph_alone() -> None:
    raw = (
        "I: Short one\nR: Yes\n\nI: Another question of some length, is it not\nR: Yes it is\n" * 4
    )
    assert cleaned(raw, "line_wrapping", kind="interview").text == raw


def test_line_wrapping_of_plain_text_of_one_width() -> None:
    line = "word " * 14
    raw = f"{line}\n{line}\n{line}end.\n\n{line}\n{line}\n{line}end.\n"
    assert cleaned(raw, "line_wrapping", "white_space").text.count("\n") == 1


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("I: So [00:12:03] what now?", "I: So what now?"),
        ("I: So (12:03) what now?", "I: So what now?"),
        ("[00:00:09] I: So what now?", "I: So what now?"),
        ("I: So 00:12:03 what now?", "I: So 00:12:03 what now?".replace("00:12:03 ", "")),
        ("I: We met at 12:30 then.", "I: We met at 12:30 then."),
        ("I: [inaudible 00:12:03] then.", "I: [inaudible 00:12:03] then."),
        ("I: (unclear) and [pause] then", "I: (unclear) and [pause] then"),
    ],
)
def test_timestamps(raw: str, expected: str) -> None:
    assert cleaned(raw, "timestamps", "white_space", kind="interview").text == expected


def test_times_in_documents_and_field_notes_are_matter() -> None:
    for kind in ("document", "observation", "unknown"):
        seen = "Seen (12:03) at 10:15:00"
        assert cleaned(seen, "timestamps", kind=kind).text == seen


COVERS = (
    "Interview 3\nDate: 3 May 2023\nInterviewer: Alison Reeve\nParticipant: M. Ashdown\n\n",
    "INTERVIEW RECORD: int-15\nSail Loft, Harbour Street\nLena Stroud, practice manager\n\n",
    "Respondent: Ruth Penhallow, associate director (children)\nThursday 14 March 2024\n"
    "Interviewer: Alison Reeve\nReturned by respondent with two sentences struck out\n\n",
    "Int-12. I: interviewer / R: respondent\n\n",
    "Conventions\nI: interviewer / R: respondent\n",
    "Participant: P3\nInterviewer: Alison Reeve\nDate: 1 May\n\n",
    "Interviewer: AR\nRespondent: INT-12\n\n",
    "Interviewer: Dr Smith\nRespondent: Participant 3, GP partner\nRespondent 2: Ann Lee\n",
    "Interviewer: Tomasz Wieczorek. Recorder on table. None of this took place.\n",
    "Interview 4\nThis interview took place at the library. The tape was changed once.\n",
    "Project: Youth voices\nTranscribed by AB. Checked by CD.\n\n",
    "int-14 FICTION. Written to try out software.\n22 February 2024. Old gymnasium (now a store), Kestley\n",
    "Our Voices Project\n\nInterview with Dr. Reeve.\n",
    "The drop-in began in May.\nDate: 3 May 2024\n",
)


@pytest.mark.parametrize("cover", COVERS)
def test_cover_sheets_go_with_the_names_on_them(cover: str) -> None:
    turns = (
        "Interviewer: What is it?\nRespondent: It is this.\nInterviewer: I see.\nRespondent: Yes."
    )
    found = cleaned(cover + turns, "cover_sheets", kind="interview")
    assert found.text == turns
    assert found.to_clean(0, len(cover.rstrip())) is None
    start = len(cover)
    assert found.to_clean(start, start + 11) == (0, 11)


@pytest.mark.parametrize(
    "first",
    [
        "Interviewer: Dr Smith, thank you for coming today. What do you do?",
        "Interviewer: Participant information sheet read?",
        "Interviewer: P3 is your code.",
        "Interviewer: Participant observation first, then the rest.",
        "Respondent: Alison Reeve asked me.",
        "Interviewer: Alison Reeve, we met before",
    ],
)
def test_a_first_turn_that_begins_with_a_name_or_role_is_no_cover(first: str) -> None:
    raw = f"{first}\nRespondent: Yes.\nInterviewer: I see.\nRespondent: Yes."
    assert cleaned(raw, "cover_sheets", kind="interview").text == raw
    assert cleaned(f"Date: 3 May\n\n{raw}", "cover_sheets", kind="interview").text == raw


@pytest.mark.parametrize(
    "said",
    [
        "The drop-in began in May.",
        "Interview one was held in a café.",
        "Interview 4 was late, and so was the bus.",
        "P07 came early.",
        "May 2019 was when it closed.",
        "Nobody came!",
        "it closed in May and nobody was told",
        "Maya Quill said it was shut.\nRoom 4",
        "Maya: It was shut all week.",
        "我们五月开始。",
    ],
)
def test_a_first_statement_is_no_cover(said: str) -> None:
    turns = "I: How?\nR: Slowly.\nI: And then?\nR: Enough."
    for title in ("", "Youth Voices\n\n"):
        found = cleaned(f"{title}{said}\n\n{turns}", "cover_sheets", kind="interview")
        assert found.text == f"{said}\n\n{turns}"


def test_long_speech_before_the_first_tag_is_no_cover() -> None:
    speech = "and then we went on to say something else " * 30
    raw = f"{speech}\nI: What is it?\nR: This.\n"
    assert cleaned(raw, "cover_sheets", kind="interview").text == raw


def test_speech_before_the_only_tagged_moderator_is_no_cover() -> None:
    raw = "I am putting my name in.\nLocation: Cork, I say.\nMODERATOR: Go on.\nI do."
    assert cleaned(raw, "cover_sheets", kind="interview").text == raw


def test_documents_keep_their_front_matter() -> None:
    assert cleaned("Date: 3 May\nTitle", "cover_sheets").text == "Date: 3 May\nTitle"


ZOOM = (
    "WEBVTT\n\nNOTE made up\nof two lines\n\n1\n00:00:03.390 --> 00:00:10.200\nAnn Lee: It says &amp; runs.\n\n"
    "2\n00:00:10.890 --> 00:00:16.360\nBo Ek: I have\nread it.\n\n3\n00:00:16.390 --> 00:00:18.710\n"
    "Bo Ek: Because: so.\n\n4\n00:18.800 --> 00:20.000\nand more\n\n5\n00:00:21.000 --> 00:00:22.000\nAnn Lee: Yes.\n"
)


def test_cues_of_one_speaker_become_one_line() -> None:
    found = cleaned(ZOOM, "cues", kind="interview", format="vtt")
    assert found.text == (
        "Ann Lee: It says & runs.\nBo Ek: I have read it. Because: so. and more\nAnn Lee: Yes."
    )
    start = ZOOM.index("read it")
    assert found.to_clean(start, start + 4) == (
        found.text.index("read it"),
        found.text.index("read it") + 4,
    )
    assert found.to_clean(0, 30) is None


TEAMS = (
    "\ufeffWEBVTT\r\n\r\n6ab/12-0\r\n00:00:03.390 --> 00:00:05.2\r\n".replace("05.2\r", "05.200\r")
    + "<v Dr Ann Lee>It says</v>\r\n\r\n6ab/12-1\r\n00:00:05.200 --> 00:00:06.000\r\n<v Dr Ann Lee>so.</v>\r\n\r\n"
    "STYLE\r\n::cue { color: red }\r\n\r\n7/1-0\r\n00:00:07.000 --> 00:00:08.000 align:start\r\n<v.loud Bo Ek>Right\r\n"
)


@pytest.mark.parametrize("rules", [("line_ends", "characters", "cues"), ("cues",)])
def test_voice_spans_of_one_turn_over_many_cues(rules: tuple[str, ...]) -> None:
    found = cleaned(TEAMS, *rules, kind="interview", format="vtt")
    assert found.text == "Dr Ann Lee: It says so.\nBo Ek: Right"


def test_two_voices_in_one_cue() -> None:
    raw = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Yes?</v> <v Bo>No.</v>\n"
    assert cleaned(raw, "cues", kind="interview", format="vtt").text == "Ann: Yes?\nBo: No."


def test_srt_without_speakers_parts_at_pauses() -> None:
    raw = (
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nHello there\r\n\r\n2\r\n00:00:02,500 --> 00:00:03,000\r\n"
        "again.\r\n\r\n3\r\n00:00:09,000 --> 00:00:10,000\r\nLater.\r\n"
    )
    text = cleaned(raw, "line_ends", "cues", kind="interview", format="srt").text
    assert text == "Hello there again.\nLater."


@pytest.mark.parametrize(
    ("payloads", "expected"),
    [
        (("- Yes?\n- No.",), "Yes?\nNo."),
        (("Yes?\n- No.", "I mean\nit."), "Yes?\nNo. I mean it."),
        (("So.", "–Yes?\n–No\nno."), "So.\nYes?\nNo no."),
        (("- Well", "it is - that"), "- Well it is - that"),
    ],
)
def test_a_dash_parts_two_speakers_of_one_cue(payloads: tuple[str, ...], expected: str) -> None:
    raw = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{payload}\n\n"
        for n, payload in enumerate(payloads)
    )
    assert cleaned(raw, "cues", kind="interview", format="srt").text == expected


def test_cues_whose_empty_lines_were_lost() -> None:
    raw = "1\n00:00:01,000 --> 00:00:02,000\nOne\n2\n00:00:02,000 --> 00:00:03,000\nTwo"
    assert cleaned(raw, "cues", kind="interview", format="srt").text == "One Two"


def test_markup_of_markdown_goes_and_words_stay() -> None:
    raw = "# A *job*\n\n> quoted **bold** [link](http://x.org/a)\n\n| **Hours** | 30 |\n|---|---|\n| Pay | 2 * 3 |\n\n---\nsnake_case"
    text = cleaned(raw, "markup", "white_space", format="md").text
    assert text == "A job\nquoted bold link\nHours 30\nPay 2 * 3\nsnake_case"
    assert cleaned(raw, "markup").text == raw


def test_rules_can_be_switched_one_by_one() -> None:
    raw = "a\r\n\r\nb\u00a0 c"
    assert cleaned(raw).text == raw
    for rule in RULES:
        assert {layer.rule for layer in cleaned(raw, rule).layers} <= {rule}


def test_an_unknown_rule_is_told_with_the_known_ones() -> None:
    with pytest.raises(StudyError, match="white_spice") as caught:
        check_rules(["white_spice", "cues"])
    assert "white_space" in caught.value.problems[0].expected
    check_rules(RULES)
