import { useState } from 'react'
import type { FlowConfig, RotatedKey } from '@/api/page-types'
import { Confirm } from '@/components/page/confirm'
import { Form, TextArea, TextField } from '@/components/page/form'
import { Card } from '@/components/page/page'
import { ShownOnce } from '@/components/page/shown-once'
import { useChange } from '@/components/page/use-change'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'

/** The keys with which the flow speaks as the bot, and from where they work. */
export function FlowKeys({ config }: { config: FlowConfig }) {
  const p = useTexts(pageTexts)
  const { bot: b } = useTexts(settingTexts)
  const { format } = useI18n()
  const [asks, setAsks] = useState(false)
  const [list, setList] = useState(config.ipAllowList.join('\n'))
  const save = useChange(['bot'], p.saved)
  const submit = () => save.mutate({ method: 'PUT', path: '/api/tenants/n8n-config/ip-allow-list', body: { ipAllowList: list.split(/\s+/).filter((line) => line !== '') } })
  return (
    <Card title={b.keys} lead={b.keysLead} actions={<Button onClick={() => setAsks(true)}>{b.rotate}</Button>}>
      <ul className="mb-4 flex flex-col gap-1">
        {config.keys.map((key) => <li key={key.id}><span className="font-medium">{key.name}</span> <span className="tabular text-soft">· {b.keySince(format.full(key.createdAt))}{key.expiresAt && ` · ${b.keyUntil(format.full(key.expiresAt))}`}</span></li>)}
      </ul>
      <Form error={save.error} busy={save.isPending} onSubmit={submit}>
        <TextArea label={b.allow} hint={b.allowHint} rows={3} spellCheck={false} className="tabular" value={list} onChange={(e) => setList(e.target.value)} />
      </Form>
      {asks && <Rotate onClose={() => setAsks(false)} />}
    </Card>
  )
}

function Rotate({ onClose }: { onClose: () => void }) {
  const { bot: b } = useTexts(settingTexts)
  const [hours, setHours] = useState('24')
  const rotate = useChange<RotatedKey>(['bot'], undefined)
  if (rotate.data) return <ShownOnce title={b.newKey} lead={b.newKeyLead} secret={rotate.data.apiKey} kept={b.kept} onKept={onClose} />
  return (
    <Confirm
      title={b.rotateTitle} lead={b.rotateLead} action={b.rotate} busy={rotate.isPending} error={rotate.error} onClose={onClose}
      onConfirm={() => rotate.mutate({ method: 'POST', path: '/api/tenants/n8n-config/rotate-key', body: { overlapHours: Number(hours) } })}
    >
      <TextField label={b.overlap} type="number" min={0} max={720} className="max-w-40" value={hours} onChange={(e) => setHours(e.target.value)} />
    </Confirm>
  )
}
