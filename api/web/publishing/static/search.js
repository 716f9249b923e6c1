// Looks words up in the files of the index; see api/publishing/search.py.
"use strict";
(() => {
  const MOST_SHARDS = 6;
  const MOST_SHOWN = 100;
  const form = document.getElementById("search");
  const field = document.getElementById("words");
  const status = document.getElementById("status");
  const found = document.getElementById("found");
  const shards = new Map();
  let firsts = null;
  let turn = 0;

  window.fairpapersIndex = (words) => {
    firsts = words;
  };
  window.fairpapersShard = (number, entries) => {
    shards.set(number, entries);
  };

  function load(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `search/${name}.js`;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`search/${name}.js cannot be loaded`));
      document.head.append(script);
    });
  }

  function words(text) {
    const folded = text.normalize("NFKD").toLowerCase().replace(/[\p{M}\u{10000}-\u{10ffff}]/gu, "");
    return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
  }

  /** Numbers of the files that can hold words which begin with `word`. */
  function range(word) {
    let from = firsts.findIndex((first) => first >= word);
    if (from < 0) from = firsts.length;
    let to = firsts.findIndex((first) => first > word && !first.startsWith(word));
    if (to < 0) to = firsts.length;
    return [Math.max(from - 1, 0), to];
  }

  function fits(entry, asked) {
    const own = words(`${entry[1]} ${entry[2]}`);
    return asked.every((word) => own.some((each) => each.startsWith(word)));
  }

  async function look(text) {
    const mine = ++turn;
    const asked = words(text);
    found.replaceChildren();
    if (!asked.length) {
      status.textContent = "";
      return;
    }
    status.textContent = "Searching …";
    if (!firsts) await load("index");
    // The word with the fewest files; words that every label has are in none.
    const ranges = asked.map((word) => [word, ...range(word)]).sort((a, b) => a[2] - a[1] - (b[2] - b[1]) || b[0].length - a[0].length);
    let entries = [];
    let cut = false;
    for (const [word, from, to] of ranges) {
      const numbers = Array.from({ length: Math.min(to - from, MOST_SHARDS) }, (_, at) => from + at);
      await Promise.all(numbers.filter((number) => !shards.has(number)).map(load));
      if (mine !== turn) return;
      cut = to - from > MOST_SHARDS;
      entries = numbers.flatMap((number) => shards.get(number) ?? []).filter((entry) => entry[0].startsWith(word));
      if (entries.length) break;
    }
    const hits = new Map();
    for (const entry of entries) if (fits(entry, asked)) hits.set(entry[4], entry);
    show([...hits.values()], cut);
  }

  function show(hits, cut) {
    for (const [, label, also, kind, path] of hits.slice(0, MOST_SHOWN)) {
      const link = document.createElement("a");
      link.href = path;
      link.textContent = label;
      const note = document.createElement("span");
      note.className = "quiet small";
      note.textContent = ` ${kind}${also ? ` · ${also}` : ""}`;
      const item = document.createElement("li");
      item.append(link, note);
      found.append(item);
    }
    const more = hits.length > MOST_SHOWN || cut ? ` The first ${Math.min(hits.length, MOST_SHOWN)} are shown; further words narrow it.` : "";
    status.textContent = `${hits.length} found.${more}`;
  }

  function start() {
    const text = field.value;
    look(text).catch((error) => {
      status.textContent = `The index cannot be read: ${error.message}.`;
    });
  }

  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(start, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start();
  });
})();
