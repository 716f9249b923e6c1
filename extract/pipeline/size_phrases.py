"""The words by which a text says how large its data and models are.

All patterns are searched in short stretches of one sentence.
"""

from __future__ import annotations

import re
from typing import Final

DATA: Final = (
    r"(?:data ?sets?|corpus|corpora|benchmarks?|collection|resource|treebank|lexicon|test ?sets?|test ?beds?|test suite"
    r"|database|knowledge base|knowledge graph|dictionary|ontology|suite|challenge set|evaluation set|training set|wordnet|testbed|release|version|edition)"
)
# The verb or preposition between what has a size and the number.
_HOLDS = (
    r"(?:compris(?:es?|ing)|composed of|made up of|consist(?:s|ing)? of|contain(?:s|ing)?|cover(?:s|ing)?|include(?:s|d)?|including"
    r"|spann?(?:s|ing)?|encompass(?:es|ing)?|featur(?:es|ing)|totall?ing|amounting to|provid(?:es|ing)|offer(?:s|ing)"
    r"|host(?:s|ing)|holds|holding|connects|compiled from|has|supports?|supporting)"
)
_HEDGE = (
    r"(?:\s(?:a\stotal\sof|in\stotal|a\scollection\sof|an?|more\sthan|over|about|around|approximately|roughly|nearly|almost"
    r"|at\sleast|up\sto|the|all|some|only|just|exactly|as\smany\sas|well\sover|above|close\sto|its|both|currently|now|of))*\s?[~≈∼]?\s?"
)
LINK: Final = re.compile(
    rf"\b(?P<link>{_HOLDS}|of|with|across|in|from|for|on){_HEDGE}$", re.IGNORECASE
)
JOIN: Final = re.compile(
    r",?\s?(?:\([^()]{1,40}\)\s?)?[\w\s’'-]{0,60}?,?\s?(?:and|with|across|from|spanning|covering|in|over|for|about|comprising|encompassing"
    rf"|including|containing|of|,|\(|plus|totalling|split into){_HEDGE}",
    re.IGNORECASE,
)
# "5 senses over 40 texts": how the one is spread, not how many at least.
SPREAD: Final = re.compile(r"[\w\s-]*\b(?!and|with|of|in|for|than|across|from)\w+\sover\s|\sover\s")
DATA_NOUN: Final = re.compile(rf"\b{DATA}\b", re.IGNORECASE)
OWN: Final = re.compile(r"(?:\b(?:the|our|this|these|its)\s(?:[\w-]+\s){0,3})$", re.IGNORECASE)
NEW: Final = re.compile(
    r"\b(?:an?|the\sfirst|the\slargest|two|new)\s(?:[\w-]+,?\s){0,6}$", re.IGNORECASE
)
MAKES: Final = re.compile(
    r"\b(?:introduc|present|releas|creat|construct|buil[dt]|collect|compil|propos|develop|curat|provid|publish|contribut|annotat|assembl|offer|gather|design|describ|generat)\w*",
    re.IGNORECASE,
)
GATHERS: Final = re.compile(
    r"\b(?:[Ww]e|[Oo]ur\s\w+|and)\s(?:\w+ly\s|also\s|then\s|first\s)?(?:collect|annotate|gather|compile|curate|crawl|release|assemble|labell?e?d?|create|provide)(?:ed|d)?"
    rf"{_HEDGE}$|\b(?:resulting\sin|yielding|amounting\sto){_HEDGE}$"
)
# "more than" right before the number only says how it compares.
ALIEN: Final = re.compile(
    r"\b(?:than(?!\s?[~≈]?\s?$)|compared|outperform\w*|achiev\w*|evaluat\w*|experiment\w*|test(?:ed|ing|s)?|we|tried|improv\w*|against|generaliz\w*|baselines?)\b|;",
    re.IGNORECASE,
)
APPOSED: Final = re.compile(
    rf"\s?(?:\([^()]{{1,60}}\))?(?:\s{DATA})?(?:,|\s?[-–—:(]|,?\s(?:is|which\sis|as|that\sis))\s?(?:[\w-]+,?\s){{0,8}}",
    re.IGNORECASE,
)
TRAINED: Final = re.compile(
    r"(?:\s?\([^()]{1,40}\)|\s(?:is|was|has been)|,|\sa|\san|\s(?:language\s)?models?|\s(?:pre-?)?trained|\sthat|\swhich|\s[\w-]+ly|\sfrom\sscratch)*?\s(?:pre-?)?trained\s(?:on|with|using|over)"
    rf"{_HEDGE}",
    re.IGNORECASE,
)
# What data are made of, or cover.
_UNIT_WORDS = (
    "annotations answers articles books categories characters claims classes clips comments "
    "conversations datasets dialects dialogs dialogues documents domains entities entries "
    "events examples fields files functions genres hours images instances instructions items "
    "labels languages lemmas mentions messages minutes movies pages pairs papers paragraphs "
    "participants passages people personas posts problems programs prompts queries questions "
    "recordings records relations reports responses reviews samples scenarios scripts senses "
    "sentences speakers specialties statements stories subjects summaries tasks texts tokens "
    "topics trees triples triplets turns tweets types users utterances varieties videos words "
)
UNITS: Final = frozenset(_UNIT_WORDS.split())
OTHER: Final = re.compile(r"\b(?:and|or|only)\b")
# "a 5,000-sentence parallel corpus", read from the hyphen's noun on.
COMPOUND_OF: Final = re.compile(rf"\s(?:[\w-]+\s){{0,3}}?{DATA}\b", re.IGNORECASE)
# "a 7B-parameter language model called", up to the name.
SIZED_MODEL: Final = re.compile(
    r"(?:\s?(?::|\(|called|named|model,?|version|of|the|language|\w+-\w+)){0,4}\s?"
)
# These hold something else as often as a part of the data.
WEAK_LINKS: Final = frozenset(("with", "across", "in", "from", "for", "on", "has", "of"))
