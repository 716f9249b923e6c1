// The queries of the editor, kept in this browser alone: a list of bounded length and size.

export const LIMITS = { tabs: 12, text: 50_000, name: 60, link: 200_000 };

const KEY = "fairpapers.editor";

/** What is kept is somebody's data by now: other versions and other scripts may have written it. */
function checked(tab) {
  const texts = [["id", 40], ["name", LIMITS.name], ["text", LIMITS.text], ["loaded", LIMITS.text], ["source", LIMITS.link], ["link", LIMITS.link]];
  const fits = texts.every(([key, most]) => typeof tab?.[key] === "string" && tab[key].length <= most);
  if (!fits || !tab.id || !tab.name) return null;
  // Only the editor's own addresses are gone back to.
  if (![tab.source, tab.link].every((link) => !link || /^\/editor(\?|$)/.test(link))) return null;
  const { id, name, text, loaded, source, link } = tab;
  return { id, name, text, loaded, source, link, named: tab.named === true, kept: tab.kept === true, used: Number(tab.used) || 0 };
}

/** The tabs of earlier visits, and the id of the last one; nothing where nothing can be kept. */
export function stored() {
  try {
    const { tabs, current } = JSON.parse(localStorage.getItem(KEY));
    const whole = tabs.map(checked).filter(Boolean);
    return { tabs: whole.slice(0, LIMITS.tabs), current: String(current) };
  } catch {
    return { tabs: [], current: "" };
  }
}

/** Write one tab, or with `gone` take it away; those of other windows stay. Whether it is kept. */
export function store(tab, current, gone = false) {
  const { tabs } = stored();
  const at = tabs.findIndex((other) => other.id === tab.id);
  const whole = gone ? null : checked(tab);
  if (at >= 0) tabs.splice(at, 1, ...(whole ? [whole] : []));
  else if (whole) tabs.push(whole);
  while (tabs.length > LIMITS.tabs) tabs.splice(tabs.indexOf(oldest(tabs.filter((other) => other.id !== tab.id))), 1);
  try {
    localStorage.setItem(KEY, JSON.stringify({ tabs, current }));
  } catch {
    return false;
  }
  return Boolean(whole);
}

/** The tab that is given up first: one that nobody changed, named or ran, else the longest unused. */
export function oldest(tabs) {
  return tabs.toSorted((one, other) => one.kept - other.kept || one.used - other.used)[0];
}
