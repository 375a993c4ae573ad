import { expect, it } from 'vitest'
import { addressOf, askedOf } from './asked'

it.each([
  [{}, '/api/reports/units?period=30d'],
  [{ period: '7d', unit: 'Ilhabela' }, '/api/reports/units?period=7d&hotelUnit=Ilhabela'],
  [{ period: 'custom', from: '2026-01-01', until: '2026-01-31' }, '/api/reports/units?startDate=2026-01-01&endDate=2026-01-31'],
  [{ period: 'custom', from: '2026-01-01' }, '/api/reports/units?period=30d'],
  [{ period: 'custom', from: '2026-02-01', until: '2026-01-01' }, '/api/reports/units?period=30d'],
])('%o asks %s', (filters, want) => expect(addressOf('units', askedOf(filters))).toBe(want))
