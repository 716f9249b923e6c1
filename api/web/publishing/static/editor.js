// The editor page of the static site: queries run in this browser.

import { drawProblem, drawTable, element } from "./answer.js";
import { bind } from "./binding.js";
import { Engine } from "./engine.js";
import { faultRange, offsetOf, paint, pieces } from "./paint.js";

const TABLE = "application/sparql-results+json";
const GRAPH = "text/turtle";
const DOWNLOADS = {
  table: [["CSV", "text/csv", "csv"], ["JSON", TABLE, "srj"]],
  graph: [["Turtle", GRAPH, "ttl"], ["N-Triples", "application/n-triples", "nt"]],
};

const byId = (id) => document.getElementById(id);
const settings = JSON.parse(byId("settings").textContent);
const library = new Map(JSON.parse(byId("queries").textContent).map((query) => [query.id, query]));
const area = byId("query");
const frame = byId("editor");
const gutter = frame.querySelector(".gutter");
const copy = frame.querySelector(".paint");
const answer = byId("answer");
const bar = byId("progress");

const look = {
  base: settings.base,
  shown: settings.shown,
  prefixes: [...document.querySelectorAll("[data-prefix]")].map((row) => [row.dataset.prefix, row.dataset.namespace]),
  address: pageOf,
};

const engine = new Engine(settings, (text, share) => {
  say(text);
  bar.hidden = false;
  bar.value = share;
});

let fault = null;
let turn = 0;
let chosen = null;

/** Name of a file for a segment of an IRI; the same as in api/publishing/paths.py. */
function fileName(key) {
  const bytes = (char) => [...new TextEncoder().encode(char)].map((byte) => `=${byte.toString(16).padStart(2, "0")}`).join("");
  let name = [...key]
    .map((char) => (/[a-z0-9.-]/.test(char) ? char : char === ":" ? "~" : /[A-Z]/.test(char) ? `_${char.toLowerCase()}` : bytes(char)))
    .join("");
  if (/^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/.test(name)) name = bytes(name[0]) + name.slice(1);
  return name.length > settings.longest ? null : name;
}

/** Address of the page of an IRI on this site, or of others; null where there is none. */
function pageOf(iri) {
  const start = `${settings.base}/id/`;
  if (iri.startsWith(start)) {
    const [kind, key, ...below] = iri.slice(start.length).split("/");
    const name = settings.kinds.includes(kind) && key && (kind === "paper" || !below.length) ? fileName(key) : null;
    return name && `id/${kind}/${name}.html${below.length ? `#${below.join("-")}` : ""}`;
  }
  const terms = "https://w3id.org/fairpapers/";
  if (iri.startsWith(`${terms}ontology#`)) return `ontology.html#${iri.slice(terms.length + 9)}`;
  if (iri.startsWith(`${terms}vocab/`)) return `vocab.html#${iri.slice(terms.length + 6)}`;
  return /^https?:\/\//.test(iri) && !iri.startsWith(terms) && !iri.startsWith(`${settings.base}/`) ? iri : null;
}

function redraw() {
  const bad = fault && area.value.slice(0, fault[0]).split("\n").length;
  const numbers = area.value.split("\n").map((_, at) => (at + 1 === bad ? element("span", { className: "bad", textContent: `${at + 1}\n` }) : `${at + 1}\n`));
  gutter.replaceChildren(...numbers);
  paint(copy, area.value, fault);
  follow();
}

function follow() {
  copy.scrollTop = gutter.scrollTop = area.scrollTop;
  copy.scrollLeft = area.scrollLeft;
}

function say(text) {
  byId("status").textContent = text;
}

/** Words of a query outside of strings, comments and names, in upper case. */
function keywords(query) {
  return pieces(query).filter(([kind]) => kind === "key").map(([, piece]) => piece.toUpperCase());
}

function isGraph(query) {
  const form = keywords(query).find((word) => ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"].includes(word));
  return form === "CONSTRUCT" || form === "DESCRIBE";
}

function run(query, format) {
  return engine.ask(query, format, !keywords(query).includes("FROM"));
}

function showProblem(query, error) {
  const at = /error at (\d+):(\d+)/.exec(error.message);
  const problem = { title: at ? "This is no SPARQL" : "The query failed", detail: error.message };
  if (at) {
    [problem.line, problem.column] = [Number(at[1]), Number(at[2])];
    problem.detail = `line ${problem.line}, column ${problem.column}: ${error.message.replace(/^.*error at \d+:\d+: /, "")}`;
    fault = faultRange(query, offsetOf(query, problem.line, problem.column));
  }
  redraw();
  const go = () => {
    area.focus();
    area.setSelectionRange(...fault);
  };
  answer.replaceChildren(drawProblem(problem, go));
  say(at ? `${problem.title} at line ${problem.line}, column ${problem.column}.` : `${problem.title}.`);
}

function drawDownloads(query, kind) {
  const buttons = DOWNLOADS[kind].map(([name, type, suffix]) => {
    const button = element("button", { type: "button", textContent: name });
    button.addEventListener("click", () => {
      attempt(query, async () => {
        const { body } = await run(query, type);
        const link = element("a", { href: URL.createObjectURL(new Blob([body], { type })), download: `answer.${suffix}` });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
        say(`${name} downloaded.`);
      });
    });
    return button;
  });
  return element("p", { className: "actions small" }, element("span", { className: "quiet", textContent: "Download" }), ...buttons);
}

function cut(count, what) {
  return count > look.shown ? ` The first ${look.shown.toLocaleString("en")} ${what} are drawn; a download holds all.` : "";
}

function showAnswer(query, graph, body, time) {
  if (graph) {
    const lines = body.split("\n");
    answer.replaceChildren(drawDownloads(query, "graph"), element("pre", { textContent: lines.slice(0, look.shown).join("\n") }));
    return say(`A graph of ${lines.length} lines in ${time}.${cut(lines.length, "lines")}`);
  }
  const results = JSON.parse(body);
  if (typeof results.boolean === "boolean") {
    const word = results.boolean ? "Yes" : "No";
    answer.replaceChildren(element("p", { className: "lead", textContent: word }));
    return say(`${word}, in ${time}.`);
  }
  const count = results.results.bindings.length;
  if (!count) {
    answer.replaceChildren(element("p", { className: "message", textContent: "No row of the graph fits. A mistyped property gives the same: compare the names with a query of the library." }));
    return say(`No rows, in ${time}.`);
  }
  answer.replaceChildren(drawDownloads(query, "table"), drawTable(results, look));
  return say(`${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"} in ${time}.${cut(count, "rows")}`);
}

function seconds(since) {
  const passed = performance.now() - since;
  return passed < 1000 ? `${Math.round(passed)} ms` : `${(passed / 1000).toFixed(1)} s`;
}

/** Run one thing at a time, with Stop in reach; what fails is shown at its place. */
async function attempt(query, work) {
  const mine = (turn += 1);
  fault = null;
  redraw();
  busy(true);
  try {
    await work();
  } catch (error) {
    if (mine !== turn) return;
    if (!error.stopped) showProblem(query, error);
    else say(`${error.message} The next query reads the graph again.`);
  } finally {
    if (mine === turn) busy(false);
  }
}

function submit() {
  if (byId("run").disabled) return;
  const query = area.value;
  attempt(query, async () => {
    const graph = isGraph(query);
    await engine.ready();
    bar.hidden = true;
    say("Running …");
    const since = performance.now();
    const { body } = await run(query, graph ? GRAPH : TABLE);
    showAnswer(query, graph, body, seconds(since));
  });
}

function busy(is) {
  byId("run").disabled = is;
  byId("stop").hidden = !is;
  if (!is) bar.hidden = true;
  answer.setAttribute("aria-busy", String(is));
}

function field(parameter, value) {
  const id = `p-${parameter.name}`;
  const input = element("input", { type: "text", id, name: parameter.name, value, spellcheck: false, autocomplete: "off" });
  input.setAttribute("aria-describedby", `h-${parameter.name}`);
  const parts = [element("label", { htmlFor: id, textContent: parameter.label }), input, element("small", { id: `h-${parameter.name}`, textContent: parameter.description })];
  if (parameter.choices.length) {
    input.setAttribute("list", `c-${parameter.name}`);
    parts.push(element("datalist", { id: `c-${parameter.name}` }, ...parameter.choices.map(([value_, label]) => element("option", { value: value_, label }))));
  }
  return element("div", { className: "field" }, ...parts);
}

/** Open the query of the library that the address names: `#id=C01&top=5`. */
function open() {
  const given = new URLSearchParams(location.hash.slice(1));
  chosen = library.get(given.get("id")) ?? null;
  byId("loaded").hidden = !chosen;
  for (const link of document.querySelectorAll("aside li a")) {
    if (chosen && link.hash === `#id=${chosen.id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (!chosen) return;
  byId("loaded-id").textContent = chosen.id;
  byId("loaded-title").textContent = chosen.title;
  byId("loaded-question").textContent = chosen.question;
  byId("loaded-more").href = `queries/${chosen.id}.html`;
  byId("parameters").hidden = !chosen.parameters.length;
  byId("fields").replaceChildren(...chosen.parameters.map((each) => field(each, given.get(each.name) ?? each.default)));
  put();
}

function put() {
  const values = Object.fromEntries(new FormData(byId("parameters")));
  fault = null;
  try {
    area.value = bind(chosen, values, settings.base);
    answer.replaceChildren();
    say("");
  } catch (error) {
    area.value = chosen.text;
    answer.replaceChildren(drawProblem({ title: "A value does not fit", detail: error.message }));
    say("A value does not fit.");
  }
  redraw();
}

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
byId("parameters").addEventListener("submit", (event) => {
  event.preventDefault();
  put();
});
byId("stop").addEventListener("click", () => {
  engine.end();
  busy(false);
});
area.addEventListener("input", () => {
  fault = null;
  redraw();
});
area.addEventListener("scroll", follow);
area.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    submit();
  }
});
window.addEventListener("hashchange", open);
new ResizeObserver(() => {
  gutter.style.height = `${area.offsetHeight}px`;
  follow();
}).observe(area);

frame.classList.add("painted");
redraw();
open();
