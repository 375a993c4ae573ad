import {
	type IDataObject,
	type IHookFunctions,
	type IHttpRequestMethods,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	type JsonObject,
	NodeApiError,
	NodeConnectionTypes,
} from 'n8n-workflow';

import { events } from './events';
import { isSigned } from './signature';

const CREDENTIALS = 'botReservaApi';

async function call(
	node: IHookFunctions,
	method: IHttpRequestMethods,
	path: string,
	body?: IDataObject,
): Promise<IDataObject> {
	const { baseUrl } = await node.getCredentials<{ baseUrl: string }>(CREDENTIALS);
	return (await node.helpers.httpRequestWithAuthentication.call(node, CREDENTIALS, {
		method,
		baseURL: baseUrl.replace(/\/+$/, ''),
		url: `/api/n8n/webhooks${path}`,
		body,
		json: true,
	})) as IDataObject;
}

function isGone(error: unknown): boolean {
	const e = error as { httpCode?: string | number; response?: { status?: number }; status?: number };
	return [e.httpCode, e.response?.status, e.status].some((status) => String(status) === '404');
}

export class BotReservaTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Bot Reserva Trigger',
		name: 'botReservaTrigger',
		icon: { light: 'file:../../icons/botreserva.svg', dark: 'file:../../icons/botreserva.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description: 'Starts the workflow when something happens at the WhatsApp desk of a hotel',
		defaults: { name: 'Bot Reserva Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIALS, required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: 'webhook',
			},
		],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				required: true,
				options: events,
				default: ['message.received'],
			},
			{
				displayName: 'Only While the Bot Answers',
				name: 'onlyUnlocked',
				type: 'boolean',
				default: true,
				description:
					'Whether to leave out what guests say while a person holds the conversation or the bot is paused. Leave it on in workflows that answer guests.',
			},
			{
				displayName: 'Answers Guests',
				name: 'answers',
				type: 'boolean',
				default: false,
				description:
					"Whether this workflow is the hotel's bot: guests are handed over to it in turns and with their files, with a token for its answers. Needs the event Message Received and no hotel units; of several workflows the last one published counts, and none while the hotel's settings name a webhook.",
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Hotel Units',
						name: 'hotelUnits',
						type: 'string',
						default: '',
						placeholder: 'Ilhabela, Camburi',
						description: 'Only conversations of these units, separated by commas',
					},
					{
						displayName: 'Message Statuses',
						name: 'statuses',
						type: 'multiOptions',
						options: [
							{ name: 'Delivered', value: 'DELIVERED' },
							{ name: 'Failed', value: 'FAILED' },
							{ name: 'Played', value: 'PLAYED' },
							{ name: 'Read', value: 'READ' },
							{ name: 'Sent', value: 'SENT' },
						],
						default: ['FAILED'],
						description: 'Of Message Status only these',
					},
				],
			},
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const data = this.getWorkflowStaticData('node');
				if (!data.webhookId) return false;
				try {
					const known = await call(this, 'GET', `/${data.webhookId as string}`);
					return known.url === this.getNodeWebhookUrl('default') && known.status !== 'paused';
				} catch (error) {
					if (isGone(error)) return false;
					throw new NodeApiError(this.getNode(), error as JsonObject);
				}
			},

			async create(this: IHookFunctions): Promise<boolean> {
				const data = this.getWorkflowStaticData('node');
				const given = this.getNodeParameter('options', {}) as IDataObject;
				const units = String(given.hotelUnits ?? '').split(',').map((unit) => unit.trim()).filter(Boolean);
				if (data.webhookId) {
					// One that is paused, or of an address that is no more: ours to replace.
					try {
						await call(this, 'DELETE', `/${data.webhookId as string}`);
					} catch (error) {
						if (!isGone(error)) throw new NodeApiError(this.getNode(), error as JsonObject);
					}
				}
				const made = await call(this, 'POST', '', {
					url: this.getNodeWebhookUrl('default'),
					events: this.getNodeParameter('events') as string[],
					description: `n8n: ${this.getWorkflow().name ?? ''}`.slice(0, 200),
					options: {
						onlyUnlocked: this.getNodeParameter('onlyUnlocked') as boolean,
						answers: this.getNodeParameter('answers', false) as boolean,
						hotelUnits: units,
						statuses: (given.statuses as string[]) ?? [],
					},
				});
				data.webhookId = made.id;
				data.secret = made.secret;
				return true;
			},

			async delete(this: IHookFunctions): Promise<boolean> {
				const data = this.getWorkflowStaticData('node');
				if (!data.webhookId) return true;
				try {
					await call(this, 'DELETE', `/${data.webhookId as string}`);
				} catch (error) {
					if (!isGone(error)) throw new NodeApiError(this.getNode(), error as JsonObject);
				}
				delete data.webhookId;
				delete data.secret;
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const request = this.getRequestObject();
		const data = this.getWorkflowStaticData('node');
		const signature = this.getHeaderData()['x-botreserva-signature'];
		const now = Math.floor(Date.now() / 1000);
		if (!data.secret) {
			// The first event may be here before n8n has stored what the subscription was answered with.
			this.getResponseObject().status(503).json({ message: 'Not subscribed yet, try again' });
			return { noWebhookResponse: true };
		}
		if (!isSigned(String(data.secret), signature, request.rawBody, now)) {
			const response = this.getResponseObject();
			response.status(401).json({ message: 'The signature is missing, wrong or too old' });
			return { noWebhookResponse: true };
		}
		const body = this.getBodyData();
		const wanted = this.getNodeParameter('events') as string[];
		// What guests said in one turn is what they said.
		const event = body.event === 'message.turn' ? 'message.received' : String(body.event);
		if (!wanted.includes(event)) {
			return { webhookResponse: { ignored: true } };
		}
		return { workflowData: [this.helpers.returnJsonArray(body)] };
	}
}
