import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noFilter, type ListFilter } from '@/api/desk-keys'
import { filterOf, readSearch, searchOf } from './desk-search'

const word = fc.string({ minLength: 0, maxLength: 12 })
const filters: fc.Arbitrary<ListFilter> = fc.record({
  who: word, status: word, unread: fc.boolean(), unit: word, tag: word, priority: word, opportunity: fc.boolean(), closing: fc.boolean(),
  sort: fc.constantFrom('recent' as const, 'oldest' as const), search: word,
})

describe('the address of the desk', () => {
  it('keeps every filter', () => {
    fc.assert(fc.property(filters, (f) => {
      expect(filterOf(readSearch(searchOf(f)))).toEqual(f)
    }))
  })

  it('is bare without filters', () => expect(searchOf(noFilter)).toEqual({}))

  it.each([
    ['a number that was meant as text', { q: 5511987654321 }, { q: '5511987654321' }],
    ['what nobody could have chosen', { sort: 'sideways', unread: 'yes', unit: ['a'], x: 1 }, {}],
  ])('reads %s', (_, raw, want) => expect(readSearch(raw)).toEqual(want))
})
