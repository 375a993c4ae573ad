// What fills a template's gaps, and how it reads. Pure; the server checks it again when it is sent.
import type { Template, TemplateNeed } from '@/api/types'

export type Values = Record<string, string> // by the path of what is needed

const fillable = new Set(['text', 'image', 'video', 'document', 'urlSuffix', 'copyCode', 'payload'])

/** What a person is asked for. Payloads come back with a tap and concern programs only. */
export const askedFor = (t: Template): TemplateNeed[] => t.parameters.filter((p) => p.kind !== 'payload' && (p.required || p.kind === 'text'))

export const canBeFilled = (t: Template): boolean => t.parameters.every((p) => !p.required || (fillable.has(p.kind) && !p.path.startsWith('cards')))

export const isComplete = (t: Template, v: Values): boolean => askedFor(t).every((p) => !p.required || (v[p.path] ?? '').trim() !== '')

/** The body with its gaps filled; those that are not stay as they are written. */
export function bodyOf(t: Template, v: Values): string {
  const gaps = t.parameters.filter((p) => p.path.startsWith('body['))
  return gaps.reduce((text, p, i) => {
    const value = (v[p.path] ?? '').trim()
    return value === '' ? text : text.replaceAll(`{{${p.name ?? i + 1}}}`, value)
  }, t.components?.body ?? t.name)
}

/** The template as the API takes it. */
export function contentOf(t: Template, v: Values) {
  const value = (p: TemplateNeed) => (v[p.path] ?? '').trim()
  const body = t.parameters.filter((p) => p.path.startsWith('body[')).map((p) => ({ text: value(p), ...(t.parameterFormat === 'NAMED' && { name: p.name }) }))
  const header = t.parameters.find((p) => p.path === 'header' || p.path.startsWith('header.'))
  const buttons = t.parameters.filter((p) => p.path.startsWith('buttons[') && value(p) !== '' && (p.kind === 'urlSuffix' || p.kind === 'copyCode'))
    .map((p) => ({ index: p.index ?? 0, [p.kind]: value(p) }))
  return {
    name: t.name, language: t.language, ...(body.length > 0 && { body }), ...(header && value(header) !== '' && { header: headerOf(header, value(header), t) }),
    ...(buttons.length > 0 && { buttons }),
  }
}

function headerOf(p: TemplateNeed, value: string, t: Template) {
  if (p.kind === 'text') return { text: { text: value, ...(t.parameterFormat === 'NAMED' && { name: p.name }) } }
  return { [p.kind]: { fileId: value } }
}
