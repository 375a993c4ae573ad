// Shows openapi.json as a list that can be searched. No library and nothing from elsewhere.
const list = document.getElementById("operations");
const filter = document.getElementById("filter");

const el = (tag, attributes, ...children) => {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children);
  return node;
};

// follow replaces references by what they name, down to a depth at which types that hold themselves end.
function follow(doc, schema, depth = 0) {
  if (!schema || typeof schema !== "object" || depth > 6) return schema;
  if (schema.$ref) {
    const found = schema.$ref.slice(2).split("/").reduce((at, key) => at?.[key], doc);
    return follow(doc, found, depth + 1);
  }
  if (Array.isArray(schema)) return schema.map((s) => follow(doc, s, depth + 1));
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, follow(doc, value, depth + 1)]));
}

// sketch writes a schema as an example of its shape.
function sketch(schema) {
  if (!schema) return "any";
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, s]) =>
      [schema.required?.includes(name) ? name : name + "?", sketch(s)]));
  }
  if (schema.items) return [sketch(schema.items)];
  const type = [].concat(schema.type ?? "any").join(" | ");
  return schema.enum ? schema.enum.join(" | ") : schema.description ? `${type}: ${schema.description}` : type;
}

const block = (title, value) => [el("h2", {}, title), el("pre", {}, JSON.stringify(value, null, 2))];

function operation(doc, path, method, op) {
  const body = el("div", { className: "body" }, el("p", {}, op.description ?? ""));
  if (op.parameters?.length) {
    const parameters = follow(doc, op.parameters).map((p) => [`${p.in} ${p.name}`, sketch({ description: p.description, ...p.schema })]);
    body.append(...block("Parameters", Object.fromEntries(parameters)));
  }
  const sent = op.requestBody?.content?.["application/json"];
  if (sent?.schema) body.append(...block("Body", sketch(follow(doc, sent.schema))));
  if (sent?.example) body.append(...block("For example", sent.example));
  const refusals = [];
  for (const [status, answer] of Object.entries(op.responses ?? {})) {
    const { description, content } = answer.$ref ? follow(doc, { $ref: answer.$ref }, 5) : answer;
    if (status >= "400") refusals.push([status, description]);
    else body.append(...block(`${status} ${description ?? ""}`, Object.values(content ?? {})[0]?.schema ? sketch(follow(doc, Object.values(content)[0].schema)) : null));
  }
  if (refusals.length) body.append(...block("Refusals", Object.fromEntries(refusals)));
  const node = el("details", {}, el("summary", {},
    el("span", { className: "method" }, method.toUpperCase()), el("code", {}, path), el("span", {}, op.summary ?? "")), body);
  node.dataset.words = `${method} ${path} ${op.summary ?? ""}`.toLowerCase();
  return node;
}

try {
  const doc = await (await fetch("/api/docs/openapi.json")).json();
  list.replaceChildren(...Object.entries(doc.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, op]) => operation(doc, path, method, op))));
} catch (error) {
  list.replaceChildren(el("p", {}, `openapi.json cannot be read: ${error.message}`));
}

filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/);
  for (const node of list.children) node.hidden = !words.every((w) => node.dataset.words?.includes(w));
});
