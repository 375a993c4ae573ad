import { describe, expect, it } from 'vitest'
import { noFilter } from '@/api/desk-keys'
import { folderOf, folders, inFolder, narrowed, without } from './folders'

describe('folders', () => {
  it.each(folders)('%s is found again in the filter that it sets, whatever else narrows it', (folder) => {
    expect(folderOf(inFolder({ ...noFilter, unit: 'Camburi', sort: 'oldest' }, folder))).toBe(folder)
  })

  it('are none where something else is combined', () => expect(folderOf({ ...noFilter, who: 'me', unread: true })).toBeUndefined())

  it('keep what narrows them', () => expect(inFolder({ ...noFilter, tag: 'vip', closing: true }, 'mine')).toMatchObject({ who: 'me', tag: 'vip', closing: true }))
})

describe('chips', () => {
  const f = { ...noFilter, unit: 'Camburi', closing: true, who: 'me' }
  it('stand for what narrows', () => expect(narrowed(f)).toEqual(['unit', 'closing']))
  it('take away what they stand for', () => expect(narrowed(without(without(f, 'unit'), 'closing'))).toEqual([]))
})
