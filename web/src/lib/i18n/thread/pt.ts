export const pt = {
  emoji: {
    recent: 'Recentes', smileys: 'Rostos e corações', gestures: 'Gestos e pessoas', travel: 'Hotel e viagem', food: 'Comida e bebida', nature: 'Natureza e tempo',
    things: 'Objetos', signs: 'Sinais',
  },
  voice: {
    label: 'Gravação de voz',
    refused: 'O navegador não deu acesso ao microfone. Permita o microfone para este endereço e tente de novo.',
    discard: 'Descartar gravação',
    stop: 'Parar de gravar',
    hear: 'Ouvir a gravação',
    send: 'Enviar mensagem de voz',
  },
  schedule: {
    title: 'Agendar mensagem',
    when: 'Quando enviar',
    inAnHour: 'Daqui a uma hora',
    tomorrow: 'Amanhã às 9 h',
    monday: 'Segunda às 9 h',
    past: 'Escolha um momento que ainda não passou.',
    needsGuest: 'Nessa hora a janela de 24 horas estará fechada. A mensagem só sai se o hóspede escrever antes.',
    submit: 'Agendar',
    done: (when: string) => `Mensagem agendada para ${when}.`,
  },
  template: {
    title: 'Enviar modelo',
    search: 'Buscar modelo',
    none: 'Nenhum modelo aprovado.',
    noneFound: 'Nenhum modelo com este texto.',
    back: 'Outros modelos',
    preview: 'Como o hóspede vai ler',
    gap: (name: string) => `Texto para ${name}`,
    suffix: (name: string) => `Fim do link do botão “${name}”`,
    code: (name: string) => `Código do botão “${name}”`,
    file: { image: 'Foto do cabeçalho', video: 'Vídeo do cabeçalho', document: 'Documento do cabeçalho' },
    chooseFile: 'Escolher arquivo',
    uploading: 'Enviando arquivo…',
    cannotFill: 'Este modelo pede algo que ainda não dá para preencher aqui (localização, catálogo ou carrossel).',
    example: (text: string) => `Exemplo: ${text}`,
    send: 'Enviar modelo',
  },
}

export type ThreadTexts = typeof pt
