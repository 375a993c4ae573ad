// Words with a mark before them that call up a list: /shortcut for quick replies, @name in notes. Pure.
import type { QuickReply } from '@/api/types'

export type Called = { from: number; to: number; typed: string }

/** The word with the mark that the caret is in or just behind, where such a word may begin. */
export function calledBy(mark: '/' | '@', text: string, caret: number): Called | undefined {
  const before = text.slice(0, caret)
  const from = before.lastIndexOf(mark)
  if (from < 0 || (from > 0 && !/\s/.test(before[from - 1] ?? ''))) return undefined
  const typed = before.slice(from + 1)
  return /\s/.test(typed) ? undefined : { from, to: caret, typed }
}

export const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Quick replies for what was typed: those whose shortcut begins so come first, then by title, then by what they say. */
export function foundReplies(all: QuickReply[], typed: string, most = 8): QuickReply[] {
  const wanted = plain(typed)
  const rank = (r: QuickReply) => {
    if (r.shortcut.startsWith(wanted)) return 0
    if (plain(r.title).includes(wanted)) return 1
    return plain(r.content).includes(wanted) ? 2 : 3
  }
  return all.map((r) => ({ r, at: rank(r) })).filter(({ at }) => at < 3).toSorted((a, b) => a.at - b.at || a.r.order - b.r.order).slice(0, most).map(({ r }) => r)
}

export type Facts = { guest: string; firstName: string; attendant: string; hotel: string; unit: string }

const names: Record<string, keyof Facts> = {
  nome: 'firstName', primeiro_nome: 'firstName', first_name: 'firstName', nombre: 'firstName', name: 'firstName', hospede: 'guest', nome_completo: 'guest', guest: 'guest',
  huesped: 'guest', atendente: 'attendant', attendant: 'attendant', agente: 'attendant', hotel: 'hotel', pousada: 'hotel', unidade: 'unit', unit: 'unit', unidad: 'unit',
}

/** A quick reply with its gaps ({nome}, {{hotel}}) filled; what is not known stays, for the person to fill. */
export function filled(content: string, facts: Facts): string {
  return content.replace(/\{\{?\s*([\p{L}_ ]+?)\s*\}?\}/gu, (gap, name: string) => {
    const fact = names[plain(name).replace(/ /g, '_')]
    return (fact && facts[fact]) || gap
  })
}

/** Where the first gap is that is left, to be selected. */
export function gapIn(text: string): [number, number] | undefined {
  const found = /\{\{?[^{}\n]+\}?\}/.exec(text)
  return found ? [found.index, found.index + found[0].length] : undefined
}
