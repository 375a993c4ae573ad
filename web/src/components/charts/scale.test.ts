import { expect, it } from 'vitest'
import { ceilingOf, showsEvery, weeksOf } from './scale'

it.each([[0, 5], [5, 5], [6, 10], [11, 20], [21, 25], [26, 50], [100, 100], [101, 200]])('an axis up to %d ends at %d', (most, top) => expect(ceilingOf(most)).toBe(top))
it.each([[7, 1], [24, 2], [31, 3]])('of %d labels every %d. is written', (count, every) => expect(showsEvery(count)).toBe(every))
it('sums weeks, the last as far as it goes', () => {
  const days = Array.from({ length: 9 }, (_, i) => ({ date: `2026-01-0${i + 1}`, totalConversations: i }))
  expect(weeksOf(days)).toEqual([{ from: '2026-01-01', to: '2026-01-07', value: 21 }, { from: '2026-01-08', to: '2026-01-09', value: 15 }])
})
