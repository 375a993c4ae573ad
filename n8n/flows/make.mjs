// Writes the flows and their pictures: node n8n/flows/make.mjs. With --check it fails when
// a file differs from what it would write.
import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';

import { flows } from './flows.mjs';
import { picture } from './picture.mjs';

const here = new URL('.', import.meta.url);
const check = process.argv.includes('--check');
let stale = 0;

function put(name, text) {
	const at = new URL(name, here);
	if (!check) return writeFileSync(at, text);
	let is = '';
	try {
		is = readFileSync(at, 'utf8');
	} catch {
		// not there: differs
	}
	if (is !== text) {
		console.error(`n8n/flows/${name} differs; run node n8n/flows/make.mjs`);
		stale++;
	}
}

/** An id that is the same each time, so that importing a flow again replaces it. */
function idOf(...names) {
	const h = createHash('sha256').update(names.join('/')).digest('hex');
	return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

for (const { file, name, nodes, links } of flows) {
	const flow = {
		id: `BotReserva${file.replace(/\W/g, '').slice(0, 6)}`,
		name,
		nodes: nodes.map(({ name: title, type, version, at, parameters, credentials, webhook, ...rest }) => ({
			parameters,
			id: idOf(file, title),
			name: title,
			type,
			typeVersion: version,
			position: at.map((n, i) => n * [260, 160][i]),
			...(webhook ? { webhookId: idOf(file, title, 'webhook') } : {}),
			...(credentials ? { credentials } : {}),
			...rest,
		})),
		connections: connectionsOf(links),
		active: false,
		settings: { executionOrder: 'v1' },
		pinData: {},
		meta: { templateCredsSetupCompleted: false },
	};
	put(`${file}.json`, `${JSON.stringify(flow, null, 2)}\n`);
	put(`${file}.svg`, picture({ name, nodes, links }));
}
process.exitCode = stale ? 1 : 0;

/** "A" -> "B", from an output (0) or, for models, memories and tools, of a kind. */
function connectionsOf(links) {
	const out = {};
	for (const [from, to, output = 0, kind = 'main'] of links) {
		const of = ((out[from] ??= {})[kind] ??= []);
		while (of.length <= output) of.push([]);
		of[output].push({ node: to, type: kind, index: 0 });
	}
	return out;
}
