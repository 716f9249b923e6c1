"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

_F = TypeVar("_F", bound=Callable[..., Any])

EXISTING_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


def papers_format(function: _F) -> _F:
    """``--format`` of an input file of papers."""
    return click.option(
        "--format",
        "papers_format",
        metavar="NAME",
        help="Format of INPUT where its name does not tell; an unknown NAME lists them.",
    )(function)


# What click passes on where --accurate stands without a folder; no folder has this name.
_SHIPPED = ""


def _encoder(ctx: click.Context, param: click.Parameter, value: str | None) -> Path | bool:
    if value is None or value == _SHIPPED:
        return value is not None
    return Path(EXISTING_FOLDER.convert(value, param, ctx))


def model_options(function: _F) -> _F:
    """``--model``, ``--rules-only`` and ``--accurate``; the last two exclude each other."""

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if kwargs["rules_only"] and kwargs["accurate"]:
            raise click.UsageError(
                "--accurate adds a model to the trained one, and --rules-only leaves both out: "
                "give one of them."
            )
        return function(*args, **kwargs)

    accurate = click.option(
        "--accurate",
        metavar="[DIR]",
        is_flag=False,
        flag_value=_SHIPPED,
        callback=_encoder,
        help="Find more, several times slower: a transformer votes with the trained model. Needs "
        "fairpapers[accurate]; DIR holds another transformer than the one that comes with it.",
    )
    rules_only = click.option(
        "--rules-only", is_flag=True, help="Use rules and gazetteers without a trained model."
    )
    model = click.option(
        "--model",
        type=EXISTING_FOLDER,
        help="Folder of a trained model  [default: the one that comes with fairpapers]",
    )
    return cast(_F, model(rules_only(accurate(checked))))


def workers_option(function: _F) -> _F:
    """``--workers``: processes that extract."""
    return click.option(
        "--workers",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        help="Processes that extract at the same time, each with its own copy of the model.",
    )(function)


def engine_options(function: _F) -> _F:
    """``--engine`` and what Spark needs to know; without Spark they are refused."""

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        given = {name: kwargs[name] for name in ("master", "partitions", "spark_conf")}
        if kwargs["engine"] == "local" and any(given.values()):
            names = ", ".join(f"--{name.replace('_', '-')}" for name in given if given[name])
            raise click.UsageError(f"{names}: only with --engine spark.")
        if kwargs["engine"] == "spark" and kwargs["workers"] != 1:
            raise click.UsageError("--workers: Spark has executors; give --master local[N].")
        return function(*args, **kwargs)

    settings = click.option(
        "--spark-conf",
        multiple=True,
        metavar="KEY=VALUE",
        callback=_settings,
        help="Property of Spark, such as spark.executor.memory=4g; may be repeated.",
    )
    partitions = click.option(
        "--partitions",
        type=click.IntRange(min=1),
        metavar="N",
        help="Tasks, and files of output, with Spark  [default: by the size of INPUT]",
    )
    master = click.option(
        "--master",
        metavar="URL",
        help="Cluster of Spark: spark://HOST:PORT, yarn, k8s://…, local[N]  "
        "[default: Spark's own configuration, else all cores of this machine]",
    )
    engine = click.option(
        "--engine",
        type=click.Choice(["local", "spark"]),
        default="local",
        show_default=True,
        help="What runs it: this process, or Apache Spark (needs fairpapers[spark] and Java 17).",
    )
    return cast(_F, engine(master(partitions(settings(checked)))))


def _settings(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    pairs = [each.partition("=") for each in value]
    for name, equals, _ in pairs:
        if not name or not equals:
            raise click.BadParameter(f"{name!r} is not KEY=VALUE", ctx, param)
    return {name: set_to for name, _, set_to in pairs}


def confidence_option(function: _F) -> _F:
    """``--min-confidence``: what is less sure is left out."""
    return click.option(
        "--min-confidence",
        type=click.FloatRange(0.0, 1.0),
        default=0.0,
        show_default=True,
        metavar="SHARE",
        envvar="FAIRPAPERS_MIN_CONFIDENCE",
        help="Leave out mentions, entities and results that are less sure, from 0 to 1.",
    )(function)


def graph_option(function: _F) -> _F:
    """``--graph``: the graph directory to ask."""
    return click.option(
        "--graph",
        "directory",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="FAIRPAPERS_GRAPH",
        help="Graph directory, as `fairpapers build` makes it  [default: the demo graph]",
    )(function)


def library_option(function: _F) -> _F:
    """``--library``: a folder of own queries beside those that are shipped."""
    return click.option(
        "--library",
        "own",
        type=EXISTING_FOLDER,
        envvar="FAIRPAPERS_LIBRARY",
        help="Folder of your own queries, added to those of the library; see `fairpapers lint`.",
    )(function)


def explain_option(function: _F) -> _F:
    """``--explain-empty``: say why there are no rows."""
    return click.option(
        "--explain-empty",
        is_flag=True,
        help="Where there are no rows, say on standard error which part of the query leaves none.",
    )(function)


def answer_format(function: _F) -> _F:
    """``--format`` of an answer."""
    return click.option(
        "--format",
        "answer_format",
        type=click.Choice(["table", "csv", "tsv", "json", "ttl", "nt"]),
        default="table",
        show_default=True,
        help="Rows: table, csv, tsv or json; triples: table, ttl or nt; yes or no: table or json.",
    )(function)


def demo_directory() -> Path:
    """Where ``fairpapers demo`` keeps its graph."""
    return cache_folder() / "demo"


def cache_folder() -> Path:
    """Where we keep what can be made again: a folder in the user's cache on this platform."""
    if sys.platform == "darwin":
        cache = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        cache = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        # The XDG specification: a relative path is to be ignored.
        named = Path(os.environ.get("XDG_CACHE_HOME", ""))
        cache = named if named.is_absolute() else Path.home() / ".cache"
    return cache / "fairpapers"


def chosen_graph(directory: Path | None) -> Path:
    """Take the directory that ``--graph`` names, else the demo graph.

    Raises:
        click.UsageError: neither was given nor is there a demo graph yet.
    """
    if directory is not None:
        return directory
    demo = demo_directory()
    if not (demo / "current").exists():
        raise click.UsageError(
            "There is no demo graph yet: run `fairpapers demo --no-serve` once, or name a graph "
            "directory with --graph."
        )
    return demo
