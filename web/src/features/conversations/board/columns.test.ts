import { describe, expect, it } from 'vitest'
import { beside, countText, type Column } from './columns'

describe('the board', () => {
  it.each([
    ['OPEN', 'ArrowRight', 'IN_PROGRESS'], ['OPEN', 'ArrowLeft', 'BOT_HANDLING'], ['BOT_HANDLING', 'ArrowLeft', 'BOT_HANDLING'],
    ['CLOSED', 'ArrowRight', 'CLOSED'], ['OPEN', 'ArrowDown', 'OPEN'],
  ] as [Column, string, Column][])('%s and %s lead to %s', (from, key, to) => expect(beside(from, key)).toBe(to))

  it.each([
    ['all that there is', 7, false, 9, '7'], ['what the server counted', 40, true, 312, '312'], ['what is known where nobody counted', 40, true, undefined, '40+'],
  ] as [string, number, boolean, number | undefined, string][])('counts %s', (_, fetched, more, counted, want) => expect(countText(fetched, more, counted, String)).toBe(want))
})
