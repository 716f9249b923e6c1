// Colours SPARQL text: a painted copy lies under the textarea, which keeps all of the editing.

const TOKEN = new RegExp(
  [
    /(?<note>#[^\n]*)/,
    /(?<iri><[^<>"{}|^`\\\s]*>)/,
    /(?<str>"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)/,
    /(?<var>[?$][\p{L}\p{N}_]+)/,
    /(?<name>[\p{L}_][\p{L}\p{N}_.-]*)?:[\p{L}\p{N}_.:%-]*/,
    /(?<word>[A-Za-z_][A-Za-z_]*)/,
  ].map((part) => part.source).join("|"),
  "gu",
);

const KEYWORDS = new Set(
  ("base prefix select distinct reduced construct describe ask from named where order by asc desc " +
    "limit offset having group as optional graph union minus service silent filter exists not in " +
    "bind values undef a true false count sum min max avg sample group_concat separator str lang " +
    "datatype bound iri uri if coalesce regex replace contains strstarts strends strlen substr ucase " +
    "lcase concat strbefore strafter year month day abs round ceil floor isiri isliteral isblank").split(" "),
);

/** Pieces of `text` as [class or "", piece], in order; joined, the pieces are the text. */
export function pieces(text) {
  const out = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) out.push(["", text.slice(end, match.index)]);
    const { note, iri, str, var: variable, word } = match.groups;
    const kind = note ? "note" : iri ? "iri" : str ? "str" : variable ? "var" : word && KEYWORDS.has(word.toLowerCase()) ? "key" : "";
    out.push([kind, match[0]]);
    end = match.index + match[0].length;
  }
  if (end < text.length) out.push(["", text.slice(end)]);
  return out;
}

/** Offset in `text` of a 1-based line and column, kept inside the text. */
export function offsetOf(text, line, column) {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(before + Math.max(column - 1, 0), text.length);
}

/** The part to underline: the word at the offset, or the last character before it. */
export function faultRange(text, offset) {
  const word = /^[^\s{}()[\];,.]+/.exec(text.slice(offset));
  if (word) return [offset, offset + word[0].length];
  if (offset < text.length && text[offset] !== "\n") return [offset, offset + 1];
  return [Math.max(text.slice(0, offset).trimEnd().length - 1, 0), offset];
}

/** Fill `target` with the coloured text; `fault` is a [start, end] to underline or null. */
export function paint(target, text, fault) {
  const nodes = [];
  let at = 0;
  for (const [kind, piece] of pieces(text)) {
    const cuts = fault ? fault.map((edge) => Math.min(Math.max(edge - at, 0), piece.length)) : [0, 0];
    for (const [from, to] of [[0, cuts[0]], cuts, [cuts[1], piece.length]]) {
      if (from === to) continue;
      const inFault = from === cuts[0] && to === cuts[1];
      const names = [kind, inFault ? "fault" : ""].filter(Boolean).join(" ");
      if (!names) nodes.push(piece.slice(from, to));
      else {
        const span = document.createElement("span");
        span.className = names;
        span.textContent = piece.slice(from, to);
        nodes.push(span);
      }
    }
    at += piece.length;
  }
  // A trailing line end needs something after it, or the copy is one line shorter than the text.
  target.replaceChildren(...nodes, "\n");
}
