import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';

import { availability } from './resources/availability';
import { contact } from './resources/contact';
import { conversation } from './resources/conversation';
import { message } from './resources/message';

export class BotReserva implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Bot Reserva',
		name: 'botReserva',
		icon: { light: 'file:../../icons/botreserva.svg', dark: 'file:../../icons/botreserva.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Talk to hotel guests on WhatsApp, call for a person and keep the conversation in order',
		defaults: { name: 'Bot Reserva' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'botReservaApi', required: true }],
		requestDefaults: {
			baseURL: '={{$credentials.baseUrl.replace(new RegExp("/+$"), "")}}',
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
		},
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Availability', value: 'availability' },
					{ name: 'Contact', value: 'contact' },
					{ name: 'Conversation', value: 'conversation' },
					{ name: 'Message', value: 'message' },
				],
				default: 'message',
			},
			{
				displayName: 'Phone',
				name: 'phone',
				type: 'string',
				required: true,
				default: '={{ $json.phone }}',
				placeholder: '5512999998888',
				description: 'The phone of the guest in any form, as the trigger gives it',
				displayOptions: { hide: { resource: ['availability'], operation: ['markRead', 'get', 'checkLock'] } },
				routing: { send: { type: 'body', property: 'phone' } },
			},
			{
				displayName: 'Phone',
				name: 'phone',
				type: 'string',
				required: true,
				default: '={{ $json.phone }}',
				placeholder: '5512999998888',
				description: 'The phone of the guest in any form, as the trigger gives it',
				displayOptions: { show: { resource: ['contact', 'conversation'], operation: ['get', 'checkLock'] } },
			},
			...message,
			...conversation,
			...contact,
			...availability,
		],
	};
}
