import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parts } from './marked'

describe('parts', () => {
  it.each([
    ['a word in the middle', 'Quero um berço hoje', [{ start: 9, length: 5 }], 'Quero um [berço] hoje'],
    ['words at both ends', 'berço e berço', [{ start: 0, length: 5 }, { start: 8, length: 5 }], '[berço] e [berço]'],
    ['nothing found', 'Oi', [], 'Oi'],
    ['marks beyond the text', 'Oi', [{ start: 1, length: 9 }], 'Oi'],
  ])('cuts %s', (_, text, marks, want) => {
    expect(parts(text, marks).map((p) => (p.isFound ? `[${p.text}]` : p.text)).join('')).toBe(want)
  })

  it('loses nothing of the text, whatever the marks', () => {
    fc.assert(fc.property(fc.string(), fc.array(fc.record({ start: fc.nat(30), length: fc.nat(9) })), (text, marks) => {
      expect(parts(text, marks).map((p) => p.text).join('')).toBe(text)
    }))
  })
})
