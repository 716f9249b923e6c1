"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

LAYERS = ("ontology", "extract", "graph", "queries", "api")


def module_names() -> list[str]:
    names = []
    for layer in LAYERS:
        package = importlib.import_module(f"fairpapers.{layer}")
        names.append(package.__name__)
        walked = pkgutil.walk_packages(package.__path__, package.__name__ + ".")
        names += [module.name for module in walked if not module.name.endswith("__main__")]
    return names


@pytest.mark.parametrize("name", module_names())
def test_docstring_examples(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.failed == 0
