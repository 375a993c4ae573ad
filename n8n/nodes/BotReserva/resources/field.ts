import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** When a field is shown: for one resource and some of its operations. */
export function shownFor(resource: string, ...operations: string[]): IDisplayOptions {
	return { show: { resource: [resource], operation: operations } };
}

/** Makes a field whose value is sent under its own name, or another. */
export function sent(field: INodeProperties, property = field.name): INodeProperties {
	return { ...field, routing: { send: { type: 'body', property } } };
}

/** Makes a field whose value is asked for in the address. */
export function asked(field: INodeProperties, property = field.name): INodeProperties {
	return { ...field, routing: { send: { type: 'query', property } } };
}
