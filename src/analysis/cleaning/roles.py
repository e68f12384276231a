"""The words by which transcripts name who asks and who answers, in several languages."""

from __future__ import annotations

import re

_ASKING_WORDS = """
interviewer interviewers interviewerin interviewende interviewender interviewleiter
interviewleiterin befrager befragerin fragesteller fragestellerin fragende forscher forscherin
moderator moderatorin moderador moderadora modérateur modératrice moderatore moderatrice moderátor
facilitator facilitateur facilitatrice facilitador facilitadora researcher
intervieweur intervieweuse enquêteur enquêtrice enqueteur enquetrice chercheur chercheuse
entrevistador entrevistadora investigador investigadora pesquisador pesquisadora inquiridor
inquiridora encuestador encuestadora
intervistatore intervistatrice ricercatore ricercatrice
onderzoeker vraagsteller interviewster
intervjuare intervjuaren intervjuer intervjueren forskare forskaren forsker forskeren
haastattelija tutkija spørger
ankieter ankieterka badacz badaczka prowadzący tazatel tazatelka výzkumník anketer anketerka
интервьюер исследователь исследовательница модератор інтерв'юер інтервʼюер
συνεντευκτής ερευνητής ερευνήτρια görüşmeci araştırmacı mülakatçı
المحاور المحاورة الباحث الباحثة מראיין מראיינת חוקר חוקרת
访谈者 采访者 研究者 主持人 訪談者 採訪者 インタビュアー 聞き手 調査者 면접자 연구자 질문자
साक्षात्कारकर्ता शोधकर्ता प्रश्नकर्ता
"""
_ANSWERING_WORDS = """
respondent respondents participant participants interviewee interviewees speaker answer informant
befragte befragter befragten interviewte interviewter interviewpartner interviewpartnerin
teilnehmer teilnehmerin teilnehmende proband probandin antwort auskunftsperson sprecher sprecherin
interviewé interviewée enquêté enquêtée répondant répondante participante réponse
entrevistado entrevistada participante informante encuestado encuestada respuesta inquirido inquirida
intervistato intervistata partecipante risposta
geïnterviewde deelnemer deelneemster antwoord
intervjuperson intervjupersonen informanten deltagare deltagaren deltaker deltakeren
haastateltava vastaaja osallistuja
badany badana uczestnik uczestniczka respondentka účastník účastnice dotazovaný dotazovaná sudionik
респондент респондентка участник участница информант
συνεντευξιαζόμενος συμμετέχων συμμετέχουσα katılımcı görüşülen
المشارك المشاركة المبحوث المبحوثة מרואיין מרואיינת משתתף משתתפת
受访者 被访者 参与者 受訪者 参加者 回答者 話し手 참여자 면접대상자 응답자
प्रतिभागी उत्तरदाता
"""


def _alternatives(words: str) -> str:
    return "|".join(map(re.escape, sorted(set(words.split()), key=lambda word: (-len(word), word))))


_NUMBER = r"(?:[ _-]?(?:\d{1,3}|[A-Z])\b)?"
ASKING = re.compile(
    r"(?:I\d?|IV\d?|INT\d?|INTER|Q\d?|MOD\d?|Interviewer.{0,4}|Moderator.{0,4}|Facilitator.{0,4}"
    rf"|Researcher.{{0,4}}|(?:the )?(?:{_alternatives(_ASKING_WORDS)}){_NUMBER})",
    re.IGNORECASE,
)
ANSWERING = re.compile(
    r"(?:[RPAMFS]\d{0,3}|B\d{1,3}|FP\d*|MP\d*|IE|RES\d*|PAR\d*|Respondent.{0,4}|Participant.{0,4}"
    r"|Interviewee.{0,4}|Speaker.{0,4}|Answer"
    rf"|(?:the )?(?:{_alternatives(_ANSWERING_WORDS)}){_NUMBER})",
    re.IGNORECASE,
)
# Who it was, nobody could tell: neither one who asks nor one who answers.
SOMEBODY = re.compile(
    r"(?:unknown|unidentified|unnamed|other|another|new|male|female|both|all|several|multiple)[ ]"
    r"(?:speakers?|voices?|participants?|respondents?|persons?|people|m[ae]n|wom[ae]n)(?:[ ]?\d{1,2})?",
    re.IGNORECASE,
)
# 'Interviewer Hester Quill', 'Interviewer (HQ)', 'Hester Quill (interviewer)', 'HQ, interviewer'.
_OPENS = re.compile(rf"(?:the )?(?:{_alternatives(_ASKING_WORDS)})(?=[ ,(/-])", re.IGNORECASE)
_DESCRIBED = re.compile(r"[(,/][ ]?(?P<role>[^()]{1,40}?)[ ]?\)?\Z")


def asks(tag: str) -> bool | None:
    """Tell whether convention makes `tag` one that asks (True) or answers (False); None for neither."""
    if ASKING.fullmatch(tag):
        return True
    if ANSWERING.fullmatch(tag):
        return False
    described = _DESCRIBED.search(tag)
    if described and len(described["role"]) > 1:
        said = asks(described["role"])
        if said is not None:
            return said
    return True if _OPENS.match(tag) else None
