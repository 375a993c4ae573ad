// Lints an OpenAPI document from standard input; prints one line per finding.
import { createConfig, lintFromString } from "@redocly/openapi-core";

const config = await createConfig({
  extends: ["recommended-strict"],
  rules: {
    // Media and whatever else is for everybody has refusals of its own kind; all rows have at least one 4xx.
    "operation-4xx-response": "error",
    "operation-description": "error",
    "operation-operationId-unique": "error",
    "operation-singular-tag": "error",
    "operation-tag-defined": "error",
    "tag-description": "error",
    "parameter-description": "error",
    "no-invalid-media-type-examples": "error",
    "no-unused-components": "error",
    // A link leads on: its success is a 302. All other rows say with which 2xx they succeed (TestEveryRouteHasACall).
    "operation-2xx-response": "off",
    // The document is served by whoever runs the product, wherever that is.
    "no-server-example.com": "off",
    // /api/conversations/stats stands beside /api/conversations/{id}: the literal one is meant.
    "no-ambiguous-paths": "off",
  },
});
let source = "";
for await (const part of process.stdin) source += part;
for (const finding of await lintFromString({ source, absoluteRef: "/openapi.json", config })) {
  console.log(`${finding.ruleId}: ${finding.message.split("\n")[0]} (${finding.location[0]?.pointer})`);
}
