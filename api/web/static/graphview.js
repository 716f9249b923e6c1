// Makes the picture around a thing easier to follow; without it every box is a link all the same.

const picture = document.querySelector("svg.network");

if (picture) {
  const nodes = [...picture.querySelectorAll(".node")];
  const edges = [...picture.querySelectorAll("path.edge")];
  const byId = new Map(nodes.map((node) => [node.dataset.id, node]));

  /** Let what a node is joined to stand out; null ends it. */
  const light = (node) => {
    picture.classList.toggle("lit", node !== null);
    for (const each of [...nodes, ...edges]) each.classList.remove("near");
    if (!node) return;
    node.classList.add("near");
    for (const edge of edges) {
      const { from, to } = edge.dataset;
      if (node.dataset.id !== from && node.dataset.id !== to) continue;
      edge.classList.add("near");
      byId.get(from === node.dataset.id ? to : from)?.classList.add("near");
    }
  };

  const nodeOf = (event) => event.target.closest?.(".node") ?? null;
  picture.addEventListener("pointerover", (event) => light(nodeOf(event)));
  picture.addEventListener("pointerleave", () => light(null));
  picture.addEventListener("focusin", (event) => light(nodeOf(event)));
  picture.addEventListener("focusout", () => light(null));

  const heightOf = (node) => node.querySelector("rect").y.baseVal.value;
  const inColumn = (column) => nodes.filter((node) => Number(node.dataset.column) === column);

  // Arrow keys: up and down in a column, left and right to the nearest box of the next one.
  picture.addEventListener("keydown", (event) => {
    const here = nodeOf(event);
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!here || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    const [across, down] = step;
    const column = inColumn(Number(here.dataset.column) + across);
    const next = across
      ? column.toSorted((a, b) => Math.abs(heightOf(a) - heightOf(here)) - Math.abs(heightOf(b) - heightOf(here)))[0]
      : column[column.indexOf(here) + down];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}
