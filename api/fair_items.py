"""The self-assessment against the F-UJI metrics and the Data on the Web Best Practices.

Metrics: FAIRsFAIR data object assessment metrics as F-UJI version 0.8 has them.
Practices: https://www.w3.org/TR/dwbp/. A test holds that every id is here, that every test that is
named exists, and that every link leads somewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Verdict = Literal["met", "partly", "not", "n/a"]


@dataclass(frozen=True, slots=True)
class Item:
    """One metric or practice.

    Attributes:
        id: as its source names it.
        title: what is asked for.
        verdict: whether it is met.
        how: where or why not, in a sentence.
        links: paths on this server where it is to be seen.
        tests: what shows it, as ``path::name``.
    """

    id: str
    title: str
    verdict: Verdict
    how: str
    links: Sequence[str] = ()
    tests: Sequence[str] = ()


F_UJI: Final = (
    Item(
        "FsF-F1-01MD",
        "Data and metadata have globally unique identifiers",
        "met",
        "Every thing, claim, mention, figure, named graph and term has an IRI, and there are no blank nodes.",
        ("/doc/id/corpus",),
        (
            "tests/api/test_dereferencing.py::test_every_own_iri_of_the_demo_graph_resolves",
            "tests/graph/test_graph_build.py::test_nothing_is_blank_and_nothing_is_outside_the_named_graphs",
        ),
    ),
    Item(
        "FsF-F1-02MD",
        "Data and metadata have persistent identifiers",
        "not",
        "The IRIs follow w3id.org and the redirects are ready to be submitted, but neither they nor a DOI are registered.",
        (),
        ("tests/ontology/test_w3id.py::test_an_IRI_leads_to_what_is_about_it",),
    ),
    Item(
        "FsF-F2-01M",
        "Metadata have the core elements for citation and discovery",
        "met",
        "Creator, title, identifier, publisher, date, summary and keywords, in the start page's JSON-LD.",
        ("/",),
        ("tests/api/test_fair.py::test_the_start_page_describes_the_data_set_for_search_engines",),
    ),
    Item(
        "FsF-F3-01M",
        "Metadata have the identifier and the address of the data",
        "met",
        "A distribution for each named graph, with its address and formats; typed links of relation item.",
        (
            "/",
            "/doc/id/corpus",
        ),
        (
            "tests/api/test_fair.py::test_the_start_page_says_where_each_graph_is_and_how_large",
            "tests/api/test_dereferencing.py::test_signposts_name_the_identifier_the_types_and_the_collection",
        ),
    ),
    Item(
        "FsF-F4-01M",
        "Metadata can be found by search engines",
        "met",
        "schema.org in JSON-LD on the start page, and typed links.",
        ("/",),
        ("tests/api/test_fair.py::test_the_start_page_describes_the_data_set_for_search_engines",),
    ),
    Item(
        "FsF-A1-01M",
        "Metadata say how the data can be accessed",
        "met",
        "Free to read without registration, said in the start page's JSON-LD.",
        ("/",),
        ("tests/api/test_fair.py::test_the_start_page_describes_the_data_set_for_search_engines",),
    ),
    Item(
        "FsF-A1-02MD",
        "Data and metadata can be retrieved by their identifier",
        "partly",
        "Each path below the base answers here; the IRIs themselves do once w3id.org leads to this server.",
        (
            "/doc/id/corpus",
            "/ontology",
        ),
        (
            "tests/api/test_dereferencing.py::test_every_own_iri_of_the_demo_graph_resolves",
            "tests/ontology/test_w3id.py::test_an_IRI_leads_to_what_is_about_it",
        ),
    ),
    Item(
        "FsF-A1.1-01MD",
        "A standard protocol gives access",
        "met",
        "HTTP: content negotiation, the SPARQL 1.1 Protocol and the Graph Store Protocol.",
        ("/docs",),
        (
            "tests/api/test_sparql_clients.py::test_curl",
            "tests/api/test_sparql_clients.py::test_rdflib_reads_a_graph_by_its_address",
        ),
    ),
    Item(
        "FsF-A1.2-01MD",
        "The protocol allows authentication",
        "met",
        "HTTP has it; writes need a token, and reads need none.",
        ("/docs",),
        ("tests/api/test_sparql_clients.py::test_sparqlwrapper_updates",),
    ),
    Item(
        "FsF-I1-01M",
        "Metadata are in a formal language",
        "met",
        "RDF in four forms by content negotiation, embedded JSON-LD, and a SPARQL endpoint.",
        (
            "/doc/id/corpus",
            "/sparql",
        ),
        (
            "tests/api/test_dereferencing.py::test_a_document_comes_in_every_format_and_links_to_each",
            "tests/api/test_fair.py::test_the_start_page_describes_the_data_set_for_search_engines",
        ),
    ),
    Item(
        "FsF-I2-01M",
        "Metadata use registered vocabularies",
        "met",
        "DCAT, DCMI, PROV, SKOS, schema.org, VoID, DQV, Web Annotation, QUDT; other namespaces are refused.",
        ("/ontology",),
        ("tests/ontology/test_ontology_files.py::test_terms_are_defined_and_iris_valid",),
    ),
    Item(
        "FsF-I3-01M",
        "Metadata link to related entities by typed relations",
        "met",
        "The ontology that the graph is written in and the catalogue that has it; terms and metrics are aligned with other vocabularies.",
        (
            "/",
            "/ontology",
        ),
        (
            "tests/api/test_fair.py::test_the_start_page_describes_the_data_set_for_search_engines",
            "tests/ontology/test_alignments.py::test_every_row_matches_a_term_of_ours_with_one_of_others",
        ),
    ),
    Item(
        "FsF-R1-01M",
        "Metadata say what the content is",
        "met",
        "Type, size in triples, formats, and what is counted of each kind of thing.",
        (
            "/",
            "/.well-known/void",
        ),
        (
            "tests/api/test_fair.py::test_the_start_page_says_where_each_graph_is_and_how_large",
            "tests/api/test_service_description.py::test_the_well_known_place_describes_the_data_set",
        ),
    ),
    Item(
        "FsF-R1.1-01M",
        "Metadata have a licence",
        "met",
        "The graph states its licence (dcterms:license), and so do every file of a release, ontology, vocabularies and shapes.",
        ("/ontology",),
        (
            "tests/graph/export/test_release.py::test_every_file_has_a_licence",
            "tests/api/test_dereferencing.py::test_signposts_name_the_identifier_the_types_and_the_collection",
        ),
    ),
    Item(
        "FsF-R1.2-01M",
        "Metadata have provenance",
        "met",
        "Each claim names the run that made it, the run its software and model (PROV), each mention its place in the text.",
        ("/doc/id/corpus",),
        (
            "tests/graph/test_graph_mapping.py::test_the_sample_becomes_the_reviewed_graph",
            "tests/graph/test_graph_mapping.py::test_every_claimable_statement_has_one_claim_with_a_mention",
        ),
    ),
    Item(
        "FsF-R1.3-01M",
        "Metadata follow standards of the community",
        "met",
        "DCAT 3, VoID and schema.org here; RO-Crate, Croissant, DataCite and SKG-IF in a release.",
        ("/.well-known/void",),
        (
            "tests/api/test_service_description.py::test_the_well_known_place_describes_the_data_set",
            "tests/graph/export/test_metadata.py::test_it_is_a_data_set_of_a_series_with_what_catalogues_ask_for",
            "tests/graph/export/test_descriptions.py::test_the_crate_passes_every_required_and_recommended_check",
        ),
    ),
    Item(
        "FsF-R1.3-02D",
        "Data are in a file format that the community recommends",
        "met",
        "Turtle, N-Triples, JSON-LD, RDF/XML here; N-Quads, CSV and Parquet too in a release.",
        ("/graph/core?format=nt",),
        (
            "tests/api/test_dereferencing.py::test_a_document_comes_in_every_format_and_links_to_each",
            "tests/graph/export/test_tables.py::test_parquet_and_csv_hold_the_same_rows",
        ),
    ),
)

BEST_PRACTICES: Final = (
    Item(
        "BP1",
        "Provide metadata",
        "met",
        "For people on each page, for programs in DCAT, VoID and schema.org.",
        (
            "/",
            "/.well-known/void",
        ),
        (
            "tests/api/test_fair.py::test_the_start_page_describes_the_data_set_for_search_engines",
            "tests/api/test_service_description.py::test_the_well_known_place_describes_the_data_set",
        ),
    ),
    Item(
        "BP2",
        "Provide descriptive metadata",
        "met",
        "Title, summary, keywords, dates, publisher and figures.",
        ("/",),
        ("tests/api/test_fair.py::test_the_start_page_describes_the_data_set_for_search_engines",),
    ),
    Item(
        "BP3",
        "Provide structural metadata",
        "met",
        "Ontology, SHACL shapes, class and property partitions; CSVW and a data dictionary for tables.",
        (
            "/ontology",
            "/shapes",
            "/.well-known/void",
        ),
        (
            "tests/graph/test_void.py::test_class_and_property_partitions",
            "tests/ontology/documenting/test_page.py::test_constraints_are_summed_up_at_class_and_property",
            "tests/graph/export/test_tables.py::test_the_data_dictionary_explains_every_column_of_every_table",
        ),
    ),
    Item(
        "BP4",
        "Provide data license information",
        "met",
        "Of the graph, ontology, vocabularies, shapes, queries and each file of a release.",
        ("/ontology",),
        (
            "tests/graph/export/test_release.py::test_every_file_has_a_licence",
            "tests/api/test_dereferencing.py::test_signposts_name_the_identifier_the_types_and_the_collection",
        ),
    ),
    Item(
        "BP5",
        "Provide data provenance information",
        "met",
        "Run, software, model and text of every claim, in PROV.",
        ("/doc/id/corpus",),
        (
            "tests/graph/test_graph_mapping.py::test_every_claimable_statement_has_one_claim_with_a_mention",
        ),
    ),
    Item(
        "BP6",
        "Provide data quality information",
        "met",
        "Precision, recall and calibration of the extraction, measured on annotated papers, as DQV.",
        ("/doc/id/corpus",),
        ("tests/graph/test_quality.py::test_the_figures_are_measurements_of_the_corpus",),
    ),
    Item(
        "BP7",
        "Provide a version indicator",
        "met",
        "The snapshot, which is a digest of the graph, on every page; the version of ontology and software.",
        (
            "/",
            "/health",
        ),
        (
            "tests/graph/test_graph_build.py::test_the_snapshot_is_the_sum_of_its_lines",
            "tests/ontology/test_ontology_files.py::test_version_is_that_of_the_package",
        ),
    ),
    Item(
        "BP8",
        "Provide version history",
        "partly",
        "A release has what was added and removed since the one before; the server keeps no history of the graph.",
        (),
        (
            "tests/graph/export/test_changes.py::test_what_came_and_went_leads_from_one_release_to_the_next",
        ),
    ),
    Item(
        "BP9",
        "Use persistent URIs as identifiers of datasets",
        "not",
        "The IRI is made for w3id.org, which does not lead anywhere yet; there is no DOI.",
        (),
        ("tests/ontology/test_w3id.py::test_an_IRI_leads_to_what_is_about_it",),
    ),
    Item(
        "BP10",
        "Use persistent URIs as identifiers within datasets",
        "partly",
        "IRIs come from DOI, arXiv id or title and not from the build, so that they stay; w3id.org does not lead to them yet.",
        (),
        (
            "tests/graph/test_graph_build.py::test_the_same_records_in_any_order_give_the_same_bytes",
            "tests/ontology/test_w3id.py::test_an_IRI_leads_to_what_is_about_it",
        ),
    ),
    Item(
        "BP11",
        "Assign URIs to dataset versions and series",
        "partly",
        "Versions of the ontology and releases with an address have IRIs; the snapshot that is served has none.",
        ("/ontology",),
        (
            "tests/api/test_dereferencing.py::test_a_version_is_the_document_and_another_version_is_not_found",
            "tests/graph/export/test_metadata.py::test_with_a_homepage_addresses_are_absolute_and_versions_follow_each_other",
        ),
    ),
    Item(
        "BP12",
        "Use machine-readable standardized data formats",
        "met",
        "RDF in four forms; answers as JSON, XML, CSV and TSV of the SPARQL standards.",
        ("/graph/core?format=nt",),
        (
            "tests/api/test_dereferencing.py::test_a_document_comes_in_every_format_and_links_to_each",
        ),
    ),
    Item(
        "BP13",
        "Use locale-neutral data representations",
        "met",
        "Decimals, integers, years and digests with XSD types, units of QUDT.",
        ("/shapes",),
        (
            "tests/graph/test_values.py::test_units_and_normalized_values",
            "tests/ontology/test_shapes.py::test_fault_is_reported",
        ),
    ),
    Item(
        "BP14",
        "Provide data in multiple formats",
        "met",
        "See content negotiation; tables, JSON-LD, SKG-IF and Croissant in a release.",
        ("/doc/id/corpus",),
        (
            "tests/api/test_dereferencing.py::test_a_document_comes_in_every_format_and_links_to_each",
        ),
    ),
    Item(
        "BP15",
        "Reuse vocabularies, preferably standardized ones",
        "met",
        "Own terms are below standard ones or aligned with them.",
        ("/ontology",),
        (
            "tests/ontology/test_ontology_files.py::test_terms_are_defined_and_iris_valid",
            "tests/ontology/test_alignments.py::test_every_row_matches_a_term_of_ours_with_one_of_others",
        ),
    ),
    Item(
        "BP16",
        "Choose the right formalization level",
        "met",
        "A light core that a reasoner finds consistent; the strict module is separate.",
        ("/ontology",),
        (
            "tests/ontology/test_consistency.py::test_C1_the_core_is_consistent",
            "tests/ontology/test_consistency.py::test_C2_the_strict_module_does_not_bear_a_resource_of_two_kinds",
        ),
    ),
    Item(
        "BP17",
        "Provide bulk download",
        "met",
        "Each named graph at its address; a release has everything in one file.",
        ("/graph/core?format=nt",),
        (
            "tests/api/test_dereferencing.py::test_a_graph_gives_its_triples_to_programs_and_its_document_to_people",
            "tests/graph/export/test_quads.py::test_the_quads_are_the_whole_graph_sorted_and_add_up_to_its_id",
        ),
    ),
    Item(
        "BP18",
        "Provide subsets for large datasets",
        "met",
        "Named graphs, and the description of each paper and resource.",
        ("/doc/graph/core",),
        ("tests/graph/test_void.py::test_subsets",),
    ),
    Item(
        "BP19",
        "Use content negotiation for serving data available in multiple formats",
        "met",
        "By Accept, or by ?format=; files beside the pages of a static site.",
        ("/doc/id/corpus",),
        (
            "tests/api/test_dereferencing.py::test_a_document_comes_in_every_format_and_links_to_each",
            "tests/api/test_entities.py::test_the_format_follows_the_accept_header",
        ),
    ),
    Item("BP20", "Provide real-time access", "n/a", "Papers do not change by the second.", (), ()),
    Item(
        "BP21",
        "Provide data up to date",
        "partly",
        "A graph that is published is served without a restart; how often that happens is not stated.",
        ("/health",),
        (
            "tests/api/test_service_description.py::test_it_follows_updates_and_says_that_there_are_some",
        ),
    ),
    Item(
        "BP22",
        "Provide an explanation for data that is not available",
        "partly",
        "Pages say that texts are not kept, an unknown IRI gets a reason and a search; statements below the threshold are not listed.",
        ("/ontology",),
        (
            "tests/api/test_dereferencing.py::test_an_unknown_thing_is_not_found_and_a_search_is_offered",
        ),
    ),
    Item(
        "BP23",
        "Make data available through an API",
        "met",
        "The SPARQL endpoint and the library of queries.",
        (
            "/sparql",
            "/queries",
        ),
        ("tests/api/test_sparql_clients.py::test_sparqlwrapper",),
    ),
    Item(
        "BP24",
        "Use Web Standards as the foundation of APIs",
        "met",
        "HTTP, SPARQL 1.1, OpenAPI, problem+json.",
        (
            "/docs",
            "/problems/",
        ),
        (
            "tests/api/test_app.py::test_openapi_describes_every_route",
            "tests/api/test_dereferencing.py::test_every_problem_type_resolves",
        ),
    ),
    Item(
        "BP25",
        "Provide complete documentation for your API",
        "met",
        "OpenAPI for programs, a page for people, a service description.",
        ("/docs",),
        ("tests/api/test_app.py::test_what_openapi_promises_of_a_query_is_what_it_answers",),
    ),
    Item(
        "BP26",
        "Avoid breaking changes to your API",
        "partly",
        "Terms are never taken away or changed; paths and queries of the library have no version.",
        ("/ontology",),
        (
            "tests/ontology/test_versions.py::test_no_term_of_a_released_version_is_gone_or_something_else",
        ),
    ),
    Item(
        "BP27",
        "Preserve identifiers",
        "partly",
        "A deprecated term stays and leads to its successor; a thing that is gone from the graph answers 404, without a tombstone.",
        ("/ontology",),
        (
            "tests/ontology/test_versions.py::test_no_term_of_a_released_version_is_gone_or_something_else",
            "tests/ontology/documenting/test_page.py::test_a_deprecated_term_is_marked_and_leads_to_what_replaces_it",
        ),
    ),
    Item(
        "BP28",
        "Assess dataset coverage",
        "partly",
        "A release has our own ontology, vocabularies and shapes; those of others are named and not archived.",
        (),
        ("tests/graph/export/test_ontology_forms.py::test_each_form_is_the_turtle",),
    ),
    Item(
        "BP29",
        "Gather feedback from data consumers",
        "not",
        "There is no place for feedback on the server.",
        (),
        (),
    ),
    Item("BP30", "Make feedback available", "not", "There is none to show.", (), ()),
    Item(
        "BP31",
        "Enrich data by generating new data",
        "met",
        "Normalized figures, directions of metrics, variants of models and what was evaluated on what, in a graph of their own.",
        ("/doc/graph/inferred",),
        (
            "tests/graph/test_values.py::test_units_and_normalized_values",
            "tests/graph/test_graph_mapping.py::test_only_absolute_results_say_what_a_model_was_evaluated_on",
        ),
    ),
    Item(
        "BP32",
        "Provide complementary presentations",
        "met",
        "Pages of papers and resources, answers as tables, a static site.",
        ("/queries",),
        (
            "tests/api/test_entities.py::test_the_page_of_a_paper_shows_what_it_says_and_why",
            "tests/api/publishing/test_publishing_pages.py::test_every_paper_and_resource_has_a_page_that_is_listed",
        ),
    ),
    Item(
        "BP33",
        "Provide feedback to the original publisher",
        "not",
        "Nothing is reported back to those who publish the papers.",
        (),
        (),
    ),
    Item(
        "BP34",
        "Follow licensing terms",
        "met",
        "Texts are not copied: digest, length and positions, and the words of names alone.",
        ("/ontology",),
        (
            "tests/graph/export/test_evidence.py::test_no_text_is_given_away",
            "tests/graph/test_graph_mapping.py::test_long_surface_forms_are_cut",
        ),
    ),
    Item(
        "BP35",
        "Cite the original publication",
        "met",
        "Each paper has its title, authors, venue, year and, where there is one, its DOI as the source.",
        ("/queries",),
        ("tests/api/test_entities.py::test_the_page_of_a_paper_shows_what_it_says_and_why",),
    ),
)
