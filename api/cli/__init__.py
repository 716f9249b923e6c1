"""fairpapers: from paper abstracts to a SPARQL endpoint.

`main` is the command group; each command is a module of this package that is imported when it
is used, so that ``--help`` does not wait for spaCy or the store.
"""

from __future__ import annotations

import click

from .group import LazyGroup

_COMMANDS = (
    "demo",
    "extract",
    "show",
    "build",
    "add",
    "remove",
    "serve",
    "query",
    "queries",
    "lint",
    "search",
    "sparql",
    "explain",
    "learn",
    "evidence",
    "review",
    "validate",
    "export",
    "publish",
    "load",
    "mcp",
    "evaluate",
    "train",
)


@click.group(
    cls=LazyGroup,
    commands_in_order=_COMMANDS,
    package=__name__,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="fairpapers", prog_name="fairpapers")
def main() -> None:
    """From paper abstracts to a SPARQL endpoint, with evidence behind each statement.

    \b
    The usual way:
      fairpapers demo                          a graph of 84 papers, served on 127.0.0.1
      fairpapers build papers.bib -o graph     a graph of your own papers
      fairpapers add new.bib --graph graph     more papers in it
      fairpapers query C01 --graph graph       a question from the library
      fairpapers serve graph                   the SPARQL endpoint and its pages

    Data goes to standard output, messages to standard error.

    \b
    Exit codes:
      0    done
      1    failed; the message says what to do
      2    wrong use of the command line
      3    done, but some records were skipped; each is named on standard error
      130  interrupted
    """
