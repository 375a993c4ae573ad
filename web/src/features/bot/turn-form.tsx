import { useState } from 'react'
import type { FlowConfig } from '@/api/page-types'
import { Form, SwitchField, TextField } from '@/components/page/form'
import { Card } from '@/components/page/page'
import { useChange } from '@/components/page/use-change'
import { wrongFields } from '@/components/page/use-page-error'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'

/** When the bot speaks and what it is told. */
export function TurnForm({ config }: { config: FlowConfig }) {
  const p = useTexts(pageTexts)
  const { bot: b } = useTexts(settingTexts)
  const [now, setNow] = useState({ quietSeconds: String(config.quietSeconds), handBackMinutes: String(config.handBackMinutes), history: String(config.history), mediaWaitSeconds: String(config.mediaWaitSeconds) })
  const [forward, setForward] = useState(config.forwardWhileLocked)
  const save = useChange(['bot'], p.saved)
  const submit = () => save.mutate({ method: 'PUT', path: '/api/tenants/n8n-config', body: { ...Object.fromEntries(Object.entries(now).map(([k, v]) => [k, Number(v)])), forwardWhileLocked: forward } })
  const field = (name: keyof typeof now, label: string, max: number, hint?: string) => (
    <TextField label={label} hint={hint} type="number" required min={0} max={max} className="max-w-40" value={now[name]} wrong={wrongFields(save.error).has(name)} onChange={(e) => setNow({ ...now, [name]: e.target.value })} />
  )
  return (
    <Card title={b.turns}>
      <Form error={save.error} busy={save.isPending} onSubmit={submit}>
        <div className="grid gap-4 sm:grid-cols-2">
          {field('quietSeconds', b.quiet, 15, b.quietHint)}{field('handBackMinutes', b.handBack, 10080, b.handBackHint)}{field('history', b.history, 50)}{field('mediaWaitSeconds', b.mediaWait, 60)}
        </div>
        <SwitchField label={b.forward} hint={b.forwardHint} checked={forward} onChange={setForward} />
      </Form>
    </Card>
  )
}
