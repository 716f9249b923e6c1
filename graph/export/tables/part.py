"""Write the tables of a release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

from ..release import Release, ReleaseFile
from .csvw import CSVW, METADATA, csvw_metadata
from .dictionary import README, data_dictionary
from .lookup import look_up
from .rows import rows
from .schema import TABLES
from .subjects import Subject, subjects
from .writing import TableFiles

FOLDER: Final = "tables"
_GRAPHS: Final = ("core", "evidence", "inferred", "links", "meta")
_EVERY: Final = 1_000


class Tables:
    """Tables as Parquet and CSV, CSVW metadata and a data dictionary.

    They are made from the sorted quads in two passes, the first for what rows join: memory grows
    with the resources (see `Lookup`), not with the papers.
    """

    name = "tables"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write all tables at once."""
        counts = self._rows(release)
        for table in TABLES:
            yield ReleaseFile(
                path=f"{FOLDER}/{table.name}.parquet",
                title=f"{table.title} as Parquet",
                media_type="application/vnd.apache.parquet",
                licence=release.licence,
                conforms_to=("https://parquet.apache.org/docs/file-format/",),
            )
            yield ReleaseFile(
                path=f"{FOLDER}/{table.name}.csv",
                title=f"{table.title} as CSV",
                media_type="text/csv",
                licence=release.licence,
                conforms_to=("https://www.rfc-editor.org/rfc/rfc4180",),
            )
        metadata = json.dumps(csvw_metadata(release), ensure_ascii=False, indent=2) + "\n"
        release.path(f"{FOLDER}/{METADATA}").write_text(metadata, encoding="utf-8")
        yield ReleaseFile(
            path=f"{FOLDER}/{METADATA}",
            title="What the columns of the CSV files mean",
            media_type="application/csvm+json",
            licence=release.licence,
            conforms_to=(CSVW, "https://www.w3.org/TR/tabular-metadata/"),
        )

        release.path(f"{FOLDER}/{README}").write_text(
            data_dictionary(release, counts), encoding="utf-8"
        )
        yield ReleaseFile(
            path=f"{FOLDER}/{README}",
            title="Data dictionary of the tables",
            media_type="text/markdown",
            licence=release.licence,
        )

    def _rows(self, release: Release) -> dict[str, int]:
        """Write the rows of all tables; gives their number by name of table."""
        lookup = look_up(_subjects(release, "core", "evidence", "meta"))
        with ExitStack() as stack:
            files = {
                table.name: stack.enter_context(
                    TableFiles(
                        table,
                        release.path(f"{FOLDER}/{table.name}.parquet"),
                        release.path(f"{FOLDER}/{table.name}.csv"),
                    )
                )
                for table in TABLES
            }
            for done, subject in enumerate(_subjects(release, *_GRAPHS), 1):
                for table, row in rows(subject, lookup):
                    files[table.name].add(row)
                if done % _EVERY == 0:
                    release.progress(self.name, done, None)
        return {name: file.rows for name, file in files.items()}


def _subjects(release: Release, *graphs: str) -> Iterator[Subject]:
    return subjects(release.quads(*graphs))
