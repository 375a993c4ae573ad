import { describe, expect, it } from 'vitest'
import { forEach, toggled, withRange } from './picking'

const ids = ['a', 'b', 'c', 'd', 'e']
const set = (...of: string[]) => new Set(of)

describe('picking', () => {
  it('takes one in and out', () => expect(toggled(toggled(set('a'), 'b'), 'a')).toEqual(set('b')))
  it.each([
    ['downwards', 'b', 'd', ['b', 'c', 'd']], ['upwards', 'd', 'b', ['d', 'b', 'c']], ['to itself', 'c', 'c', ['c']], ['from one that is gone', 'x', 'c', ['c']],
  ])('takes a range %s', (_, from, to, want) => expect(withRange(set(), ids, from, to)).toEqual(set(...want)))
})

describe('forEach', () => {
  it('does all, a few at a time, counts them, and says which failed', async () => {
    let running = 0
    let most = 0
    const told: number[] = []
    const failed = await forEach(ids, async (id) => {
      most = Math.max(most, ++running)
      await Promise.resolve()
      running--
      if (id === 'b' || id === 'e') throw new Error(id)
    }, (n) => told.push(n), 2)
    expect({ failed, most, told }).toEqual({ failed: ['b', 'e'], most: 2, told: [1, 2, 3, 4, 5] })
  })
  it('does nothing for nobody', async () => expect(await forEach([], () => Promise.reject(new Error('no')), () => undefined)).toEqual([]))
})
