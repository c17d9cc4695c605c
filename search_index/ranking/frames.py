"""What people wrap around a topic when they ask for a person: "who knows about …?", "wer kennt sich mit …
aus?".

The wrapping is not the topic. Left in, its words find posts about looking and knowing; measured on the
corpora that costs .03 to .07 of MAP. Only beginnings and endings are cut, and never the last word that is
left.
"""

import re

_ANYBODY = (
    r"(?:any(?:one|body)|some(?:one|body)|people|persons?|who(?:ever)?|(?:an?|the|any|our)\s+"
    r"(?:experts?|specialists?|colleagues?|person|people|engineers?|developers?))"
)
_KNOWS = (
    r"(?:who\s+|that\s+|here\s+|really\s+|else\s+|already\s+|ever\s+|has\s+|have\s+|is\s+|are\s+|can\s+|could\s+)*"
    r"(?:know(?:s|ing|n)?(?:\s+(?:a\s+lot|much|more|something|anything|stuff|how\s+to\s+use))?"
    r"|understand(?:s|ing)?|familiar|experienced?|expert(?:ise)?|good|skilled|worked|work(?:s|ing)?|dealt|used"
    r"|uses?|using|help(?:\s+(?:me|us))?|explain(?:\s+(?:me|us))?|tell\s+(?:me|us)|responsible|talk\s+to)"
)
_ABOUT = r"(?:\s+(?:about|of|with|in|on|at|for|around|regarding|to|using|from))*"

_OPENINGS = tuple(
    re.compile(rf"^\s*{pattern}\s+", re.IGNORECASE)
    for pattern in (
        r"(?:hi|hello|hey|dear\s+all|hallo|guten\s+(?:tag|morgen)|moin|servus)(?:\s+(?:all|everyone|zusammen))?[,!.:]?",
        r"(?:please|bitte|quick\s+question[:,]?|kurze\s+frage[:,]?)",
        (
            rf"(?:i\s+am|i'm|we\s+are|we're)?\s*(?:looking|searching)\s+for(?:\s+{_ANYBODY})?(?:\s+here)?"
            rf"(?:\s+{_KNOWS})?{_ABOUT}"
        ),
        rf"(?:i|we)\s+(?:need|want)(?:\s+(?:help|advice|{_ANYBODY}))?(?:\s+{_KNOWS})?{_ABOUT}",
        rf"(?:is|are)\s+there\s+{_ANYBODY}(?:\s+here)?(?:\s+{_KNOWS})?{_ABOUT}",
        rf"(?:does|do|has|have|is|can|could)\s+{_ANYBODY}(?:\s+here)?\s+{_KNOWS}{_ABOUT}",
        rf"(?:whom?|which\s+\w+)(?:\s+here)?(?:\s+(?:should|can|could|do)\s+(?:i|we))?\s+(?:{_KNOWS}|ask){_ABOUT}",
        rf"who(?:'s|\s+is|\s+are)\s+(?:the|an?|our)?\s*(?:go-to\s+)?(?:experts?|person|people|specialists?){_ABOUT}",
        rf"{_ANYBODY}(?:\s+here)?\s+{_KNOWS}{_ABOUT}",
        r"(?:experts?|expertise|experience|specialists?)\s+(?:in|on|for|with|at)",
        # German; the separable verb leaves its "aus" at the end, see below.
        (
            r"wer(?:\s+(?:von\s+euch|hier|bei\s+uns))?\s+kennt(?:\s+sich)?(?:\s+(?:hier|gut))*"
            r"(?:\s+(?:mit|in|bei|im|beim))?"
        ),
        r"kennt(?:\s+sich)?(?:\s+(?:hier|jemand|wer))+(?:\s+(?:mit|in|bei|im|beim|gut))*",
        r"(?:wer\s+)?(?:weiß|weiss)(?:\s+(?:hier|jemand|wer|etwas|was|mehr|viel))*\s+(?:über|zu|zum|zur|von)",
        r"(?:wer\s+)?hat(?:\s+(?:hier|jemand|wer|schon|schon\s+mal|bereits))*\s+erfahrung(?:en)?\s+(?:mit|in|bei|zu|im)",
        r"(?:wer\s+)?kann(?:\s+(?:hier|jemand|wer|mir|uns))*(?:\s+(?:bei|beim|mit|zu))",
        (
            r"(?:ich\s+suche|wir\s+suchen|gesucht(?:\s+wird)?:?)(?:\s+(?:nach|jemanden|wen|(?:einen|eine|den|die)\s+"
            r"(?:experten|expertin|fachmann|fachfrau|kollegen|kollegin|ansprechpartner(?:in)?|spezialisten)))*"
            r"(?:,?\s*(?:der|die|das))?(?:\s+sich)?(?:\s+(?:mit|für|in|bei|zu|im))*"
        ),
        (
            r"wer\s+ist(?:\s+(?:der|die|unser|unsere|hier|ein|eine))*\s+(?:expert(?:e|in)|ansprechpartner(?:in)?"
            r"|zuständig|verantwortlich|fachmann|fachfrau)\s+(?:für|in|bei|zu)"
        ),
        r"gibt\s+es(?:\s+(?:hier|jemanden|wen|experten))+(?:,?\s*(?:der|die))?(?:\s+sich)?(?:\s+(?:mit|für|in|bei|zu))*",
    )
)
_ENDINGS = tuple(
    re.compile(rf"{pattern}\s*[?!.]*\s*$", re.IGNORECASE)
    for pattern in (
        r"[?!.]+",
        r"\s+(?:well|here|please|thanks|thank\s+you|anyone)",
        r"\s+(?:gut\s+)?(?:auskennt|auskennen|weiterhelfen|helfen|bitte|danke)",
    )
)
_SEPARATED = re.compile(r"\s+(?:gut\s+)?aus\s*[?!.]*\s*$", re.IGNORECASE)
_KENNT = re.compile(r"^\s*(?:wer\s+.*?)?kennt\b", re.IGNORECASE)
_SOMETHING = re.compile(r"\w")

LONGEST_FRAME = 300
"""Longer texts are descriptions, not questions to a colleague; they are read as they are."""


def without_frame(question: str) -> str:
    """The topic of a question; the question itself when nothing would be left."""
    if len(question) > LONGEST_FRAME:
        return question
    topic = _SEPARATED.sub("", question) if _KENNT.match(question) else question
    for _ in range(3):  # "Hi all, I am looking for somebody who knows about …" wears three frames
        before = topic
        for opening in _OPENINGS:
            topic = _kept(opening.sub("", topic, count=1), topic)
        if topic == before:
            break
    for ending in _ENDINGS:
        topic = _kept(ending.sub("", topic), topic)
    return topic.strip()


def _kept(shorter: str, longer: str) -> str:
    return shorter if _SOMETHING.search(shorter) else longer
