import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Settings } from '@/api/types'
import { Form } from '@/components/page/form'
import { Card } from '@/components/page/page'
import { useChange } from '@/components/page/use-change'
import { Button, IconButton } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'
import { unitChanges, type Row } from './unit-changes'

/** The houses of a hotel. */
export function Units({ hotel }: { hotel: Settings }) {
  const p = useTexts(pageTexts)
  const { hotel: h } = useTexts(settingTexts)
  const [rows, setRows] = useState<Row[]>(hotel.units.map((name) => ({ was: name, now: name })))
  const save = useChange(['hotel'], p.saved)
  const change = (i: number, now: string) => setRows(rows.map((r, j) => (i === j ? { ...r, now } : r)))
  return (
    <Card title={h.units} lead={h.unitsLead}>
      <Form error={save.error} busy={save.isPending} onSubmit={() => save.mutate({ method: 'PATCH', path: '/api/tenants/current', body: unitChanges(rows) })}>
        {rows.length === 0 && <p className="text-soft">{h.noUnits}</p>}
        {rows.map((row, i) => (
          <div key={i} className="flex items-center gap-1">
            <input aria-label={h.unitName(i + 1)} value={row.now} maxLength={100} onChange={(e) => change(i, e.target.value)} className="h-10 w-full max-w-md rounded-control border border-line-strong bg-paper px-3 outline-offset-0" />
            <IconButton label={h.removeUnit(row.now)} onClick={() => setRows(rows.filter((_, j) => j !== i))}><Trash2 className="size-4" /></IconButton>
          </div>
        ))}
        <Button className="self-start" onClick={() => setRows([...rows, { was: '', now: '' }])}><Plus className="size-4" />{h.addUnit}</Button>
      </Form>
    </Card>
  )
}
