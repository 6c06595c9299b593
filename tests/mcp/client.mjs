// A client of the TypeScript SDK: starts the server, uses it as an agent does, and prints what it saw as JSON.
// node client.mjs COMMAND ARGUMENTS… with the folder to work in as its own.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ListRootsRequestSchema, ResourceListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { pathToFileURL } from "node:url";

const [command, ...args] = process.argv.slice(2);
const root = process.env.TEST_ROOT;
const client = new Client({ name: "test", version: "1.0.0" }, { capabilities: { roots: { listChanged: true } } });
let asked = 0;
let changes = 0;
client.setRequestHandler(ListRootsRequestSchema, async () => {
  asked += 1;
  return { roots: [{ uri: pathToFileURL(root).href, name: "shop" }] };
});
client.setNotificationHandler(ResourceListChangedNotificationSchema, async () => { changes += 1; });
await client.connect(new StdioClientTransport({ command, args, env: process.env, stderr: "inherit" }));

// Listing makes the client keep the output schemas: every later answer is checked against them.
const { tools } = await client.listTools();
const call = (name, given = {}, options = undefined) =>
  client.callTool({ name, arguments: given }, undefined, options);

const progress = [];
const scan = await call("scan", {}, { onprogress: (one) => progress.push(one.progress) });
const pages = [await call("pack_context", { budget: "3k", max_tokens: 1500 })];
while (!pages.at(-1).structuredContent.receipt.complete) {
  const from = pages.at(-1).structuredContent.receipt.continue_from;
  pages.push(await call("pack_context", { continue_from: from, max_tokens: 1500 }));
}
const text = pages.map((page) => page.structuredContent.text ?? "").join("");
const resource = await client.readResource({ uri: "packsight://pack/last" });
const outside = await call("scan", { path: ".." });
const wrong = await call("pack_context", { bugdet: "8k" });
const expanded = await call("expand", { place: "shop/money.py:1-2" });
const rest = {};
for (const [name, given] of Object.entries({
  count_tokens: { texts: ["some words"] }, list_models: {}, search_context: { query: "order total", budget: "2k" },
  get_budget: {}, set_budget: { budget: "9k" }, get_profile: {}, suggest_profile: {}, save_profile: { name: "lean" },
  estimate_output: { category: "docs" }, record_usage: { model: "gpt-5.5", actual_output_tokens: 90 },
  telemetry_report: {},
})) {
  rest[name] = !(await call(name, given)).isError;
}

const stop = new AbortController();
const cancelled = await call("scan", {}, { signal: (stop.abort(), stop.signal) }).then(() => false, () => true);
const after = await call("count_tokens", { texts: ["still there"] });

console.log(JSON.stringify({
  tools: tools.map((tool) => tool.name),
  files: scan.structuredContent.files, progress, asked, changes, pages: pages.length,
  same: text === resource.contents[0].text, characters: [...text].length,
  outside: [outside.isError, outside.content[0].text], wrong: [wrong.isError, wrong.content[0].text],
  expanded: expanded.structuredContent.text, rest, cancelled, after: after.structuredContent.counts[0].count,
}));
await client.close();
