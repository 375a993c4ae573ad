import { expect, it } from 'vitest'
import type { FlowConfig } from '@/api/page-types'
import { warningsOf } from './warnings'

const good = { paused: false, n8nWebhookUrl: 'https://n8n.example/webhook/a', warnings: [] as string[], legacyKey: false } as FlowConfig

it.each([
  [{}, []],
  [{ paused: true, n8nWebhookUrl: null }, ['pausedNow', 'noUrl']],
  [{ n8nWebhookUrl: 'https://n8n.example/webhook-test/a', legacyKey: true }, ['warnTest', 'warnLegacy']],
  [{ warnings: ['The flow called last from 1.2.3.4, which the IP allow-list does not admit'] }, ['warnIp']],
])('%o warns of %o', (change, want) => expect(warningsOf({ ...good, ...change })).toEqual(want))
