"""What may be wrong with a query: the kinds of findings, each explained for learners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from .syntax import Span

Level = Literal["fault", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding.

    Attributes:
        level: a ``fault`` gives no answer or an error, a ``warning`` an answer to another question
            than was meant, a ``hint`` an answer that may surprise.
        meaning: what happens and why, in plain words.
        example: a query that has it.
        better: the same question, asked rightly.
    """

    id: str
    level: Level
    title: str
    meaning: str
    example: str
    better: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that would help: put ``text`` in the place of what is between the offsets."""

    start: int
    end: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Finding(Span):
    """One thing that may be wrong, at its place.

    Attributes:
        kind: id of its kind.
        message: what is the case here, and what to do.
        fixes: the likeliest first.
        about: the IRI that it is about, where it is about one.
    """

    kind: str
    message: str
    fixes: tuple[Fix, ...] = ()
    about: str = ""

    @property
    def level(self) -> Level:
        """How bad it is."""
        return KINDS[self.kind].level


_FP: Final = "PREFIX fp: <https://w3id.org/fairpapers/ontology#>\n"
_SKOS: Final = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
_SCHEMA: Final = "PREFIX schema: <https://schema.org/>\n"

_ALL: Final = (
    Kind(
        "undeclared-prefix",
        "fault",
        "A prefix that is not declared",
        "A short name such as fp:uses stands for an IRI only where PREFIX says which. The engine "
        "reads nothing else of the query before that is mended.",
        "SELECT * WHERE { ?paper fp:uses ?dataset }",
        _FP + "SELECT * WHERE { ?paper fp:uses ?dataset }",
    ),
    Kind(
        "unknown-term",
        "warning",
        "A name that nothing has",
        "A property or class that is misspelt is no error in SPARQL: the pattern is read, matches "
        "nothing, and the answer is empty. Capital letters count.",
        _FP + "SELECT * WHERE { ?paper fp:use ?dataset }",
        _FP + "SELECT * WHERE { ?paper fp:uses ?dataset }",
    ),
    Kind(
        "unbound-variable",
        "warning",
        "A variable that never gets a value",
        "The query asks for a variable that no pattern binds, so its column stays empty. Mostly it "
        "is spelt in two ways.",
        _FP + "SELECT ?datset WHERE { ?paper fp:uses ?dataset }",
        _FP + "SELECT ?dataset WHERE { ?paper fp:uses ?dataset }",
    ),
    Kind(
        "out-of-scope",
        "warning",
        "A condition on a variable that it cannot see",
        "FILTER and BIND see what is bound within their own braces. A variable from outside counts "
        "as unbound there: the condition is an error, and an error keeps no row.",
        _FP + "SELECT * WHERE { ?paper fp:paperCount ?n . { ?paper fp:uses ?d FILTER(?n > 1) } }",
        _FP + "SELECT * WHERE { ?paper fp:paperCount ?n . ?paper fp:uses ?d FILTER(?n > 1) }",
    ),
    Kind(
        "bind-too-early",
        "warning",
        "BIND before its variables",
        "BIND is worked out from what stands before it. A variable that is bound further down is "
        "still unbound there, and so is the result.",
        _FP + "SELECT ?t WHERE { BIND(STR(?d) AS ?t) ?paper fp:uses ?d }",
        _FP + "SELECT ?t WHERE { ?paper fp:uses ?d BIND(STR(?d) AS ?t) }",
    ),
    Kind(
        "cartesian-product",
        "warning",
        "Patterns with nothing in common",
        "Two parts of the query share no variable, so each row of one is combined with each row of "
        "the other: the answer is long, slow and mostly senseless.",
        _FP + "SELECT ?paper ?model WHERE { ?paper fp:uses ?dataset . ?model a fp:Model }",
        _FP + "SELECT ?paper ?model WHERE { ?paper fp:uses ?model . ?model a fp:Model }",
    ),
    Kind(
        "count-without-distinct",
        "warning",
        "A count of rows instead of things",
        "COUNT counts rows. Where other patterns give several rows for one thing, it is counted "
        "several times; COUNT(DISTINCT …) counts it once.",
        _FP + "SELECT ?task (COUNT(?paper) AS ?n) WHERE { ?paper fp:addressesTask ?task ; "
        "fp:uses ?dataset } GROUP BY ?task",
        _FP + "SELECT ?task (COUNT(DISTINCT ?paper) AS ?n) WHERE { ?paper fp:addressesTask ?task ; "
        "fp:uses ?dataset } GROUP BY ?task",
    ),
    Kind(
        "limit-without-order",
        "hint",
        "The first rows of no order",
        "Without ORDER BY the engine gives rows in any order. LIMIT then takes any of them, and "
        "pages made with OFFSET may repeat or miss rows.",
        _FP + "SELECT ?d ?n WHERE { ?d a fp:Dataset ; fp:paperCount ?n } LIMIT 5",
        _FP + "SELECT ?d ?n WHERE { ?d a fp:Dataset ; fp:paperCount ?n } ORDER BY DESC(?n) ?d "
        "LIMIT 5",
    ),
    Kind(
        "compared-types",
        "warning",
        "Values of different types compared",
        "A number, a string and a year are never equal, and which is greater is an error, which "
        "keeps no row. Years in this graph are xsd:gYear.",
        _SCHEMA + "SELECT * WHERE { ?paper schema:datePublished ?year FILTER(?year > 2020) }",
        _SCHEMA
        + 'SELECT * WHERE { ?paper schema:datePublished ?year FILTER(STR(?year) > "2020") }',
    ),
    Kind(
        "literal-type",
        "warning",
        "A value of a type that the property does not have",
        "In a pattern a literal must be the same in all: characters, datatype and language tag. "
        '2024, "2024" and "2024"^^xsd:gYear are three values.',
        _SCHEMA + 'SELECT * WHERE { ?paper schema:datePublished "2024" }',
        _SCHEMA + "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
        'SELECT * WHERE { ?paper schema:datePublished "2024"^^xsd:gYear }',
    ),
    Kind(
        "minus-shares-nothing",
        "warning",
        "MINUS that takes nothing away",
        "MINUS drops a row where its own pattern agrees with it on a variable of both. Without a "
        "variable in common it drops none.",
        _FP + "SELECT ?paper WHERE { ?paper a fp:Paper MINUS { ?other fp:uses ?dataset } }",
        _FP + "SELECT ?paper WHERE { ?paper a fp:Paper MINUS { ?paper fp:uses ?dataset } }",
    ),
    Kind(
        "exists-shares-nothing",
        "warning",
        "EXISTS about something else",
        "The pattern shares no variable with the rows that it should choose from, so it is true "
        "for all of them or for none.",
        _FP + "SELECT ?p WHERE { ?p a fp:Paper FILTER NOT EXISTS { ?other fp:uses ?dataset } }",
        _FP + "SELECT ?p WHERE { ?p a fp:Paper FILTER NOT EXISTS { ?p fp:uses ?dataset } }",
    ),
    Kind(
        "optional-first",
        "warning",
        "OPTIONAL before what it adds to",
        "OPTIONAL adds to the rows that were found before it. Where it comes first there are none "
        "yet, so it binds its variables to anything, and the patterns after it must agree.",
        _FP + _SKOS + "SELECT * WHERE { OPTIONAL { ?d skos:altLabel ?name } ?d a fp:Dataset }",
        _FP + _SKOS + "SELECT * WHERE { ?d a fp:Dataset OPTIONAL { ?d skos:altLabel ?name } }",
    ),
    Kind(
        "mentions-includes-uses",
        "hint",
        "fp:mentions holds for more than mentions",
        "Introducing or using a thing is a way of mentioning it (rdfs:subPropertyOf), and the graph "
        "says so. Ask fp:uses or fp:introduces for these, and leave them out to get the rest.",
        _FP + "SELECT * WHERE { ?paper fp:mentions ?thing }",
        _FP + "SELECT * WHERE { ?paper fp:mentions ?thing "
        "FILTER NOT EXISTS { ?paper fp:introduces|fp:uses ?thing } }",
    ),
    Kind(
        "implied-pattern",
        "hint",
        "A pattern that another one implies",
        "One property is a sub-property of the other, so the wider pattern holds whenever the "
        "narrower does and changes nothing.",
        _FP + "SELECT * WHERE { ?paper fp:uses ?thing ; fp:mentions ?thing }",
        _FP + "SELECT * WHERE { ?paper fp:uses ?thing }",
    ),
    Kind(
        "misspelt-variable",
        "warning",
        "A variable that looks like another",
        "A variable that occurs once joins nothing. When it differs by one letter from another it "
        "is most often that one.",
        _FP + "SELECT ?dataset WHERE { ?paper fp:uses ?dataset . ?datset a fp:Dataset }",
        _FP + "SELECT ?dataset WHERE { ?paper fp:uses ?dataset . ?dataset a fp:Dataset }",
    ),
)
KINDS: Final = {kind.id: kind for kind in _ALL}
