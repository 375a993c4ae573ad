import { describe, expect, it } from 'vitest'
import { localValue, suggestedTimes } from './times'

describe('suggestedTimes', () => {
  const monday = (day: number) => localValue(suggestedTimes(new Date(2026, 10, day, 15, 30)).find((s) => s.name === 'monday')?.at ?? new Date(0))
  it.each([[23, '2026-11-30T09:00'], [24, '2026-11-30T09:00'], [28, '2026-11-30T09:00'], [29, '2026-11-30T09:00'], [30, '2026-12-07T09:00']])('the Monday after November %i', (day, want) => {
    expect(monday(day)).toBe(want)
  })

  it('goes over the end of a month', () => {
    expect(suggestedTimes(new Date(2026, 10, 30, 23, 30)).map((s) => localValue(s.at))).toEqual(['2026-12-01T00:30', '2026-12-01T09:00', '2026-12-07T09:00'])
  })
})
