"""From the words of a user to what they name in a graph.

Words name one node below a paper (a claim, mention, result or size), or a statement: subject,
relation and object, each as an IRI, a prefixed name, a short form such as ``dataset/squad``, the
key of a paper, or the label of a resource.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from ...ontology.terms import FP, PREFIXES
from ..errors import IriError, StatementUnclear
from ..iris import Iris
from ..store import EmbeddedStore

# Relations that something in a text stands behind, by what people call them.
RELATIONS: Final = {
    name: getattr(FP, name)
    for name in (
        "introduces",
        "uses",
        "mentions",
        "addressesTask",
        "reportsResult",
        "reportsSize",
        "size",
        "evaluatedOn",
        "variantOf",
    )
}
_NODE = re.compile(r"(?:id/)?paper/[^/?#\s]+/[cmrs]/[0-9]+(?:-[0-9]+)?")
_SHORT = re.compile(r"(?:id/)?[a-z]+/[^?#\s]+")
_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9-]*):(\S+)")
_KEY = re.compile(r"(?:doi|arxiv|acl|pmid|title):\S+")
_SHOWN: Final = 20
_BY_LABEL: Final = f"""
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?name ?resource WHERE {{
  ?resource skos:prefLabel|skos:altLabel ?label .
  FILTER(LCASE(STR(?label)) = LCASE(?name))
  FILTER EXISTS {{ ?resource <{FP.paperCount}> ?papers }}
}} ORDER BY ?resource
"""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a user's words name.

    Attributes:
        node: IRI of a claim, mention, result or size; None where a statement is named.
        subjects: IRIs that the subject's words may stand for.
        relation: IRI of the relation; empty where a node is named.
        objects: IRIs that the object's words may stand for.
    """

    node: str | None = None
    subjects: tuple[str, ...] = ()
    relation: str = ""
    objects: tuple[str, ...] = ()


def point_at(words: Sequence[str], store: EmbeddedStore, iris: Iris) -> Pointer:
    """Find what words name: one node, one string of a statement, or its three parts.

    A label that several resources have gives all of them; what the graph states tells which is
    meant, or that it is unclear.

    Raises:
        StatementUnclear: the words name nothing.
    """
    if len(words) == 1:
        text = words[0].strip()
        if node := _node(text, iris):
            return Pointer(node=node)
        words = _parts(text)
    if len(words) != 3:
        raise StatementUnclear(
            " ".join(words), "is no statement: give subject, relation and object, or one IRI"
        )
    subject, relation, value = (word.strip() for word in words)
    return Pointer(
        subjects=_things(subject, store, iris),
        relation=_relation(relation),
        objects=_things(value, store, iris),
    )


def _node(text: str, iris: Iris) -> str | None:
    bare = text.strip("<>")
    if bare.startswith(f"{iris.base}/"):
        bare = bare[len(iris.base) + 1 :]
    if not _NODE.fullmatch(bare):
        return None
    return f"{iris.base}/id/{bare.removeprefix('id/')}"


def _parts(text: str) -> list[str]:
    """Split around the relation, since labels have spaces.

    Raises:
        StatementUnclear: there is none, or there are several.
    """
    tokens = text.split()
    places = [n for n, token in enumerate(tokens[1:-1], 1) if _known(token)]
    if len(places) > 1:
        # Labels may hold such a word; a prefixed relation cannot be one.
        places = [n for n in places if ":" in tokens[n]] or places
    if len(places) != 1:
        known = ", ".join(f"fp:{name}" for name in RELATIONS)
        fault = "holds no relation" if not places else "holds more than one relation"
        raise StatementUnclear(
            text, f"{fault}: write SUBJECT RELATION OBJECT as three arguments, RELATION of {known}"
        )
    (at,) = places
    return [" ".join(tokens[:at]), tokens[at], " ".join(tokens[at + 1 :])]


def _known(token: str) -> str | None:
    bare = token.strip("<>")
    name = bare.removeprefix(PREFIXES["fp"]).removeprefix("fp:")
    return RELATIONS.get(name)


def _relation(word: str) -> str:
    found = _known(word)
    if found is None:
        known = ", ".join(f"fp:{name}" for name in RELATIONS)
        raise StatementUnclear(word, f"is no relation that a text stands behind: {known}")
    return found


def _things(word: str, store: EmbeddedStore, iris: Iris) -> tuple[str, ...]:
    """IRIs that a word may stand for; more than one only where it is a label.

    Raises:
        StatementUnclear: it stands for nothing.
    """
    bare = word[1:-1] if word.startswith("<") and word.endswith(">") else word
    if bare.startswith(("http://", "https://")):
        return (_valid(bare),)
    if _KEY.fullmatch(bare):
        try:
            return (iris.paper(bare),)
        except IriError as error:
            raise StatementUnclear(word, f"is no key of a paper ({error})") from error
    labelled = _labelled(word, store)
    if labelled:
        return labelled
    if _SHORT.fullmatch(bare):
        return (_valid(f"{iris.base}/id/{bare.removeprefix('id/')}"),)
    curie = _CURIE.fullmatch(bare)
    if curie and curie[1] in PREFIXES:
        return (_valid(PREFIXES[curie[1]] + curie[2]),)
    raise StatementUnclear(
        word,
        "is no IRI, no key of a paper and no name of a resource here; "
        "`fairpapers query A05 -p text=WORD` finds names",
    )


def _labelled(word: str, store: EmbeddedStore) -> tuple[str, ...]:
    found = store.select(_BY_LABEL, {"name": Literal(word)})
    resources = [row[1] for row in found.rows[:_SHOWN]]
    return tuple(each.value for each in resources if isinstance(each, NamedNode))


def _valid(iri: str) -> str:
    try:
        return str(NamedNode(iri).value)
    except ValueError as error:
        raise StatementUnclear(iri, f"is no IRI ({error})") from error
