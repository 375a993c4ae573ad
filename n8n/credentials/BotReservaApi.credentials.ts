import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

export class BotReservaApi implements ICredentialType {
	name = 'botReservaApi';

	displayName = 'Bot Reserva API';

	icon: Icon = { light: 'file:../icons/botreserva.svg', dark: 'file:../icons/botreserva.dark.svg' };

	documentationUrl = 'https://github.com/botreserva/botreserva/tree/main/n8n#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'https://api.botreserva.com.br',
			description: 'Where Bot Reserva is reached, without a path',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'my-hotel:br_…',
			description: 'The key of the flow, from Settings > n8n in Bot Reserva. It has the form hotel:secret.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'X-API-Key': '={{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl.replace(new RegExp("/+$"), "")}}',
			url: '/api/n8n/me',
		},
	};
}
