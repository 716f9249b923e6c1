// Completion from what this graph holds: its prefixes, classes and properties, served by ourselves.

import Yasqe from "@zazuko/yasqe";

// The completers that YASQE brings ask prefix.cc and lov.linkeddata.es; none of them stays but this.
Yasqe.defaults.autocompleters = ["variables"];

let asked = null;

function words() {
  asked ??= fetch("/editor/words").then((response) => {
    if (!response.ok) throw new Error(`no words for completion: ${response.status}`);
    return response.json();
  });
  // Without them the editor still edits.
  return asked.catch(() => ({ prefixes: {}, classes: [], properties: [] }));
}

const LOCAL = {
  prefixes: (all) => Object.entries(all.prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`),
  class: (all) => all.classes,
  property: (all) => all.properties,
};

for (const [name, choose] of Object.entries(LOCAL)) {
  Yasqe.forkAutocompleter(name, {
    name: `local-${name}`,
    bulk: true,
    persistenceId: null,
    get: () => words().then(choose),
  });
}

export { Yasqe };
