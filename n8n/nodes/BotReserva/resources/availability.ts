import type { INodeProperties } from 'n8n-workflow';

import { asked, shownFor } from './field';

const resource = 'availability';

export const availability: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: [
			{
				name: 'Search',
				value: 'search',
				action: 'Search for free rooms',
				description: 'Find rooms that are free, with their prices',
				routing: { request: { method: 'GET', url: '/api/n8n/check-availability' } },
			},
		],
		default: 'search',
	},
	asked(
		{
			displayName: 'Hotel Unit',
			name: 'unit',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'Ilhabela',
			displayOptions: shownFor(resource, 'search'),
		},
		'unidade',
	),
	asked(
		{
			displayName: 'Check-In',
			name: 'checkIn',
			type: 'string',
			required: true,
			default: '',
			placeholder: '24/12/2026',
			description: 'The day of arrival, as DD/MM/YYYY',
			displayOptions: shownFor(resource, 'search'),
		},
		'checkin',
	),
	asked(
		{
			displayName: 'Check-Out',
			name: 'checkOut',
			type: 'string',
			required: true,
			default: '',
			placeholder: '27/12/2026',
			description: 'The day of departure, as DD/MM/YYYY',
			displayOptions: shownFor(resource, 'search'),
		},
		'checkout',
	),
	asked({
		displayName: 'Adults',
		name: 'adults',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 2,
		displayOptions: shownFor(resource, 'search'),
	}),
	{
		displayName: 'Options',
		name: 'searchOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: shownFor(resource, 'search'),
		options: [
			asked({ displayName: 'Ages of Children', name: 'childrenAges', type: 'string', default: '', placeholder: '5,8' }),
			asked({ displayName: 'Children', name: 'children', type: 'number', typeOptions: { minValue: 0 }, default: 0 }),
		],
	},
];
