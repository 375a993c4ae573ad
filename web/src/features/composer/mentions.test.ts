import { describe, expect, it } from 'vitest'
import type { Teammate } from '@/api/types'
import { foundColleagues, mentionsIn } from './mentions'

const team = [['ana', 'Ana Ribeiro', true], ['celia', 'Célia Prado', true], ['caio', 'Caio Prado', false]].map(([id, name, isActive]) => ({ id, name, isActive }) as Teammate)

describe('a mention', () => {
  it.each([['', 'ana celia'], ['ce', 'celia'], ['PRA', 'celia'], ['rib', 'ana'], ['zz', '']])('of %s may be', (typed, want) => {
    expect(foundColleagues(team, typed, 'me').map((one) => one.id).join(' ')).toBe(want)
  })
  it('is never of oneself', () => expect(foundColleagues(team, 'ana', 'ana')).toEqual([]))
  it.each([
    ['@Célia Prado confirma?', 'celia'], ['pergunte a @ana ribeiro e @Celia Prado', 'ana celia'], ['Célia Prado sabe', ''], ['@Célia sabe', ''], ['@Caio Prado', ''],
  ])('stands in %s', (text, want) => expect(mentionsIn(text, team).join(' ')).toBe(want))
})
