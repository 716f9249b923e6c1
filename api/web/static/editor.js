// The editor page: line numbers, colours, running, tabs, errors at their place.

import { drawProblem, element } from "./answer.js";
import { drawAnswer, GRAPH, TABLE } from "./answers.js";
import { drawExplanation, fetchExplanation } from "./explain.js";
import { faultRange, offsetOf, paint } from "./paint.js";
import { makeTabs } from "./tabs.js";

const form = document.getElementById("ask");
const area = document.getElementById("query");
const frame = document.getElementById("editor");
const gutter = frame.querySelector(".gutter");
const copy = frame.querySelector(".paint");
const run = document.getElementById("run");
const stop = document.getElementById("stop");
const status = document.getElementById("status");
const answer = document.getElementById("answer");
const about = document.getElementById("about");

const look = {
  base: form.dataset.base,
  shown: Number(form.dataset.shown),
  prefixes: [...document.querySelectorAll("[data-prefix]")].map((row) => [row.dataset.prefix, row.dataset.namespace]),
};

// What is known of a tab beyond its text: where its answer is, what is said of it, what is wrong with
// it, and the request that runs for it.
const states = new WeakMap();
let tabs = null;
let fault = null;

function stateOf(tab) {
  if (!states.has(tab)) states.set(tab, { pane: element("div"), words: "", fault: null, running: null });
  return states.get(tab);
}

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

function say(tab, text) {
  stateOf(tab).words = text;
  if (tab === tabs.current) status.textContent = text;
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

/** Mark what is wrong with the open tab; a richer editor in the place of this one does it too. */
function mark(range) {
  fault = range;
  redraw();
  frame.dispatchEvent(new CustomEvent("fault", { detail: range }));
}

function goTo(range) {
  if (frame.hidden) return frame.dispatchEvent(new CustomEvent("goto", { detail: range }));
  area.focus();
  return area.setSelectionRange(...range);
}

function showProblem(tab, query, problem) {
  const state = stateOf(tab);
  state.fault = problem.line ? faultRange(query, offsetOf(query, problem.line, problem.column)) : null;
  if (tab === tabs.current) mark(state.fault);
  state.pane.replaceChildren(drawProblem(problem, () => goTo(state.fault)));
  const place = problem.line ? ` at line ${problem.line}, column ${problem.column}` : "";
  say(tab, `${problem.title || "The query failed"}${place}.`);
}

async function download(tab, query, [name, type, suffix]) {
  say(tab, `Fetching ${name} …`);
  const response = await ask(query, type);
  if (!response.ok) return showProblem(tab, query, await problemOf(response));
  const link = element("a", { href: URL.createObjectURL(await response.blob()), download: `answer.${suffix}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return say(tab, `${name} downloaded.`);
}

async function textOf(query, type) {
  const response = await ask(query, type);
  if (response.ok) return response.text();
  const problem = await problemOf(response);
  throw new Error(problem.detail || problem.title);
}

function seconds(since) {
  const passed = performance.now() - since;
  return passed < 1000 ? `${Math.round(passed)} ms` : `${(passed / 1000).toFixed(1)} s`;
}

function showAnswer(tab, query, type, body, time) {
  const [nodes, words] = drawAnswer(type, body, time, look, {
    download: (format) => download(tab, query, format).catch((error) => lost(tab, error)),
    fetchText: (other) => textOf(query, other),
    why: () => explain().catch((error) => lost(tab, error)),
  });
  stateOf(tab).pane.replaceChildren(...nodes);
  say(tab, words);
}

/** The address of this page with this query, so that a bookmark or a message leads to it. */
function remember(tab, query) {
  // That of a query of the library holds its values, as long as its text is as it was.
  const link = (tab.loaded === query && tab.source) || `/editor?query=${encodeURIComponent(query)}`;
  if (tab === tabs.current) history.replaceState(null, "", link);
  tabs.ran(tab, link);
}

function lost(tab, error) {
  if (error.name === "AbortError") return say(tab, "Stopped.");
  const detail = "The connection broke before the answer was complete, so nothing of it is shown. The query may have run into the server's limits.";
  stateOf(tab).pane.replaceChildren(drawProblem({ title: "No complete answer", detail }));
  return say(tab, "No complete answer.");
}

async function submit() {
  const tab = tabs.current;
  const state = stateOf(tab);
  state.running?.abort();
  const mine = (state.running = new AbortController());
  const query = area.value;
  const since = performance.now();
  state.fault = null;
  mark(null);
  remember(tab, query);
  busy(tab);
  say(tab, "Running …");
  try {
    const response = await ask(query, `${TABLE}, ${GRAPH};q=0.9`, mine.signal);
    if (!response.ok) showProblem(tab, query, await problemOf(response));
    else showAnswer(tab, query, response.headers.get("Content-Type") ?? "", await response.text(), seconds(since));
  } catch (error) {
    if (state.running === mine) lost(tab, error);
  } finally {
    if (state.running === mine) {
      state.running = null;
      busy(tab);
    }
  }
}

async function explain() {
  const tab = tabs.current;
  const query = area.value;
  say(tab, "Explaining …");
  const response = await fetchExplanation(query);
  if (!response.ok) return showProblem(tab, query, await problemOf(response));
  const found = await response.json();
  const pointAt = (range) => {
    stateOf(tab).fault = range;
    mark(range);
    goTo(range);
  };
  // The places are those of the text that was explained.
  const mend = (range, text) => (area.value === query ? change(range, text) : say(tab, "The query was changed since: explain it again."));
  stateOf(tab).pane.replaceChildren(...drawExplanation(query, found, pointAt, mend));
  const count = found.findings.length;
  return say(tab, `${count || "No"} ${count === 1 ? "remark" : "remarks"} on the query.`);
}

function change([start, end], text) {
  area.value = area.value.slice(0, start) + text + area.value.slice(end);
  area.dispatchEvent(new Event("input", { bubbles: true }));
  explain().catch((error) => lost(tabs.current, error));
}

function busy(tab) {
  if (tab !== tabs.current) return;
  const is = stateOf(tab).running !== null;
  run.disabled = is;
  stop.hidden = !is;
  answer.setAttribute("aria-busy", String(is));
}

/** Put a tab in the place of the one before: its text, what is wrong with it, its answer. */
function show(tab, toText) {
  const state = stateOf(tab);
  tab.stop = () => state.running?.abort();
  frame.dataset.tab = tab.id;
  area.value = tab.text;
  frame.dispatchEvent(new CustomEvent("tab", { detail: tab.id }));
  mark(state.fault);
  answer.replaceChildren(state.pane);
  status.textContent = state.words;
  busy(tab);
  if (about) about.hidden = tab.source !== about.dataset.link;
  history.replaceState(null, "", tab.link || "/editor");
  if (toText) goTo([0, 0]);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
const explaining = document.getElementById("explain");
explaining.hidden = false;
explaining.addEventListener("click", () => explain().catch((error) => lost(tabs.current, error)));
stop.addEventListener("click", () => stateOf(tabs.current).running?.abort());
area.addEventListener("input", () => {
  tabs.write(area.value);
  stateOf(tabs.current).fault = fault = null;
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

const asked = new URLSearchParams(location.search);
const address = asked.has("id") || asked.has("query") ? location.pathname + location.search : "";
const page = { text: area.value, link: address, name: about?.dataset.name ?? "" };
if (about) about.dataset.link = address;
frame.classList.add("painted");
tabs = makeTabs(document.getElementById("panel"), page, show, (text) => say(tabs.current, text));
tabs.start();
