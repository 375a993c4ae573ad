import { describe, expect, it } from 'vitest'
import { formatsFor } from './format'
import { en } from './i18n/en'
import { es } from './i18n/es'
import { pt } from './i18n/pt'
import { phoneText } from './phone'

/** Every text of a dictionary by its path. */
function texts(of: object, path = ''): Map<string, unknown> {
  return new Map(Object.entries(of).flatMap(([key, value]) => (typeof value === 'object' ? [...texts(value as object, `${path}${key}.`)] : [[path + key, value] as const])))
}

describe('dictionaries', () => {
  const first = texts(pt)
  it.each([['en', en], ['es', es]])('%s has every text, and none of its own', (_, other) => {
    const said = texts(other)
    expect([...said.keys()].toSorted()).toEqual([...first.keys()].toSorted())
    expect([...said.values()].every((text) => text !== '')).toBe(true)
  })
})

type Texts = Record<string, Record<string, object>>

describe('dictionaries of areas', () => {
  const files = import.meta.glob<Texts[string]>('./i18n/*/*.ts', { eager: true })
  const areas = [...new Set(Object.keys(files).map((file) => file.split('/')[2] ?? ''))]
  const of = (name: string, language: 'pt' | 'en' | 'es') => texts(files[`./i18n/${name}/${language}.ts`]?.[language] ?? {})
  it.each(areas.flatMap((name) => [[name, 'en'], [name, 'es']] as const))('%s has every text in %s', (name, language) => {
    const said = of(name, language)
    expect(said.size).toBeGreaterThan(0)
    expect([...said.keys()].toSorted()).toEqual([...of(name, 'pt').keys()].toSorted())
    expect([...said.values()].every((text) => text !== '')).toBe(true)
  })
})

describe('phoneText', () => {
  it.each([
    ['5511987654321', '+55 11 98765-4321'], ['551238960001', '+55 12 3896-0001'], ['14155550123', '+141 5555 0123'], ['', ''], ['BR.123', 'BR.123'],
  ])('%s is written %s', (digits, want) => expect(phoneText(digits)).toBe(want))
})

describe('formats', () => {
  const format = formatsFor('pt-BR')
  it.each([[0, '< 1 min'], [59_999, '< 1 min'], [60_000, '1 min'], [3_600_000, '1 h'], [172_800_000, '2 d']])('%d ms are %s', (ms, want) => expect(format.span(ms)).toBe(want))
  it.each([[-5, '0 min'], [59 * 60_000, '59 min'], [61 * 60_000, '1 h 01']])('%d ms left are %s', (ms, want) => expect(format.countdown(ms)).toBe(want))
})
