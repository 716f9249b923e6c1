from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fairpapers.extract.training import MaterialError
from fairpapers.extract.training.public import CORPORA
from fairpapers.extract.training.teacher.settings import TEACHER_RECIPE, read_teacher_settings
from fairpapers.extract.training.teacher.weights import pretrained


def test_the_shipped_settings_are_readable_and_name_known_corpora() -> None:
    settings = read_teacher_settings(seed=7)
    assert settings.seed == 7
    assert set(settings.public_texts) <= {corpus.name for corpus in CORPORA}


@pytest.mark.parametrize(
    ("shipped", "broken", "fault"),
    [
        ("epochs = 3", "epochs = many", "epochs"),
        ("dropout = 0.1\n", "", "dropout"),
        ("[teacher]\n", "[teacher]\nsize = 1\n", "size"),
    ],
)
def test_faulty_settings_are_named(tmp_path: Path, shipped: str, broken: str, fault: str) -> None:
    text = TEACHER_RECIPE.read_text()
    assert shipped in text
    path = tmp_path / "teacher.cfg"
    path.write_text(text.replace(shipped, broken))
    with pytest.raises(MaterialError, match=fault):
        read_teacher_settings(path)


def test_a_config_of_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "teacher.cfg"
    path.write_text("[nlp]\nlang = en\n")
    with pytest.raises(MaterialError, match="section teacher"):
        read_teacher_settings(path)


def test_settings_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(MaterialError, match=r"none\.cfg: no such config file"):
        read_teacher_settings(tmp_path / "none.cfg")


def test_the_encoder_is_known_by_its_digests(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"weights")
    (tmp_path / "tokens").write_bytes(b"vocabulary")
    digests = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in (("model", b"weights"), ("tokens", b"vocabulary"))
    }
    files = pretrained(tmp_path, digests)
    assert (files.model.name, files.tokenizer.name) == ("model", "tokens")
    (tmp_path / "model").write_bytes(b"other weights")
    with pytest.raises(MaterialError, match="not the file expected"):
        pretrained(tmp_path, digests)
    (tmp_path / "model").unlink()
    with pytest.raises(MaterialError, match="not there"):
        pretrained(tmp_path, digests)
