import { describe, expect, it } from 'vitest'
import type { Template, TemplateNeed } from '@/api/types'
import { askedFor, bodyOf, canBeFilled, contentOf, isComplete } from './template-fill'

const need = (path: string, kind: TemplateNeed['kind'], more: Partial<TemplateNeed> = {}): TemplateNeed => ({ path, kind, required: true, ...more })
const template = (body: string, parameters: TemplateNeed[], more: Partial<Template> = {}) => ({ name: 'volta', language: 'pt_BR', parameterFormat: 'POSITIONAL', parameters, components: { body }, ...more }) as Template

const twoGaps = template('Olá, {{1}}! Sua reserva de {{2}} espera.', [need('body[0]', 'text', { name: '1' }), need('body[1]', 'text', { name: '2' })])
const named = template('Olá, {{hospede}}!', [need('body[0]', 'text', { name: 'hospede' })], { parameterFormat: 'NAMED' })
const rich = template('Veja', [need('header', 'image'), need('buttons[1]', 'urlSuffix', { index: 1, name: 'Abrir' }), need('buttons[0]', 'payload', { index: 0, required: false })])

describe('a template', () => {
  it('reads with what is filled in, and shows what is not', () => {
    expect(bodyOf(twoGaps, { 'body[0]': 'Marina' })).toBe('Olá, Marina! Sua reserva de {{2}} espera.')
    expect(bodyOf(named, { 'body[0]': ' Marina ' })).toBe('Olá, Marina!')
  })
  it('is complete once all that is needed is there', () => {
    expect(isComplete(twoGaps, { 'body[0]': 'Marina', 'body[1]': ' ' })).toBe(false)
    expect(isComplete(twoGaps, { 'body[0]': 'Marina', 'body[1]': 'sábado' })).toBe(true)
  })
  it('asks people for nothing that concerns programs', () => {
    expect(askedFor(rich).map((p) => p.kind)).toEqual(['image', 'urlSuffix'])
  })
  it('is not offered when something is needed that cannot be filled in', () => {
    expect(canBeFilled(rich)).toBe(true)
    expect(canBeFilled(template('x', [need('header', 'location')]))).toBe(false)
    expect(canBeFilled(template('x', [need('cards[0].header', 'image')]))).toBe(false)
  })
  it.each([
    [twoGaps, { 'body[0]': 'a', 'body[1]': 'b' }, { name: 'volta', language: 'pt_BR', body: [{ text: 'a' }, { text: 'b' }] }],
    [named, { 'body[0]': 'a' }, { name: 'volta', language: 'pt_BR', body: [{ text: 'a', name: 'hospede' }] }],
    [rich, { header: 'file-1', 'buttons[1]': 'x7' }, { name: 'volta', language: 'pt_BR', header: { image: { fileId: 'file-1' } }, buttons: [{ index: 1, urlSuffix: 'x7' }] }],
  ])('is sent as the API takes it', (t, values, want) => expect(contentOf(t, values as Record<string, string>)).toEqual(want))
})
