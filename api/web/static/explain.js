// Draws what the server found out about a query. All text enters as text nodes; the picture is read
// as SVG, which the server makes of shapes and escaped text alone.

import { element } from "./answer.js";

const LEVELS = { fault: "wrong", warning: "warn", hint: "" };

/** Ask the server; `empty` also asks the graph why there are no rows. */
export function fetchExplanation(query) {
  return fetch("/explain", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ query, empty: true, picture: true }),
  });
}

/** A place of the answer, which counts code points, as a range of a string. */
function rangeOf(query, place) {
  const letters = [...query];
  const start = letters.slice(0, place.start).join("").length;
  return [start, start + letters.slice(place.start, place.end).join("").length];
}

/** What was found: `onGo` is given a range of the query, `onChange` a range and its new text. */
export function drawExplanation(query, found, onGo, onChange) {
  const parts = [];
  const go = (place) => button(`Line ${place.line}, column ${place.column}`, () => onGo(rangeOf(query, place)));
  if (found.empty && found.empty.outcome !== "rows") parts.push(drawEmpty(found.empty, go));
  else if (found.empty?.steps.length > 1) parts.push(element("div", { className: "message" }, element("p", {}, element("strong", { textContent: "How the rows come about" })), ...drawSteps(found.empty.steps)));
  for (const each of found.findings) {
    const box = element("div", { className: `message ${LEVELS[each.level]}`.trim() });
    const more = element("a", { href: each.page, textContent: each.kind });
    box.append(element("p", {}, element("strong", { textContent: each.level }), ` ${sentence(each.message)} `, more));
    const fixes = each.fixes.map((fix) => button(capital(fix.label), () => onChange(rangeOf(query, fix.place), fix.text)));
    box.append(element("p", { className: "actions small" }, go(each.place), ...fixes));
    parts.push(box);
  }
  if (!found.findings.length && found.empty?.outcome !== "found") parts.unshift(element("p", { className: "message", textContent: found.empty?.outcome === "rows" ? "The query has rows, and nothing in it looks wrong." : "Nothing in the query looks wrong." }));
  parts.push(drawPicture(found.picture));
  return parts;
}

function drawEmpty(empty, go) {
  const box = element("div", { className: "message" });
  box.append(element("p", {}, element("strong", { textContent: "Why there are no rows" }), ` ${sentence(empty.message)}`));
  if (empty.culprit) box.append(element("p", { className: "actions small" }, go(empty.culprit)));
  if (empty.advice.length) box.append(element("ul", {}, ...empty.advice.map((text) => element("li", { textContent: sentence(text) }))));
  box.append(...drawSteps(empty.steps));
  for (const inner of empty.inner) box.append(drawEmpty(inner, go));
  return box;
}

/** Rows as parts are added; a thousand stand for that many or more. */
function drawSteps(steps) {
  const counted = steps.filter((step) => step.rows !== null);
  if (counted.length < 2) return [];
  const rows = counted.map((step) =>
    element("tr", {}, element("td", { className: "number", textContent: step.rows.toLocaleString("en") + (step.rows >= 1000 ? " +" : "") }), element("td", { className: "mono long", textContent: step.place.text })),
  );
  const head = element("tr", {}, element("th", { scope: "col", className: "number", textContent: "Rows" }), element("th", { scope: "col", textContent: "with this and all above" }));
  return [element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows))];
}

function drawPicture(picture) {
  const parsed = new DOMParser().parseFromString(picture.svg, "image/svg+xml").documentElement;
  const box = element("div", { className: "scroll", tabIndex: 0 }, document.importNode(parsed, true));
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Picture of the query");
  const words = element("details", {}, element("summary", { textContent: "The picture in words" }), element("pre", { tabIndex: 0, textContent: picture.text }));
  const mermaid = element("details", {}, element("summary", { textContent: "The picture for Mermaid" }), element("pre", { tabIndex: 0, textContent: picture.mermaid }));
  return element("div", {}, box, words, mermaid);
}

function button(text, onClick) {
  const made = element("button", { type: "button", textContent: text });
  made.addEventListener("click", onClick);
  return made;
}

function sentence(text) {
  return /[.?!]$/.test(text) ? capital(text) : `${capital(text)}.`;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
