import { buttons, call, choose, code, other, phone, text, trigger } from './parts.mjs';

const T = 'Hóspede escreve';
const to = phone(T);
const name = `{{ $('${T}').first().json.contactName?.split(' ')[0] ?? '' }}`;
const pressed = '={{ $json.buttonReply?.id ?? $json.listResponseMessage?.selectedRowId ?? "" }}';

const menu = {
	file: '1-saudacao-e-menu',
	name: 'Bot Reserva 1: saudação e menu',
	nodes: [
		trigger(T, [0, 1], ['message.received']),
		choose('O que tocou', [1, 1], pressed, ['reservar', 'duvidas', 'recepcao']),
		text('Pede as datas', [2, 0], to, '=Ótimo! Me diga a unidade, as datas de entrada e saída e quantas pessoas.'),
		text('Responde dúvidas', [2, 1], to, 'Café da manhã das 7h às 10h. Entrada a partir das 14h, saída até 12h. Aceitamos animais pequenos.\n\nPosso ajudar em mais alguma coisa?'),
		text('Avisa que vem alguém', [2, 2], to, 'Vou chamar a recepção. Alguém responde por aqui em instantes.'),
		call('Chama a recepção', [3, 2], 'conversation', 'escalate', to, {
			reason: 'USER_REQUESTED', escalateOptions: { priority: 'HIGH', summary: 'O hóspede tocou em "Falar com a recepção" no menu.' },
		}),
		call('Mostra o menu', [2, 3], 'message', 'sendButtons', to, {
			message: '=Olá' + '{{ $("' + T + '").first().json.contactName ? ", " : "" }}' + name + '! Sou o assistente do hotel. Como posso ajudar?',
			buttons: buttons(['reservar', 'Quero reservar'], ['duvidas', 'Tirar dúvidas'], ['recepcao', 'Falar com recepção']),
			options: { footer: 'Você também pode escrever' },
		}),
	],
	links: [
		[T, 'O que tocou'],
		['O que tocou', 'Pede as datas', 0],
		['O que tocou', 'Responde dúvidas', 1],
		['O que tocou', 'Avisa que vem alguém', 2],
		['O que tocou', 'Mostra o menu', 3],
		['Avisa que vem alguém', 'Chama a recepção'],
	],
};

const agent = '@n8n/n8n-nodes-langchain';
const faq = {
	file: '2-perguntas-com-ia',
	name: 'Bot Reserva 2: perguntas com agente de IA',
	nodes: [
		trigger(T, [0, 0], ['message.received']),
		other('Agente', [1, 0], `${agent}.agent`, 2, {
			promptType: 'define',
			text: '={{ $json.chatInput }}',
			options: {
				systemMessage:
					'Você é o atendente do hotel no WhatsApp. Responda em português, em até três frases, só com o que está aqui:\n' +
					'- Café da manhã das 7h às 10h, incluído.\n- Entrada a partir das 14h, saída até 12h.\n- Estacionamento gratuito. Animais de até 10 kg.\n' +
					'Se não souber, se o hóspede reclamar ou pedir uma pessoa, use a ferramenta que chama a recepção e não escreva mais nada. Nunca invente preços.',
			},
		}, { about: 'AI Agent' }),
		text('Responde', [2, 0], to, '={{ $json.output }}'),
		other('Modelo', [0, 2], `${agent}.lmChatOpenAi`, 1.2, { model: { __rl: true, mode: 'list', value: 'gpt-4.1-mini' }, options: { temperature: 0.2 } }, {
			credentials: { openAiApi: { id: 'openai', name: 'OpenAI' } },
		}),
		other('Memória do hóspede', [1, 2], `${agent}.memoryBufferWindow`, 1.3, {
			sessionIdType: 'customKey', sessionKey: `={{ $('${T}').first().json.contact.id }}`, contextWindowLength: 12,
		}),
		{
			...call('Recepção', [2, 2], 'conversation', 'escalate', to, { reason: 'AI_UNABLE' }),
			type: 'n8n-nodes-botreserva.botReservaTool', retryOnFail: false,
			parameters: {
				descriptionType: 'manual', toolDescription: 'Chama uma pessoa da recepção. Use quando não souber responder, quando o hóspede reclamar ou pedir uma pessoa.',
				resource: 'conversation', operation: 'escalate', phone: to, reason: 'AI_UNABLE', escalateOptions: {},
			},
		},
	],
	links: [
		[T, 'Agente'],
		['Agente', 'Responde'],
		['Modelo', 'Agente', 0, 'ai_languageModel'],
		['Memória do hóspede', 'Agente', 0, 'ai_memory'],
		['Recepção', 'Agente', 0, 'ai_tool'],
	],
};

const reservation = {
	file: '3-pedido-de-reserva',
	name: 'Bot Reserva 3: pedido de reserva',
	nodes: [
		trigger(T, [0, 1], ['message.received']),
		code('Entende', [1, 1], `// Em que passo está o pedido: pela escolha tocada, pelas datas escritas e pela unidade da conversa.
const m = $input.first().json;
const tocou = m.buttonReply?.id ?? m.listResponseMessage?.selectedRowId ?? '';
const datas = [...(m.text?.message ?? '').matchAll(/(\\d{1,2})\\/(\\d{1,2})(?:\\/(\\d{4}|\\d{2}))?/g)].map(([, d, mes, a]) => {
  const ano = a ? (a.length === 2 ? '20' + a : a) : String(new Date().getFullYear());
  return d.padStart(2, '0') + '/' + mes.padStart(2, '0') + '/' + ano;
});
const adultos = Number((m.text?.message ?? '').match(/(\\d+)\\s*(adult|pessoa|hóspede)/i)?.[1] ?? 2);
let passo = 'unidade';
if (tocou.startsWith('unidade:')) passo = 'escolheu';
else if (tocou === 'confirmar') passo = 'confirmou';
else if (datas.length >= 2 && m.hotelUnit) passo = 'datas';
else if (m.hotelUnit) passo = 'perguntar';
return [{ json: { ...m, passo, unidade: tocou.startsWith('unidade:') ? tocou.slice(8) : m.hotelUnit ?? '', entrada: datas[0], saida: datas[1], adultos } }];`),
		choose('Passo', [2, 1], '={{ $json.passo }}', ['escolheu', 'datas', 'confirmou', 'perguntar']),
		call('Guarda a unidade', [3, 0], 'conversation', 'setUnit', to, { hotelUnit: "={{ $('Entende').first().json.unidade }}" }),
		text('Pede as datas', [4, 0], to, 'Quais são as datas e quantas pessoas? Por exemplo: 24/12/2026 a 27/12/2026, 2 adultos'),
		call('Procura quartos', [3, 1], 'availability', 'search', '', {
			unit: "={{ $('Entende').first().json.unidade }}", checkIn: "={{ $('Entende').first().json.entrada }}", checkOut: "={{ $('Entende').first().json.saida }}",
			adults: "={{ $('Entende').first().json.adultos }}", searchOptions: {},
		}),
		code('Escreve a oferta', [4, 1], `const pedido = $('Entende').first().json;
const livres = ($input.first().json.rooms ?? []).filter((q) => q.available);
const linhas = livres.slice(0, 5).map((q) => '• ' + q.name + (q.price ? ': R$ ' + q.price : ''));
const oferta = livres.length
  ? 'Para ' + pedido.unidade + ', de ' + pedido.entrada + ' a ' + pedido.saida + ':\\n' + linhas.join('\\n')
  : 'Não encontrei quarto livre de ' + pedido.entrada + ' a ' + pedido.saida + '. A recepção pode procurar outra data.';
return [{ json: { oferta } }];`),
		call('Mostra a oferta', [5, 1], 'message', 'sendButtons', to, {
			message: '={{ $json.oferta }}', buttons: buttons(['confirmar', 'Quero reservar'], ['outras', 'Outras datas']),
		}),
		call('Anota oportunidade', [3, 2], 'conversation', 'markOpportunity', to, { opportunityReason: 'wants_reservation' }),
		text('Confirma', [4, 2], to, 'Perfeito! A recepção vai confirmar sua reserva por aqui.'),
		call('Chama vendas', [5, 2], 'conversation', 'escalate', to, { reason: 'SALES_OPPORTUNITY', escalateOptions: { summary: 'Quer confirmar a reserva oferecida pelo robô.' } }),
		text('Pergunta de novo', [3, 3], to, 'Me diga as datas de entrada e saída, por exemplo: 24/12/2026 a 27/12/2026, 2 adultos'),
		call('Pergunta a unidade', [3, 4], 'message', 'sendList', to, {
			message: 'Em qual unidade você quer ficar?', buttonText: 'Ver unidades',
			rows: { values: [{ id: 'unidade:Ilhabela', title: 'Ilhabela' }, { id: 'unidade:Camburi', title: 'Camburi' }] },
		}),
	],
	links: [
		[T, 'Entende'],
		['Entende', 'Passo'],
		['Passo', 'Guarda a unidade', 0],
		['Passo', 'Procura quartos', 1],
		['Passo', 'Anota oportunidade', 2],
		['Passo', 'Pergunta de novo', 3],
		['Passo', 'Pergunta a unidade', 4],
		['Guarda a unidade', 'Pede as datas'],
		['Procura quartos', 'Escreve a oferta'],
		['Escreve a oferta', 'Mostra a oferta'],
		['Anota oportunidade', 'Confirma'],
		['Confirma', 'Chama vendas'],
	],
};

const B = 'Robô é liberado';
const escalation = {
	file: '4-chamar-uma-pessoa',
	name: 'Bot Reserva 4: chamar uma pessoa',
	nodes: [
		trigger(T, [0, 0], ['message.received']),
		code('Quer uma pessoa?', [1, 0], `const m = $input.first().json;
const dito = (m.chatInput ?? '').normalize('NFD').replace(/[\\u0300-\\u036f]/g, '').toLowerCase();
const motivo = /reclam|absurdo|pessim|vergonha|procon/.test(dito) ? 'COMPLAINT'
  : /atendente|humano|pessoa de verdade|falar com (uma pessoa|alguem|a recepcao)/.test(dito) ? 'USER_REQUESTED' : '';
return motivo ? [{ json: { ...m, motivo } }] : [];`),
		text('Avisa', [2, 0], to, 'Entendi. Vou chamar a recepção, que responde por aqui em instantes.'),
		call('Chama', [3, 0], 'conversation', 'escalate', to, {
			reason: "={{ $('Quer uma pessoa?').first().json.motivo }}", escalateOptions: { summary: "={{ $('Quer uma pessoa?').first().json.chatInput }}" },
		}),
		trigger(B, [0, 1], ['bot.unlocked']),
		call('Anota a volta', [1, 1], 'conversation', 'addNote', phone(B), { note: 'O robô voltou a atender.' }),
	],
	links: [
		[T, 'Quer uma pessoa?'],
		['Quer uma pessoa?', 'Avisa'],
		['Avisa', 'Chama'],
		[B, 'Anota a volta'],
	],
};

const followUp = {
	file: '5-acompanhamento-e-oportunidade',
	name: 'Bot Reserva 5: acompanhamento e oportunidade',
	nodes: [
		trigger(T, [0, 0], ['message.received']),
		other('Espera duas horas', [1, 0], 'n8n-nodes-base.wait', 1.1, { resume: 'timeInterval', amount: 2, unit: 'hours' }, { webhook: true, about: 'Wait' }),
		call('Olha a conversa', [2, 0], 'conversation', 'get', to),
		code('Ficou sem resposta?', [3, 0], `// Só se o robô falou por último, ninguém assumiu e já não perguntamos antes.
const { locked, conversation: c } = $input.first().json;
const calado = c.lastMessage?.direction === 'OUTBOUND' && !locked && !c.metadata?.followupSent;
return calado ? $input.all() : [];`),
		text('Pergunta', [4, 0], to, 'Ficou alguma dúvida sobre a sua reserva? Posso ajudar a concluir.'),
		call('Anota o acompanhamento', [5, 0], 'conversation', 'markFollowUp', to),
	],
	links: [
		[T, 'Espera duas horas'],
		['Espera duas horas', 'Olha a conversa'],
		['Olha a conversa', 'Ficou sem resposta?'],
		['Ficou sem resposta?', 'Pergunta'],
		['Pergunta', 'Anota o acompanhamento'],
	],
};

export const flows = [menu, faq, reservation, escalation, followUp];
