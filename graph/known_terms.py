"""Which terms of other vocabularies exist.

rdflib carries most of the vocabularies as closed lists; those that it has not, or has in an older
version, are listed here as far as a graph of papers may need them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rdflib import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD, URIRef
from rdflib.namespace import DefinedNamespace

from ..ontology.terms import PREFIXES

_CLOSED: Final[Mapping[str, type[DefinedNamespace]]] = MappingProxyType(
    {
        str(namespace): namespace
        for namespace in (
            DCAT,
            DCTERMS,
            FOAF,
            OWL,
            PROV,
            RDF,
            RDFS,
            SDO,
            SH,
            SKOS,
            VANN,
            VOID,
            XSD,
        )
    }
)
_LISTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bibo": "doi status",
        # New in version 3.
        "dcat": (
            "DatasetSeries first hasCurrentVersion hasVersion inSeries isVersionOf last next prev"
            " previousVersion resource seriesMember version"
        ),
        "dqv": (
            "Category Dimension Metric QualityAnnotation QualityCertificate QualityMeasurement"
            " QualityMeasurementDataset QualityMetadata QualityPolicy UserQualityFeedback"
            " computedOn expectedDataType hasQualityAnnotation hasQualityMeasurement"
            " hasQualityMetadata inCategory inDimension isMeasurementOf precision"
            " qualityAssessment value"
        ),
        "oa": (
            "Annotation Choice CssSelector CssStyle DataPositionSelector Direction"
            " FragmentSelector HttpRequestState Motivation RangeSelector ResourceSelection"
            " Selector SpecificResource State Style SvgSelector TextPositionSelector"
            " TextQuoteSelector TextualBody TimeState XPathSelector annotationService bodyValue"
            " cachedSource canonical end exact hasBody hasEndSelector hasPurpose hasScope"
            " hasSelector hasSource hasStartSelector hasState hasTarget motivatedBy prefix"
            " processingLanguage refinedBy renderedVia sourceDate sourceDateEnd sourceDateStart"
            " start styleClass styledBy suffix textDirection via"
        ),
        "qudt": "Unit hasUnit numericValue symbol unit value",
        "sd": (
            "Dataset EntailmentProfile EntailmentRegime Feature Function Graph GraphCollection"
            " Language NamedGraph Service availableGraphs defaultDataset defaultGraph"
            " defaultEntailmentRegime endpoint entailmentRegime extensionFunction feature graph"
            " inputFormat languageExtension name namedGraph propertyFeature resultFormat"
            " supportedEntailmentProfile supportedLanguage"
        ),
        # What these name, as the examples of SPARQL endpoints use it, is not listed in one place.
        "spex": "",
        "void-ext": (
            "averageIRILength averageLiteralLength averagePropertyLength averageSubjectIRILength"
            " datatype datatypePartition datatypes distinctBlankNodeObjects"
            " distinctBlankNodeSubjects distinctIRIReferenceObjects distinctIRIReferenceSubjects"
            " distinctLiterals distinctRDFNodes language languagePartition languages"
            " literalLengthPartition maxLength messageDigest minLength namespacePartition"
            " objectNamespace objectNamespacePartition propertyNamespace subjectNamespace"
        ),
    }
)
_TERMS: Final = frozenset(
    PREFIXES[prefix] + name for prefix, names in _LISTED.items() for name in names.split()
)


def is_defined(iri: str) -> bool:
    """Tell whether a class or property of another vocabulary exists.

    A vocabulary of which no list is known defines whatever is asked.

    >>> is_defined("http://www.w3.org/2004/02/skos/core#prefLabel")
    True
    >>> is_defined("http://www.w3.org/2004/02/skos/core#preferredLabel")
    False
    """
    if iri in _TERMS:
        return True
    for name, namespace in _CLOSED.items():
        if iri.startswith(name):
            return URIRef(iri) in namespace or iri.startswith(f"{RDF}_")
    listed = (PREFIXES[prefix] for prefix, names in _LISTED.items() if names)
    return not iri.startswith(tuple(listed))
