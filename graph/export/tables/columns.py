"""What a table and a column are: one description that every file format is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["iri", "string", "count", "decimal", "share", "year", "sha256"]

# Cells by name of column: text for IRIs, strings and digests, integers, decimals, lists of IRIs.
Row: TypeAlias = dict[str, object]

LIST_SEPARATOR: Final = " "


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    In RDF a cell is one triple, whose predicate is ``property``. Its subject is what the row is
    about, or the IRI in another column; its object is the cell, or the IRI in another column.

    Attributes:
        name: of the column, the same in every format.
        description: one sentence.
        kind: type of a cell: ``count`` is an integer from 0, ``share`` a decimal from 0 to 1 with
            at most four digits behind the point, ``sha256`` 64 hexadecimal digits.
        property: IRI of the property, or the name of a column with it in braces; None where the
            column states nothing of its own.
        required: a cell is never empty.
        many: a cell is a list of IRIs, in CSV with spaces between.
        about: the column that holds the subject; None for what the row is about.
        value: the column that holds the object; None for the column itself.
        references: table and column that every cell occurs in, as ``table.column``.
        unit: what numbers count or measure; None where it is in another column or there is none.
        virtual: stated by the row as a whole, so no file has such a column.
    """

    name: str
    description: str
    kind: Kind = "iri"
    property: str | None = None
    required: bool = False
    many: bool = False
    about: str | None = None
    value: str | None = None
    references: str | None = None
    unit: str | None = None
    virtual: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        name: of the table and its files.
        title: in a few words.
        description: what a row is.
        about: the column that holds what a row is about.
        key: columns that together tell rows apart.
        type: IRI of the class of what a row is about; None where the rows do not state it.
        declared: its columns, those that no file has among them.
    """

    name: str
    title: str
    description: str
    about: str
    key: tuple[str, ...]
    declared: tuple[Column, ...]
    type: str | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that files have."""
        return tuple(column for column in self.declared if not column.virtual)

    def column(self, name: str) -> Column:
        """The column of a name."""
        return next(column for column in self.declared if column.name == name)
