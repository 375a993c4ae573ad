import { describe, expect, it } from 'vitest'
import { isPaletteKey, neighbour, shortcutOf } from './keys'

const pressed = (key: string, of: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, defaultPrevented: false, target: null, ...of })
const inside = (tagName: string, more: object = {}) => ({ target: { tagName, ...more } as unknown as EventTarget })

describe('shortcutOf', () => {
  it.each([
    ['a key', pressed('j'), false, 'next'], ['a capital', pressed('T'), false, 'takeOver'], ['a sign', pressed('?'), false, 'help'],
    ['a key that is none', pressed('x'), false, undefined], ['what a dialog covers', pressed('j'), true, undefined],
    ['while somebody types', pressed('j', inside('TEXTAREA')), false, undefined], ['in a field', pressed('j', inside('INPUT')), false, undefined],
    ['in a text that is edited', pressed('j', inside('DIV', { isContentEditable: true })), false, undefined],
    ['with Ctrl, which is the browser’s', pressed('t', { ctrlKey: true }), false, undefined], ['what was handled', pressed('j', { defaultPrevented: true }), false, undefined],
  ])('%s', (_, e, covered, want) => expect(shortcutOf(e, covered)).toBe(want))
})

describe('isPaletteKey', () => {
  it.each([[pressed('k', { ctrlKey: true }), true], [pressed('K', { metaKey: true }), true], [pressed('k'), false], [pressed('k', { ctrlKey: true, altKey: true }), false]])('%o: %s', (e, want) => expect(isPaletteKey(e)).toBe(want))
})

describe('neighbour', () => {
  it.each([
    ['a', 1, 'b'], ['b', -1, 'a'], ['c', 1, 'c'], ['a', -1, 'a'], [undefined, 1, 'a'], ['gone', -1, 'a'],
  ] as [string | undefined, 1 | -1, string][])('of %s by %s is %s', (from, step, want) => expect(neighbour(['a', 'b', 'c'], from, step)).toBe(want))
  it('of nothing is nothing', () => expect(neighbour([], 'a', 1)).toBeUndefined())
})
