"""Numbers that a register gave a person, found by the word before them: 'case no.', 'MRN', 'ZIP'.

Every repetition in these patterns is bounded, so that the time grows with the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.text.lines import lines_with

Span = tuple[int, int]

# Who or what is numbered; then a word for a number must stand between.
_WHOM = (
    r"case|file|court|claim|crime|custody|prison(?:er)?|police|hospital|clinic|patient|client"
    r"|service[ -]user|student|pupil|staff|employee|payroll|member(?:ship)?|customer|tax|visa|permit"
    r"|licence|license|driver|registration|insurance|policy|referral|record|candidate|registered"
)
_A_NUMBER = r"(?:no|nos|number|num|nr|ref|reference|id|pin)"
# Registers that are known by one word, in several countries.
_REGISTERS = (
    r"MRN|UPN|ULN|UTR|BRP|NIE|DNI|NIF|PESEL|BSN|CPF|SSN|SIN|PPSN?|VIN|IMEI|GMC|NMC|HCPC|ORCID|NIR"
    r"|CPR|CHI|H&C|HCN|aadhaar|personnummer|codice[ ]fiscale|steuer-?id|social[ ]security"
    r"|biometric[ ]residence[ ]permit|residence[ ]permit|national[ ]id|medicare|reference|ref"
)
_IS = r"(?:[ ]?[:=#.]){0,2}[ ]?(?:(?:is|was)[ ])?[#]?"
_LABEL = (
    rf"(?<![\w/-])(?:(?:{_WHOM})[ ](?:{_A_NUMBER}(?!\w)[ ]?){{1,2}}"
    rf"|(?:{_REGISTERS})(?:[ ]{_A_NUMBER}){{0,2}}(?!\w)){_IS}"
)
_LABELLED = re.compile(
    rf"{_LABEL}(?P<number>[A-Z0-9]{{1,20}}(?:[ ]?[./-][A-Z0-9]{{1,12}}){{0,4}}"
    r"(?:[ ][A-Z]{0,2}\d{1,10}[A-Z]{0,2}(?![a-z])){0,7})(?![\w/-])",
    re.IGNORECASE,
)
_POSTAL = re.compile(
    r"\b(?:zip(?:[ ]?code)?|postal[ ]code|post[ ]?code|postleitzahl|plz|code[ ]postal)"
    r"(?:[ ]is)?[ ]?:?[ ](?P<number>\d{4,6}(?:-\d{3,4})?)(?!\w)",
    re.IGNORECASE,
)
# As the courts of England and Wales number cases of families: court, year, kind, number.
_OF_A_COURT = re.compile(r"(?<![\w/-])[A-Z]{2}\d{2}[CDFPZ]\d{5}(?![\w/-])")
# Without as many digits so near each other no such number is on a line.
_DIGITS = re.compile(r"\d(?:[A-Z ./-]{0,80}\d){3}", re.IGNORECASE)
# A year, or how many there were, is not long enough.
_FEWEST_DIGITS, _FEWEST = 4, 5


def reference_numbers(text: str) -> Iterator[Span]:
    """Numbers of cases, patients, pupils and papers after the word for them, of five letters and
    digits or more, four of them digits; postal codes after these words; cases of family courts."""
    for line in lines_with(_DIGITS, text):
        for match in _LABELLED.finditer(text, *line):
            number = match["number"]
            digits = sum(map(str.isdigit, number))
            if digits >= _FEWEST_DIGITS and sum(map(str.isalnum, number)) >= _FEWEST:
                yield match.span("number")
        yield from (match.span() for match in _OF_A_COURT.finditer(text, *line))
        yield from (match.span("number") for match in _POSTAL.finditer(text, *line))
