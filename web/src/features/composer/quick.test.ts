import { describe, expect, it } from 'vitest'
import type { QuickReply } from '@/api/types'
import { calledBy, filled, foundReplies, gapIn } from './quick'

describe('calledBy', () => {
  it.each([
    ['at the beginning', '/pi', 3, { from: 0, to: 3, typed: 'pi' }],
    ['after a space', 'oi /pi', 6, { from: 3, to: 6, typed: 'pi' }],
    ['on a new line', 'oi\n/', 4, { from: 3, to: 4, typed: '' }],
    ['not within a word: 24/11', '24/11', 5, undefined],
    ['not in an address', 'https://x', 9, undefined],
    ['not once the word ended', '/pix agora', 10, undefined],
    ['only up to the caret', '/pix', 2, { from: 0, to: 2, typed: 'p' }],
    ['not without a mark', 'pix', 3, undefined],
  ] as const)('%s', (_, text, caret, want) => expect(calledBy('/', text, caret)).toEqual(want))
})

describe('foundReplies', () => {
  const reply = (shortcut: string, title: string, content = '', order = 0) => ({ id: shortcut, shortcut, title, content, order }) as QuickReply
  const all = [reply('cafe', 'Horário do café', 'Das 7 às 10'), reply('pix', 'Chave PIX', 'A chave é…'), reply('checkin', 'Check-in', 'A partir das 14 h; o café é cortesia', 1)]
  it.each([
    ['', 'cafe pix checkin'], ['p', 'pix checkin'], ['horario', 'cafe'], ['CAFÉ', 'cafe checkin'], ['zzz', ''],
  ])('%s', (typed, want) => expect(foundReplies(all, typed).map((r) => r.shortcut).join(' ')).toBe(want))
})

describe('filled', () => {
  const facts = { guest: 'Marina Duarte', firstName: 'Marina', attendant: 'Célia', hotel: 'Pousada Mar Azul', unit: '' }
  it.each([
    ['Olá, {nome}!', 'Olá, Marina!'], ['{{ Nome }}, aqui é {atendente} da {hotel}', 'Marina, aqui é Célia da Pousada Mar Azul'],
    ['Sr(a). {hóspede}', 'Sr(a). Marina Duarte'], ['Total: {valor} em {unidade}', 'Total: {valor} em {unidade}'], ['sem lacunas', 'sem lacunas'],
  ])('%s', (content, want) => expect(filled(content, facts)).toBe(want))

  it('finds what is left to be filled', () => {
    expect(gapIn('Total: {valor}.')).toEqual([7, 14])
    expect(gapIn('Total: 10')).toBeUndefined()
  })
})
