import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import module from '../dist/nodes/BotReservaTrigger/BotReservaTrigger.node.js';

const trigger = new module.BotReservaTrigger();
const { checkExists, create, delete: remove } = trigger.webhookMethods.default;
const here = 'https://n8n.example.com/webhook/1/webhook';

/** A node in n8n, which answers calls of the API as it is told. */
function node(data, answer, parameters = { events: ['message.received'], onlyUnlocked: true, options: {} }) {
	const calls = [];
	return {
		calls,
		data,
		getWorkflowStaticData: () => data,
		getNodeWebhookUrl: () => here,
		getNodeParameter: (name) => parameters[name],
		getWorkflow: () => ({ name: 'Reservas' }),
		getNode: () => ({ name: 'Trigger', type: 'x', typeVersion: 1, position: [0, 0], parameters: {} }),
		getCredentials: async () => ({ baseUrl: 'https://api.example.com//' }),
		helpers: {
			returnJsonArray: (item) => [{ json: item }],
			httpRequestWithAuthentication: async function (credentials, request) {
				calls.push(`${request.method} ${request.baseURL}${request.url}`);
				this.sent = request.body;
				return answer(request);
			},
		},
	};
}

const gone = () => {
	throw Object.assign(new Error('gone'), { httpCode: '404' });
};

test('publishing subscribes and keeps the secret', async () => {
	const n = node({}, () => ({ id: 'w1', secret: 's1' }), {
		events: ['message.received', 'bot.locked'], onlyUnlocked: true, answers: true, options: { hotelUnits: ' Ilhabela, ,Camburi ' },
	});
	assert.equal(await checkExists.call(n), false);
	assert.equal(await create.call(n), true);
	assert.deepEqual(n.calls, ['POST https://api.example.com/api/n8n/webhooks']);
	assert.deepEqual(n.sent, {
		url: here, events: ['message.received', 'bot.locked'], description: 'n8n: Reservas',
		options: { onlyUnlocked: true, answers: true, hotelUnits: ['Ilhabela', 'Camburi'], statuses: [] },
	});
	assert.deepEqual(n.data, { webhookId: 'w1', secret: 's1' });
});

test('what is there stays; what is paused, gone or elsewhere is made anew', async () => {
	const known = (answer) => checkExists.call(node({ webhookId: 'w1' }, answer));
	assert.equal(await known(() => ({ url: here, status: 'active' })), true);
	assert.equal(await known(() => ({ url: here, status: 'paused' })), false);
	assert.equal(await known(() => ({ url: 'https://old.example.com', status: 'active' })), false);
	assert.equal(await known(gone), false);
	await assert.rejects(known(() => { throw new Error('no connection'); }));
	const n = node({ webhookId: 'w1', secret: 's1' }, (request) => (request.method === 'DELETE' ? gone() : { id: 'w2', secret: 's2' }));
	await create.call(n);
	assert.deepEqual(n.data, { webhookId: 'w2', secret: 's2' });
});

test('unpublishing unsubscribes, also what is gone already', async () => {
	for (const answer of [() => ({}), gone]) {
		const n = node({ webhookId: 'w1', secret: 's1' }, answer);
		assert.equal(await remove.call(n), true);
		assert.deepEqual(n.data, {});
		assert.deepEqual(n.calls, ['DELETE https://api.example.com/api/n8n/webhooks/w1']);
	}
	const n = node({ webhookId: 'w1' }, () => { throw new Error('no connection'); });
	await assert.rejects(remove.call(n));
	assert.equal(n.data.webhookId, 'w1'); // tried again at the next start
});

function post(body, { secret = 's1', sign = 's1', age = 0 } = {}) {
	const rawBody = Buffer.from(JSON.stringify(body));
	const t = Math.floor(Date.now() / 1000) - age;
	const answered = {};
	return {
		answered,
		getWorkflowStaticData: () => ({ secret }),
		getHeaderData: () => ({ 'x-botreserva-signature': `t=${t},v1=${createHmac('sha256', sign).update(`${t}.`).update(rawBody).digest('hex')}` }),
		getRequestObject: () => ({ rawBody }),
		getResponseObject: () => ({ status(code) { answered.status = code; return { json: (text) => { answered.text = text; } }; } }),
		getBodyData: () => body,
		getNodeParameter: () => ['message.received'],
		helpers: { returnJsonArray: (item) => [{ json: item }] },
	};
}

test('a signed event starts the workflow with chatInput and sessionId at its root', async () => {
	const body = { event: 'message.received', chatInput: 'Oi', sessionId: 'c1' };
	assert.deepEqual(await trigger.webhook.call(post(body)), { workflowData: [[{ json: body }]] });
});

test('a turn is what a guest said', async () => {
	const body = { event: 'message.turn', chatInput: 'Oi' };
	assert.deepEqual(await trigger.webhook.call(post(body)), { workflowData: [[{ json: body }]] });
});

test('what is not signed, or long ago, starts nothing', async () => {
	for (const how of [{ sign: 'other' }, { age: 600 }]) {
		const n = post({ event: 'message.received' }, how);
		assert.deepEqual(await trigger.webhook.call(n), { noWebhookResponse: true });
		assert.equal(n.answered.status, 401);
	}
});

test('an event that is not asked for is taken and passed over', async () => {
	assert.deepEqual(await trigger.webhook.call(post({ event: 'ping' })), { webhookResponse: { ignored: true } });
});

test('what comes before the secret is stored is to be sent again', async () => {
	const n = post({ event: 'message.received' }, { secret: '' });
	assert.deepEqual(await trigger.webhook.call(n), { noWebhookResponse: true });
	assert.equal(n.answered.status, 503);
});
