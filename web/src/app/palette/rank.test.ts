import { describe, expect, it } from 'vitest'
import { ranked } from './rank'

const commands = ['Abrir quadro', 'Conversas não lidas', 'Minhas conversas', 'Devolver ao robô'].map((label) => ({ label }))
const labels = (typed: string) => ranked(commands, typed).map((c) => c.label)

describe('ranked', () => {
  it.each([
    ['nothing typed shows all in their order', '', commands.map((c) => c.label)],
    ['the first word counts most', 'conv', ['Conversas não lidas', 'Minhas conversas']],
    ['accents and case do not matter', 'ROBO', ['Devolver ao robô']],
    ['every word must be there', 'conv nao', ['Conversas não lidas']],
    ['in any order', 'lidas con', ['Conversas não lidas']],
    ['nothing fits', 'xyz', []],
  ])('%s', (_, typed, want) => expect(labels(typed)).toEqual(want))
})
