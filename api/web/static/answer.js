// Draws answers of the endpoint. All text enters as text nodes, never as markup.

const NUMBERS = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger", "positiveInteger"].map(
    (name) => "http://www.w3.org/2001/XMLSchema#" + name,
  ),
);

export function element(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

/** Shorten an IRI by the longest namespace that fits. */
export function shorten(iri, prefixes, base) {
  if (iri.startsWith(base + "/id/")) return decode(iri.slice(base.length + 4));
  let best = null;
  for (const [prefix, namespace] of prefixes) {
    if (iri.startsWith(namespace) && (!best || namespace.length > best[1].length)) best = [prefix, namespace];
  }
  const rest = best && iri.slice(best[1].length);
  return best && /^[\w-]+$/.test(rest) ? best[0] + ":" + rest : iri;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Address of an IRI's page on this server, else the IRI itself if a browser can follow it. */
export function address(iri, base) {
  for (const place of ["/id/", "/ontology", "/vocab/"]) {
    if (iri.startsWith(base + place)) return iri.slice(base.length);
  }
  return /^https?:\/\//.test(iri) ? iri : null;
}

function drawTerm(term, look) {
  if (!term) return element("span", { className: "unbound", title: "no value", textContent: "–" });
  if (term.type === "uri") {
    const href = (look.address ?? address)(term.value, look.base);
    const text = shorten(term.value, look.prefixes, look.base);
    if (!href) return element("span", { title: term.value, textContent: text });
    const link = element("a", { href, title: term.value, textContent: text });
    if (/^https?:/.test(href)) link.rel = "noopener noreferrer external";
    return link;
  }
  if (term.type === "triple") {
    const parts = ["subject", "predicate", "object"].map((part) => drawTerm(term.value[part], look));
    return element("span", {}, "<< ", parts[0], " ", parts[1], " ", parts[2], " >>");
  }
  const node = element("span", { textContent: term.type === "bnode" ? "_:" + term.value : term.value });
  if (term.datatype) node.title = shorten(term.datatype, look.prefixes, look.base);
  if (!term["xml:lang"]) return node;
  return element("span", {}, node, " ", element("span", { className: "lang", textContent: "@" + term["xml:lang"] }));
}

function isNumber(term) {
  return term?.type === "literal" && NUMBERS.has(term.datatype);
}

function drawRow(names, binding, look) {
  const row = element("tr");
  for (const name of names) {
    const term = binding[name];
    const cell = element("td", {}, drawTerm(term, look));
    if (isNumber(term)) cell.className = "number";
    else if (cell.textContent.length > 40) cell.className = "long";
    row.append(cell);
  }
  return row;
}

/** Table of a SELECT answer: the first `look.shown` rows. */
export function drawTable(results, look) {
  const names = results.head.vars;
  const rows = results.results.bindings;
  const head = element("tr", {}, ...names.map((name) => element("th", { scope: "col", textContent: name, className: isNumber(rows[0]?.[name]) ? "number" : "" })));
  const body = element("tbody", {}, ...rows.slice(0, look.shown).map((row) => drawRow(names, row, look)));
  const table = element("table", {}, element("thead", {}, head), body);
  const box = element("div", { className: "scroll", tabIndex: 0 }, table);
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Rows of the answer");
  return box;
}

/** Problem as a message; `onGo` moves to its place in the query, where it has one. */
export function drawProblem(problem, onGo) {
  const box = element("div", { className: "message wrong" });
  box.append(element("p", {}, element("strong", { textContent: problem.title || "The query failed" })));
  if (problem.detail) box.append(element("pre", { textContent: problem.detail }));
  if (problem.line) {
    const go = element("button", { type: "button", textContent: "Go there" });
    go.addEventListener("click", onGo);
    box.append(element("p", {}, go));
  }
  return box;
}
