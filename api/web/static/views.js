// Views of a SELECT answer beside the table: bars, a line, a network; drawn as SVG, never as markup.

import { drawTable, element, shorten } from "./answer.js";

const SVG = "http://www.w3.org/2000/svg";
const LIMITS = { bars: 30, points: 500, nodes: 60 };
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function draw(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function number(term) {
  return term?.type === "literal" && NUMBER.test(term.value) ? Number(term.value) : null;
}

function label(term, look) {
  const text = term ? (term.type === "uri" ? shorten(term.value, look.prefixes, look.base) : term.value) : "–";
  return text.length > 28 ? `${text.slice(0, 27)}…` : text;
}

/** The column that holds numbers in every row, last first, and the one that names the rows. */
function columns(results) {
  const rows = results.results.bindings;
  const names = results.head.vars;
  const value = names.findLast((name) => rows.every((row) => number(row[name]) !== null));
  const others = names.filter((name) => name !== value);
  const named = others.find((name) => rows.some((row) => row[name]?.type === "literal")) ?? others[0];
  return { value, named };
}

function links(results) {
  return results.head.vars.filter((name) => results.results.bindings.some((row) => row[name]?.type === "uri")).slice(0, 2);
}

function picture(words, width, height, ...children) {
  const title = draw("title", {}, words);
  return draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "view", "aria-label": words }, title, ...children);
}

function shownOf(limit, count, what) {
  return count > limit ? ` The first ${limit} of ${count.toLocaleString("en")} ${what}.` : "";
}

function bars(results, look) {
  const { value, named } = columns(results);
  const rows = results.results.bindings.slice(0, LIMITS.bars);
  const most = Math.max(0, ...rows.map((row) => number(row[value])));
  const least = Math.min(0, ...rows.map((row) => number(row[value])));
  const scale = 380 / (most - least || 1);
  const zero = 220 - least * scale;
  const drawn = rows.flatMap((row, at) => {
    const size = number(row[value]) * scale;
    const y = at * 24;
    return [
      draw("text", { x: 210, y: y + 16, "text-anchor": "end" }, label(row[named], look)),
      draw("rect", { x: size < 0 ? zero + size : zero, y: y + 4, width: Math.abs(size), height: 16, class: "bar" }),
      draw("text", { x: Math.max(zero, zero + size) + 6, y: y + 16 }, row[value].value),
    ];
  });
  const words = `Bars: ${value} by ${named ?? "row"}.${shownOf(LIMITS.bars, results.results.bindings.length, "rows")}`;
  return [words, picture(words, 700, rows.length * 24 + 4, ...drawn)];
}

function line(results, look) {
  const { value, named } = columns(results);
  const rows = results.results.bindings.slice(0, LIMITS.points);
  const values = rows.map((row) => number(row[value]));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (at) => 70 + (rows.length > 1 ? (at * 600) / (rows.length - 1) : 300);
  const y = (of) => 230 - (210 * (of - least)) / (most - least || 1);
  const path = values.map((of, at) => `${at ? "L" : "M"}${x(at).toFixed(1)} ${y(of).toFixed(1)}`).join("");
  const words = `Line: ${value} in the order of the rows.${shownOf(LIMITS.points, results.results.bindings.length, "rows")}`;
  return [
    words,
    picture(
      words, 700, 270,
      draw("path", { d: "M70 15V235H680", class: "axis" }),
      draw("text", { x: 62, y: 25, "text-anchor": "end" }, String(most)),
      draw("text", { x: 62, y: 235, "text-anchor": "end" }, String(least)),
      draw("text", { x: 70, y: 258 }, label(rows[0][named], look)),
      draw("text", { x: 680, y: 258, "text-anchor": "end" }, label(rows.at(-1)[named], look)),
      draw("path", { d: path, class: "line" }),
    ),
  ];
}

function network(results, look, [from, to] = links(results)) {
  const nodes = new Map();
  const edges = [];
  let left = 0;
  for (const row of results.results.bindings) {
    if (row[from]?.type !== "uri" || row[to]?.type !== "uri") continue;
    const fresh = new Set([row[from].value, row[to].value].filter((iri) => !nodes.has(iri)));
    if (nodes.size + fresh.size > LIMITS.nodes) left += 1;
    else {
      for (const name of [from, to]) nodes.set(row[name].value, row[name]);
      edges.push([row[from].value, row[to].value]);
    }
  }
  const places = new Map([...nodes.keys()].map((iri, at) => {
    const turn = (2 * Math.PI * at) / nodes.size;
    return [iri, [350 + 170 * Math.cos(turn), 220 + 170 * Math.sin(turn), turn]];
  }));
  const lines = edges.map(([one, other]) => {
    const [a, b] = [places.get(one), places.get(other)];
    return draw("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], class: "edge" });
  });
  const points = [...places].flatMap(([iri, [x, y, turn]]) => {
    const right = Math.cos(turn) >= 0;
    return [
      draw("circle", { cx: x, cy: y, r: 5, class: "bar" }, draw("title", {}, iri)),
      draw("text", { x: x + (right ? 9 : -9), y: y + 4, "text-anchor": right ? "start" : "end" }, label(nodes.get(iri), look)),
    ];
  });
  const words = `Network: ${nodes.size} things and ${edges.length} links from ${from} to ${to}.${left ? ` ${left} rows are left out.` : ""}`;
  return [words, picture(words, 700, 440, ...lines, ...points)];
}

/** The triples of a graph as links from subject to object. */
export function networkOf(triples, look) {
  return network(triples, look, ["subject", "object"]);
}

/** Views that fit an answer, by name; each gives its caption and its picture. */
export function viewsOf(results) {
  const views = {};
  if (!results.results.bindings.length) return views;
  if (columns(results).value) Object.assign(views, { Bars: bars, Line: line });
  if (links(results).length === 2) views.Network = network;
  return views;
}

function compare(name, way) {
  return ({ [name]: one }, { [name]: other }) => {
    if (!one || !other) return one ? -1 : other ? 1 : 0;
    const [a, b] = [number(one), number(other)];
    return way * (a !== null && b !== null ? a - b : one.value < other.value ? -1 : Number(one.value > other.value));
  };
}

/** The rows as a table in pages, sorted by a click on a column's name. */
export function drawPages(results, look) {
  const box = element("div");
  const rows = results.results.bindings;
  const count = rows.length.toLocaleString("en");
  let [sorted, page, by, way] = [rows, 0, null, 1];
  const redraw = (focus) => {
    const start = page * look.shown;
    const part = { head: results.head, results: { bindings: sorted.slice(start, start + look.shown) } };
    const table = drawTable(part, look);
    for (const head of table.querySelectorAll("th")) {
      const name = head.textContent;
      if (name === by) head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      const button = element("button", { type: "button", className: "sort", textContent: name });
      button.addEventListener("click", () => {
        [by, way, page] = [name, name === by ? -way : 1, 0];
        sorted = [...rows].sort(compare(name, way));
        redraw(name);
      });
      head.replaceChildren(button);
      if (focus === name) queueMicrotask(() => button.focus());
    }
    box.replaceChildren(table);
    if (rows.length <= look.shown) return;
    const turn = (words, to) => {
      const button = element("button", { type: "button", textContent: words, disabled: to < 0 || to * look.shown >= rows.length });
      button.addEventListener("click", () => {
        page = to;
        redraw();
      });
      return button;
    };
    const where = `Rows ${(start + 1).toLocaleString("en")} to ${Math.min(start + look.shown, rows.length).toLocaleString("en")} of ${count}`;
    box.append(element("p", { className: "actions small" }, turn("Previous", page - 1), turn("Next", page + 1), element("span", { role: "status", textContent: where })));
  };
  redraw();
  return box;
}
