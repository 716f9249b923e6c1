// The editor page: line numbers, colours, running, answers, errors at their place.

import { drawProblem, element } from "./answer.js";
import { drawExplanation, fetchExplanation } from "./explain.js";
import { faultRange, offsetOf, paint } from "./paint.js";
import { drawPages, viewsOf } from "./views.js";

const TABLE = "application/sparql-results+json";
const GRAPH = "text/turtle";
const DOWNLOADS = {
  table: [["CSV", "text/csv", "csv"], ["TSV", "text/tab-separated-values", "tsv"], ["JSON", TABLE, "srj"], ["XML", "application/sparql-results+xml", "srx"]],
  graph: [["Turtle", GRAPH, "ttl"], ["JSON-LD", "application/ld+json", "jsonld"], ["N-Triples", "application/n-triples", "nt"], ["RDF/XML", "application/rdf+xml", "rdf"]],
};

const form = document.getElementById("ask");
const area = document.getElementById("query");
const frame = document.getElementById("editor");
const gutter = frame.querySelector(".gutter");
const copy = frame.querySelector(".paint");
const run = document.getElementById("run");
const stop = document.getElementById("stop");
const status = document.getElementById("status");
const answer = document.getElementById("answer");

const look = {
  base: form.dataset.base,
  shown: Number(form.dataset.shown),
  prefixes: [...document.querySelectorAll("[data-prefix]")].map((row) => [row.dataset.prefix, row.dataset.namespace]),
};

let fault = null;
let running = null;

function redraw() {
  const text = area.value;
  const bad = fault && text.slice(0, fault[0]).split("\n").length;
  const count = text.split("\n").length;
  const numbers = Array.from({ length: count }, (_, at) =>
    at + 1 === bad ? element("span", { className: "bad", textContent: `${at + 1}\n` }) : `${at + 1}\n`,
  );
  gutter.replaceChildren(...numbers);
  paint(copy, text, fault);
  follow();
}

function follow() {
  copy.scrollTop = gutter.scrollTop = area.scrollTop;
  copy.scrollLeft = area.scrollLeft;
}

function say(text) {
  status.textContent = text;
}

function ask(query, accept, signal) {
  return fetch(form.action, {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: accept },
    body: query,
    signal,
  });
}

async function problemOf(response) {
  const body = await response.text();
  try {
    return JSON.parse(body);
  } catch {
    return { title: `The server answered ${response.status} ${response.statusText}`, detail: body.slice(0, 2000) };
  }
}

function showProblem(query, problem) {
  if (problem.line) fault = faultRange(query, offsetOf(query, problem.line, problem.column));
  redraw();
  // A richer editor in the place of this one marks it too.
  frame.dispatchEvent(new CustomEvent("fault", { detail: fault }));
  const go = () => {
    if (frame.hidden) return frame.dispatchEvent(new CustomEvent("goto", { detail: fault }));
    area.focus();
    area.setSelectionRange(...fault);
  };
  answer.replaceChildren(drawProblem(problem, go));
  const place = problem.line ? ` at line ${problem.line}, column ${problem.column}` : "";
  say(`${problem.title || "The query failed"}${place}.`);
}

async function download(query, [name, type, suffix]) {
  say(`Fetching ${name} …`);
  const response = await ask(query, type);
  if (!response.ok) return showProblem(query, await problemOf(response));
  const link = element("a", { href: URL.createObjectURL(await response.blob()), download: `answer.${suffix}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return say(`${name} downloaded.`);
}

function drawDownloads(query, kind) {
  const buttons = DOWNLOADS[kind].map((format) => {
    const button = element("button", { type: "button", textContent: format[0] });
    button.addEventListener("click", () => download(query, format).catch(lost));
    return button;
  });
  return element("p", { className: "actions small" }, element("span", { className: "quiet", textContent: "Download" }), ...buttons);
}

function seconds(since) {
  const passed = performance.now() - since;
  return passed < 1000 ? `${Math.round(passed)} ms` : `${(passed / 1000).toFixed(1)} s`;
}

function showAnswer(query, type, body, time) {
  if (!type.includes("json")) {
    const lines = body.split("\n");
    answer.replaceChildren(drawDownloads(query, "graph"), drawForms(query, type, lines.slice(0, look.shown).join("\n")));
    return say(`A graph of ${lines.length} lines in ${time}.${cut(lines.length, "lines")}`);
  }
  const results = JSON.parse(body);
  if (typeof results.boolean === "boolean") {
    answer.replaceChildren(element("p", { className: "lead", textContent: results.boolean ? "Yes" : "No" }));
    return say(`${results.boolean ? "Yes" : "No"}, in ${time}.`);
  }
  const count = results.results.bindings.length;
  if (!count) {
    const why = element("button", { type: "button", textContent: "Why?" });
    why.addEventListener("click", () => explain().catch(lost));
    const text = element("p", { textContent: "No row of the graph fits. A mistyped property gives the same." });
    answer.replaceChildren(element("div", { className: "message" }, text, element("p", {}, why)));
    return say(`No rows, in ${time}.`);
  }
  answer.replaceChildren(drawDownloads(query, "table"), drawViews(results, body));
  return say(`${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"} in ${time}, sending and receiving included.${cut(count, "rows")}`);
}

/** Buttons of which one is pressed, over what it shows. */
function drawChoice(words, makers) {
  const shown = element("div");
  const buttons = Object.entries(makers).map(([name, make]) => {
    const button = element("button", { type: "button", textContent: name });
    button.addEventListener("click", async () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      shown.replaceChildren(...(await make()));
    });
    return button;
  });
  const bar = element("p", { className: "actions small" }, ...buttons);
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", words);
  buttons[0].click();
  return element("div", {}, bar, shown);
}

function drawViews(results, body) {
  const makers = { Table: () => [drawPages(results, look)] };
  for (const [name, view] of Object.entries(viewsOf(results))) {
    makers[name] = () => {
      const [words, picture] = view(results, look);
      return [element("p", { className: "quiet small", textContent: words }), picture];
    };
  }
  makers.Raw = () => [drawText(body)];
  return drawChoice("View", makers);
}

function drawText(text) {
  const most = 200_000;
  const box = element("pre", { tabIndex: 0, textContent: text.slice(0, most) });
  if (text.length > most) box.append(`\n… the first ${most.toLocaleString("en")} of ${text.length.toLocaleString("en")} characters; a download holds all.`);
  return box;
}

function drawForms(query, type, text) {
  const other = async () => {
    const response = await ask(query, "application/ld+json");
    return [drawText(response.ok ? await response.text() : (await problemOf(response)).detail)];
  };
  return drawChoice("Form", { Turtle: () => [drawText(text)], "JSON-LD": other });
}

/** The address of this page with this query, so that a bookmark or a message leads to it. */
function remember(query) {
  const loaded = form.dataset.loaded === query ? form.dataset.link : "";
  history.replaceState(null, "", loaded || `/editor?query=${encodeURIComponent(query)}`);
}

function cut(count, what) {
  return count > look.shown ? ` The first ${look.shown.toLocaleString("en")} ${what} are drawn; a download holds all.` : "";
}

function lost(error) {
  if (error.name === "AbortError") return say("Stopped.");
  const detail = "The connection broke before the answer was complete, so nothing of it is shown. The query may have run into the server's limits.";
  answer.replaceChildren(drawProblem({ title: "No complete answer", detail }));
  return say("No complete answer.");
}

async function submit() {
  running?.abort();
  const mine = (running = new AbortController());
  const query = area.value;
  const since = performance.now();
  fault = null;
  redraw();
  frame.dispatchEvent(new CustomEvent("fault", { detail: null }));
  remember(query);
  busy(true);
  say("Running …");
  try {
    const response = await ask(query, `${TABLE}, ${GRAPH};q=0.9`, mine.signal);
    if (!response.ok) showProblem(query, await problemOf(response));
    else showAnswer(query, response.headers.get("Content-Type") ?? "", await response.text(), seconds(since));
  } catch (error) {
    if (running === mine) lost(error);
  } finally {
    if (running === mine) busy(false);
  }
}

async function explain() {
  const query = area.value;
  say("Explaining …");
  const response = await fetchExplanation(query);
  if (!response.ok) return showProblem(query, await problemOf(response));
  const found = await response.json();
  answer.replaceChildren(...drawExplanation(query, found, pointAt, change));
  const count = found.findings.length;
  return say(`${count || "No"} ${count === 1 ? "remark" : "remarks"} on the query.`);
}

function pointAt(range) {
  fault = range;
  redraw();
  frame.dispatchEvent(new CustomEvent("fault", { detail: fault }));
  if (frame.hidden) return frame.dispatchEvent(new CustomEvent("goto", { detail: fault }));
  area.focus();
  return area.setSelectionRange(...fault);
}

function change([start, end], text) {
  area.value = area.value.slice(0, start) + text + area.value.slice(end);
  area.dispatchEvent(new Event("input", { bubbles: true }));
  explain().catch(lost);
}

function busy(is) {
  run.disabled = is;
  stop.hidden = !is;
  answer.setAttribute("aria-busy", String(is));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
const explaining = document.getElementById("explain");
explaining.hidden = false;
explaining.addEventListener("click", () => explain().catch(lost));
stop.addEventListener("click", () => running?.abort());
area.addEventListener("input", () => {
  fault = null;
  redraw();
});
area.addEventListener("scroll", follow);
area.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
new ResizeObserver(() => {
  gutter.style.height = `${area.offsetHeight}px`;
  follow();
}).observe(area);

const find = document.getElementById("find");
find.closest("p").hidden = false;
find.addEventListener("input", () => {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const group of document.querySelectorAll(".library details")) {
    const members = [...group.querySelectorAll("li")];
    for (const member of members) member.hidden = !words.every((word) => member.dataset.words.includes(word));
    const left = members.filter((member) => !member.hidden).length;
    count += left;
    group.hidden = !left;
    if (words.length) group.open = true;
  }
  document.getElementById("found").textContent = words.length ? `${count} ${count === 1 ? "query" : "queries"}` : "";
});

// The address of a query of the library holds its values, as long as its text is as it was.
form.dataset.loaded = new URLSearchParams(location.search).has("id") ? area.value : "";
form.dataset.link = location.pathname + location.search;
frame.classList.add("painted");
redraw();
