"""What in a comment may tell who somebody is: hints for the person who reads it, not a verdict."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Programme, User
from partners.models import Partner

# Names that are everyday words too: a hint only where they are written with a capital.
_EVERYDAY = frozenset({
    "art", "april", "autumn", "bill", "bless", "chance", "charity", "clay", "dale", "dawn",
    "dean", "don", "drew", "faith", "frank", "gene", "glen", "grace", "grant", "guy", "heath",
    "heather", "holly", "hope", "ivy", "iris", "jack", "jasmine", "joy", "june", "lance",
    "lane", "mark", "martin", "may", "mercy", "miles", "nick", "olive", "pat", "penny", "pearl",
    "rich", "rob", "robin", "rose", "ruby", "rusty", "sandy", "summer", "sue", "ted", "victor",
    "violet", "wade", "will", "young", "long", "short", "little", "day", "best", "good", "wise",
    "king", "bishop", "cook", "baker", "hall", "hill", "wood", "woods", "field", "lake",
    "brook", "marsh", "price", "love", "bell", "ball", "case", "cross", "black", "white",
    "brown", "green", "grey", "gray",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d_][^\W\d_'’-]*")
_TITLE = re.compile(
    r"\b(?:dr|mr|mrs|ms|miss|mx|prof|professor|doctor|sister|nurse|sir|dame)\b\.?\s+"
    r"[^\W\d_][\w'’-]+",
    re.IGNORECASE,
)
_CAPITAL_AFTER = re.compile(r"\s[^\W\d_a-z]")
_MOMENT = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b(?:\s+(?:morning|afternoon|evening))?"
    r"|\b(?:at|about|around)\s+\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm|o'clock)?\b"
    r"|\b\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm)\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:january|february|march|april|may|june|july|august"
    r"|september|october|november|december)\b"
    r"|\b(?:first|second|third|fourth|fifth|last)\s+(?:patient|consultation|appointment|person)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b\d{1,3}[- ]years?[- ]old\b|\baged?\s+\d{1,3}\b|\bin\s+(?:his|her|their)\s+"
    r"(?:\d0s|teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b"
    r"|\b(?:his|her|their)\s+(?:wife|husband|partner|mother|father|mum|dad|son|daughter|carer"
    r"|job|boss)\b|\b(?:room|bed|bay|ward)\s+\d+\w?\b",
    re.IGNORECASE,
)
_PLACES = (
    (_TITLE, "a title and a name"),
    (_MOMENT, "tells when it was"),
    (_PERSON, "tells something of somebody"),
)


@dataclass(frozen=True)
class Piece:
    """A part of the text, with why it is a hint; without one it is plain."""

    text: str
    why: str = ""


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    why: str


def pieces(text: str, names: Collection[str]) -> list[Piece]:
    """`text` in its order, cut where something may tell on somebody; `names` in lower case."""
    spans: list[_Span] = []
    for pattern, why in _PLACES:
        for found in pattern.finditer(text):
            if pattern is _TITLE and not _CAPITAL_AFTER.search(found.group()):
                continue
            spans.append(_Span(found.start(), found.end(), why))
    for found in _WORD.finditer(text):
        word = found.group()
        bare = _bare(word)
        if bare in names and not (bare in _EVERYDAY and word[0].islower()):
            spans.append(_Span(found.start(), found.end(), "a name in the programme"))
    return _cut(text, spans)


def reasons(shown: Iterable[Piece]) -> list[str]:
    """Each hint once, in words: “Priya” is a name in the programme."""
    return list(dict.fromkeys(f"“{one.text}”: {one.why}" for one in shown if one.why))


def names_in(texts: Iterable[str], programme: Programme) -> set[str]:
    """The words of `texts` that are parts of names of people of the programme, in lower case."""
    words = {_bare(one) for text in texts for one in _WORD.findall(text)}
    words = {one for one in words if len(one) > 1}
    if not words:
        return set()
    pattern = rf"(^|[^[:alpha:]])({'|'.join(sorted(words))})($|[^[:alpha:]])"
    partners = Partner.objects.filter(programme=programme).filter(
        Q(name__iregex=pattern) | Q(known_as__iregex=pattern)
    )
    people = User.objects.filter(role_grants__programme=programme, name__iregex=pattern)
    found = {name for pair in partners.values_list("name", "known_as") for name in pair}
    found |= set(people.values_list("name", flat=True))
    return {_bare(part) for name in found for part in _WORD.findall(name)} & words


def _bare(word: str) -> str:
    """In lower case, and without what makes it somebody's: Priya's."""
    return re.sub(r"['’]s$", "", word.lower()).strip("'’-")


def _cut(text: str, spans: Iterable[_Span]) -> list[Piece]:
    shown: list[Piece] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.start < at:
            continue
        if span.start > at:
            shown.append(Piece(text[at : span.start]))
        shown.append(Piece(text[span.start : span.end], span.why))
        at = span.end
    if at < len(text):
        shown.append(Piece(text[at:]))
    return shown
