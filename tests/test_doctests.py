"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

LAYERS = ("ontology", "extract", "graph", "queries", "api")
# No dependencies of the project: extract/training/README.md says how to get them.
TRAINING_ONLY = {"torch", "tokenizers", "safetensors"}


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
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in TRAINING_ONLY:
            raise
        pytest.skip(f"needs {error.name}, which only the training of a teacher does")
    outcome = doctest.testmod(module)
    assert outcome.failed == 0
