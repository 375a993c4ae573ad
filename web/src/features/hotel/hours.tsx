import { useState } from 'react'
import type { Week } from '@/api/page-types'
import type { Settings } from '@/api/types'
import { Form, SwitchField } from '@/components/page/form'
import { Card } from '@/components/page/page'
import { useChange } from '@/components/page/use-change'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const usual = { from: '08:00', to: '18:00' }

/** When somebody is at the front desk. */
export function Hours({ hotel }: { hotel: Settings }) {
  const p = useTexts(pageTexts)
  const { hotel: h } = useTexts(settingTexts)
  const [week, setWeek] = useState<Week>(hotel.businessHours)
  const save = useChange(['hotel'], p.saved)
  const time = 'tabular h-9 rounded-control border border-line-strong bg-paper px-2 outline-offset-0'
  return (
    <Card title={h.hours} lead={h.hoursLead}>
      <Form error={save.error} busy={save.isPending} onSubmit={() => save.mutate({ method: 'PATCH', path: '/api/tenants/current', body: { businessHours: week } })}>
        <ul className="flex flex-col gap-2">
          {days.map((day) => {
            const open = week[day]
            return (
              <li key={day} className="flex min-h-9 flex-wrap items-center gap-3">
                <div className="w-44"><SwitchField label={h.days[day]} checked={open !== null} onChange={(on) => setWeek({ ...week, [day]: on ? usual : null })} /></div>
                {open ? (
                  <span className="flex items-center gap-2">
                    <input type="time" required aria-label={h.from(h.days[day])} value={open.from} onChange={(e) => setWeek({ ...week, [day]: { ...open, from: e.target.value } })} className={time} />
                    {h.until}
                    <input type="time" required aria-label={h.to(h.days[day])} value={open.to} onChange={(e) => setWeek({ ...week, [day]: { ...open, to: e.target.value } })} className={time} />
                  </span>
                ) : <span className="text-soft">{h.closed}</span>}
              </li>
            )
          })}
        </ul>
      </Form>
    </Card>
  )
}
