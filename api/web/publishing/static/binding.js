// Values of parameters as SPARQL tokens, as queries/parameters.py makes them.

import { pieces } from "./paint.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";

function fail(parameter, expected) {
  throw new Error(`${parameter.label}: wanted is ${expected}`);
}

function iri(parameter, value, expected) {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]*$/.test(value)) fail(parameter, expected);
  return `<${value}>`;
}

function text(value) {
  const escapes = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r" };
  return `"${value.replace(/[\\"\n\r]/g, (char) => escapes[char])}"`;
}

function within(parameter, value, expected) {
  const { minimum, maximum } = parameter;
  const low = minimum !== null && Number(value) < Number(minimum);
  const high = maximum !== null && Number(value) > Number(maximum);
  if (low || high) fail(parameter, `${expected}${minimum === null ? "" : `, ${minimum} or more`}${maximum === null ? "" : `, ${maximum} or less`}`);
}

/** The token that stands for a value; throws an Error that says what is valid. */
export function term(parameter, value, base) {
  if (parameter.only.length && !parameter.only.includes(value)) fail(parameter, `one of ${parameter.only.join(", ")}`);
  switch (parameter.type) {
    case "iri":
      return iri(parameter, value, "an absolute IRI");
    case "resource": {
      const short = !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(value) && /^[a-z]+(?:\/[^/\s]+)+$/.test(value);
      return iri(parameter, short ? `${base}/id/${value}` : value, "an absolute IRI, or a path such as dataset/squad");
    }
    case "label": {
      const label = value.replace(/\s+/g, " ").trim();
      return label ? text(label) : fail(parameter, "a name of at least one character");
    }
    case "integer":
      if (!/^[+-]?[0-9]{1,18}$/.test(value)) fail(parameter, "a whole number");
      within(parameter, value, "a whole number");
      return String(BigInt(value.replace("+", "")));
    case "decimal":
      if (!/^[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})$/.test(value)) fail(parameter, "a decimal number such as 0.75");
      within(parameter, value, "a decimal number");
      return `"${value}"^^<${XSD}decimal>`;
    case "year":
      if (!/^[0-9]{4}$/.test(value)) fail(parameter, "a year of four digits");
      within(parameter, value, "a year");
      return `"${value}"^^<${XSD}gYear>`;
    default:
      return text(value);
  }
}

/** The text of a query with every `$name` of a parameter replaced by its value. */
export function bind(query, values, base) {
  const tokens = new Map(query.parameters.map((each) => [`$${each.name}`, term(each, values[each.name] ?? each.default, base)]));
  return pieces(query.text)
    .map(([kind, piece]) => (kind === "var" && tokens.has(piece) ? tokens.get(piece) : piece))
    .join("");
}
