"""What each query answers on the sample, worked out by hand from ``sample_papers.jsonl``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from fairpapers.graph.store import Store
from fairpapers.queries import Library
from fairpapers.queries.answers import Table, Triples, Truth
from fairpapers.queries.rendering import compact
from fairpapers.queries.runner import run

PREFIXES = """
@prefix fp: <https://w3id.org/fairpapers/ontology#> .
@prefix fpv: <https://w3id.org/fairpapers/vocab/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dataset: <https://w3id.org/fairpapers/id/dataset/> .
@prefix metric: <https://w3id.org/fairpapers/id/metric/> .
@prefix model: <https://w3id.org/fairpapers/id/model/> .
@prefix paper: <https://w3id.org/fairpapers/id/paper/> .
@prefix task: <https://w3id.org/fairpapers/id/task/> .
"""
SPANFORGE, LITERAG, TAGLLAMA, FRAGEBANK, SURVEY = (
    "paper/doi:10.5555:sample.2023.1",
    "paper/arxiv:2401.01234",
    "paper/acl:2024.sample-main.7",
    "paper/title:5d0c3f1a9b2e4c77",
    "paper/arxiv:2405.06789",
)
TITLES = {
    SPANFORGE: "SpanForge: span-level pretraining for named entity recognition",
    LITERAG: "LiteRAG: retrieval-augmented generation on small machines",
    TAGLLAMA: "TagLlama: instruction tuning for NER with few labels",
    FRAGEBANK: "FrageBank: ein Korpus für Fragen und Antworten",
    SURVEY: "What do benchmarks measure? A survey of evaluation practice",
}


class Asked:
    """Rows as people read them."""

    def __init__(self, library: Library, store: Store) -> None:
        self._library = library
        self._store = store

    def __call__(self, id_: str, **values: str) -> list[tuple[str, ...]]:
        answer = run(self._store, self._library[id_], values)
        assert not isinstance(answer, Truth)
        table = answer.table() if isinstance(answer, Triples) else answer
        return [tuple("" if cell is None else compact(cell) for cell in row) for row in table.rows]


@pytest.fixture
def ask(library: Library, store: Store) -> Asked:
    return Asked(library, store)


def test_a01_gives_ten_uses(ask: Asked) -> None:
    rows = ask("A01")
    assert len(rows) == 10
    assert {paper for paper, _ in rows} <= set(TITLES)


def test_a02_counts_each_kind(ask: Asked) -> None:
    counted = {row[0]: row[1] for row in ask("A02")}
    kinds = ("Paper", "SourceText", "Dataset", "Model", "Method", "Metric", "Task", "Result")
    assert {kind: counted[f"fp:{kind}"] for kind in kinds} == {
        "Paper": "5",
        "SourceText": "5",
        "Dataset": "6",  # CoNLL-2003, FrageBank, MultiNLI, OntoNotes 5.0, SQuAD, TriviaQA
        "Model": "7",  # BERT, GPT-4, LLaMA 2, Llama 2 7B and 70B, SpanForge, TagLlama
        "Method": "4",  # instruction tuning, LiteRAG, PyTorch, RAG
        "Metric": "6",  # accuracy, exact match, F1, latency, throughput, word error rate
        "Task": "3",  # NER, NLI, question answering
        "Result": "18",
    }
    assert list(counted.values()) == sorted(counted.values(), key=int, reverse=True)


def test_a03_tells_what_a_paper_says(ask: Asked) -> None:
    rows = ask("A03", paper=FRAGEBANK)
    told = {prop: [value for name, value in rows if name == prop] for prop, _ in rows}
    assert told["rdf:type"] == ["fp:Paper"]
    assert told["dcterms:title"] == [TITLES[FRAGEBANK]]
    assert told["dcterms:identifier"] == ["title:5d0c3f1a9b2e4c77"]
    assert told["fp:authorName"] == ["Émile Beispiel"]
    assert told["fp:introduces"] == ["dataset/fragebank"]
    assert told["fp:addressesTask"] == ["task/question-answering"]
    assert "model/bert" in told["fp:uses"]
    assert "dataset/squad" in told["fp:mentions"]
    assert "dataset/squad" not in told["fp:uses"]
    assert told["fp:reportsResult"] == [f"{FRAGEBANK}/r/{n}" for n in (1, 2, 3, 4)]


def test_a04_lists_the_datasets_by_name(ask: Asked) -> None:
    assert ask("A04") == [
        ("dataset/conll-2003", "CoNLL-2003"),
        ("dataset/fragebank", "FrageBank"),
        ("dataset/multinli", "MultiNLI"),
        ("dataset/ontonotes-5.0", "OntoNotes 5.0"),
        ("dataset/squad", "SQuAD"),
        ("dataset/triviaqa", "TriviaQA"),
    ]


def test_a05_finds_any_name_in_any_case(ask: Asked) -> None:
    assert ask("A05", text="llama 2 7") == [
        ("model/llama-2-70b", "Llama 2 70B", "1"),
        ("model/llama-2-7b", "Llama 2 7B", "1"),
    ]
    assert ask("A05", text="conll") == [
        ("dataset/conll-2003", "CoNLL-2003", "3"),
        ("dataset/conll-2003", "CoNLL03", "3"),
    ]
    assert ask("A05", text='") ; . }') == []


def test_a06_leaves_out_papers_that_only_mention(ask: Asked) -> None:
    assert ask("A06", dataset="dataset/squad") == [(LITERAG, TITLES[LITERAG])]
    assert ask("A06", dataset="dataset/conll-2003") == [
        (SPANFORGE, TITLES[SPANFORGE]),
        (TAGLLAMA, TITLES[TAGLLAMA]),
    ]


@pytest.mark.parametrize(
    ("dataset", "used"),
    [("dataset/squad", True), ("dataset/fragebank", False), ("dataset/nowhere", False)],
)
def test_a07_says_whether(library: Library, store: Store, dataset: str, used: bool) -> None:
    assert run(store, library["A07"], {"dataset": dataset}) == Truth(used)


def test_a08_describes_a_model(ask: Asked) -> None:
    assert set(ask("A08", model="model/llama-2-70b")) == {
        ("model/llama-2-70b", "rdf:type", "fp:Model"),
        ("model/llama-2-70b", "skos:prefLabel", "Llama 2 70B"),
        ("model/llama-2-70b", "fp:paperCount", "1"),
        ("model/llama-2-70b", "fp:variantOf", "model/llama-2"),
        ("model/llama-2-70b", "fp:evaluatedOn", "dataset/squad"),
    }


def test_c01_counts_papers_that_use(ask: Asked) -> None:
    assert ask("C01", top="3") == [
        ("dataset/conll-2003", "CoNLL-2003", "2"),
        ("dataset/ontonotes-5.0", "OntoNotes 5.0", "2"),
        ("dataset/multinli", "MultiNLI", "1"),
    ]


def test_c04_counts_papers_on_the_task(ask: Asked) -> None:
    assert ask("C04", task="task/named-entity-recognition") == [
        ("dataset/conll-2003", "CoNLL-2003", "2"),
        ("dataset/ontonotes-5.0", "OntoNotes 5.0", "2"),
    ]
    assert ask("C04", task="task/question-answering") == [
        ("dataset/fragebank", "FrageBank", "1"),
        ("dataset/multinli", "MultiNLI", "1"),
        ("dataset/squad", "SQuAD", "1"),
        ("dataset/triviaqa", "TriviaQA", "1"),
    ]


def test_c05_tells_sizes_of_what_the_paper_introduces(ask: Asked) -> None:
    row = ("dataset/fragebank", "FrageBank", "=", "30000", "questions", "0.9", TITLES[FRAGEBANK])
    assert ask("C05") == [row]
    assert ask("C05", part="Quest") == [row]
    assert ask("C05", part="sentences") == []


def test_d01_profiles_a_model(ask: Asked) -> None:
    assert ask("D01", model="model/bert") == [
        ("evaluated for", "task/named-entity-recognition", "named entity recognition"),
        ("evaluated for", "task/question-answering", "question answering"),
        ("evaluated on", "dataset/conll-2003", "CoNLL-2003"),
        ("evaluated on", "dataset/fragebank", "FrageBank"),
        ("name", "model/bert", "BERT"),
        ("used by", FRAGEBANK, TITLES[FRAGEBANK]),
        ("used by", SPANFORGE, TITLES[SPANFORGE]),
        ("used by", TAGLLAMA, TITLES[TAGLLAMA]),
    ]
    assert ask("D01", model="model/llama-2") == [
        ("has variant", "model/llama-2-70b", "Llama 2 70B"),
        ("has variant", "model/llama-2-7b", "Llama 2 7B"),
        ("name", "model/llama-2", "LLaMA 2"),
        ("used by", TAGLLAMA, TITLES[TAGLLAMA]),
    ]
    assert ("introduced by", TAGLLAMA, TITLES[TAGLLAMA]) in ask("D01", model="model/tagllama")


def test_f01_lists_every_figure_with_its_kind(ask: Asked) -> None:
    shown = [row[:7] for row in ask("F01", dataset="dataset/conll-2003")]
    assert shown == [
        ("F1", "TagLlama", "=", "92.7", "unit:PERCENT", "absolute", "0.9"),
        ("F1", "BERT", "=", "88.05", "unit:PERCENT", "absolute", "0.84"),
        ("F1", "SpanForge", "=", "93.4", "unit:PERCENT", "absolute", "0.92"),
        ("F1", "BERT", "=", "91.9", "unit:PERCENT", "absolute", "0.9"),
        ("F1", "SpanForge", "=", "1.5", "unit:UNITLESS", "improvement", "0.7"),
    ]


def test_f01_keeps_figures_of_no_named_system(ask: Asked) -> None:
    rows = ask("F01", dataset="dataset/fragebank")
    assert ("word error rate", "", "=", "-3.2") in [row[:4] for row in rows]


def test_f02_ranks_each_system_once_and_leaves_gains_out(ask: Asked) -> None:
    rows = ask("F02", dataset="dataset/conll-2003", metric="metric/f1")
    assert [(row[1], row[2], row[4], row[6]) for row in rows] == [
        ("SpanForge", "93.4", "0.934", TITLES[SPANFORGE]),
        ("TagLlama", "92.7", "0.927", TITLES[TAGLLAMA]),
        ("BERT", "91.9", "0.919", TITLES[SPANFORGE]),  # and not its 88.05 in the other paper
    ]


def test_h01_shows_words_positions_and_run(ask: Asked) -> None:
    rows = ask("H01", paper=SPANFORGE, resource="task/named-entity-recognition")
    evidence = [
        ("named entity recognition", "38", "62", "0.96"),
        ("Named entity recognition", "63", "87", "0.93"),
        ("NER", "89", "92", "0.9"),
    ]
    assert [(row[0], row[1], *row[2:6]) for row in rows] == [
        *(("fp:addressesTask", "0.95", *each) for each in evidence),
        *(("fp:uses", "0.95", *each) for each in evidence),
    ]
    assert {row[6:9] for row in rows} == {
        (
            "4c6869172aeae38e2c5be08f26105ab43ac3be694acf6e1749af93ba2447ccc0",
            "fairpapers 0.1.0",
            "sample",
        )
    }
    assert len({row[9] for row in rows}) == 2


def test_h01_says_nothing_of_what_no_paper_said(ask: Asked) -> None:
    assert ask("H01", paper=SPANFORGE, resource="dataset/squad") == []


def test_j01_counts_properties_by_class(ask: Asked) -> None:
    rows = ask("J01")
    assert ("fp:Paper", "5", "dcterms:title", "5") in rows
    assert ("fp:Paper", "5", "fp:authorName", "7") in rows
    assert ("fp:Dataset", "6", "fp:paperCount", "6") in rows
    assert ("fp:Result", "18", "fp:ofMethod", "4") in rows
    assert {row[0].partition(":")[0] for row in rows} == {"fp"}


def results(*figures: Mapping[str, str]) -> str:
    """Turtle of papers that report one figure each."""
    return "".join(
        f"""
        paper:p{n} dcterms:title "Paper {n}" ; fp:reportsResult paper:r{n} .
        paper:r{n} fp:onDataset dataset:d ; fp:byMetric metric:m ; fp:ofModel model:{each["model"]} ;
            fp:valueKind fpv:{each.get("kind", "absolute")} ; fp:value {each["value"]} ;
            {f"fp:valueNormalized {each['normalized']} ;" if "normalized" in each else ""}
            fp:valueLexical "{each["value"]}" .
        model:{each["model"]} skos:prefLabel "{each["model"].upper()}" .
        """
        for n, each in enumerate(figures)
    )


@pytest.mark.parametrize(
    ("direction", "order"),
    [
        ("metric:m fp:direction fpv:lower-is-better .", ["A 4.5", "B 5.0"]),
        ("metric:m fp:direction fpv:higher-is-better .", ["B 9.5", "A 7.0"]),
        ("", ["B 9.5", "A 7.0"]),
    ],
)
def test_f02_follows_the_direction_of_the_metric(
    library: Library, few: Callable[[str], Store], direction: str, order: list[str]
) -> None:
    figures = [("a", "7.0"), ("a", "4.5"), ("b", "9.5"), ("b", "5.0")]
    turtle = results(*({"model": model, "value": value} for model, value in figures))
    ask = Asked(library, few(PREFIXES + turtle + direction))
    rows = ask("F02", dataset="dataset/d", metric="metric/m")
    assert [f"{row[1]} {row[2]}" for row in rows] == order


@pytest.mark.parametrize("kind", ["improvement", "relative-improvement", "ratio", "range", "bound"])
def test_f02_ranks_absolute_figures_only(
    library: Library, few: Callable[[str], Store], kind: str
) -> None:
    turtle = results({"model": "a", "value": "50.0"}, {"model": "b", "value": "99.0", "kind": kind})
    rows = Asked(library, few(PREFIXES + turtle))("F02", dataset="dataset/d", metric="metric/m")
    assert [row[1] for row in rows] == ["A"]


def test_f02_compares_normalized_figures(library: Library, few: Callable[[str], Store]) -> None:
    """Latencies of 350 ms and 2 s: the greater number is the shorter time."""
    turtle = results(
        {"model": "a", "value": "350.0", "normalized": "0.35"},
        {"model": "b", "value": "2.0", "normalized": "2.0"},
    )
    lower = "metric:m fp:direction fpv:lower-is-better ."
    rows = Asked(library, few(PREFIXES + turtle + lower))(
        "F02", dataset="dataset/d", metric="metric/m"
    )
    assert [(row[1], row[2], row[4]) for row in rows] == [("A", "350.0", "0.35"), ("B", "2.0", "2")]


def test_c05_leaves_out_what_other_papers_count(
    library: Library, few: Callable[[str], Store]
) -> None:
    def size(paper: str, n: str, number: int, counted: str) -> str:
        return f"""
            paper:{paper} fp:reportsSize paper:{n} . dataset:d fp:size paper:{n} .
            paper:{n} fp:value {number}.0 ; fp:counted "{counted}" ; fp:confidence 0.9 ;
                fp:comparator [ skos:notation "≥" ] .
        """

    turtle = f"""
        paper:1 fp:introduces dataset:d ; dcterms:title "First" .
        paper:2 fp:uses dataset:d ; dcterms:title "Second" .
        dataset:d a fp:Dataset ; skos:prefLabel "D" .
        {size("1", "s1", 12, "languages")} {size("1", "s2", 40, "Sentences")}
        {size("1", "s3", 900, "sentences")} {size("2", "s4", 50, "sentences")}
    """
    ask = Asked(library, few(PREFIXES + turtle))
    assert [row[3:5] for row in ask("C05")] == [
        ("12", "languages"),
        ("900", "sentences"),
        ("40", "Sentences"),
    ]


def test_c04_goes_down_the_tree_of_tasks(library: Library, few: Callable[[str], Store]) -> None:
    turtle = """
        task:b skos:broader task:a . task:c skos:broader task:b . task:a skos:broader task:top .
        paper:1 fp:addressesTask task:a ; fp:uses dataset:a .
        paper:2 fp:addressesTask task:c ; fp:uses dataset:c .
        paper:3 fp:addressesTask task:b , task:c ; fp:introduces dataset:c .
        paper:4 fp:addressesTask task:top ; fp:uses dataset:top .
        paper:5 fp:addressesTask task:a ; fp:mentions dataset:m .
        dataset:a a fp:Dataset ; skos:prefLabel "A" .
        dataset:c a fp:Dataset ; skos:prefLabel "C" .
        dataset:m a fp:Dataset ; skos:prefLabel "M" .
        dataset:top a fp:Dataset ; skos:prefLabel "Top" .
    """
    ask = Asked(library, few(PREFIXES + turtle))
    assert ask("C04", task="task/a") == [("dataset/c", "C", "2"), ("dataset/a", "A", "1")]


def test_b01_gives_papers_from_a_year_on(ask: Asked) -> None:
    assert [row[2] for row in ask("B01", **{"from": "2024"})] == ["2024"] * 3
    assert [row[2] for row in ask("B01", **{"from": "2000"})] == ["2024"] * 3 + ["2023"]
    assert ask("B01", **{"from": "2025"}) == []


def test_b04_keeps_papers_and_b03_finds_none_without_a_dataset(ask: Asked) -> None:
    assert [(paper, name) for paper, _, _, name in ask("B04", year="2024")] == [
        (LITERAG, "question answering"),
        (TAGLLAMA, "named entity recognition"),
        (SURVEY, "natural language inference"),
    ]
    assert ask("B03") == []


def test_b06_gives_the_strongest_relation_alone(ask: Asked) -> None:
    assert [(relation, paper) for relation, paper, _ in ask("B06", resource="dataset/squad")] == [
        ("mentioned", FRAGEBANK),
        ("mentioned", SURVEY),
        ("used", LITERAG),
    ]


def test_b07_goes_on_where_the_page_before_ended(ask: Asked) -> None:
    first, second = ask("B07", skip="0"), ask("B07", skip="20")
    assert (len(first), len(second)) == (20, 6)
    assert first[-1][1].lower() <= second[0][1].lower()


def test_c06_counts_systems_and_not_figures(ask: Asked) -> None:
    # BERT, SpanForge and TagLlama, with five figures.
    assert ask("C06", top="1") == [("dataset/conll-2003", "CoNLL-2003", "3", "5")]


def test_d03_and_i05_give_shares_of_the_papers_of_a_year(ask: Asked) -> None:
    assert [row[3:] for row in ask("D03", task="task/named-entity-recognition")] == [
        ("1", "100"),
        ("1", "100"),
    ]
    assert [(row[0], row[2], row[4]) for row in ask("I05")] == [
        ("2023", "named entity recognition", "100"),
        ("2024", "named entity recognition", "33.3"),
        ("2024", "natural language inference", "33.3"),
        ("2024", "question answering", "33.3"),
    ]


def test_e01_lists_the_metrics_of_a_task_in_order(ask: Asked) -> None:
    assert ask("E01")[1][2:] == ("3", "F1, latency, throughput")


def test_f03_leaves_out_what_came_later_and_is_worse(ask: Asked) -> None:
    # 92.7 of 2024 is below the 93.4 of 2023.
    rows = ask("F03", dataset="dataset/conll-2003", metric="metric/f1")
    assert [row[:3] for row in rows] == [("2023", "93.4", "0.934")]


def test_f04_compares_only_what_has_the_same_dataset(ask: Asked) -> None:
    rows = ask("F04", first="model/spanforge", second="model/bert")
    assert [(row[3], *row[4:]) for row in rows] == [
        ("CoNLL-2003", "93.4", "91.9", "0.015"),
        ("CoNLL-2003", "93.4", "88.05", "0.0535"),
    ]


def test_f05_gives_gains_and_no_scores(ask: Asked) -> None:
    assert [row[0] for row in ask("F05", least="0.1")] == ["1.5", "0.8", "0.4"]
    assert [row[0] for row in ask("F05", least="1")] == ["1.5"]


def test_d07_counts_papers_that_use_and_no_variants(ask: Asked) -> None:
    rows = ask("D07", top="2")
    assert rows[0] == ("model/bert", "BERT", "3")
    assert len(rows) == 2


def test_f09_gives_the_gains_of_one_dataset_alone(ask: Asked) -> None:
    assert [row[:4] for row in ask("F09", dataset="dataset/conll-2003")] == [
        ("1.5", "improvement", "F1", "SpanForge")
    ]
    assert [row[0] for row in ask("F09", dataset="dataset/fragebank")] == ["-3.2"]
    assert ask("F09", dataset="dataset/squad") == []


def test_f08_finds_the_two_figures_of_bert(ask: Asked) -> None:
    assert [row[3:6] for row in ask("F08")] == [("88.05", "91.9", "0.0385")]
    assert ask("F08", tolerance="0.05") == []


def test_g05_is_shared_things_by_all_things(ask: Asked) -> None:
    # Shared: CoNLL-2003, OntoNotes 5.0, BERT, F1, NER. SpanForge's paper has 8 things, the other 9.
    other, _, shared, likeness = ask("G05", paper=SPANFORGE)[0]
    assert (other, shared, likeness) == (TAGLLAMA, "5", "0.417")


def test_h03_counts_fewer_papers_at_higher_thresholds(ask: Asked) -> None:
    # Claims of 0.93, 0.92, 0.9 and 0.88.
    assert ask("H03", resource="model/bert")[-2:] == [("0.8", "4"), ("0.9", "3")]


def test_h05_counts_what_one_paper_alone_names(ask: Asked) -> None:
    assert ask("H05")[0] == ("Dataset", "2", "4", "33.3")


def test_i02_gives_years_without_a_use_too(ask: Asked) -> None:
    assert ask("I02", resource="dataset/triviaqa") == [("2023", "0"), ("2024", "1")]


def test_b09_knows_a_paper_by_title_or_doi(library: Library, store: Store) -> None:
    asked = {
        name: run(store, library["B09"], {"name": name})
        for name in ("10.5555/sample.2023.1", f"  {TITLES[SURVEY]}", "10.5555/sample.2023", "SQuAD")
    }
    assert list(asked.values()) == [Truth(True), Truth(True), Truth(False), Truth(False)]


def test_c07_counts_figures_by_dataset_and_knows_what_is_called_a_benchmark(
    ask: Asked, library: Library, few: Callable[[str], Store]
) -> None:
    assert ask("C07") == [
        ("dataset/conll-2003", "CoNLL-2003", "false", "5"),
        ("dataset/fragebank", "FrageBank", "false", "3"),
        ("dataset/ontonotes-5.0", "OntoNotes 5.0", "false", "2"),
        ("dataset/squad", "SQuAD", "false", "2"),
        ("dataset/triviaqa", "TriviaQA", "false", "1"),
    ]
    called = 'dataset:a a fp:Benchmark ; skos:prefLabel "A" .'
    assert Asked(library, few(PREFIXES + called))("C07") == [("dataset/a", "A", "true", "0")]


def test_c08_tells_sizes_as_written_too(ask: Asked) -> None:
    assert ask("C08", resource="dataset/fragebank") == [
        ("=", "30000", "questions", "30k", TITLES[FRAGEBANK], f"{FRAGEBANK}/s/1")
    ]


def test_e06_tells_ranges_in_the_canonical_unit(ask: Asked) -> None:
    ranges = {row[1]: row[2:] for row in ask("E06")}
    assert ranges["accuracy"] == ("0", "1", "true", "unit:UNITLESS")
    assert ranges["latency"] == ("0", "", "false", "unit:SEC")
    assert ranges["throughput"] == ("0", "", "false", "")


def test_f10_tells_both_ends_of_a_range(ask: Asked) -> None:
    result = f"{FRAGEBANK}/r/2"
    assert ask("F10") == [(result, "accuracy", "55 and 60", "55", "60", "5", TITLES[FRAGEBANK])]


def test_h09_tells_how_to_know_the_text_again(ask: Asked) -> None:
    ((title, length, digest, normalization),) = ask("H09", paper=SPANFORGE)
    assert (title, length, normalization) == (TITLES[SPANFORGE], "415", "fpv:nfc-single-space")
    assert digest == "4c6869172aeae38e2c5be08f26105ab43ac3be694acf6e1749af93ba2447ccc0"


def test_h10_tells_the_latest_decision_first(
    ask: Asked, library: Library, few: Callable[[str], Store]
) -> None:
    assert ask("H10") == []
    store = few(
        PREFIXES
        + """
        @prefix prov: <http://www.w3.org/ns/prov#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix schema: <https://schema.org/> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        fpv:confirmed skos:notation "confirmed" .
        fpv:rejected skos:notation "rejected" .
        <urn:ada> schema:name "Ada" .
        <urn:c1> fp:reviewStatus fpv:confirmed ; fp:reviewedIn <urn:r1> .
        <urn:c2> fp:reviewStatus fpv:rejected ; fp:reviewedIn <urn:r2> .
        <urn:r1> a fp:Review ; prov:wasAssociatedWith <urn:ada> ;
          prov:endedAtTime "2026-01-02T00:00:00Z"^^xsd:dateTime .
        <urn:r2> a fp:Review ; prov:wasAssociatedWith <urn:ada> ; rdfs:comment "a name of a person" ;
          prov:endedAtTime "2026-02-01T00:00:00Z"^^xsd:dateTime .
        """
    )
    assert Asked(library, store)("H10") == [
        ("2026-02-01T00:00:00Z", "rejected", "urn:c2", "Ada", "a name of a person"),
        ("2026-01-02T00:00:00Z", "confirmed", "urn:c1", "Ada", ""),
    ]


def test_h11_joins_no_measurement_of_another_model(
    library: Library, few: Callable[[str], Store]
) -> None:
    text = (
        PREFIXES
        + """
        @prefix prov: <http://www.w3.org/ns/prov#> .
        @prefix schema: <https://schema.org/> .
        <urn:corpus> a fp:Corpus ; dcterms:title "Ours" ; fp:minConfidence 0.5 .
        <urn:program> schema:name "fairpapers" ; schema:softwareVersion "1" .
        <urn:run> a fp:ExtractionActivity ; prov:used <urn:corpus> ; fp:modelName "m" ;
          prov:wasAssociatedWith <urn:program> MODEL .
        <urn:evaluation> a fp:Evaluation ; fp:modelSha256 "aa" ; prov:used <urn:gold> .
        <urn:gold> fp:goldSha256 "ff" .
        """
    )
    made = ("Ours", "fairpapers", "1", "0.5", "m")
    for model, measured in (
        ("", ("", "")),
        ('; fp:modelSha256 "bb"', ("bb", "")),
        ('; fp:modelSha256 "aa"', ("aa", "ff")),
    ):
        store = few(text.replace("MODEL", model))
        assert Asked(library, store)("H11") == [(*made, *measured)]


def test_h12_tells_asserted_from_derived(ask: Asked) -> None:
    graph = "https://w3id.org/fairpapers/graph/"
    assert ask("H12", paper=FRAGEBANK, resource="model/bert") == [
        (f"{graph}core", "fp:uses"),
        (f"{graph}inferred", "fp:mentions"),
    ]
    assert ask("H12", paper=FRAGEBANK, resource="dataset/squad") == [
        (f"{graph}core", "fp:mentions")
    ]


def test_j07_counts_every_kind_below_resource(ask: Asked) -> None:
    assert ask("J07") == [
        ("fp:Model", "Model", "7"),
        ("fp:Dataset", "Dataset", "6"),
        ("fp:Metric", "Metric", "6"),
        ("fp:Method", "Method", "4"),
        ("fp:Task", "Task", "3"),
        ("fp:Benchmark", "Benchmark", "0"),
    ]


def test_j08_counts_every_triple_in_each_graph_it_stands_in(
    ask: Asked, library: Library, quads: Callable[[str], Store]
) -> None:
    names = {name.rpartition("/")[2] for name, _ in ask("J08")}
    assert {"core", "evidence", "inferred", "ontology", "queries", "vocab"} <= names
    store = quads(PREFIXES + "dataset:a a fp:Dataset ; dcterms:title 1 , 2 .")
    assert Asked(library, store)("J08") == [("urn:graph", "3")]


def test_l08_describes_every_result_of_the_paper(ask: Asked) -> None:
    rows = ask("L08", paper=FRAGEBANK)
    assert {row[0] for row in rows} == {f"{FRAGEBANK}/r/{n}" for n in (1, 2, 3, 4)}
    assert (f"{FRAGEBANK}/r/2", "fp:upperValue", "60") in rows


def test_checks_find_what_was_put_into_a_graph(
    library: Library, few: Callable[[str], Store]
) -> None:
    store = few(
        PREFIXES
        + """
        dataset:a a fp:Dataset ; skos:prefLabel "Same" ; fp:paperCount 1 .
        dataset:b a fp:Dataset ; skos:prefLabel "same" ; fp:paperCount 1 .
        model:a a fp:Model ; skos:prefLabel "SAME" ; fp:paperCount 1 ; fp:unheardOf 1 .
        <urn:m> a fp:Mention ; fp:surfaceForm "same" ; fp:confidence 0.5 .
        <urn:r> fp:unit <http://qudt.org/vocab/unit/PERCENT> ; fp:valueKind fpv:absolute ;
          fp:value 130.0 ; fp:valueLexical "130" ; fp:byMetric metric:accuracy .
        metric:accuracy skos:prefLabel "accuracy" .
        paper:p fp:reportsResult <urn:r> ; dcterms:title "A slip" .
        """
    )
    answers = {id_: run(store, library[id_]) for id_ in ("D04", "F06", "H07", "J04", "J05")}
    found = {
        id_: [[str(getattr(cell, "value", cell)) for cell in row] for row in answer.rows]
        for id_, answer in answers.items()
        if isinstance(answer, Table)
    }
    assert found["D04"] == [["same", "3", "Dataset, Dataset, Model"]]
    assert [row[1] for row in found["F06"]] == ["130"]
    assert [row[0] for row in found["H07"]] == ["urn:m"]
    assert ["https://w3id.org/fairpapers/ontology#unheardOf"] in found["J04"]
    assert found["J05"] == [["same", "https://w3id.org/fairpapers/ontology#Dataset", "2"]]
