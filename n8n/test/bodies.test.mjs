import assert from 'node:assert/strict';
import { test } from 'node:test';

import bodies from '../dist/nodes/BotReserva/resources/bodies.js';

test('buttons without an id come back as their title', () => {
	assert.deepEqual(bodies.buttonsOf({ values: [{ title: 'Sim' }, { id: 'n', title: 'Não' }] }), [
		{ id: 'Sim', label: 'Sim' },
		{ id: 'n', label: 'Não' },
	]);
	assert.deepEqual(bodies.buttonsOf(undefined), []);
});

test('rows stand in their sections, in the order of the form', () => {
	const rows = [
		{ title: 'A', section: 'Litoral' },
		{ title: 'B', section: '' },
		{ title: 'C', id: 'c', section: 'Litoral', description: 'perto' },
	];
	assert.deepEqual(bodies.sectionsOf({ values: rows }), [
		{ title: 'Litoral', rows: [{ id: 'A', title: 'A' }, { id: 'c', title: 'C', description: 'perto' }] },
		{ rows: [{ id: 'B', title: 'B' }] },
	]);
});

test('parameters are texts, empty ones too', () => {
	assert.deepEqual(bodies.parametersOf({ values: [{ text: 'Ana' }, { text: 7 }, {}] }), ['Ana', '7', '']);
});

test('cards have their buttons', () => {
	assert.deepEqual(bodies.cardsOf({ values: [{ text: 'Luxo', buttons: 'Reservar, Ver fotos,' }] }), [
		{ text: 'Luxo', buttons: [{ id: 'Reservar', label: 'Reservar' }, { id: 'Ver fotos', label: 'Ver fotos' }] },
	]);
});

test('what a form adds goes beside what is there', async () => {
	const node = { getNodeParameter: (name) => ({ addTags: 'VIP, Família', removeTags: '' })[name] };
	const request = await bodies.withTags.call(node, { url: '/x', body: { phone: '55' } });
	assert.deepEqual(request, { url: '/x', body: { phone: '55', add: ['VIP', 'Família'], remove: [] } });
});
