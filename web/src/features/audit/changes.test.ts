import { expect, it } from 'vitest'
import { changesOf } from './changes'

it('names what changed, came and went', () => {
  expect(changesOf({ name: 'A', unit: null, gone: 1, same: [1] }, { name: 'B', unit: 'X', same: [1] })).toEqual([
    { field: 'name', before: 'A', after: 'B' }, { field: 'unit', before: null, after: 'X' }, { field: 'gone', before: 1, after: undefined },
  ])
})
it('knows of nothing where nothing was kept', () => expect(changesOf(null, undefined)).toEqual([]))
