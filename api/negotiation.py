"""Content negotiation (RFC 9110 section 12.5.1) as a pure function."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .errors import NotAcceptableError

_QUALITY: Final = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE: Final = re.compile(rf"\s*({_NAME})/({_NAME})\s*")
_PARAMETER: Final = re.compile(rf'\s*({_NAME})=({_NAME}|"(?:[^"\\]|\\.)*")\s*')
# Splits on a separator outside of quoted strings.
_PIECES: Final = {mark: re.compile(rf'(?:[^"{mark}]|"(?:[^"\\]|\\.)*"?)+') for mark in (",", ";")}
_MOST_RANGES: Final = 200
_LONGEST_REMEMBERED: Final = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """One format that a resource can be had in.

    Attributes:
        media_type: what the Content-Type says, without parameters.
        names: short names for ``?format=``, the first is the one that is shown.
        aliases: other media types that clients ask for and mean this one.
    """

    media_type: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of the header field; text types state their charset."""
        return self.media_type + ("; charset=utf-8" if self.media_type.startswith("text/") else "")


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header; ``parameters`` are without charset and q."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    charset: str | None
    quality: float

    def matches(self, media_type: str) -> bool:
        """Whether a media type without parameters, encoded as UTF-8, is in the range.

        A range with a parameter asks for a variant of the type (a profile); the plain type serves
        it. Excluding a variant does not exclude the plain type.
        """
        kind, _, subtype = media_type.partition("/")
        return (
            self.type in ("*", kind)
            and self.subtype in ("*", subtype)
            and self.charset in (None, "utf-8", "utf8", "*")
            and (self.quality > 0 or not self.parameters)
        )

    @property
    def precedence(self) -> tuple[bool, bool, int, bool]:
        """Exact before ``type/*`` before ``*/*``; then the one that says the most about us."""
        exact = self.type != "*", self.subtype != "*"
        return *exact, -len(self.parameters), self.charset is not None


def choose(accept: str | None, offers: Sequence[Offer]) -> Offer | None:
    """Choose the offer that the client likes best, or None where it accepts none.

    The most specific range that matches an offer gives its quality, so ``text/turtle;q=0, */*``
    excludes Turtle. Among equals the earlier range in the header wins where both are named
    exactly, else the earlier offer. A charset other than UTF-8 makes a range match nothing. A
    missing, empty or wholly unreadable header accepts everything; an unreadable element is skipped.

    >>> turtle = Offer("text/turtle", ("ttl",))
    >>> csv = Offer("text/csv", ("csv",))
    >>> choose("text/*;q=0.5, text/csv", [turtle, csv]) is csv
    True
    >>> choose("text/html", [turtle, csv]) is None
    True
    """
    if accept is None or len(accept) > _LONGEST_REMEMBERED:
        return _choose(accept or "", offers)
    return _choose_again(accept, tuple(offers))


def _choose(accept: str, offers: Sequence[Offer]) -> Offer | None:
    ranges = parse_accept(accept)
    if not ranges:
        return offers[0] if offers else None
    rated = [(offer, *_rate(offer, ranges)) for offer in offers]
    acceptable = [each for each in rated if each[1] > 0]
    return min(acceptable, key=lambda each: (-each[1], each[2]))[0] if acceptable else None


# The same few headers come with nearly every request; a longer one is not worth its memory.
_choose_again = lru_cache(maxsize=512)(_choose)


def negotiate(accept: str | None, name: str | None, offers: Sequence[Offer]) -> Offer:
    """Choose by the short name of ``?format=`` where one is given, else by the Accept header.

    Raises:
        NotAcceptableError: nothing fits; it lists what there is.
    """
    if name is None:
        chosen, wanted = choose(accept, offers), accept or "*/*"
    else:
        chosen, wanted = named(name, offers), name
    if chosen is None:
        raise NotAcceptableError(wanted[:200], [offer.media_type for offer in offers])
    return chosen


def named(name: str, offers: Sequence[Offer]) -> Offer | None:
    """Find the offer of a short name or media type, in any letter case."""
    folded = name.strip().casefold()
    for offer in offers:
        if folded in (*offer.names, offer.media_type, *offer.aliases):
            return offer
    return None


def parse_accept(header: str) -> list[MediaRange]:
    """Read an Accept header, skipping elements that are not media ranges.

    Only the first 200 elements are read, so that a header can't cost more than it says.
    """
    pieces = _PIECES[","].findall(header)[:_MOST_RANGES]
    return [found for piece in pieces if (found := _parse_range(piece)) is not None]


def _parse_range(text: str) -> MediaRange | None:
    head, *rest = _PIECES[";"].findall(text)
    match = _RANGE.fullmatch(head)
    if match is None or (match[1] == "*" and match[2] != "*"):
        return None
    parameters: dict[str, str] = {}
    for piece in rest:
        parameter = _PARAMETER.fullmatch(piece)
        if parameter is None:
            continue
        name, value = parameter[1].casefold(), parameter[2]
        if name == "q":
            # What follows q are extensions of Accept, not parameters of the type.
            if _QUALITY.fullmatch(value) is None:
                return None
            return _media_range(match, parameters, float(value))
        parameters.setdefault(name, _unquote(value))
    return _media_range(match, parameters, 1.0)


def _media_range(match: re.Match[str], parameters: dict[str, str], quality: float) -> MediaRange:
    charset = parameters.pop("charset", None)
    return MediaRange(
        match[1].casefold(),
        match[2].casefold(),
        frozenset(parameters.items()),
        charset.casefold() if charset is not None else None,
        quality,
    )


def _rate(offer: Offer, ranges: Sequence[MediaRange]) -> tuple[float, int]:
    """Quality of an offer and the place of the range that names it; wildcards come last."""
    own = _rate_type(offer.media_type, ranges)
    if own is not None and own[1] < len(ranges):
        return own
    # A wildcard means the type itself: text/* is no way to ask for application/… by its alias.
    aliases = [_rate_type(alias, ranges) for alias in offer.aliases]
    rated = [each for each in aliases if each is not None and each[1] < len(ranges)]
    rated += [own] if own is not None else []
    return max(rated, key=lambda each: (each[0], -each[1]), default=(0.0, len(ranges)))


def _rate_type(media_type: str, ranges: Sequence[MediaRange]) -> tuple[float, int] | None:
    matching = [place for place, each in enumerate(ranges) if each.matches(media_type)]
    if not matching:
        return None
    place = max(matching, key=lambda each: (ranges[each].precedence, -each))
    exact = ranges[place].subtype != "*"
    return ranges[place].quality, place if exact else len(ranges)


def _unquote(value: str) -> str:
    if value.startswith('"'):
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value
