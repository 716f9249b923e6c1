"""Who a paper is: one key for the same paper whichever list it was read from.

A DOI names it, else an arXiv identifier, else an ACL Anthology identifier, else a PubMed
identifier, else its title.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import unquote

from ..papers import normalize_line

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)")
_ARXIV_PREFIX = re.compile(
    r"(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|oai:arxiv\.org:|arxiv:\s*)",
    re.IGNORECASE,
)
_ARXIV_NEW = re.compile(r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d+)?")
_ARXIV_OLD = re.compile(r"([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?(/\d{7})(?:v\d+)?")
_ANTHOLOGY_PREFIX = re.compile(
    r"https?://(?:www\.)?(?:aclanthology\.org/|aclweb\.org/anthology/)", re.IGNORECASE
)
_ANTHOLOGY_NEW = re.compile(r"\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+")
_ANTHOLOGY_OLD = re.compile(r"[A-Z]\d{2}-\d{4}")
_ANTHOLOGY_PARTS = re.compile(r"([A-Z]\d{2})-(\d{1,2})\.(\d{1,3})")
_PUBMED = re.compile(
    r"(?:https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/"
    r"|pmid:\s*)?0*([1-9][0-9]{0,8})/?",
    re.IGNORECASE,
)


def paper_key(
    *,
    doi: str | None = None,
    arxiv: str | None = None,
    anthology: str | None = None,
    pmid: str | None = None,
    title: str,
) -> str:
    """Make the identity of a paper from what is known of it.

    The first identifier that is well formed wins; others are ignored. An arXiv DOI gives the
    arXiv key. Without any, the key is the first 16 hexadecimal digits of the SHA-256 of the
    folded title.

    >>> paper_key(doi="https://doi.org/10.18653/v1/W19-3630", title="")
    'doi:10.18653/v1/w19-3630'
    >>> paper_key(arxiv="arXiv:2401.00001v2", title="")
    'arxiv:2401.00001'
    >>> paper_key(anthology="W19-36.30", title="")
    'acl:W19-3630'
    >>> paper_key(pmid="PMID: 123", title="")
    'pmid:123'
    """
    bare = normalize_doi(doi) if doi else None
    preprint = _ARXIV_DOI.fullmatch(bare) if bare else None
    if bare and not (preprint and normalize_arxiv(preprint[1])):
        return f"doi:{bare}"
    if identifier := normalize_arxiv(preprint[1] if preprint else arxiv or ""):
        return f"arxiv:{identifier}"
    if identifier := normalize_anthology(anthology or ""):
        return f"acl:{identifier}"
    if identifier := normalize_pmid(pmid or ""):
        return f"pmid:{identifier}"
    return f"title:{hashlib.sha256(fold_title(title).encode()).hexdigest()[:16]}"


def normalize_doi(value: str) -> str | None:
    """Return the bare DOI in lower case, or None where ``value`` holds none.

    Accepts ``doi:`` and resolver addresses, in which percent-encoding is undone. Only ASCII
    letters are folded (DOI Handbook, section 2.4).

    >>> normalize_doi("DOI: 10.1000/ABC")
    '10.1000/abc'
    >>> normalize_doi("forthcoming") is None
    True
    """
    text = normalize_line(value)
    if prefix := _DOI_PREFIX.match(text):
        text = text[prefix.end() :]
        if prefix[0].lower().startswith("http"):
            text = normalize_line(unquote(text))
    return text.encode().lower().decode() if _DOI.fullmatch(text) else None


def normalize_arxiv(value: str) -> str | None:
    """Return an arXiv identifier without version and subject class, or None.

    >>> normalize_arxiv("https://arxiv.org/pdf/2401.00001v3.pdf")
    '2401.00001'
    >>> normalize_arxiv("math.GT/0309136")
    'math/0309136'
    """
    text = normalize_line(value)
    text = text[_match_length(_ARXIV_PREFIX, text) :].lower().removesuffix(".pdf")
    if new := _ARXIV_NEW.fullmatch(text):
        return new[1]
    old = _ARXIV_OLD.fullmatch(text)
    return old[1] + old[2] if old else None


def arxiv_page(identifier: str) -> str:
    """Address of the page about a preprint, of which the newest version is shown."""
    return f"https://arxiv.org/abs/{identifier}"


def normalize_anthology(value: str) -> str | None:
    """Return an ACL Anthology identifier in its canonical spelling, or None.

    Both styles are known, and old ones that were joined from volume and paper number.

    >>> normalize_anthology("https://aclanthology.org/2021.emnlp-main.330/")
    '2021.emnlp-main.330'
    >>> normalize_anthology("P19-1.12")
    'P19-1012'
    """
    text = normalize_line(value)
    text = text[_match_length(_ANTHOLOGY_PREFIX, text) :].removesuffix("/").removesuffix(".pdf")
    if _ANTHOLOGY_NEW.fullmatch(text.lower()):
        return text.lower()
    old = text.upper()
    if parts := _ANTHOLOGY_PARTS.fullmatch(old):
        return old_anthology_id(parts[1], int(parts[2]), int(parts[3]))
    return old if _ANTHOLOGY_OLD.fullmatch(old) else None


def normalize_pmid(value: str) -> str | None:
    """Return a PubMed identifier as bare digits without leading zeros, or None.

    >>> normalize_pmid("https://pubmed.ncbi.nlm.nih.gov/31452104/")
    '31452104'
    >>> normalize_pmid("PMC6748294") is None
    True
    """
    found = _PUBMED.fullmatch(normalize_line(value))
    return found[1] if found else None


def old_anthology_id(collection: str, volume: int, paper: int) -> str | None:
    """Join the parts of an identifier of before 2020, or None where they do not fit four digits.

    Workshops number volumes with two digits, conferences with one.

    >>> old_anthology_id("W19", 36, 30)
    'W19-3630'
    >>> old_anthology_id("P17", 1, 5)
    'P17-1005'
    """
    wide = collection[0] == "W" or collection == "C69" or (collection == "D19" and volume >= 5)
    digits = f"{volume:02d}{paper:02d}" if wide or volume > 9 else f"{volume}{paper:03d}"
    return f"{collection}-{digits}" if len(digits) == 4 else None


def fold_title(title: str) -> str:
    """Reduce a title to what survives another spelling: letters and digits of any script.

    NFKC, case folded, everything else one space. Marks count as part of their letter, since
    vowels are marks in many scripts. A title of nothing but signs is kept, so that two such
    titles differ.

    >>> fold_title("  R2D2: Reducing “Redundancy”!")
    'r2d2 reducing redundancy'
    """
    line = normalize_line(title)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", line).casefold())
    kept = (
        char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in text
    )
    return " ".join("".join(kept).split()) or text


def _match_length(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0
