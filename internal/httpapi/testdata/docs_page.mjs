// Runs the script of the documents' page where there is no browser: the document comes from standard input, what the page
// would show of one operation ("post /api/tags") goes to standard output.
const made = (tag) => ({
  tag, children: [], dataset: {}, append(...more) { this.children.push(...more); }, replaceChildren(...all) { this.children = all; }, addEventListener() {},
});
const nodes = { operations: made("div"), filter: made("input") };
let source = "";
for await (const part of process.stdin) source += part;
Object.assign(globalThis, {
  document: { getElementById: (id) => nodes[id], createElement: made },
  fetch: async () => ({ json: async () => JSON.parse(source) }),
});
await import("../docs/docs.mjs");
const words = (node) => (typeof node === "string" ? node : node.children.map(words).join("\n"));
const wanted = nodes.operations.children.find((node) => node.dataset.words?.startsWith(`${process.argv[2]} `));
console.log(words(wanted ?? nodes.operations));
