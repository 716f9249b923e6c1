"""Which entities of different papers are one resource."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.records import Entity, Generator, Label, Mention, Record, SourceInfo
from fairpapers.graph.aliases import shipped_aliases
from fairpapers.graph.resolution import Resolution, Resolver, Resource


class Named(NamedTuple):
    """An entity of a paper: canonical name and further surface forms."""

    label: Label
    canonical: str
    others: tuple[str, ...] = ()


def record(number: int, entities: Sequence[Named]) -> Record:
    made, mentions, position = [], [], 0
    for n, named in enumerate(entities):
        surfaces = tuple(dict.fromkeys((named.canonical, *named.others)))
        made.append(Entity(f"e{n}", named.label, named.canonical, surfaces, "used", 0.9))
        for surface in surfaces:
            end = position + len(surface)
            mentions.append(Mention(position, end, surface, named.label, 0.9, f"e{n}"))
            position = end + 1
    return Record(
        id=str(number),
        key=f"title:{number}",
        title="A title",
        source=SourceInfo("file", number, "jsonl"),
        text_sha256="0" * 64,
        text_length=position + 1,
        mentions=tuple(mentions),
        entities=tuple(made),
        results=(),
        generator=Generator("test", "1", "none", ""),
    )


def resolved(papers: Sequence[Sequence[Named]]) -> tuple[Resolution, list[Record]]:
    resolver = Resolver(shipped_aliases())
    records = [record(n, entities) for n, entities in enumerate(papers)]
    for each in records:
        resolver.add(each)
    return resolver.resolve(), records


def resources(*papers: Sequence[Named]) -> list[Resource]:
    return resolved(papers)[0].resources()


RAG = "retrieval-augmented generation"


@pytest.mark.parametrize(
    ("label", "one", "other", "name"),
    [
        ("Dataset", "SQuAD", "squad", "SQuAD"),
        ("Dataset", "CoNLL-2003", "CoNLL 2003", "CoNLL-2003"),
        ("Dataset", "CoNLL03", "CoNLL-2003", "CoNLL-2003"),
        ("Dataset", "MNLI", "MultiNLI", "MultiNLI"),
        ("Metric", "F1 score", "F-measure", "F1"),
        ("Metric", "F1-scores", "F1", "F1"),
        ("Metric", "error rates", "error rate", "error rate"),
        ("Metric", "Macro F1-scores", "F1 (macro)", "macro F1"),
        ("Task", "multi-hop QA", "multi-hop question answering", "multi-hop question answering"),
        ("Task", "detecting satire", "satire detection", "satire detection"),
        ("Task", "event labelling", "event labeling", "event labeling"),
        ("Dataset", "WMT14", "WMT 2014", "WMT 2014"),
        ("Task", "NER", "named entity recognition", "named entity recognition"),
        ("Task", "Question answering", "question answering", "question answering"),
        ("Method", "fine tuning", "fine-tuning", "fine tuning"),
        ("Method", "MoE", "mixture-of-expert", "mixture-of-experts"),
        ("Method", "CNNs", "CNN", "convolutional neural network"),
        ("Model", "LLaMA 2", "Llama 2", "LLaMA 2"),
        ("Model", "GPT4", "GPT-4", "GPT-4"),
    ],
)
def test_one_thing_under_two_names(label: Label, one: str, other: str, name: str) -> None:
    [found] = resources([Named(label, one)], [Named(label, other)])
    assert found.name == name
    assert {one, other} == {found.name, *found.others} & {one, other}


@pytest.mark.parametrize(
    ("label", "one", "other"),
    [
        ("Model", "Llama 2", "Llama 3"),
        ("Model", "Llama 2 7B", "Llama 27B"),
        ("Model", "GPT-3", "GPT-3.5"),
        ("Dataset", "SQuAD 1.1", "SQuAD 2.0"),
        ("Metric", "BLEU", "BLEU-S"),
        ("Metric", "ROUGE-1", "ROUGE-2"),
        ("Metric", "macro F1", "micro F1"),
        ("Metric", "macro F1", "F1"),
        ("Task", "sentiment analysis", "sentiment classification"),
        ("Dataset", "TREC-10", "TREC 2010"),
        ("Model", "Transformers", "Transformer"),
        ("Method", "RNA", "recurrent neural architecture"),
    ],
)
def test_two_things_under_similar_names(label: Label, one: str, other: str) -> None:
    assert len(resources([Named(label, one)], [Named(label, other)])) == 2


def test_one_name_under_two_labels_is_two_resources() -> None:
    assert len(resources([Named("Model", "BERT")], [Named("Method", "BERT")])) == 2


def test_an_acronym_joins_the_only_long_form_in_the_corpus() -> None:
    pair = Named("Method", "graph contrastive masking", ("GCM",))
    [found] = resources([pair], [Named("Method", "GCM")], [Named("Method", "GCM")])
    assert {found.name, *found.others} == {"GCM", "graph contrastive masking"}


def test_an_acronym_with_two_long_forms_joins_neither() -> None:
    found = resources(
        [Named("Method", "graph contrastive masking", ("GCM",))],
        [Named("Method", "gated context memory", ("GCM",))],
        [Named("Method", "GCM")],
    )
    assert {each.name for each in found} == {
        "GCM",
        "gated context memory",
        "graph contrastive masking",
    }


def test_a_word_is_no_acronym_that_folds_like_it() -> None:
    pair = Named("Metric", "relation adaptive text evaluation", ("RATE",))
    assert len(resources([pair], [Named("Metric", "rate")])) == 2
    assert len(resources([pair], [Named("Metric", "RATE")])) == 1


def test_two_letters_are_trusted_when_two_papers_pair_them() -> None:
    pair = Named("Task", "argument mining", ("AM",))
    assert len(resources([pair], [Named("Task", "AM")])) == 2
    assert len(resources([pair], [pair], [Named("Task", "AM")])) == 1


def test_a_long_form_of_another_label_does_not_count() -> None:
    pair = Named("Method", "graph contrastive masking", ("GCM",))
    assert len(resources([pair], [Named("Model", "GCM")])) == 2


def test_a_paper_that_expands_a_known_acronym_otherwise_keeps_its_own() -> None:
    found = resources([Named("Task", "NER")], [Named("Task", "novel event retrieval", ("NER",))])
    assert [each.name for each in found] == ["named entity recognition", "novel event retrieval"]


def test_an_entity_named_by_its_acronym_is_compared_under_its_long_form() -> None:
    [found] = resources([Named("Method", "RAG", (RAG,))], [Named("Method", RAG)])
    assert found.name == RAG


def test_the_commonest_name_is_shown_and_its_spellings_count_together() -> None:
    task = [[Named("Task", name)] for name in ("entity-typing", "Entity typing", "entitytyping")]
    [found] = resources(*task, [Named("Task", "entitytyping")])
    # Two papers write two words and two write one: the tie goes to the lesser slug.
    assert found.name == "entity-typing"
    assert found.slug == "entity-typing"


def test_sizes_are_variants_of_the_family_that_the_corpus_has() -> None:
    names = ("Llama 2", "Llama 2 70B", "Llama 2 70B chat", "Llama 3 8B")
    found = {each.name: each.variant_of for each in resources([Named("Model", n) for n in names])}
    assert found == {
        "Llama 2": None,
        "Llama 2 70B": "llama-2",
        "Llama 2 70B chat": "llama-2-70b",
        "Llama 3 8B": None,
    }


def test_entities_without_mention_do_not_count() -> None:
    only = record(1, [Named("Model", "BERT")])
    resolver = Resolver({})
    resolver.add(Record(**{**{f: getattr(only, f) for f in only.__slots__}, "mentions": ()}))
    assert resolver.resolve().resources() == []


def test_very_long_surface_forms_are_no_names() -> None:
    [found] = resources([Named("Task", "short", ("long " * 20,))])
    assert found.others == ()


words = st.sampled_from(
    (
        *("NER", "named entity recognition", "Named Entities Recognition", "F1", "F1 score"),
        *("gcm", "GCM", "graph contrastive masking", "gated context memory", "a b", "a/b", "A+B"),
        *("Llama 2", "LLaMA-2", "Llama 2 7B", "llama2 7b", "CNNs", "CNN", "word nets", "word net"),
    )
)
labels = st.sampled_from(("Task", "Model", "Metric"))
entities = st.builds(Named, labels, words, st.lists(words, max_size=2).map(tuple))
corpora = st.lists(st.lists(entities, max_size=4), max_size=6)


@given(corpora, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(papers: list[list[Named]], random: Random) -> None:
    there, records = resolved(papers)
    back = Resolver(shipped_aliases())
    for each in random.sample(records, len(records)):
        back.add(each)
    again = back.resolve()
    assert there.resources() == again.resources()
    for each in records:
        assert [there[e] for e in each.entities] == [again[e] for e in each.entities]


@given(corpora, corpora)
def test_further_papers_never_rename_what_the_list_names(
    papers: list[list[Named]], more: list[list[Named]]
) -> None:
    reviewed = {(label, name) for (label, _), name in shipped_aliases().items()}
    after = {(each.label, each.name): each.slug for each in resources(*papers, *more)}
    for each in resources(*papers):
        if (each.label, each.name) in reviewed:
            slug = after[each.label, each.name]
            assert slug == each.slug or slug.startswith(f"{each.slug}-")


@given(st.lists(st.sampled_from(("Event typing", "event-typing", "typing of events"))))
def test_papers_on_other_things_change_no_name(others: list[str]) -> None:
    papers = [[Named("Task", "hate-speech tracking")], [Named("Task", "hatespeech tracking")]]
    [alone] = resources(*papers)
    together = resources(*papers, *([Named("Task", name)] for name in others))
    assert alone in together


def test_every_canonical_name_of_the_list_is_another_resource() -> None:
    canonical = {(label, name) for (label, _), name in shipped_aliases().items()}
    found = resources([Named(label, name) for label, name in sorted(canonical)])
    assert sorted((each.label, each.name) for each in found) == sorted(canonical)


@given(corpora)
def test_labels_are_kept_and_slugs_are_unique(papers: list[list[Named]]) -> None:
    resolution, records = resolved(papers)
    found = resolution.resources()
    assert len({(each.label, each.slug) for each in found}) == len(found)
    for each in records:
        for entity in each.entities:
            resource = resolution[entity]
            assert resource.label == entity.label
            assert entity.canonical in {resource.name, *resource.others}
