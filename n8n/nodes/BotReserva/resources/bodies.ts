import type { IDataObject, IExecuteSingleFunctions, IHttpRequestOptions } from 'n8n-workflow';

type PreSend = (this: IExecuteSingleFunctions, request: IHttpRequestOptions) => Promise<IHttpRequestOptions>;

/** Adds to the body of a request. */
function adding(make: (parameter: (name: string) => unknown) => IDataObject): PreSend {
	return async function (request) {
		const more = make((name) => this.getNodeParameter(name, undefined));
		return { ...request, body: { ...((request.body as IDataObject) ?? {}), ...more } };
	};
}

function rows(value: unknown): IDataObject[] {
	return ((value as IDataObject | undefined)?.values as IDataObject[] | undefined) ?? [];
}

function words(value: unknown): string[] {
	return String(value ?? '')
		.split(',')
		.map((word) => word.trim())
		.filter(Boolean);
}

/** A list of choices, one of them in each line of the form. Without an id the title comes back. */
export function buttonsOf(value: unknown): IDataObject[] {
	return rows(value).map(({ id, title }) => ({ id: id || title, label: title }));
}

/** The rows of a list, under the names of their sections and in the order of the form. */
export function sectionsOf(value: unknown): IDataObject[] {
	const sections = new Map<string, IDataObject[]>();
	for (const { section, id, title, description } of rows(value)) {
		const name = String(section ?? '');
		sections.set(name, [...(sections.get(name) ?? []), { id: id || title, title, ...(description ? { description } : {}) }]);
	}
	return [...sections].map(([title, of]) => ({ ...(title ? { title } : {}), rows: of }));
}

/** The parameters of a template: one in each line of the form. */
export function parametersOf(value: unknown): string[] {
	return rows(value).map(({ text }) => String(text ?? ''));
}

/** The cards of a carousel, each with its buttons separated by commas. */
export function cardsOf(value: unknown): IDataObject[] {
	return rows(value).map(({ text, image, buttons }) => ({
		text,
		...(image ? { image } : {}),
		buttons: words(buttons).map((label) => ({ id: label, label })),
	}));
}

export const withButtons = adding((get) => ({ buttons: buttonsOf(get('buttons')) }));
export const withSections = adding((get) => ({ sections: sectionsOf(get('rows')) }));
export const withParameters = adding((get) => ({ parameters: parametersOf(get('parameters')) }));
export const withCards = adding((get) => ({ carousel: cardsOf(get('cards')) }));
export const withTags = adding((get) => ({ add: words(get('addTags')), remove: words(get('removeTags')) }));
