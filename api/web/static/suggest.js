// Suggestions under a search field: an editable combobox with a list (ARIA Authoring Practices,
// "Combobox With List Autocomplete"). The field is a plain form without this module.

import { element } from "./answer.js";

const WAIT = 150; // milliseconds without a key before the server is asked
const MOST = 8;
const KEPT = 50; // answers that are remembered, so that deleting a letter asks nobody

let fields = 0;

/** What the server suggests for a form as it is filled in; null where it asks for a pause. */
function source() {
  const known = new Map();
  let asked = null;
  let quietUntil = 0;

  async function ask(key) {
    const response = await fetch(key, { headers: { Accept: "application/json" }, signal: asked.signal });
    if (response.status === 429) {
      quietUntil = Date.now() + 1000 * (Number(response.headers.get("Retry-After")) || 1);
      return null;
    }
    // A graph without an index, or a search that took too long: Enter leads to the page that says so.
    if (!response.ok) return [];
    const { hits } = await response.json();
    known.set(key, hits);
    if (known.size > KEPT) known.delete(known.keys().next().value);
    return hits;
  }

  return {
    /** End a request that nobody waits for any more. */
    forget: () => asked?.abort(),
    get(form) {
      asked?.abort();
      asked = new AbortController();
      const values = new URLSearchParams(new FormData(form));
      values.set("limit", MOST);
      const key = `${form.getAttribute("action")}?${values}`;
      if (known.has(key)) return known.get(key);
      return Date.now() < quietUntil ? null : ask(key);
    },
  };
}

function details(hit) {
  const papers = hit.papers ? `, ${hit.papers} ${hit.papers === 1 ? "paper" : "papers"}` : "";
  const same = hit.name.toLowerCase() === hit.label.toLowerCase();
  return hit.kind + papers + (same ? "" : `, also ${hit.name}`);
}

function suggest(field) {
  const form = field.form;
  const id = `suggestions-${(fields += 1)}`;
  const list = element("ul", { id, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  const said = element("span", { className: "unseen" });
  said.setAttribute("role", "status");
  field.after(list, said);
  const from = source();
  let timer = 0;
  let active = -1;

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", id);
  field.setAttribute("aria-expanded", "false");

  function point(to) {
    active = to;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === to)));
    if (to < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", list.children[to].id);
    return list.children[to].scrollIntoView({ block: "nearest" });
  }

  function close() {
    clearTimeout(timer);
    from.forget();
    point(-1);
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
  }

  function go(hit, apart) {
    close();
    // Not every IRI is an address; what is found under its name tells of it all the same.
    const page = hit.page ?? `/search?q=${encodeURIComponent(hit.label)}`;
    if (apart) window.open(page, "_blank", "noopener");
    else location.assign(page);
  }

  function show(hits) {
    list.replaceChildren(
      ...hits.map((hit, at) => {
        const option = element("li", { id: `${id}-${at}` });
        option.setAttribute("role", "option");
        option.append(element("span", { textContent: hit.label }), " ", element("small", { textContent: details(hit) }));
        option.addEventListener("click", (event) => go(hit, event.ctrlKey || event.metaKey));
        option.hit = hit;
        return option;
      }),
    );
    point(-1);
    list.hidden = !hits.length;
    field.setAttribute("aria-expanded", String(hits.length > 0));
  }

  async function look() {
    const text = field.value.trim();
    if (!text) return close();
    try {
      const hits = await from.get(form);
      // The field may be left, or hold other words, when the answer comes.
      if (field.value.trim() !== text || document.activeElement !== field) return;
      show(hits ?? []);
      const count = `${hits?.length || "No"} ${hits?.length === 1 ? "suggestion" : "suggestions"}`;
      said.textContent = hits ? count : "Suggestions pause, since the server asks for it";
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    from.forget();
    timer = setTimeout(look, WAIT);
  });
  field.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // A press on the list must not take the focus from the field, or the list is gone before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());

  const open = () => !list.hidden;
  const step = (by) => {
    if (!open()) return look().then(() => open() && point(by > 0 ? 0 : list.children.length - 1));
    // The field itself is one of the places, between the last and the first.
    const places = list.children.length + 1;
    return point(((active + 1 + by + places) % places) - 1);
  };
  const keys = {
    ArrowDown: (event) => (event.altKey && !open() ? look() : step(1)),
    ArrowUp: () => step(-1),
    Enter: (event) => {
      if (active < 0) return false;
      go(list.children[active].hit, event.ctrlKey || event.metaKey);
      return true;
    },
    Escape: () => {
      // A second Escape empties the field, as browsers do.
      if (!open()) return false;
      close();
      return true;
    },
  };
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const act = keys[event.key];
    if (!act) {
      if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) point(-1);
    } else if (act(event) !== false) event.preventDefault();
  });
  // Whoever began to type before this module came is not forgotten.
  if (document.activeElement === field) look();
}

for (const field of document.querySelectorAll("[data-suggest]")) suggest(field);
