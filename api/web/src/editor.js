// Puts YASQE in the place of the plain text field. The field stays what is sent and what scripts
// read; the two are kept the same.

import "@zazuko/yasqe/build/yasqe.min.css";
import "./editor.css";
import { Yasqe } from "./completers.js";

const form = document.getElementById("ask");
const area = document.getElementById("query");
const frame = document.getElementById("editor");
const host = document.createElement("div");
host.className = "rich";
host.id = "rich";
frame.after(host);

const submit = () => form.requestSubmit();
const editor = new Yasqe(host, {
  value: area.value,
  persistenceId: null,
  consumeShareLink: null,
  createShareableLink: null,
  createShortLink: null,
  showQueryButton: false,
  resizeable: false,
  editorHeight: "22rem",
  autofocus: false,
  // Not within the frame, which would cut the list off.
  hintConfig: { container: document.body },
  // Tab leaves the field, or nobody with a keyboard alone gets out of it.
  extraKeys: {
    Tab: false,
    "Shift-Tab": false,
    "Ctrl-Enter": submit,
    "Cmd-Enter": submit,
    "Ctrl-Space": () => editor.autocomplete(),
    "Shift-Ctrl-F": () => editor.autoformat(),
  },
});

const field = editor.getInputField();
field.setAttribute("aria-label", "Query");
field.setAttribute("aria-describedby", "keys limits");
frame.hidden = true;
// What is hidden cannot be pointed at when it is empty; the server says what is wrong with nothing.
area.required = false;
document.querySelector("label[for=query]").hidden = true;
document.getElementById("keys").append(", ", key("Ctrl"), "+", key("Space"), " completes, ", key("Tab"), " leaves the field");

function key(name) {
  return Object.assign(document.createElement("kbd"), { textContent: name });
}

let own = false;
let mark = null;
let line = null;

function unmark() {
  mark?.clear();
  if (line !== null) editor.removeLineClass(line, "background", "fault-line");
  mark = line = null;
}

editor.on("change", () => {
  unmark();
  if (own) return;
  own = true;
  area.value = editor.getValue();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  own = false;
});
area.addEventListener("input", () => {
  if (!own) editor.setValue(area.value);
});
// Each tab has a history of changes and a selection of its own.
const left = new Map();
let open = frame.dataset.tab;
frame.addEventListener("tab", ({ detail: id }) => {
  if (id === open) return;
  unmark();
  left.set(open, { text: editor.getValue(), history: editor.getHistory(), selections: editor.listSelections() });
  open = id;
  own = true;
  editor.setValue(area.value);
  own = false;
  const known = left.get(id);
  editor.clearHistory();
  if (known?.text !== area.value) return;
  editor.setHistory(known.history);
  editor.setSelections(known.selections);
});
frame.addEventListener("fault", ({ detail: range }) => {
  unmark();
  if (!range) return;
  const [from, to] = range.map((offset) => editor.posFromIndex(offset));
  mark = editor.markText(from, to, { className: "fault" });
  line = from.line;
  editor.addLineClass(line, "background", "fault-line");
});
frame.addEventListener("goto", ({ detail: range }) => {
  editor.focus();
  editor.setSelection(...range.map((offset) => editor.posFromIndex(offset)));
});
