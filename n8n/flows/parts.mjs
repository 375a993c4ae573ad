// What the flows are made of.

const credentials = { botReservaApi: { id: 'botreserva', name: 'Bot Reserva' } };

/** The phone of whoever started the flow, wherever in it we are. */
export const phone = (trigger) => `={{ $('${trigger}').first().json.phone }}`;

export function trigger(name, at, events, parameters = {}) {
	return {
		name, at, webhook: true, credentials, version: 1, type: 'n8n-nodes-botreserva.botReservaTrigger',
		about: events.join(', '), parameters: { events, onlyUnlocked: true, options: {}, ...parameters },
	};
}

/** A name as a header may hold it. */
const keyOf = (name) => name.normalize('NFD').replace(/[^A-Za-z]+/g, '').toLowerCase();

/** A call of Bot Reserva, tried three times. Where it sends, the same execution sends the same thing once. */
export function call(name, at, resource, operation, to, parameters = {}) {
	const sends = operation.startsWith('send');
	return {
		name, at, credentials, version: 1, type: 'n8n-nodes-botreserva.botReserva', about: `${operation}: ${resource}`,
		retryOnFail: true, maxTries: 3, waitBetweenTries: 1000,
		parameters: {
			resource, operation, ...(to ? { phone: to } : {}), ...parameters,
			...(sends ? { options: { ...parameters.options, idempotencyKey: `={{ $execution.id }}-${keyOf(name)}` } } : {}),
		},
	};
}

export const text = (name, at, to, message) => call(name, at, 'message', 'sendText', to, { message });

export function code(name, at, jsCode) {
	return { name, at, version: 2, type: 'n8n-nodes-base.code', about: 'Code', parameters: { jsCode } };
}

/** Goes out by the first rule that fits, in their order; what fits none goes out last. */
export function choose(name, at, value, outputs) {
	return {
		name, at, version: 3.2, type: 'n8n-nodes-base.switch', about: outputs.join(' | '),
		parameters: {
			rules: {
				values: outputs.map((rightValue) => ({
					conditions: {
						options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
						conditions: [{ id: `${name}-${rightValue}`, leftValue: value, rightValue, operator: { type: 'string', operation: 'equals' } }],
						combinator: 'and',
					},
					renameOutput: true,
					outputKey: rightValue,
				})),
			},
			looseTypeValidation: true,
			options: { fallbackOutput: 'extra' },
		},
	};
}

export function other(name, at, type, version, parameters, rest = {}) {
	return { name, at, type, version, parameters, ...rest };
}

export const buttons = (...pairs) => ({ values: pairs.map(([id, title]) => ({ id, title })) });
