import { describe, expect, it } from 'vitest'
import { canBeFitted, judge, largest, leaving, type Ready } from './files'

const file = (type: string, size = 1000, name = 'x') => ({ type, size, name })

describe('judge', () => {
  it.each([
    ['a photo', file('image/jpeg', 5_000_000), { as: 'IMAGE' }],
    ['a photo one byte too large', file('image/jpeg', 5_000_001), { refused: 'size', most: 5_000_000 }],
    ['a film', file('video/mp4', 16_000_000), { as: 'VIDEO' }],
    ['a large PDF', file('application/pdf', largest), { as: 'DOCUMENT' }],
    ['a PDF beyond all limits', file('application/pdf', largest + 1), { refused: 'size', most: largest }],
    ['a table of commas', file('text/csv'), { refused: 'type' }],
    ['a program', file('application/x-msdownload'), { refused: 'type' }],
    ['a file that the browser cannot name', file(''), { refused: 'type' }],
    ['nothing', file('image/png', 0), { refused: 'empty' }],
  ])('%s', (_, about, want) => expect(judge(about)).toEqual(want))
})

describe('canBeFitted', () => {
  it.each([
    ['a photo that is fine', file('image/jpeg'), false], ['a photo that is too large', file('image/jpeg', 9_000_000), true], ['a WebP', file('image/webp'), true],
    ['a drawing that may carry a script', file('image/svg+xml'), false], ['a film', file('video/webm'), false],
  ])('%s', (_, about, want) => expect(canBeFitted(about)).toBe(want))
})

describe('leaving', () => {
  const ready = (as: Ready['as'], name: string): Ready => ({ as, file: new File(['x'], name) })
  /** A message in a word: its text, or the file's name with its caption in brackets. */
  const sketch = (text: string, files: Ready[]) => leaving(text, files).map(({ said }) => (said.kind === 'file' ? `${said.name}(${said.caption.slice(0, 9)})` : said.content.slice(0, 9))).join(' ')
  it.each([
    ['a text alone', 'oi', [], 'oi'],
    ['files alone', '', [ready('IMAGE', 'a'), ready('DOCUMENT', 'b')], 'a() b()'],
    ['the text is the caption of the first file', 'oi', [ready('IMAGE', 'a'), ready('VIDEO', 'b')], 'a(oi) b()'],
    ['sound has no caption: the text goes ahead', 'oi', [ready('AUDIO', 'a')], 'oi a()'],
    ['a text too long for a caption goes ahead', 'o'.repeat(1025), [ready('IMAGE', 'a')], 'ooooooooo a()'],
  ] as [string, string, Ready[], string][])('%s', (_, text, files, want) => expect(sketch(text, files)).toBe(want))
})
