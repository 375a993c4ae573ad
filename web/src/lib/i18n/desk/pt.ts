// What of the desk only some need: it comes when it is opened.
export const pt = {
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
