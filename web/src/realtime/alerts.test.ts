import { expect, it } from 'vitest'
import { aConversation, aMessage } from '@/test/factories'
import { alertOf } from './alerts'
import type { Body } from './events'

const conversation = aConversation()
const note = (mentions: string[]) => aMessage({ type: 'NOTICE', content: 'Confirma?', metadata: { notice: { type: 'note', mentions } } })

it.each([
  ['a guest who waits for the team', 'escalation:new', { conversation }, 'escalation'],
  ['a note that calls this person', 'message:new', { conversation, message: note(['bia', 'me']) }, 'mention'],
  ['a note that calls somebody else', 'message:new', { conversation, message: note(['bia']) }, undefined],
  ['what a guest writes', 'message:new', { conversation, message: aMessage() }, undefined],
  ['a window that closes on this person', 'window:closing', { conversation: aConversation({ assignedToId: 'me' }) }, 'window'],
  ['a window that closes on nobody’s', 'window:closing', { conversation }, 'window'],
  ['a window that closes on a colleague', 'window:closing', { conversation: aConversation({ assignedToId: 'bia' }) }, undefined],
] as [string, string, Body, string | undefined][])('%s', (_, name, body, kind) => expect(alertOf(name, body, 'me')?.kind).toBe(kind))
