"""The files of a table: Parquet and CSV, written row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from ...errors import TableError
from .cells import write_cell
from .columns import Row, Table

# Rows of a row group, which are in memory together.
ROW_GROUP: Final = 16_384
# The store computes with 20 digits before the point and 18 behind.
_DECIMAL: Final = pa.decimal128(38, 18)
_SHARE: Final = pa.decimal128(5, 4)
_TYPES: Final = {
    "iri": pa.string(),
    "string": pa.string(),
    "sha256": pa.string(),
    "count": pa.int64(),
    "year": pa.int32(),
    "decimal": _DECIMAL,
    "share": _SHARE,
}


def arrow_schema(table: Table) -> pa.Schema:
    """Schema of the Parquet file; the meaning of each column is in its metadata."""
    return pa.schema(
        [
            pa.field(
                column.name,
                pa.list_(_TYPES[column.kind]) if column.many else _TYPES[column.kind],
                nullable=not (column.required or column.many),
                metadata={
                    "description": column.description,
                    **({"property": column.property} if column.property else {}),
                },
            )
            for column in table.columns
        ],
        metadata={"title": table.title, "description": table.description},
    )


class TableFiles:
    """Both files of one table.

    CSV is RFC 4180 in UTF-8: commas, quotes doubled, CRLF, a header; nothing is an empty cell.
    Parquet is compressed with Zstandard, one row group for every `ROW_GROUP` rows. The bytes
    depend on the rows and on the version of Arrow alone.

    Args:
        table: the table.
        parquet: file to make.
        text: file of CSV to make.
    """

    def __init__(self, table: Table, parquet: Path, text: Path) -> None:
        self.table: Final = table
        self.rows = 0
        self._pending: list[Row] = []
        self._schema: Final = arrow_schema(table)
        self._stack: Final = ExitStack()
        self._parquet: Final = self._stack.enter_context(
            pq.ParquetWriter(parquet, self._schema, compression="zstd", write_statistics=True)
        )
        stream = self._stack.enter_context(text.open("w", encoding="utf-8", newline=""))
        self._csv: Final = csv.writer(stream)
        self._csv.writerow([column.name for column in table.columns])

    def __enter__(self) -> TableFiles:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        with self._stack:
            if failed is None:
                self._flush()

    def add(self, row: Row) -> None:
        """Append a row.

        Raises:
            TableError: a cell is none of its column; raised when the row group is written.
        """
        self._pending.append(row)
        self.rows += 1
        if len(self._pending) == ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        columns = self.table.columns
        for row in self._pending:
            self._csv.writerow([write_cell(column, row[column.name]) for column in columns])
        arrays = []
        for column, field in zip(columns, self._schema, strict=True):
            cells = [row[column.name] for row in self._pending]
            try:
                if column.required and None in cells:
                    raise ValueError("a cell is empty")
                arrays.append(pa.array(cells, field.type))
            except (pa.ArrowException, ValueError, TypeError) as error:
                raise TableError(self.table.name, column.name, str(error)) from error
        if self._pending:
            self._parquet.write_table(
                pa.Table.from_arrays(arrays, schema=self._schema), row_group_size=ROW_GROUP
            )
        self._pending.clear()


def read_parquet(path: Path) -> Iterator[Row]:
    """Rows of a Parquet file, a row group at a time."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            yield from batch.to_pylist()
