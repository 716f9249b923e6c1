// Several queries side by side: tabs (ARIA Authoring Practices, "Tabs with Automatic Activation").

import { element } from "./answer.js";
import { LIMITS, oldest, store, stored } from "./tabstore.js";

const WAIT = 300; // milliseconds without a key before the text is kept

function isAgain() {
  return ["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type);
}

/**
 * Put tabs before a panel.
 *
 * `page` is what the server put into the editor: its text, the name of its query, and the address
 * that leads to it (empty where none was asked for). `show(tab, toText)` draws a tab and may move to its
 * text, `say(text)` tells of it. What is returned has the open tab as `current`, once it was started.
 */
export function makeTabs(panel, page, show, say) {
  const list = element("div");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Queries");
  const field = element("input", { type: "text", maxLength: LIMITS.name, autocomplete: "off" });
  const naming = element("label", { className: "small", hidden: true }, "Name of this tab ", field);
  const bar = element("div", { className: "tabs" }, list);
  const known = stored();
  const tabs = known.tabs;
  let closed = null;
  let timer = 0;
  let told = false;
  const all = { current: tabs.find((tab) => tab.id === known.current) ?? tabs.at(-1) };

  function freshName() {
    let number = 1;
    while (tabs.some((tab) => tab.name === `Query ${number}`)) number += 1;
    return `Query ${number}`;
  }

  function fill(tab, { text, link, name }) {
    Object.assign(tab, { text, loaded: text, source: link, link });
    if (!tab.named) tab.name = (name || tab.name || freshName()).slice(0, LIMITS.name);
    return tab;
  }

  function add(content) {
    const tab = fill({ id: crypto.getRandomValues(new Uint32Array(2)).join("-"), named: false, kept: false, used: 0 }, content);
    tabs.push(tab);
    return tab;
  }

  /** The tab to begin with, and the one that made room for it. */
  function first() {
    const open = all.current;
    if (!page.link) return [open ?? add(page)];
    // Whoever comes back finds the text as it was left; whoever follows a link finds what it says.
    const left = isAgain() && tabs.find((tab) => tab.link === page.link);
    if (left) return [left];
    const same = tabs.find((tab) => tab.text === page.text) ?? (open && !open.kept ? open : null);
    if (same) return [fill(same, page)];
    if (tabs.length < LIMITS.tabs) return [add(page)];
    const gone = oldest(tabs);
    tabs.splice(tabs.indexOf(gone), 1);
    store(gone, "", true);
    return [add(page), gone];
  }

  function draw() {
    const buttons = tabs.map((tab) => {
      const is = tab === all.current;
      const button = element("button", { type: "button", id: `tab-${tab.id}`, textContent: tab.name, title: tab.name, tabIndex: is ? 0 : -1 });
      button.setAttribute("role", "tab");
      button.setAttribute("aria-selected", String(is));
      button.setAttribute("aria-controls", panel.id);
      button.addEventListener("click", () => go(tab));
      button.addEventListener("dblclick", rename);
      button.addEventListener("auxclick", (event) => event.button === 1 && close(tab));
      return button;
    });
    list.replaceChildren(...buttons);
    panel.setAttribute("aria-labelledby", `tab-${all.current.id}`);
    reopen.hidden = !closed;
  }

  const focus = () => document.getElementById(`tab-${all.current.id}`).focus();

  function keep() {
    clearTimeout(timer);
    if (!store(all.current, all.current.id) && !told) {
      told = true;
      const why = all.current.text.length > LIMITS.text ? `it is longer than ${LIMITS.text.toLocaleString("en")} characters` : "this browser keeps nothing here";
      say(`This query is not kept for the next visit: ${why}.`);
    }
  }

  function go(tab, toText = false) {
    if (tab !== all.current) {
      if (tabs.includes(all.current)) store(all.current, tab.id);
      all.current = tab;
    }
    naming.hidden = true;
    tab.used = Date.now();
    draw();
    show(tab, toText);
    keep();
  }

  function another() {
    if (tabs.length >= LIMITS.tabs) return say(`${LIMITS.tabs} queries are open; close one of them first.`);
    return go(add({ text: "", link: "", name: "" }), true);
  }

  function close(tab) {
    const at = tabs.indexOf(tab);
    tabs.splice(at, 1);
    clearTimeout(timer);
    store(tab, all.current.id, true);
    closed = [tab, at];
    tab.stop?.();
    if (tab !== all.current) draw();
    else go(tabs[Math.min(at, tabs.length - 1)] ?? add({ text: "", link: "", name: "" }));
    say(`“${tab.name}” is closed.`);
    focus();
  }

  function again() {
    if (tabs.length >= LIMITS.tabs) return say(`${LIMITS.tabs} queries are open; close one of them first.`);
    const [tab, at] = closed;
    closed = null;
    tabs.splice(at, 0, tab);
    go(tab);
    return focus();
  }

  function rename() {
    field.value = all.current.name;
    naming.hidden = false;
    field.select();
  }

  function named(take) {
    if (naming.hidden) return;
    naming.hidden = true;
    const name = field.value.trim();
    if (take && name && name !== all.current.name) {
      Object.assign(all.current, { name, named: true, kept: true });
      keep();
    }
    draw();
  }

  const action = (words, act) => {
    const button = element("button", { type: "button", textContent: words });
    button.addEventListener("click", act);
    return button;
  };
  const reopen = action("Reopen tab", again);
  const actions = [action("New tab", another), action("Rename tab", rename), action("Close tab", () => close(all.current)), reopen];
  bar.append(element("div", { className: "actions small" }, ...actions), naming);

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    named(event.key === "Enter");
    focus();
  });
  field.addEventListener("blur", () => named(true));
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(all.current);
    const to = { ArrowLeft: at - 1 + tabs.length, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to !== undefined) {
      go(tabs[to % tabs.length]);
      focus();
    } else if (event.key === "Delete") close(all.current);
    else if (event.key === "F2") rename();
    else return;
    event.preventDefault();
  });

  /** The text of the open tab is another one now. */
  all.write = (text) => {
    const tab = all.current;
    if (text === tab.text) return;
    tab.text = text;
    tab.kept ||= text !== tab.loaded;
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  };
  /** A tab was run at an address, and is worth keeping. */
  all.ran = (tab, link) => {
    Object.assign(tab, { link, kept: true, used: Date.now() });
    if (tab === all.current) keep();
  };
  window.addEventListener("pagehide", () => store(all.current, all.current.id));

  panel.setAttribute("role", "tabpanel");
  panel.before(bar);
  /** Open the first one; once only. */
  all.start = () => {
    const [tab, gone] = first();
    go(tab);
    if (gone) say(`The tab “${gone.name}” was closed to make room.`);
  };
  return all;
}
