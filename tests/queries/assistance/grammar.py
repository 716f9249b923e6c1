"""Queries made up from the grammar: most are valid, none means anything."""

from __future__ import annotations

from random import Random

HEAD = "PREFIX ex: <urn:ex:>\n"
TERMS = [
    "?s", "?p", "$o", "<urn:a>", "ex:a", "ex:a.b", "ex:a\\,b", "_:b", "1", "-2", "+3.5", "1e6", ".5",
    "'x'", '"y"@en-GB', "'z'^^ex:t", "'''a'b'''", '"""q"q"""', "TRUE", "[]", "[ ex:p ?x ]",
    "(1 ?x [ ex:q 2 ])", "()", "ex:b-c",
]  # fmt: skip
SUBJECTS = ["?s", "<urn:a>", "ex:a", "_:b", "[]", "[ ex:p ?x ; a ex:C ]", "(1 2)"]
SIMPLE = ["ex:p", "<urn:p>", "a"]
AGGREGATES = [
    "COUNT(*)", "COUNT(DISTINCT *)", "COUNT(?s)", "SUM(DISTINCT ?s)", "SAMPLE(?s)", "MAX(?s + 1)",
    "GROUP_CONCAT(?s ; SEPARATOR=', ')",
]  # fmt: skip
OPERATORS = ["=", "!=", "<", ">", "<=", "&&", "||", "+", "-", "*", "/"]
VALUES = [
    "VALUES ?v { 1 ex:a UNDEF }", "VALUES (?v ?w) { (1 2) (UNDEF 'x') }", "VALUES () { () }",
    "VALUES (?v) {}",
]  # fmt: skip
_DEEPEST = 3


class Maker:
    """Makes queries, the same for the same random numbers."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._names = 0

    def query(self) -> str:
        """A query of any form but DESCRIBE."""
        chance = self._random.random()
        if chance < 0.7:
            return HEAD + self.select()
        if chance < 0.85:
            return f"{HEAD}ASK {self.group()}"
        return f"{HEAD}CONSTRUCT {{ {self.triples()} . }} WHERE {self.group()}"

    def select(self, depth: int = 0) -> str:
        """A SELECT with its modifiers."""
        pick = self._random.choice
        grouped = self._random.random() < 0.25
        columns = f"?k ({pick(AGGREGATES)} AS ?all)" if grouped else pick(["*", "?s ?x", "?s"])
        head = f"{pick(['SELECT', 'SELECT DISTINCT', 'select'])} {columns}"
        tail = " GROUP BY ?k (STR(?x) AS ?kk)" if grouped else ""
        if grouped and self._random.random() < 0.4:
            tail += f" HAVING ({pick(AGGREGATES)} > 1)"
        tail += pick(["", "", " ORDER BY ?k", " ORDER BY DESC(?k) STR(?k) (?k + 1)"])
        tail += pick(["", "", " LIMIT 3", " OFFSET 1", " LIMIT 3 OFFSET 0"])
        return f"{head} {pick(['WHERE ', ''])}{self.group(depth)}{tail}"

    def group(self, depth: int = 0) -> str:
        """A group of a few elements."""
        if self._random.random() < 0.1 and depth < _DEEPEST:
            return f"{{ {self.select(depth + 1)} }}"
        many = self._random.choice([0, 1, 1, 2, 3])
        return f"{{ {' '.join(self._element(depth) for _ in range(many))} }}"

    def triples(self) -> str:
        """A subject with properties."""
        pick = self._random.choice
        lists = [
            f"{self._verb()} {pick(TERMS)}{pick(['', '', ', 1'])}" for _ in range(pick([1, 2]))
        ]
        return f"{pick(SUBJECTS)} {' ; '.join(lists)}{pick(['', ' ;', ' ; ;'])}"

    def _element(self, depth: int) -> str:
        chance = self._random.random()
        pick = self._random.choice
        if chance < 0.5 or depth >= _DEEPEST:
            return f"{self.triples()} ."
        inner = depth + 1
        if chance < 0.65:
            return f"{pick(['OPTIONAL', 'MINUS', 'GRAPH ?g', 'GRAPH <urn:g>'])} {self.group(inner)}"
        if chance < 0.75:
            return " UNION ".join(self.group(inner) for _ in range(pick([1, 2, 3])))
        if chance < 0.88:
            condition = pick([f"({self._expression()})", "REGEX(STR(?s), 'a', 'i')"])
            exists = f"{pick(['', 'NOT '])}EXISTS {self.group(inner)}"
            return f"FILTER {pick([condition, exists])}"
        if chance < 0.94:
            self._names += 1
            return f"BIND({self._expression()} AS ?n{self._names})"
        return pick(VALUES)

    def _verb(self) -> str:
        return self._random.choice(["?p", "$q"]) if self._random.random() < 0.2 else self._path()

    def _path(self, depth: int = 0) -> str:
        pick = self._random.choice
        if depth > 2 or self._random.random() < 0.4:
            return pick(SIMPLE)
        way = pick(["modified", "joined", "inverse", "bracketed", "negated"])
        match way:
            case "modified":
                return f"({self._path(depth + 1)}){pick('*+?')}"
            case "joined":
                return f"{self._path(depth + 1)}{pick(['/', '|', ' / '])}{self._path(depth + 1)}"
            case "inverse":
                return f"^({self._path(depth + 1)})"
            case "bracketed":
                return f"({self._path(depth + 1)})"
            case _:
                return pick(["!ex:p", "!^ex:p", "!(ex:p|^ex:q)", "!(a)"])

    def _expression(self, depth: int = 0) -> str:
        pick = self._random.choice
        if depth > 2 or self._random.random() < 0.4:
            return pick(["?s", "?x", "1", "'a'", "true", "ex:a", '"x"@en', "-1", "STR(?s)"])
        first, second = self._expression(depth + 1), self._expression(depth + 1)
        return pick(
            [
                f"{first} {pick(OPERATORS)} {second}",
                f"({first})",
                f"{first} IN ({second}, 1)",
                f"{first} NOT IN ({second})",
                f"IF({first}, {second}, BOUND(?x))",
                f"COALESCE({first}, {second})",
                f"!{first}",
            ]
        )
