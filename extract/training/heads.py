"""One embedding, several recognisers on top: ours and one for each public corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.training import Example
from spacy.util import registry
from thinc.api import Model, Optimizer

_EMBEDDING = "embedding"


class Heads:
    """Recognisers that share their embedding.

    Ours is the component ``ner`` of the pipeline; the others exist during training only.
    Each learns from its own corpus, so that a corpus is no evidence on labels it lacks.
    """

    def __init__(
        self, nlp: Language, examples: Mapping[str, Sequence[Example]], ours: Sequence[str]
    ) -> None:
        """Build and initialize a head for each corpus.

        Args:
            nlp: a pipeline whose component ``ner`` is not initialized yet.
            examples: by corpus; each holds every label of its corpus.
            ours: the corpora that ``ner`` learns from; the first has every label.
        """
        recognizer = cast(EntityRecognizer, nlp.get_pipe("ner"))
        self.embedding: Model[Any, Any] = recognizer.model.get_ref("tok2vec").layers[0]
        self._ours = ours
        self._heads = dict.fromkeys(ours, recognizer)
        recognizer.initialize(partial(iter, examples[ours[0]]), nlp=nlp)
        for corpus in examples:
            if corpus not in ours:
                self._heads[corpus] = self._auxiliary(nlp, f"ner_{corpus}")
                self._heads[corpus].initialize(partial(iter, examples[corpus]), nlp=nlp)

    def update(self, corpus: str, batch: Sequence[Example], drop: float, sgd: Optimizer) -> float:
        """Learn from one batch of a corpus; return its loss."""
        losses = self._heads[corpus].update(list(batch), drop=drop, sgd=sgd)
        return float(sum(losses.values()))

    def foundation(self) -> dict[str, bytes]:
        """Return the weights of the embedding and of the heads other than ours."""
        others = {name: head.model.to_bytes() for name, head in self._others()}
        return {_EMBEDDING: self.embedding.to_bytes(), **others}

    def start_from(self, foundation: Mapping[str, bytes]) -> None:
        """Take over what `foundation` returned."""
        for name, head in self._others():
            head.model.from_bytes(foundation[name])
        self.embedding.from_bytes(foundation[_EMBEDDING])

    def keep_averages(self, sgd: Optimizer) -> None:
        """Replace our weights by their averages over the run, which generalize better."""
        model = self._heads[self._ours[0]].model
        averages = sgd.averages or {}
        for node in model.walk():
            for name in node.param_names:
                if (node.id, name) in averages:
                    node.set_param(name, averages[node.id, name].copy())

    def _others(self) -> list[tuple[str, EntityRecognizer]]:
        return [(name, head) for name, head in self._heads.items() if name not in self._ours]

    def _auxiliary(self, nlp: Language, name: str) -> EntityRecognizer:
        settings = dict(nlp.config["components"]["ner"]["model"])
        build = registry.get("architectures", settings.pop("@architectures"))
        return EntityRecognizer(nlp.vocab, build(**{**settings, "tok2vec": self.embedding}), name)
