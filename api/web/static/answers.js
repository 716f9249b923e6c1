// Draws a whole answer of the endpoint: what it is, its views, and its downloads.

import { element } from "./answer.js";
import { tripleRows } from "./triples.js";
import { drawPages, networkOf, viewsOf } from "./views.js";

export const TABLE = "application/sparql-results+json";
export const GRAPH = "text/turtle";
const DOWNLOADS = {
  table: [["CSV", "text/csv", "csv"], ["TSV", "text/tab-separated-values", "tsv"], ["JSON", TABLE, "srj"], ["XML", "application/sparql-results+xml", "srx"]],
  graph: [["Turtle", GRAPH, "ttl"], ["JSON-LD", "application/ld+json", "jsonld"], ["N-Triples", "application/n-triples", "nt"], ["RDF/XML", "application/rdf+xml", "rdf"]],
};

/** Buttons of which one is pressed, over what it shows. */
function drawChoice(words, makers) {
  const shown = element("div");
  let last = null;
  const buttons = Object.entries(makers).map(([name, make]) => {
    const button = element("button", { type: "button", textContent: name });
    button.addEventListener("click", async () => {
      last = name;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      const nodes = await make();
      // Another view may have been chosen while this one was fetched.
      if (last === name) shown.replaceChildren(...nodes);
    });
    return button;
  });
  const bar = element("p", { className: "actions small" }, ...buttons);
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", words);
  buttons[0].click();
  return element("div", {}, bar, shown);
}

function drawText(text) {
  const most = 200_000;
  const box = element("pre", { tabIndex: 0, textContent: text.slice(0, most) });
  if (text.length > most) box.append(`\n… the first ${most.toLocaleString("en")} of ${text.length.toLocaleString("en")} characters; a download holds all.`);
  return box;
}

function captioned([words, picture]) {
  return [element("p", { className: "quiet small", textContent: words }), picture];
}

function drawViews(results, body, look) {
  const makers = { Table: () => [drawPages(results, look)] };
  for (const [name, view] of Object.entries(viewsOf(results))) makers[name] = () => captioned(view(results, look));
  makers.Raw = () => [drawText(body)];
  return drawChoice("View", makers);
}

/** Views of a graph; `fetchText(type)` gives it in another format, or says why not. */
function drawForms(text, look, fetchText) {
  let rows = null;
  const triples = async (make) => {
    try {
      rows ??= tripleRows(await fetchText("application/n-triples"));
    } catch (error) {
      return [element("p", { className: "message wrong", textContent: error.message })];
    }
    return make(rows);
  };
  return drawChoice("Form", {
    Turtle: () => [drawText(text)],
    "JSON-LD": async () => [drawText(await fetchText("application/ld+json").catch((error) => error.message))],
    Table: () => triples((found) => [drawPages(found, look)]),
    Network: () => triples((found) => captioned(networkOf(found, look))),
  });
}

function cut(count, what, look) {
  return count > look.shown ? ` The first ${look.shown.toLocaleString("en")} ${what} are drawn; a download holds all.` : "";
}

/**
 * Nodes that show an answer, and words that tell of it.
 *
 * `time` is how long it took; `download(format)` and `fetchText(type)` ask the same again in another format,
 * `why` explains an answer without rows.
 */
export function drawAnswer(type, body, time, look, { download, fetchText, why }) {
  const downloads = (kind) => {
    const buttons = DOWNLOADS[kind].map((format) => {
      const button = element("button", { type: "button", textContent: format[0] });
      button.addEventListener("click", () => download(format));
      return button;
    });
    return element("p", { className: "actions small" }, element("span", { className: "quiet", textContent: "Download" }), ...buttons);
  };
  if (!type.includes("json")) {
    const lines = body.split("\n");
    const forms = drawForms(lines.slice(0, look.shown).join("\n"), look, fetchText);
    return [[downloads("graph"), forms], `A graph of ${lines.length} lines in ${time}.${cut(lines.length, "lines", look)}`];
  }
  const results = JSON.parse(body);
  if (typeof results.boolean === "boolean") {
    const word = results.boolean ? "Yes" : "No";
    return [[element("p", { className: "lead", textContent: word })], `${word}, in ${time}.`];
  }
  const count = results.results.bindings.length;
  if (!count) {
    const button = element("button", { type: "button", textContent: "Why?" });
    button.addEventListener("click", why);
    const words = element("p", { textContent: "No row of the graph fits. A mistyped property gives the same." });
    return [[element("div", { className: "message" }, words, element("p", {}, button))], `No rows, in ${time}.`];
  }
  const words = `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"} in ${time}, sending and receiving included.${cut(count, "rows", look)}`;
  return [[downloads("table"), drawViews(results, body, look)], words];
}
