"""The checker: sentences that must fail, sentences that must pass, and faults it must place."""

from __future__ import annotations

from pathlib import Path

import pytest
from report_fixture import small_report

from analysis.report.prose.blanking import prose_only
from analysis.report.prose.check import check
from analysis.report.prose.wording import typed_quantities

CASES = Path(__file__).parent / "fixtures" / "cases"


def typed(text: str) -> list[str]:
    return [finding.words for finding in typed_quantities(prose_only(text))]


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("There were 12 interviews.", "12"),
        ("Alpha was 0.71.", "0.71."),
        ("A share of 61% spoke.", "61%"),
        ("Seven interviewees spoke of worms.", "Seven"),
        ("Twenty-one codes were used.", "Twenty-one"),
        ("Most commissioners agreed.", "Most commissioners"),
        ("Many of the third-sector staff agreed.", "Many of the third-sector staff"),
        ("Half of the interviews mention it.", "Half"),
        ("A third of the sources mention it.", "A third"),
        ("The majority spoke of trust.", "The majority"),
        ("All commissioners spoke of trust.", "All commissioners"),
        ("No commissioner spoke of trust.", "No commissioner"),
        ("None of them spoke of trust.", "None of them"),
        ("Only one person disagreed.", "Only one"),
        ("One commissioner disagreed.", "One commissioner"),
        ("It was said twice as often.", "twice"),
        ("A dozen passages say so.", "dozen"),
        ("In 2022 the groups ended.", "2022"),
        ("## What 4 people said", "4"),
        ("See [the 3 passages](evidence.html).", "3"),
        ("| a | 17 |", "17"),
        ("> A quotation of 9 words", "9"),
        ('::: {.callout-note title="The 5 cases"}', "5"),
        ('![Words of 6 sources](figures/words){#fig-w fig-alt="Bars"}', "6"),
        ('![Words](figures/words){#fig-w fig-alt="Bars of 8 sources"}', "8"),
        ("---\ntitle: The 3 gardeners\n---\n", "3"),
        ("---\nabstract: |\n  We met\n  eleven people.\n---\n", "eleven"),
        ("A formula: $\\alpha = 0.8$.", "0.8"),
    ],
)
def test_a_typed_quantity_is_found(sentence: str, word: str) -> None:
    assert word in typed(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "There were {{< var freq.n_interviews >}} interviews.",
        "Third-sector staff and the third of the themes come first, then second.",
        "The most important reason is that no one knows one another.",
        "Every passage was read, and each source has an identifier.",
        "Some say that staff are kind.",
        "Few studies ask this; many theories exist.",
        "Minority ethnic groups were not asked.",
        "NVivo12 reads CO2 and H2O; SHA-256 and COVID-19 are names.",
        "See the most widespread codes.",
        "As shown before [@ostrom1996, pp. 12-14; see @evetts2011] and by @larson1977 [p. 3].",
        "See <https://example.org/2024/11>, https://example.org/1, doi:10.1000/182 and 10.1234/x.5.",
        "Run `make report STUDY=2` again.",
        "```\nx = 12\n```",
        "A note.[^1]\n\n[^1]: The note.",
        "1. A first point\n2. A second point",
        "<!-- 12 interviews -->",
        '<span data-n="12">words</span>',
        "---\ndate: 2024-05-01\ntitle: Gardeners\n---\n",
        '![Words](figures/words-2){#fig-w2 width=80% fig-alt="Bars"}',
        "$x$ and $\\alpha$",
    ],
)
def test_what_is_no_typed_quantity_passes(sentence: str) -> None:
    assert typed(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("_12_ sources", "12"),
        ("__12__ sources", "12"),
        ("We asked _seven_ interviewees.", "seven"),
        ("We asked *all* commissioners.", "all commissioners"),
        ("It was **Most** commissioners.", "Most commissioners"),
        ("Most **commissioners** agreed.", "Most commissioners"),
        ("most [interviewees](evidence.html)", "most interviewees"),
        ("[most]{.smallcaps} interviewees", "most interviewees"),
        ("~~most~~ interviewees", "most interviewees"),
        ("most\\ interviewees, most&nbsp;staff", "most staff"),
    ],
)
def test_emphasis_and_links_hide_no_quantity(sentence: str, word: str) -> None:
    assert word in typed(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "The number of interviews was\n12. They were held online.",
        "We met others (staff,\n12) and others.",
        "> The number was\n> 12. They were held online.",
        "- The number was\n12. They were held online.",
        "- The number was\n  12. They were held online.",
        "1. First.\n\nThe number was\n12. They were held online.",
    ],
)
def test_a_number_that_a_line_wrap_puts_first_is_no_list_mark(text: str) -> None:
    assert len(typed(text)) == 1
    assert typed(text)[0].startswith("12")


@pytest.mark.parametrize(
    "text",
    [
        "1. A first point\n   that goes on\n2. A second\n\n   with more\n\n3. A third",
        "1. one way\n1. to number\n1. them all",
        "- a\n  1. b\n  2. c\n- d\n\n1) e\n2) f",
        "> 1. First\n> 2. Second",
        "# Points\n1. First\n2. Second",
        "Interrupted above.\n\n4. goes on\n5. and on",
    ],
)
def test_marks_of_lists_pass(text: str) -> None:
    assert typed(text) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("They called it ``care''.\n\nNineteen agreed.\n\nIt was ``real''.", "Nineteen"),
        ("A stray ` here.\n\nNineteen agreed.\n\nAnd ` there.", "Nineteen"),
        ("- a stray ` here\n- nineteen agreed\n- and ` there", "nineteen"),
        ("```make``` runs it.\n\nNineteen agreed.\n\n```\nx\n```\n", "Nineteen"),
        ("```\nnever closed\n\nNineteen agreed.", "Nineteen"),
        ("<!-- never closed\n\nNineteen agreed.", "Nineteen"),
    ],
)
def test_only_what_pandoc_takes_for_code_is_code(text: str, word: str) -> None:
    assert typed(text) == [word]


@pytest.mark.parametrize(
    "text",
    [
        "Run `make report\nSTUDY=2` or ``a ` 2``.",
        "````{r}\n```\nx = 12\n\ny\n```\n````",
        "~~~ {.r a=`2`}\n12\n~~~~",
        "> ```\n> x = 12\n>\n> y\n> ```",
        "<!-- 12\n\ninterviews -->",
    ],
)
def test_code_passes(text: str) -> None:
    assert typed(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "[12 of the interviews show it, @maxwell2010]",
        "[@maxwell2010, as 12 of the interviews show]",
        "[@maxwell2010; 12 of ours do too]",
        "@maxwell2010 [12 of ours do too]",
        "[and 12 others, -@maxwell2010, p. 3]",
    ],
)
def test_a_citation_hides_no_words_that_are_printed_with_it(text: str) -> None:
    assert typed(text) == ["12"]


@pytest.mark.parametrize(
    "text",
    [
        "[@x, 12f.]",
        "[@x, 12ff.]",
        "[@x, 12–13, emphasis added]",
        "[@x, 12 (our italics)]",
        "[@x: 12]",
        "[@x, 12(3)]",
        "[@x, 12 n. 3]",
        "[@x, pp. 12, 15, and 20]",
        "[@x, pp. xii, 3]",
        "[@x, and especially at p. 4]",
        "[@x, §§ 3.1–3.4]",
        "[@act, s. 4]",
        "[@act, section 4(1)]",
        "[@act, art. 6(1)(e)]",
        "[@x, p 12]",
        "[@x, pp 12-14]",
        "[@x, para 12]",
        "[@x, ch 3]",
        "[@x, fig 3]",
        "[@x, app. 2]",
        "[@x, appendix 2]",
        "[@x, box 2]",
        "[@x, col. 3]",
        "[@x, slide 3]",
        "[@x, loc. 1204]",
        "[@x, recommendation 1.2]",
        "[@x, 1st ed.]",
        "[@x, in the 2nd edition]",
        "[see @x, pp. 12–14, and @y, p. 7, for several views]",
        "[see @x, pp. 12–14; @y, 7]",
    ],
)
def test_every_way_to_name_a_page_passes(text: str) -> None:
    assert typed(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It took almost half an hour.",
        "A pair of coders read the transcripts.",
        "Scores of the scale were not used.",
        "Trust, most found in small teams, is fragile.",
        "Most found objects are kept.",
        "As half had been promised, they left.",
    ],
)
def test_measures_of_time_and_of_method_pass(text: str) -> None:
    assert typed(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "[@x, 12 interviews agree]",
        "[@x, 12, and seven interviewees]",
        "@x says 12 interviewees do",
        "Most found it hard.",
        "Most had left.",
        "Scores of people came.",
    ],
)
def test_and_what_looks_like_them_does_not(text: str) -> None:
    assert typed(text)


def test_pages_of_a_citation_pass() -> None:
    assert not typed(
        "[see @a, pp. 12-14; @b, chap. 3 and p. 4; @c, 12] and @d [p. 3] @e [pp. 3, 5 and 7],\n"
        "[@f, especially pp. 33--35, 38-39; -@gale2013, 118] after @g1999."
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Most described trust as the ground of it.",
        "Most described trust.",
        "Half said so.",
        "Most directors agreed.",
        "Zero interviewees spoke.",
        "It was a handful of participants.",
        "½ of the interviews mention it.",
        "Many felt left out.",
        "Few spoke of it.",
        "None mentioned money.",
        "Over half mentioned it.",
        "A third said so.",
        "Nearly a third said so.",
        "So say most leaders.",
        "So say most families.",
        "So say most chief executives.",
        "We heard a couple of interviewees.",
        "In the bulk of the interviews it is absent.",
        "A large proportion of participants left.",
        "It helped tens of young people.",
        "It was not a single interviewee.",
        "They all agreed.",
        "The commissioners all spoke of trust.",
        "Of the commissioners, most felt that money was short.",
        "It mattered, and half said so.",
        "We heard that several thought otherwise.",
        "Most heads of service agreed.",
        "A few mentioned the building.",
        "None of the interviews mention it.",
        "Hardly any interviewees spoke.",
        "Most were women.",
        "Everyone felt it, too.",
        "Not one said so.",
    ],
)
def test_a_quantifier_of_cases_is_found_without_a_listed_noun(sentence: str) -> None:
    (found,) = typed_quantities(sentence)
    assert found.kind in ("quantifier of cases", "fraction", "spelled-out number")


FINDINGS_PROSE = """
# What is known

Many have argued that professions are made in talk [@gieryn1983]; several authors agreed with
Larson, and many scholars spoke of a crisis. Most studies described professionals as a closed
group. Few have asked what becomes of users. Most published work is on health care, and most
reported effects are small. A large part of the literature, a growing number of studies and a
handful of theories aside, the bulk of it is in English. Many contested terms, several related
concepts and few settled definitions meet here. Almost every theory has a third way.

# How the study was made

At the first meeting a couple of things were decided. How many were asked, and how many felt
that they could refuse, is told below. Each interviewer wrote down what they brought. How often
a pair of codes meets is compared with the share of sources that carry it. All passages were
read; all were anonymised.

# What was found

What they most wanted was time, and the most valued conversations were short. The deepest, most
trusted ties took years, the longest and most valued ones more. Their most experienced workers
left; the *most* senior staff, and the
most experienced staff, stayed. Some were interviewed more than once. Zero-hours contracts and
zero-sum thinking do harm. A third-sector organisation may speak for a place; a third shared
concern is money. All told, the argument is old: all that matters is who asks. Half-hearted
promises are worse than none. Nobody had written down that he was going.
"""


def test_ordinary_prose_raises_no_alarm() -> None:
    assert typed(FINDINGS_PROSE) == []


def test_blanking_keeps_every_line_and_column() -> None:
    text = "---\ntitle: x\n---\n\nA `b 1`\n[@c, p. 2] {{< var d >}} 7 {#sec-e .f}\n"
    blanked = prose_only(text)
    assert len(blanked) == len(text)
    assert blanked.index("7") == text.index("7")
    assert [i for i, c in enumerate(blanked) if c == "\n"] == [
        i for i, c in enumerate(text) if c == "\n"
    ]


def found(reports: Path) -> list[tuple[str, str]]:
    return [(problem.where, problem.found) for problem in check(reports).problems]


def edit(reports: Path, old: str, new: str, name: str = "index.qmd") -> int:
    """Replace `old` in a page and return the line on which it stood."""
    text = (reports / name).read_text(encoding="utf-8")
    assert old in text
    (reports / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_small_report_passes(tmp_path: Path) -> None:
    checked = check(small_report(tmp_path))
    assert checked.problems == []
    assert checked.unused == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Compost has", "Nine books have", "spelled-out number 'Nine'"),
        (
            "{{< var freq.n_words >}} words",
            "{{< var freq.nope >}} words",
            "unknown variable freq.nope",
        ),
        ("@fig-words;", "@fig-none;", "unresolved reference @fig-none"),
        ("@sec-methods and", "@sec-none and", "unresolved reference @sec-none"),
        ("@berry1977", "@berry1877", "citation @berry1877"),
        ("_generated/corpus.md", "_generated/none.md", "missing include none.md"),
        ("_generated/corpus.md", "../../secret.md", "an include from outside the reports folder"),
        ("(figures/words)", "(figures/none)", "missing figure figures/none.png"),
        (
            "## Counting {#sec-counting}",
            "## Counting {#sec-methods}",
            "id sec-methods a second time",
        ),
        (
            "## A smaller point {#sec-small}",
            "## A smaller point {#sec-small_x}",
            "id sec-small_x",
        ),
        (
            "The unit was",
            "The unit was {{< meta title >}}",
            "a shortcode other than var and include",
        ),
        (
            "The unit was",
            "The unit was {{< include _generated/corpus.md >}} and",
            "an include within a line",
        ),
        (
            "The unit was",
            (CASES / "qmd-escaped-shortcode.md").read_text(encoding="utf-8").strip(),
            "an escaped shortcode, `{{{<`",
        ),
        ("`code`", "`{{< var choice.unit >}}`", "a shortcode inside code"),
        ("## Counting {#", "### Counting {#", "a heading of level 3 below level 1"),
        ("\n## Counting", "## Counting", "a heading right below text"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    reports = small_report(tmp_path)
    line = edit(reports, old, new)
    told = found(reports)
    assert message in [words for _, words in told]
    if old.startswith("\n"):
        return
    places = {where for where, words in told if words == message}
    assert places == {f"index.qmd, line {line}"}


def test_a_figure_without_words_for_the_blind_is_refused(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    text = (reports / "index.qmd").read_text(encoding="utf-8")
    (reports / "index.qmd").write_text(text.replace("fig-alt=", "data-alt="), encoding="utf-8")
    assert "figure figures/words without fig-alt" in [words for _, words in found(reports)]


def test_all_problems_are_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    edit(reports, "Compost has", "Nine books have")
    edit(reports, "@fig-words;", "@fig-none;")
    edit(reports, "The pattern behind", "Most commissioners")
    places = [int(where.rpartition(" ")[2]) for where, _ in found(reports)]
    assert len(places) == 3
    assert places == sorted(places)


def test_generated_includes_may_hold_numbers_but_no_unknown_variable(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    file = reports / "_generated" / "corpus.md"
    file.write_text("\nTwelve cases, 12 of 12. {{< var freq.none >}}\n", encoding="utf-8")
    edit(reports, "@tbl-corpus\n", "\n")
    edit(reports, "[-@tbl-corpus] and ", "")
    assert found(reports) == [("_generated/corpus.md, line 2", "unknown variable freq.none")]


def test_two_names_with_an_apostrophe_are_no_id_twice(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    boxes = "".join(
        f'::: {{.callout-note title="O&#39;{name}"}}\nWords.\n:::\n\n'
        for name in ("Brien", "Neill")
    )
    file = reports / "_generated" / "corpus.md"
    file.write_text(f"{file.read_text()}\n\n{boxes}", encoding="utf-8")
    assert found(reports) == []


def test_unused_variables_are_listed_no_more(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    edit(reports, "{{< var find.top_code >}}", "worms")
    checked = check(reports)
    assert checked.problems == []
    assert checked.unused == ["find.top_code"]


def test_the_allow_list_needs_a_reason(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    edit(reports, "Compost has", "Since 1 July 2022 compost has")
    assert len(found(reports)) == 2
    allowed = reports / "allowed_numbers.yml"
    allowed.write_text("- text: 1 July 2022\n  reason: the day the Act began\n", encoding="utf-8")
    assert found(reports) == []
    allowed.write_text("- text: 1 July 2022\n", encoding="utf-8")
    assert ("allowed_numbers.yml, entry 1", "no text or no reason") in found(reports)


def test_an_allowed_phrase_is_found_in_emphasis_and_over_lines(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    edit(
        reports, "Compost has", "Since the *Compost Act*\n1989, and the _Act of 1991_, compost has"
    )
    (reports / "allowed_numbers.yml").write_text(
        "- {text: '*Compost Act* 1989', reason: a law}\n- {text: Act of 1991, reason: a law}\n",
        encoding="utf-8",
    )
    assert found(reports) == []


def test_an_allowed_phrase_does_not_excuse_a_longer_number(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    (reports / "allowed_numbers.yml").write_text(
        "- {text: '20', reason: a test}\n", encoding="utf-8"
    )
    edit(reports, "Compost has", "The 2022 compost has")
    assert [words for _, words in found(reports)] == ["digit '2022'"]


def test_a_missing_page_is_an_error_that_names_it(tmp_path: Path) -> None:
    from analysis.files.problems import StudyError

    reports = small_report(tmp_path)
    (reports / "index.qmd").unlink()
    with pytest.raises(StudyError, match=r"index\.qmd"):
        check(reports)
