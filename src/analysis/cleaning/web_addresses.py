"""Web addresses that name a person: profiles, staff pages, personal sites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_BLOGS = (
    r"(?:(?:wordpress|blogspot|tumblr|substack|weebly|wixsite|livejournal)\.com|blogspot\.co\.uk"
    r"|github\.io|bsky\.social)"
)
_ADDRESS = re.compile(
    r"(?<![\w@.])(?:https?://|www\.)[^\s<>\"')\]}]{3,300}|(?<![\w@./])(?:[\w-]{1,63}\.){1,4}"
    r"(?:com|org|net|uk|example|io|me|social|tv|ee|be|fm|app|co|eu|de|edu|gg)/[^\s<>\"')\]}]{1,300}"
    rf"|(?<![\w@./-])[\w-]{{2,63}}\.{_BLOGS}(?![\w.-]{{0,60}}\w)",
    re.IGNORECASE,
)
# Without one of these no address is one of a person.
_MARKS = ("/", "www.", ".com", "blogspot.", ".io", ".social")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_DOI = re.compile(r"doi\.org/|/10\.\d{4,9}/", re.IGNORECASE)
# Sites where what follows is somebody's name or number.
_OF_ONE_PERSON = re.compile(
    r"(?:[\w-]+\.)?(?:linkedin\.com/in/|(?:facebook|instagram|twitter|x)\.com/(?!(?:events|groups"
    r"|pages|help|sharer?|watch|search|hashtag|intent|home|login|about|policies|privacy)\b)"
    r"|tiktok\.com/@|youtube\.com/(?:@|c/|user/|channel/)|threads\.net/@|bsky\.app/profile/|mastodon\.\w+/@|t\.me/"
    r"|wa\.me/\+?|(?:fb\.com|fb\.me|m\.me|telegram\.me|twitch\.tv|github\.com|patreon\.com|ko-fi\.com"
    r"|linktr\.ee|paypal\.me|soundcloud\.com|vimeo\.com|pinterest\.(?:com|co\.uk)|onlyfans\.com"
    r"|vk\.com|cash\.app)/(?!(?:about|help|search|explore|login|home|jobs|features|pricing)\b)[$]?"
    r"|snapchat\.com/add/|reddit\.com/u(?:ser)?/|medium\.com/@|threads\.com/@|flickr\.com/people/"
    r"|researchgate\.net/profile/|academia\.edu/|steamcommunity\.com/(?:id|profiles)/"
    r"|last\.fm/user/|strava\.com/athletes/|discord(?:app)?\.com/users/|orcid\.org/|justgiving\.com/(?:fundraising|page)/|gofundme\.com/f/)\w"
    rf"|(?!(?:www|en|blogs?|support|help|docs|about|developer)\.)[\w-]+\.{_BLOGS}",
    re.IGNORECASE,
)
# Parts of a path below which people have their pages, as in '/staff/123/dr-jane-doe'.
_SECTIONS = """
people person persons staff profile profiles user users team our-team our-people meet-the-team
member members author authors therapist therapists counsellor counsellors speaker speakers
"""
# Words of pages that are about nobody, below '/team/' too.
_WORDS_OF_PAGES = """
about academic admin adult adults advice all and annual area areas at benefits board care
careers carers centre charter children college committee communities community consultation
contact contacts council data department development directors directory diversity documents
education engagement equality event events executive experience faculty families family faq
feedback for forum getting governance group groups guidance guide guides handbook health help home
hub in index info information intranet involvement jobs join leadership learning list login
management me meeting meetings member members mental minutes my network networks new news of
office officers on open order our pages panel parents participation partner partners
partnership people plan policies policy portal privacy professional professionals profile profiles
publications public recruitment referral register report reports research resources rights safety
school schools search service services settings social staff started stories strategy student
students support survey team teams terms the to training trustees university us user users
vacancies view voice voices volunteer volunteers we welcome wellbeing what who with work working
works your youth
"""
_PEOPLE, _ORDINARY = frozenset(_SECTIONS.split()), frozenset(_WORDS_OF_PAGES.split())
_PAGE = re.compile(r"\.(?:html?|php|aspx?|jsp|cfm)\Z")
_FILE_OR_SITE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|csv|txt|xml|json|zip|js|css|png|jpe?g|gif|svg|mp[34]"
    r"|com|org|net|uk|gov|eu|io|ai|info|example)\Z"
)
_TITLED = re.compile(r"(?:dr|prof|professor|mrs?|cllr)[-_.][a-z][a-z_.-]+")
_FIRST_DOT_LAST = re.compile(r"(?:.*=)?[a-z]{2,}\.[a-z]{2,}")
_ONE_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’])+\d*")
_WORDS = re.compile(
    r"(?:\d+[-_])?[^\W\d_][^\W\d_'’]*(?:[-_.+ ]+(?:[^\W\d_]|['’])+){1,6}(?:[-_]?\d+)?"
)
_ASKED_FOR = re.compile(
    r"(?:user(?:name)?|author|person|staff|profile)=[a-z]|name=[a-z]+(?:[+._-]|%20)[a-z]"
)


def personal_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield where web addresses that hold a person's page or name stand: start, end.

    Such are addresses on sites where everybody has a page of their own, and those with '/~' or
    '/@'; what stands below '/staff/', '/team/' and the like unless an ordinary word is in it; and
    'jane.doe', 'dr-doe' and '?user=' anywhere. DOIs and names of files ('report.pdf') are none.
    """
    folded = text.casefold()
    for match in _ADDRESS.finditer(text) if any(mark in folded for mark in _MARKS) else ():
        address = match[0].rstrip(".,;:!?")
        if _is_personal(_SCHEME.sub("", address)):
            yield match.start(), match.start() + len(address)


def _is_personal(address: str) -> bool:
    """Judge an address without its scheme."""
    if _DOI.search(address):
        return False
    if _OF_ONE_PERSON.match(address) or re.search(r"/[~@]\w", address):
        return True
    host, *rest = re.split(r"[/#?&]", address.lower())
    # 'profiles.uni.example/jane-doe'
    parts = [host.partition(".")[0], *(_PAGE.sub("", part) for part in map(unquote, rest))]
    return any(_names_somebody(parts[place], parts[:place]) for place in range(1, len(parts)))


def _names_somebody(part: str, before: list[str]) -> bool:
    """Tell whether `part` of a path, query or fragment is a name, after the parts `before`."""
    if _TITLED.fullmatch(part) or _ASKED_FOR.match(part):
        return True
    # A single letter is an initial.
    if _FILE_OR_SITE.search(part) or not _ORDINARY.isdisjoint(re.findall(r"[^\W\d_]{2,}", part)):
        return False
    # A number or a department may stand between.
    return bool(
        _FIRST_DOT_LAST.fullmatch(part)
        or (_PEOPLE.intersection(before[-2:]) and _WORDS.fullmatch(part))
        or (_PEOPLE.intersection(before[-1:]) and _ONE_WORD.fullmatch(part))
    )
