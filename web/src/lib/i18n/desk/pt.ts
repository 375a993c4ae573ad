// What of the desk only some need: it comes when it is opened.
export const pt = {
  undo: 'Desfazer',
  board: {
    title: 'Quadro de conversas',
    help: 'Espaço pega o cartão em foco, as setas escolhem a coluna, espaço solta, Esc desiste.',
    lifted: (column: string) => `Cartão na mão. Coluna: ${column}`,
    moved: (name: string, column: string) => `${name}: ${column}`,
    inColumn: 'Conversas nesta coluna',
    empty: 'Nenhuma conversa',
  },
  filter: {
    who: 'Responsável',
    anybody: 'Qualquer pessoa',
    me: 'Eu',
    nobody: 'Ninguém',
    goingOn: 'Em andamento',
    any: 'Qualquer',
    sort: 'Ordem',
    recent: 'Mais recentes',
    oldest: 'Mais antigas',
    unread: 'Não lidas',
    saved: 'Filtros salvos',
    save: 'Salvar filtro',
    keep: 'Salvar',
    name: 'Nome do filtro',
    forget: (name: string) => `Apagar filtro ${name}`,
    clear: 'Limpar tudo',
  },
}

export type DeskTexts = typeof pt
