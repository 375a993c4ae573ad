// A dashboard of the original, without its looks: what it asks, what it reads, what it makes of events.
//
//   node dashboard.mjs <url> D|M|H [<origin>]
//
// Commands come as JSON lines: {"n":1,"do":"visit","page":"chat","with":{…}}; see commands below. Each is answered by
// {"event":".done","data":{"n":1,"mistakes":[…],"value":…}}; what happens by itself is printed as other events.

import { createInterface } from "node:readline";
import { Browser } from "./browser.mjs";
import * as pages from "./pages.mjs";
import { Tab } from "./tab.mjs";

const [url, name, origin] = process.argv.slice(2);
const browser = new Browser(url, name, origin);
browser.name = name;
let tab;

const commands = {
  visit: (c, say) => pages[c.page](browser, c.with ?? {}, say),
  visitRefused: (c) => pages[c.page](browser, c.with ?? {}, () => {}).catch(() => {}),
  location: () => browser.location,
  made: () => browser.made,
  counts: () => ({ asked: browser.asked, refused: browser.refused }),
  forget: () => browser.storage.set("accessToken", "eyJhbGciOiJIUzI1NiJ9.e30.nonsense"),
  open: async (c) => {
    tab = new Tab(browser, c.with ?? {});
    await tab.open();
  },
  look: (c, say) => tab.look(c.with, say),
  types: (c) => tab.types(c.with.conversation),
  compare: (_, say) => tab.compare(say),
  settled: () => tab.settled(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  const mistakes = [];
  let value;
  try {
    value = await commands[command.do](command, (text) => { mistakes.push(text); });
  } catch (error) {
    const about = error.response ? `${error.config.method} ${error.config.url} ${JSON.stringify(error.config.params ?? null)}: ${error.response.status} ${JSON.stringify(error.response.data)}` : error.stack;
    mistakes.push(about);
  }
  process.stdout.write(`${JSON.stringify({ event: ".done", data: { n: command.n, mistakes, value: value ?? null } })}\n`);
}
tab?.close();
process.exit(0);
