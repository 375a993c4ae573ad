// Adds to a lock file the addresses that committed ones leave out, for the registry of this
// machine: without them npm asks for the list of versions of each of two thousand packages.
// node addresses.mjs package-lock.json <registry>
import { readFileSync, writeFileSync } from 'node:fs';

const [, , file, registry] = process.argv;
const lock = JSON.parse(readFileSync(file, 'utf8'));
for (const [path, of] of Object.entries(lock.packages)) {
	if (path === '' || of.link || !of.version) continue;
	const name = of.name ?? path.split('node_modules/').pop();
	of.resolved ??= `${registry.replace(/\/?$/, '/')}${name}/-/${name.split('/').pop()}-${of.version}.tgz`;
}
writeFileSync(file, JSON.stringify(lock));
