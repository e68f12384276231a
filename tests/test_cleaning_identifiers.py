"""Detectors of direct identifiers, on published numbers and on what must give no alarm."""

from __future__ import annotations

import base64
import hashlib
import random
import re
from itertools import pairwise
from pathlib import Path

import pytest

from analysis.cleaning import clean
from analysis.cleaning.identifiers import KINDS, find_identifiers
from analysis.reading import Reading

# Valid and invalid NHS numbers of python-stdnum and presidio; NI numbers and postcodes of the
# government's own pages and of presidio's tests; telephone numbers that Ofcom keeps for drama.
FOUND = [
    ("nhs_number", "943 476 5919"),
    ("nhs_number", "9434765870"),
    ("nhs_number", "401-023-2137"),
    ("ni_number", "AB 12 34 56 C"),
    ("ni_number", "QQ 12 34 56 C"),
    ("ni_number", "qq123456c"),
    ("postcode", "SW1A 1AA"),
    ("postcode", "M1 1AE"),
    ("postcode", "B33 8TH"),
    ("postcode", "DN55 1PT"),
    ("postcode", "GIR 0AA"),
    ("postcode", "EC1A 1BB"),
    ("postcode", "CR2 6XH"),
    ("postcode", "W1A0AX"),
    ("postcode", "ZZ99 3VZ"),
    ("postcode", "WN4 7QD"),
    ("postcode", "wn4 7qd"),
    ("phone", "020 7946 0123"),
    ("phone", "07700 900456"),
    ("phone", "(020) 7946 0123"),
    ("phone", "+44 7700 900456"),
    ("phone", "+44 (0)20 7946 0123"),
    ("phone", "01632 960 123"),
    ("phone", "07700-900-456"),
    ("email", "someone@lanternline.example"),
    ("email", "a.b+c@mail.nhs.example.org"),
    ("url", "https://www.linkedin.com/in/jane-smith-123"),
    ("url", "https://x.org/staff/jane-smith"),
    ("url", "www.uni.example/people/j.smith"),
    ("url", "https://uni.example/~jsmith"),
    ("vehicle_plate", "WM19 KLV"),
    ("vehicle_plate", "AB51DVL"),
    ("nhs_number", "943.476.5919"),
    ("nhs_number", "943 – 476 – 5919"),
    ("ni_number", "AB-12-34-56-C"),
    ("phone", "07700 900123/4"),
    ("phone", "07700/900123"),
    ("phone", "07700 – 900123"),
    ("phone", "01632 960123/07700 900456"),
    ("postcode", "LS2-9JT"),
    ("postcode", "Ls2 9Jt"),
    ("postcode", "zz993vz"),
    ("postcode", "LS6 2AB/LS6 2AC"),
    ("postcode", "Ls6 2ab"),
    ("postcode", "LS6 2ab"),
    ("postcode", "ls6 2AB"),
    ("phone", "447700900123"),
    ("ni_number", "AB 123 456 C"),
    ("email", "Jane.O’Neill@mail.example"),
    ("email", "jane.doe(at)nhs.example"),
    ("email", "jane.doe [at] nhs.example"),
    ("url", "x.com/janedoe"),
    ("url", "janedoe.wordpress.com"),
    ("url", "https://essl.uni.example/politics/staff/123/dr-jane-doe"),
    ("url", "https://pure.uni.example/portal/en/persons/jane-doe"),
    ("url", "https://uni.example/socstudies/people/academic/jane-doe/"),
    ("url", "https://uni.example/portal/jane.doe.html"),
    ("url", "https://profiles.uni.example/1234-jane-doe"),
    ("url", "https://www.clinic.example/therapist/jane-doe-abc"),
    ("url", "https://charity.example/our-team#jane-doe"),
    ("url", "https://charity.example/team/jane"),
    ("url", "https://scholar.example.com/citations?user=abc"),
    ("url", "https://charity.example/staff.php?name=Jane+Doe"),
    ("url", "https://orcid.org/0000-0002-1825-0097"),
    ("url", "https://wa.me/447700900123"),
    ("vehicle_plate", "AB12-CDE"),
    ("email", "josé@exämple.de"),
    ("email", "jo @ gmail.com"),
    ("email", "jo.vale at gmail dot com"),
    ("email", "jo(at)gmail(dot)com"),
    ("nhs_number", "943  476  5919"),
    ("phone", "+49 30 901820"),
    ("phone", "0049 30 901820"),
    ("phone", "+1 (212) 555-0123"),
    ("phone", "+33 1 42 68 53 00"),
    ("phone", "(212) 555-0123"),
    ("url", "twitch.tv/jovale"),
    ("url", "https://www.snapchat.com/add/jovale"),
    ("url", "https://www.reddit.com/user/jovale"),
    ("url", "https://github.com/jovale"),
    ("url", "https://www.researchgate.net/profile/Jo-Vale"),
    ("driving_licence", "VALEX657054OV9IJ"),
    ("driving_licence", "VALE9 657054 O99AB"),
    ("bank_account", "GB29 NWBK 6016 1331 9268 19"),
    ("bank_account", "4111 1111 1111 1111"),
    ("network_address", "192.168.10.24"),
    ("network_address", "fe80::1ff:fe23:4567:890a"),
    ("network_address", "00:1a:2b:3c:4d:5e"),
    ("social_media_name", "@orrin_vale"),
]


def found_in(text: str) -> list[tuple[str, str]]:
    return [(hit.kind, text[hit.start : hit.end]) for hit in find_identifiers(text)]


@pytest.mark.parametrize("around", ["{}", "She said {} and left.", "({}),", "It's\n{}.", "'{}'"])
def test_found_alone_and_in_a_sentence(around: str) -> None:
    found = {one: found_in(around.format(one[1])) for one in FOUND}
    assert {one: hits for one, hits in found.items() if hits != [one]} == {}


NEXT_TO_A_WORD = [
    ("date_of_birth", "born on 14 March 2011, I think", "14 March 2011"),
    ("date_of_birth", "Date of birth: 14/03/2011", "14/03/2011"),
    ("date_of_birth", "DOB 14.3.11", "14.3.11"),
    ("date_of_birth", "her d.o.b. is March 14th, 2011", "March 14th, 2011"),
    ("date_of_birth", "14th of March 2011 was his birthday", "14th of March 2011"),
    ("date_of_birth", "dob 2011-03-14", "2011-03-14"),
    ("vehicle_plate", "the van, A123 BCD, was there", "A123 BCD"),
    ("vehicle_plate", "registration ABC 123D", "ABC 123D"),
    ("vehicle_plate", "my car is ab12 cde", "ab12 cde"),
    ("vehicle_plate", "the car, OK12 YOU, went", "OK12 YOU"),
    ("phone", "ring me on 7700 900123", "7700 900123"),
    ("date_of_birth", "Date of Birth:\n12 March 1985", "12 March 1985"),
    ("date_of_birth", "DOB\n\n12/03/1985", "12/03/1985"),
    ("date_of_birth", "DOB 1985/03/12", "1985/03/12"),
    ("date_of_birth", "DOB 12031985.", "12031985"),
    ("date_of_birth", "dob: 19850312", "19850312"),
    ("date_of_birth", "Jane (b. 12/03/1985)", "12/03/1985"),
    ("date_of_birth", "b. 12/03/1985", "12/03/1985"),
    ("date_of_birth", "born on the third of June 2009", "third of June 2009"),
    (
        "date_of_birth",
        "he was born June the twenty-first, two thousand and nine",
        "June the twenty-first, two thousand and nine",
    ),
    ("date_of_birth", "DOB 12-Mar-1985", "12-Mar-1985"),
    ("date_of_birth", "DoB - 12/Mar/1985", "12/Mar/1985"),
    ("date_of_birth", "DOB: 12Mar1985.", "12Mar1985"),
    ("date_of_birth", "DOB: 12th.March.1985", "12th.March.1985"),
    ("date_of_birth", "DOB 12 03 1985", "12 03 1985"),
    ("date_of_birth", "DOB 12 03 85", "12 03 85"),
    ("date_of_birth", "DOB;12/03/1985;F", "12/03/1985"),
    ("date_of_birth", "she gave birth to him on 12 March 2010", "12 March 2010"),
    ("date_of_birth", "the birth of her son on 12 March 2010", "12 March 2010"),
    ("date_of_birth", "born in Leeds, by caesarean, on 12-3-2010", "12-3-2010"),
    ("date_of_birth", "a lad of the service was born on 1 May 2010", "1 May 2010"),
    ("date_of_birth", "born of Polish parents on 1 May 1985", "1 May 1985"),
    ("date_of_birth", "her brother-in-law was born on 1 May 1985", "1 May 1985"),
    ("date_of_birth", "our contact was born on 1 May 1985", "1 May 1985"),
    ("date_of_birth", "the service user was born on 1 May 1985", "1 May 1985"),
    ("date_of_birth", "I was born out of wedlock on 12 March 1985.", "12 March 1985"),
    ("date_of_birth", "12 March 1985 was the birthday of my son.", "12 March 1985"),
    ("date_of_birth", "12/03/1985, the birth of our daughter", "12/03/1985"),
    ("date_of_birth", "the birth of twins at the centre on 12 March 2019", "12 March 2019"),
    ("url", "https://x.org/staff/jane-young", "https://x.org/staff/jane-young"),
    ("url", "https://x.org/people/jimmy-page", "https://x.org/people/jimmy-page"),
    ("url", "https://x.org/staff/jane-a-doe", "https://x.org/staff/jane-a-doe"),
    ("url", "https://x.org/people/josé-garcía", "https://x.org/people/josé-garcía"),
    ("url", "https://x.org/staff/Jane%20Doe", "https://x.org/staff/Jane%20Doe"),
    (
        "url",
        "https://x.org/staff/mary-ann-van-der-berg-smith",
        "https://x.org/staff/mary-ann-van-der-berg-smith",
    ),
    ("passport", "the passport 123456789 was gone", "123456789"),
    ("passport", "Passport no: AB1234567", "AB1234567"),
    ("bank_account", "Pay sort code 04-00-04 then", "04-00-04"),
    ("bank_account", "into account 12345678 then", "12345678"),
    ("network_address", "the IP was 1.2.3.4 then", "1.2.3.4"),
    ("driving_licence", "licence vale9657054o99ab", "vale9657054o99ab"),
    ("social_media_name", "on instagram: orrin.vale", "orrin.vale"),
    ("social_media_name", "my snapchat is jovale99", "jovale99"),
    ("phone", "ring 07 123 456 789", "07 123 456 789"),
]


@pytest.mark.parametrize(("kind", "text", "written"), NEXT_TO_A_WORD)
def test_found_by_the_words_around(kind: str, text: str, written: str) -> None:
    assert found_in(text) == [(kind, written)]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("his date of birth is 12/03/1985, hers 13/04/1990", ["12/03/1985", "13/04/1990"]),
        ("born on 1 May 1985 and his sister's 2 May 1990", ["1 May 1985", "2 May 1990"]),
        ("born on 1 May 1985, started school on 4 May 1990", ["1 May 1985"]),
    ],
)
def test_a_second_date_of_birth_is_another_persons(text: str, dates: list[str]) -> None:
    assert [text[hit.start : hit.end] for hit in find_identifiers(text)] == dates


@pytest.mark.parametrize(
    "label",
    [
        "Tel:",
        "nhs number=",
        "contact_no:",
        "E.:",
        "Line 1 :",
        '{"id":',
        "**Ref**:",
        "phone2:",
        "(home):",
        "Write to me.",
        "well...",
    ],
)
def test_found_directly_after_a_label(label: str) -> None:
    found = {one: found_in(f"{label}{one[1]}, she said") for one in FOUND if one[0] != "url"}
    if label.endswith("."):
        # The last word before may belong to the address.
        emails = [hits for (kind, _), hits in found.items() if kind == "email"]
        assert [hits for hits in emails if [kind for kind, _ in hits] != ["email"]] == []
        found = {one: hits for one, hits in found.items() if one[0] != "email"}
    assert {one: hits for one, hits in found.items() if hits != [one]} == {}


# Written as people in many countries write them, each line with one identifier or more.
SHAPES = """
josé@exämple.de
jo @ gmail.com
jo(at)gmail.com
jo [at] gmail [dot] com
jo at gmail dot com
jo.vale+study@nhs.net
JO.VALE@NHS.NET
o'brien@mail.example
jo_vale@sub.mail.example.co.uk
jo@例え.jp
mail: jo@x.org;
<jo.vale@x.org>
mailto:jo@x.org
jo＠gmail.com
jo{at}x.org
jo AT gmail DOT com
j.vale@[192.168.1.2]
NHS no 943  476  5919
943 476 5919
943-476-5919
9434765919
NHS: 943.476.5919
CHI 0101011237
H&C 320 000 0010
NI QQ123456C
QQ 12 34 56 C
qq123456c
QQ-12-34-56-C
07700 900123
07700900123
+44 7700 900123
+44 (0)7700 900123
0044 7700 900123
(020) 7946 0018
020-7946-0018
020 7946 0018 ext 12
01632 960 123
0131 496 0123
+353 85 012 3456
+353 (0)85 012 3456
+1 212 555 0123
(212) 555-0123
212-555-0123
tel 212.555.0123
+33 6 12 34 56 78
tel. 06 12 34 56 78
+49 30 901820
Telefon 030 901820
+91 98765 43210
mobile 98765 43210
+61 4 1234 5678
+86 138 0013 8000
+81-3-1234-5678
+34 612 345 678
+39 06 1234 5678
+48 601 234 567
+234 803 123 4567
+27 82 123 4567
+55 11 91234-5678
+971 50 123 4567
+31 6 12345678
+46 70 123 45 67
+7 912 345-67-89
+380 44 123 4567
+4915112345678
tel:+447700900123
call 0800 1111
LS6 2AB
ls6 2ab
LS62AB
SW1A 1AA
EC1A 1BB
GIR 0AA
ZZ99 3VZ
BT1 5GS
JE2 3AB
D02 X285 (Eircode)
Eircode D02X285
my zip is 90210-1234
ZIP code 90210
K1A 0B1 Canada
Postleitzahl 10115
AB12 CDE
AB12CDE
car ab12 cde
the van, A123 BCD
registration ABC 123D
reg no KL55 MNP
VALEX657054OV9IJ
VALE9 657054 O99AB
licence number SMITH 801150 J99AB
driver number 12345678 licence
passport 123456789
Passport no: AB1234567
passport number: C01X00T47
her passport, 533380006
visa number 012345678
BRP ZX1234567
biometric residence permit RZ1234567
GB29 NWBK 6016 1331 9268 19
DE89 3704 0044 0532 0130 00
IE29AIBK93115212345678
FR14 2004 1010 0505 0001 3M02 606
sort code 04-00-04
sort code: 040004
s/c 04-00-04
account 12345678
acc no 12345678
a/c 12345678
bank account number 1234 5678
04-00-04 12345678
4111 1111 1111 1111
4111111111111111
4111-1111-1111-1111
5555 5555 5555 4444
3782 822463 10005
card ending 4242 4242 4242 4242
6011 1111 1111 1117
192.168.10.24
IP 10.0.0.1
81.2.69.142
2001:db8::8a2e:370:7334
fe80::1ff:fe23:4567:890a
2001:0db8:85a3:0000:0000:8a2e:0370:7334
00:1a:2b:3c:4d:5e
00-1A-2B-3C-4D-5E
001a.2b3c.4d5e
IMEI 490154203237518
@orrin_vale
@orrin.vale
@orrinvale
follow @jo99
＠orrin_vale
on instagram: orrin.vale
insta orrin_vale
my snapchat is jovale99
snap: jovale99
tiktok @jo.vale
twitter.com/jovale
x.com/jovale
https://www.facebook.com/jo.vale.9
fb.com/jovale
facebook.com/profile.php?id=100012345678901
instagram.com/jo.vale/
https://www.linkedin.com/in/jo-vale-123
uk.linkedin.com/in/jovale
https://github.com/jovale
https://www.researchgate.net/profile/Jo-Vale
https://orcid.org/0000-0002-1825-0097
ORCID 0000-0002-1825-0097
t.me/jovale
wa.me/447700900123
https://www.youtube.com/@jovale
youtube.com/c/jovale
youtube.com/user/jovale
youtube.com/channel/UC123abcDEF456
https://www.tiktok.com/@jovale
https://jovale.wordpress.com
jovale.tumblr.com
https://jovale.substack.com
https://medium.com/@jovale
reddit.com/u/jovale
u/jovale on reddit
discord jovale#1234
open.spotify.com/user/jovale
https://mastodon.social/@jovale
@jovale@mastodon.social
bsky.app/profile/jovale.bsky.social
jovale.bsky.social
https://x.org/staff/jane-young
https://x.org/~jvale
www.x.org/people/j.vale
born on 14 March 2011
Date of birth: 14/03/2011
DOB 14.3.11
d.o.b. 14-03-2011
dob 2011-03-14
DOB: 14th Mar 2011
born 14/3/11
birthday is 14 March 2011
b. 14 March 1985
she was born on the third of June 2009
D.O.B 03/14/2011
DoB: 2011.03.14
geboren am 14.03.2011
case number 2019/12345
case no: AB-1234567
Case ref CAMHS/2020/00123
ref no 12345678
reference number: LX-99-12345
hospital number H1234567
Hospital No. 1234567
MRN 00123456
patient ID 1234567
client ID: 48213
UPN A823432120001
pupil number A823432120001
ULN 1234567890
student ID 201912345
staff number 1234567
employee no. 40021
UTR 12345 67890
tax reference 1234567890
crime number 12345/19
custody number AA1234BC
prison number A1234BC
HCPC PYL12345
NMC pin 12A3456E
GMC 1234567
SSN 078-05-1120
078-05-1120 social security
PPS number 1234567T
PPSN 1234567TA
SIN 046 454 286
NIR 1 85 05 78 006 084 36
BSN 111222333
CPF 123.456.789-09
Aadhaar 2345 6789 0124
PESEL 44051401359
DNI 12345678Z
NIE X1234567L
personnummer 811218-9876
CPR 010190-1234
codice fiscale RSSMRA85T10A562S
vehicle VIN 1HGCM82633A004352
51.5074, -0.1278
51.50735° N, 0.12776° W
grid ref SE 29876 33456
what3words filled.count.soap
///filled.count.soap
12 Mill Lane, Leeds
Flat 3, 27 Acacia Avenue
jane.doe AT nhs.net
jane.doe<at>nhs.net
jane.doe_at_nhs.net
jane.doe -at- nhs -dot- net
jane.doe&#64;nhs.net
jane.doe%40nhs.net
jo(AT)x.org
0 7700 900982
phone 555-0142
National Insurance: AB 12 34 56
NINO is AB123456
passport GBR1234567
Reisepass C01X00T47
passeport: 12AB34567
SW1A OAA
LS1  4AP
my car 191-D-12345
plate B-MW 1234
the taxi, AB-123-CD
Court case ZE21P00123
LE22C50123
né le 14 mars 1985
nacido el 14 de marzo de 1985
nata il 3 maggio 1990
geb. 03.04.1992
geboren am 3. Oktober 1992
""".strip().splitlines()

HARMLESS = [
    "look at nhs.uk, LOOK AT NHS.UK, a stay-at-home mum; see work-at-home.html",
    "oh, one of them said; zero tolerance, one two three four five six seven eight nine ten",
    "in B2 OUR ROOM and LS1 OFF THE RECORD; passports office, a national insurance 2024",
    "the car was made in 2014-15, van A-B 1; le 14 mars 1985 on a votre; call 2019",
    "We have asked since 2021-22, nobody 12345 and sin 2021",
    "KS1 2ed",
    "KS2 3ab",
    "from 2019 to 2023",
    "£240,000 and 12,500 people",
    "1,234,567",
    "section 75 and NG222",
    "10.50 to 12.05",
    "3-4 a week",
    "ISSN 1234-5678",
    "p = .0123456789",
    "v1.2.3.4",
    "section 1.2.3.4",
    "12:30:45",
    "00:12:33.120",
    "2024-03-14",
    "The programme was born on 1 April 2015",
    "@fig-cases",
    "@tbl-sources",
    "pages 123-134",
    "(2015) 12(3): 345-356",
    "Year 9, 10 and 11",
    "24/7",
    "50/50",
    "at (at) home",
    "Children Act 1989",
    "SI 2015/1234",
    "Cm 1234",
    "the account of 2019",
    "COP26",
    "A4 2pp",
    "100 200 300 a week",
    "r = .45, p = .0012345678",
    "n = 1234567",
    "#BlackLivesMatter",
    "case 3 of 12",
    "case study 2",
    "reference 4",
    "ref. 12",
    "code 12345",
    "hospital number of beds 240",
    "case numbers rose by 1200",
    "ID card",
    "1 in 4",
    "0.0123456789",
    "Table 12.3.4",
    "http://www.gov.uk/guidance",
    "https://www.nice.org.uk/guidance/ng225",
    "NG225",
    "SDQ 14",
    "EH4 form",
    "T1 2nd row",
    "CYP-IAPT",
    "H1 2024",
    "Q3 2023",
    "C19 era",
    "3rd of May",
    "follow up at 6 12 18 months",
    "10 20 30 40 50 60 70",
    "1 2 3 4 5 6 7 8 9 10",
    "+/- 5",
    "+20 per cent",
    "A/B testing",
    "and/or",
    "e.g. this",
    "U.K. policy",
    "Smith et al. 2015",
    "5 x 12345",
    "943 476 5871",
    "123 456 7890",
    "000 000 0000",
    "999 999 9999",
    "BG 12 34 56 A",
    "AB 12 34 56 E",
    "We met on 14 March 2011.",
    "born in 2011",
    "it is in T1 2nd row, and b2 4th",
    "in Ks1 2nd row, KS1 3rd and ks1 4TH",
    "the code ls14dy, and LS6/2AB",
    "we had 100 200 a week, at 120 140 a day",
    "order 4477009001234 and 347700900123",
    "doi:10.1080/14719037.2015.1111927",
    "https://doi.org/10.1016/j.socscimed.2019.112345",
    "https://www.gov.uk/guidance/about-us",
    "https://www.example.org/privacy-policy",
    "https://kooth.com and https://mind.org/help and https://otter.ai",
    "https://gov.uk/guidance/send",
    "https://www.gov.uk/media/report.pdf and https://x.example/team/annual.report.pdf",
    "https://www.gov.uk/guidance/index.html and https://x.example/index.php",
    "https://www.x.example/about/our-work/",
    "https://x.example/users/guide/getting-started and https://x.example/team/meetings.html",
    "https://x.example/search?order=most_viewed",
    "https://x.example/referral_form and http://x.example/mental_health/",
    "https://x.com/ and https://www.facebook.com/events",
    "https://web.archive.example/web/2020/https://mind.org/help",
    "from 2019 to 2023, £240,000, 12,500 people and 1,234,567 more",
    "section 75 and NG222, SDQ 14, Year 9, 10.50 to 12.05, 3-4 a week",
    "ISBN 978-0-571-08989-5",
    "0.0123456789 and 1.0345678901",
    "the model A123 was new and COP26 too",
    "The programme was born on 1 April 2015, when it split.",
    "On 1 April 2015 our programme was born.",
    "The birth of the strategy, published 12 March 2015, was slow.",
    "The policy, launched 1 April 2013, was born of frustration.",
    "It was born out of a review of 12 March 2015.",
    "The charity's birthday is 4 June 1998.",
    "She gave birth on the ward; the leaflet of 3 May 2021 says so.",
    "She was born here; we met on 12 March 2024.",
    "She was born here and we met on 12 March 2024.",
    "Children born before 31 August 2012",
    "those born on or after 1 September 2008",
    "born between 1/9/2008 and 31/8/2009",
    "the cohort born from 01/09/2010 to 31/08/2011",
    "It was borne out by the review of 12 March 2015. Births 12/03/2024",
    "sha256:9434765919ab34",
    "sha256:9434765919",
    "OK12 YOU and MR11 AND",
    "my car is mk12 and ok11 you",
    "7700 900123",
    "ab12 cde",
    "a. minutes\nb. 12/03/1985 meeting",
    "12031985",
    "the third of June 2009",
    "open 0900 – 1700 daily",
    "from 01/02/2003 04/05/2006",
    "in T1-2ND",
    "www.wordpress.com and en.blogspot.com and box.com/pricing",
    "943.4765919 and 0.943.476.5919",
    "at (at) home, look at x.com",
    "https://x.org/a?id=9434765919&nhs=07700900123",
    "urn:isbn:9434765919",
    "p = .0123456789, p=.0123456789",
    "The A4 2pp leaflet, an A5 4pp one, room B2 4ft wide, a B12 4yr supply",
    "10.1000/x:07700900123",
    "Rm9v/bar=:AB123456C",
    "user@localhost said so",
    "\\u0394\\u03b5 #ff00aa rgb(0, 20, 79)",
    "07 123 456 789",
    "0123456789",
    "KS1 2ed and KS2 3ab",
    "L1 3ha",
    "section 1.2.3.4, version 10.20.30.40",
    "the account of 2019, a passport office, an IP lawyer",
    "Instagram: nobody uses it; facebook is old",
    "at 12:30:45, a 3:2:1 split, std::vector",
    "£12 @ 3 each",
    "+44 and +1, 00 00 00",
]
# Known to be passed over: what stands for these is a person's reading.
PASSED_OVER = [
    "oh seven seven double oh nine hundred one two three",
    "she'll be 16 on 3 April 2025",
    "my birthday's 3rd April",
    "943 476\n5919 (a number divided by a line's end)",
    "my account, one two three four five six seven eight",
    "find me as orrinvale on there",
    "the house with the blue door on Mill Lane",
    "14 March 2011 (a date without a word of birth)",
    "jo@gmail,com",
    "0 1 6 3 2 9 6 0 1 2 3",
    "1-800-555-0199 phone",
    "text 85258",
    "jovale#1234",
    "bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
]


def test_shapes_of_many_countries_are_found_whole() -> None:
    left = []
    for text in SHAPES:
        cleaned = clean(Reading(text, "txt", "utf-8"), "document", ()).text
        if not find_identifiers(text) or re.search(r"\d{3}|\d\W\d\W\d", cleaned):
            left.append((text, cleaned))
    assert left == []


@pytest.mark.parametrize("text", HARMLESS)
def test_no_false_alarm(text: str) -> None:
    assert find_identifiers(text) == []


def test_base64_and_hashes_give_no_alarm() -> None:
    random.seed(3)
    for _ in range(300):
        content = random.randbytes(400)
        for text in (
            base64.b64encode(content).decode(),
            base64.encodebytes(content).decode(),
            hashlib.sha256(content).hexdigest(),
            f"data:image/png;base64,{base64.b64encode(content).decode()}",
        ):
            assert find_identifiers(text) == [], text


def test_hits_are_in_order_and_apart_and_a_number_has_one_kind() -> None:
    text = "943 476 5919, 07700 900456, ann@x.example, WN4 7QD, QQ123456C; " * 3
    found = find_identifiers(text)
    assert [hit.kind for hit in found] == [
        "nhs_number",
        "phone",
        "email",
        "postcode",
        "ni_number",
    ] * 3
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert {hit.kind for hit in found} <= set(KINDS)


def test_replaced_by_a_typed_bracket_that_is_found_no_more() -> None:
    text = " | ".join(written for _, written in FOUND)
    cleaned = clean(Reading(text, "txt", "utf-8"), "document", ())
    assert find_identifiers(cleaned.text) == []
    assert all(
        cleaned.text.count(bracket) == sum(found == kind for found, _ in FOUND)
        for kind, bracket in (("nhs_number", "[NHS number]"), ("postcode", "[postcode]"))
    )
    assert {kind for _, _, kind in cleaned.replaced("identifiers")} == set(KINDS) - {
        "date_of_birth",
        "passport",
        "location",
        "reference_number",
    }


@pytest.mark.parametrize("text", PASSED_OVER)
def test_what_is_said_to_be_passed_over_is(text: str) -> None:
    assert find_identifiers(text) == []


def test_an_identifier_is_replaced_whole_or_not_at_all() -> None:
    text = "Her licence VALE9 657054 O99AB was on the desk, passport 123456789 beside it."
    cleaned = clean(Reading(text, "txt", "utf-8"), "document", ())
    assert cleaned.text == (
        "Her licence [driving licence] was on the desk, passport [passport number] beside it."
    )


def _kinds(text: str) -> str:
    return ", ".join(dict.fromkeys(kind for kind, _ in found_in(text)))


def table_of_shapes() -> str:
    """What docs/identifiers.md holds: written from the cases above."""
    rows = [
        *((kind, written, "found, wherever it stands") for kind, written in FOUND),
        *((kind, text, f"found: {written}") for kind, text, written in NEXT_TO_A_WORD),
        *((_kinds(text), text, "found") for text in SHAPES),
        *(("", text, "left: known to be passed over") for text in PASSED_OVER),
        *(("", text, "left: no identifier") for text in HARMLESS),
    ]
    rows.sort(key=lambda row: (row[0] == "", row[0]))
    shown = (
        [
            kind.replace("_", " ") or "none",
            *(f"`{' '.join(cell.split())}`" for cell in (written,)),
            told,
        ]
        for kind, written, told in rows
    )
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in shown]
    return "\n".join([*HEAD_OF_SHAPES, *lines, ""])


HEAD_OF_SHAPES = (
    "# Which identifiers are found, and which are not",
    "",
    "Cleaning replaces these shapes by a word in brackets, and nothing that looks like one is",
    "published but for what the authors typed on their own pages. The table is written from the",
    "tests, which keep it true. It shows shapes, each by an invented or published example; numbers",
    "with check digits are found only where these are right. What a line calls passed over must be",
    "found by a person who reads, as must everything that tells who somebody is without a number.",
    "",
    "| kind | written | what happens |",
    "| :--- | :--- | :--- |",
)


def test_the_table_in_the_documentation_is_that_of_these_tests() -> None:
    """After a change: `python tests/test_cleaning_identifiers.py > docs/identifiers.md`."""
    written = Path(__file__).parents[1] / "docs" / "identifiers.md"
    assert written.read_text(encoding="utf-8") == table_of_shapes()


# The recall that a published figure may quote: every identifier of a seeded text, by kind.
def test_recall_on_a_seeded_text() -> None:
    random.seed(11)
    filler = [
        "well",
        "we",
        "said",
        "that",
        "the",
        "board",
        "and",
        "the",
        "children",
        "would",
        "meet",
        "in",
        "the",
        "hall",
        "again",
    ]
    planted = [written for _, written in FOUND] * 5
    random.shuffle(planted)
    text, places = "", []
    for written in planted:
        text += " ".join(random.choices(filler, k=20)) + ", "
        places.append((len(text), len(text) + len(written)))
        text += written + ". "
    assert [(hit.start, hit.end) for hit in find_identifiers(text)] == places


if __name__ == "__main__":
    print(table_of_shapes(), end="")
