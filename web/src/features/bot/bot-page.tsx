import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { pageQuery } from '@/api/page'
import type { FlowConfig } from '@/api/page-types'
import { Form, Refusal, SelectField, SwitchField, TextField } from '@/components/page/form'
import { Card, Page } from '@/components/page/page'
import { Failed } from '@/components/page/table'
import { useChange } from '@/components/page/use-change'
import { wrongFields } from '@/components/page/use-page-error'
import { Skeleton } from '@/components/ui/skeleton'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { FlowKeys } from './flow-keys'
import { TurnForm } from './turn-form'
import { warningsOf } from './warnings'

const path = '/api/tenants/n8n-config'

/** The flow that answers guests. */
export function BotPage() {
  const { bot: b } = useTexts(settingTexts)
  const config = useQuery(pageQuery<FlowConfig>(['bot'], path))
  return (
    <Page narrow title={b.title} lead={b.lead}>
      {config.isPending && <Skeleton className="h-64" />}
      {config.isError && <Failed error={config.error} onRetry={() => void config.refetch()} />}
      {config.data && <><Standing config={config.data} /><Flow config={config.data} /><TurnForm config={config.data} /><FlowKeys config={config.data} /></>}
    </Page>
  )
}

const Warning = ({ children }: { children: ReactNode }) => <p className="flex items-start gap-2 rounded-control bg-warn-soft px-3 py-2 text-warn"><TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />{children}</p>

/** Whether the bot speaks, and what is wrong with it. */
function Standing({ config }: { config: FlowConfig }) {
  const p = useTexts(pageTexts)
  const { bot: b } = useTexts(settingTexts)
  const { format } = useI18n()
  const pause = useChange(['bot', 'hotel'], p.saved)
  return (
    <Card>
      <div className="flex flex-col gap-3">
        {warningsOf(config).map((w) => <Warning key={w}>{b[w]}</Warning>)}
        <SwitchField label={b.paused} hint={b.pausedHint} checked={config.paused} disabled={pause.isPending} onChange={(paused) => pause.mutate({ method: 'PUT', path, body: { paused } })} />
        <Refusal error={pause.error} />
        <p className="text-soft">{b.lastCall}: <span className="tabular text-ink">{config.lastCallAt ? b.lastCallAt(format.full(config.lastCallAt), config.lastCallFrom ?? '') : b.never}</span></p>
      </div>
    </Card>
  )
}

function Flow({ config }: { config: FlowConfig }) {
  const p = useTexts(pageTexts)
  const { bot: b } = useTexts(settingTexts)
  const [now, setNow] = useState({ n8nWebhookUrl: config.n8nWebhookUrl ?? '', payloadStyle: config.payloadStyle, legacyKey: config.legacyKey })
  const save = useChange(['bot'], p.saved)
  return (
    <Card title={b.flow} lead={config.hasSecret ? b.hasSecret : b.noSecret}>
      <Form error={save.error} busy={save.isPending} onSubmit={() => save.mutate({ method: 'PUT', path, body: { ...now, n8nWebhookUrl: now.n8nWebhookUrl.trim() } })}>
        <TextField label={b.url} hint={b.urlHint} type="url" maxLength={2048} placeholder="https://" value={now.n8nWebhookUrl} wrong={wrongFields(save.error).has('n8nWebhookUrl')} onChange={(e) => setNow({ ...now, n8nWebhookUrl: e.target.value })} />
        <SelectField label={b.style} value={now.payloadStyle} onChange={(e) => setNow({ ...now, payloadStyle: e.target.value as FlowConfig['payloadStyle'] })}>
          {Object.entries(b.styles).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        </SelectField>
        <SwitchField label={b.legacyKey} checked={now.legacyKey} onChange={(legacyKey) => setNow({ ...now, legacyKey })} />
      </Form>
    </Card>
  )
}
