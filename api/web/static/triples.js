// Reads N-Triples as the endpoint writes them, a triple a line, into rows of a SELECT answer.

const PART = String.raw`<([^<>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^<>]*)>)?`;
const LINE = new RegExp(String.raw`^(?:${PART}) <([^<>]*)> (?:${PART}) \.$`);
const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

function plain(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, char) =>
    char ? (ESCAPES[char] ?? char) : String.fromCodePoint(parseInt(four ?? eight, 16)),
  );
}

function term([iri, blank, literal, lang, datatype]) {
  if (iri !== undefined) return { type: "uri", value: plain(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  const made = { type: "literal", value: plain(literal) };
  if (lang) made["xml:lang"] = lang;
  if (datatype) made.datatype = datatype;
  return made;
}

/** Rows of subject, predicate and object; what is no plain triple, such as a triple term, is left out. */
export function tripleRows(text) {
  const bindings = [];
  for (const line of text.split("\n")) {
    const match = LINE.exec(line);
    if (match) bindings.push({ subject: term(match.slice(1, 6)), predicate: { type: "uri", value: plain(match[6]) }, object: term(match.slice(7, 12)) });
  }
  return { head: { vars: ["subject", "predicate", "object"] }, results: { bindings } };
}
