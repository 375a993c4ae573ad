import type { INodeProperties } from 'n8n-workflow';

import { sent, shownFor } from './field';

const resource = 'contact';

export const contact: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get a contact',
				description: 'Get what is known of a guest',
				routing: { request: { method: 'GET', url: '=/api/n8n/contacts/{{ encodeURIComponent($parameter.phone) }}' } },
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update a contact',
				description: 'Write down what the guest told',
				routing: { request: { method: 'PATCH', url: '=/api/n8n/contacts/{{ encodeURIComponent($parameter.phone) }}' } },
			},
		],
		default: 'get',
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: shownFor(resource, 'update'),
		options: [
			sent({ displayName: 'Company', name: 'companyName', type: 'string', default: '' }),
			sent({ displayName: 'Email', name: 'email', type: 'string', placeholder: 'name@email.com', default: '' }),
			sent({ displayName: 'Name', name: 'name', type: 'string', default: '' }),
		],
	},
];
