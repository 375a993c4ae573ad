import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { centsOf, typed } from './money'

describe('centsOf', () => {
  it.each([
    ['', 0], ['90', 9000], ['R$ 90', 9000], ['1.234,50', 123_450], ['1234.5', 123_450], ['1,234.56', 123_456], ['1.500', 150_000], ['0,05', 5], ['12,3', 1230],
    ['abc', undefined], ['-5', undefined], ['9'.repeat(14), undefined],
  ])('%s is %s', (text, want) => expect(centsOf(text)).toBe(want))

  it('reads what it writes', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000_000_000 }), (cents) => {
      expect(centsOf(typed(cents))).toBe(cents)
    }))
  })
})
