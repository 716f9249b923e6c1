// What runs in the worker, behind the code of the engine.

let store = null;

// Lines of N-Quads are read in pieces of about this many characters.
const PIECE = 4_000_000;

async function fill(parts, tell) {
  const packed = new Blob(parts).stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = packed.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    text += value ?? "";
    if (text.length < PIECE && !done) continue;
    const end = done ? text.length : text.lastIndexOf("\n") + 1;
    store.load(text.slice(0, end), { format: "application/n-quads", no_transaction: true });
    text = text.slice(end);
    tell(store.size);
    if (done) return;
  }
}

async function begin({ wasm, parts }) {
  const packed = new Blob([wasm]).stream().pipeThrough(new DecompressionStream("gzip"));
  initSync({ module: await new Response(packed).arrayBuffer() });
  store = new Store();
  await fill(parts, (progress) => postMessage({ progress }));
  postMessage({ size: store.size });
}

// The default graph is the union of all graphs, unless the query says FROM what.
function ask({ query, format, union }) {
  const body = store.query(query, { results_format: format, use_default_graph_as_union: union });
  postMessage({ body });
}

onmessage = async ({ data }) => {
  try {
    await (data.wasm ? begin(data) : ask(data));
  } catch (error) {
    postMessage({ error: String(error?.message ?? error) });
  }
};
