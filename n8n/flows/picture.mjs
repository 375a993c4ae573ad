const W = 180;
const H = 64;
const STEP = [240, 110];

const colours = [
	[/Trigger$/, '#fde68a'],
	[/botReserva(Tool)?$/, '#99f6e4'],
	[/langchain/, '#ddd6fe'],
	[/./, '#e5e7eb'],
];

const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

/** Draws a flow as n8n shows it: boxes from left to right, lines between them. */
export function picture({ name, nodes, links }) {
	const place = new Map(nodes.map((n) => [n.name, [20 + n.at[0] * STEP[0], 60 + n.at[1] * STEP[1]]]));
	const width = Math.max(...[...place.values()].map(([x]) => x)) + W + 20;
	const height = Math.max(...[...place.values()].map(([, y]) => y)) + H + 20;
	const lines = links.map(([from, to, , kind = 'main']) => {
		const [[ax, ay], [bx, by]] = [place.get(from), place.get(to)];
		if (kind !== 'main') {
			return `<path d="M${ax + W / 2} ${ay}V${by + H}" stroke="#8b5cf6" stroke-dasharray="5 4" fill="none"/>`;
		}
		const [x1, y1, x2, y2] = [ax + W, ay + H / 2, bx, by + H / 2];
		const bend = Math.max(30, (x2 - x1) / 2);
		return `<path d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" stroke="#64748b" fill="none" marker-end="url(#tip)"/>`;
	});
	const boxes = nodes.map((n) => {
		const [x, y] = place.get(n.name);
		const colour = colours.find(([type]) => type.test(n.type))[1];
		const said = n.about ?? n.type.split('.').pop();
		const about = said.length > 30 ? `${said.slice(0, 29)}…` : said;
		return (
			`<rect x="${x}" y="${y}" width="${W}" height="${H}" rx="10" fill="${colour}" stroke="#64748b"/>` +
			`<text x="${x + W / 2}" y="${y + 28}" text-anchor="middle" font-weight="600">${escaped(n.name)}</text>` +
			`<text x="${x + W / 2}" y="${y + 47}" text-anchor="middle" font-size="11" fill="#475569">${escaped(about)}</text>`
		);
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="13">`,
		'<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>',
		`<rect width="${width}" height="${height}" fill="#fff"/>`,
		`<text x="20" y="34" font-size="18" font-weight="700">${escaped(name)}</text>`,
		...lines,
		...boxes,
		'</svg>',
		'',
	].join('\n');
}
