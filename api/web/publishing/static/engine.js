// The engine in a worker: loads it and the graph on first use, stops it by ending the worker.

const loaded = { engine: null, parts: [] };

window.fairpapersEngine = (source, wasm) => {
  loaded.engine = { source, wasm };
};
window.fairpapersPart = (number, text) => {
  loaded.parts[number] = text;
};

function script(path) {
  return new Promise((resolve, reject) => {
    const node = document.createElement("script");
    node.src = path;
    node.onload = resolve;
    node.onerror = () => reject(new Error(`${path} cannot be loaded`));
    document.head.append(node);
  });
}

function bytes(text) {
  const binary = atob(text);
  const out = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) out[at] = binary.charCodeAt(at);
  return out;
}

/** One engine with the graph in it; `tell(text, share)` hears of loading. */
export class Engine {
  constructor(settings, tell) {
    this.settings = settings;
    this.tell = tell;
    this.worker = null;
    this.pending = null;
    this.generation = 0;
  }

  /** Load what is not loaded yet; throws an Error, with `stopped` where somebody ended it. */
  async ready() {
    if (!this.worker) await this.start(this.generation);
  }

  /** Answer a query as text in a format: `{ body }`; throws as `ready` does. */
  async ask(query, format, union) {
    await this.ready();
    return this.send({ query, format, union }, [], this.settings.deadline);
  }

  async start(generation) {
    const { sizes, triples } = this.settings;
    if (!loaded.engine) {
      this.tell("Loading the engine …", 0);
      await script("editor/engine.js");
    }
    for (let at = 0; at < sizes.length; at += 1) {
      if (!loaded.parts[at]) {
        this.tell(`Loading the graph: part ${at + 1} of ${sizes.length} …`, at / (2 * sizes.length));
        await script(`editor/graph-${at}.js`);
      }
    }
    if (generation !== this.generation) throw stopped("Stopped.");
    const source = URL.createObjectURL(new Blob([loaded.engine.source], { type: "text/javascript" }));
    this.worker = new Worker(source);
    URL.revokeObjectURL(source);
    this.worker.onmessage = (event) => this.hear(event.data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.end("The engine broke off, perhaps for want of memory.");
    };
    this.tell("Reading the graph …", 0.5);
    const wasm = bytes(loaded.engine.wasm);
    const parts = loaded.parts.map(bytes);
    await this.send({ wasm, parts, triples }, [wasm.buffer, ...parts.map((part) => part.buffer)], 0);
  }

  send(message, transfer, seconds) {
    return new Promise((resolve, reject) => {
      const timer = seconds ? setTimeout(() => this.end(`Stopped after ${seconds} seconds. Narrow the query, or add a LIMIT.`), seconds * 1000) : 0;
      this.pending = { resolve, reject, timer };
      this.worker.postMessage(message, transfer);
    });
  }

  hear(message) {
    if ("progress" in message) {
      const { triples } = this.settings;
      this.tell(`Reading the graph: ${message.progress.toLocaleString("en")} of ${triples.toLocaleString("en")} triples …`, 0.5 + message.progress / triples / 2);
      return;
    }
    const { resolve, reject, timer } = this.pending;
    clearTimeout(timer);
    this.pending = null;
    if ("error" in message) reject(new Error(message.error));
    else resolve(message);
  }

  /** Stop whatever is at work; the next query reads the graph again. */
  end(reason = "Stopped.") {
    this.generation += 1;
    this.worker?.terminate();
    this.worker = null;
    if (!this.pending) return;
    clearTimeout(this.pending.timer);
    this.pending.reject(stopped(reason));
    this.pending = null;
  }
}

function stopped(reason) {
  return Object.assign(new Error(reason), { stopped: true });
}
