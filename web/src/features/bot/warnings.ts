import type { FlowConfig } from '@/api/page-types'

type Warning = 'pausedNow' | 'noUrl' | 'warnTest' | 'warnLegacy' | 'warnIp'

/** What is wrong with a flow's settings, the gravest first. The server writes the same in English. */
export function warningsOf(c: FlowConfig): Warning[] {
  const found: Warning[] = []
  if (c.paused) found.push('pausedNow')
  if (!c.n8nWebhookUrl) found.push('noUrl')
  if (c.warnings.some((w) => w.includes('allow-list'))) found.push('warnIp')
  if (c.n8nWebhookUrl?.includes('/webhook-test/')) found.push('warnTest')
  if (c.legacyKey) found.push('warnLegacy')
  return found
}
