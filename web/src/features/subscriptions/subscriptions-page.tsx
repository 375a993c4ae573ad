import { useQuery } from '@tanstack/react-query'
import { Plus, Webhook as WebhookIcon } from 'lucide-react'
import { useState } from 'react'
import { pageQuery } from '@/api/page'
import type { Webhook } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Page } from '@/components/page/page'
import { ShownOnce } from '@/components/page/shown-once'
import { Table, type Column } from '@/components/page/table'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { SubscriptionActions } from './subscription-actions'
import { SubscriptionDialog } from './subscription-dialog'

const tones: Record<string, Tone> = { active: 'brand', failing: 'danger', paused: 'warn' }

/** Programs that are told what happens. */
export function SubscriptionsPage() {
  const p = useTexts(pageTexts)
  const { subscriptions: s } = useTexts(settingTexts)
  const { format } = useI18n()
  const [edited, setEdited] = useState<Webhook | 'new'>()
  const [secret, setSecret] = useState<string>()
  const list = useQuery({ ...pageQuery<{ data: Webhook[] }>(['subscriptions'], '/api/webhooks'), select: (l) => l.data })
  const columns: Column<Webhook>[] = [
    { key: 'url', head: s.url, narrow: 'title', cell: (w) => <span className="block max-w-96 min-w-48"><span className="block font-medium break-all">{w.description || w.url}</span>{w.description && <span className="block text-small font-normal break-all text-soft">{w.url}</span>}</span> },
    { key: 'events', head: s.events, cell: (w) => <span className="line-clamp-2 max-w-72 text-soft">{w.events.map((e) => s.names[e] ?? e).join(', ')}</span> },
    {
      key: 'status', head: s.status,
      cell: (w) => <span className="flex flex-col items-start gap-1"><Badge tone={tones[w.status] ?? 'plain'}>{s.states[w.status]}</Badge>{w.failures > 0 && <span className="text-small text-soft">{s.failures(w.failures)}{w.failingSince && ` · ${format.full(w.failingSince)}`}</span>}{w.pausedByUs && <span className="text-small text-danger">{s.pausedByUs}</span>}</span>,
    },
    { key: 'actions', head: p.actions, end: true, narrow: 'foot', cell: (w) => <SubscriptionActions subscription={w} onEdit={() => setEdited(w)} onSecret={setSecret} /> },
  ]
  return (
    <Page title={s.title} lead={s.lead} actions={<Button look="primary" onClick={() => setEdited('new')}><Plus className="size-4" />{s.add}</Button>}>
      <Table label={s.title} columns={columns} rows={list} keyOf={(w) => w.id} empty={<Notice icon={<WebhookIcon />} title={s.empty} hint={s.emptyHint} />} />
      {edited && <SubscriptionDialog subscription={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} onSecret={setSecret} />}
      {secret && <ShownOnce title={s.secret} lead={s.secretLead} secret={secret} kept={s.kept} onKept={() => setSecret(undefined)} />}
    </Page>
  )
}
