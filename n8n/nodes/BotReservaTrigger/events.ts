import type { INodePropertyOptions } from 'n8n-workflow';

/** What Bot Reserva tells of. */
export const events: INodePropertyOptions[] = [
	{ name: 'Bot Locked', value: 'bot.locked', description: 'A person took the conversation over' },
	{ name: 'Bot Unlocked', value: 'bot.unlocked', description: 'The conversation was handed back to the bot' },
	{ name: 'Button Clicked', value: 'button.clicked', description: 'A guest pressed a button or chose from a list' },
	{ name: 'Conversation Closed', value: 'conversation.closed', description: 'A conversation was closed or archived' },
	{ name: 'Conversation Opened', value: 'conversation.opened', description: 'A guest wrote for the first time, or again after closing' },
	{ name: 'Conversation Updated', value: 'conversation.updated', description: 'Unit, tags, priority, or who has it changed' },
	{ name: 'Escalation Closed', value: 'escalation.closed', description: 'A call for a person was resolved or cancelled' },
	{ name: 'Escalation Created', value: 'escalation.created', description: 'The bot called for a person' },
	{ name: 'Message Received', value: 'message.received', description: 'A guest wrote' },
	{ name: 'Message Sent', value: 'message.sent', description: 'The bot or a person wrote' },
	{ name: 'Message Status', value: 'message.status', description: 'A message was sent, delivered, read, or failed' },
	{ name: 'Message Updated', value: 'message.updated', description: 'A message was edited, taken back, reacted to, or its file arrived' },
];
