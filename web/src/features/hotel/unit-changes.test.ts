import { expect, it } from 'vitest'
import { unitChanges } from './unit-changes'

it('tells renamed units from new ones', () => {
  expect(unitChanges([{ was: 'Ilhabela', now: ' Ilha ' }, { was: 'Camburi', now: 'Camburi' }, { was: '', now: 'Serra' }, { was: '', now: ' ' }])).toEqual({
    units: ['Ilha', 'Camburi', 'Serra'], renameUnits: [{ from: 'Ilhabela', to: 'Ilha' }],
  })
})
