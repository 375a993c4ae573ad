import { CircleCheck, CircleX } from 'lucide-react'
import type { WhatsappCheck } from '@/api/page-types'
import { Refusal } from '@/components/page/form'
import { Card } from '@/components/page/page'
import { useChange } from '@/components/page/use-change'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { settingTexts } from '@/lib/i18n/areas'

/** Asks Meta whether everything works, and says what to do about what does not. */
export function CheckCard() {
  const { whatsapp: w } = useTexts(settingTexts)
  const check = useChange<WhatsappCheck>(['whatsapp'], undefined)
  return (
    <Card title={w.check} lead={w.checkLead} actions={<Button look="primary" busy={check.isPending} onClick={() => check.mutate({ method: 'POST', path: '/api/tenants/whatsapp-config/check' })}>{w.check}</Button>}>
      <div aria-live="polite" className="flex flex-col gap-3">
        {check.isPending && <p className="text-soft">{w.checking}</p>}
        <Refusal error={check.error} />
        {check.data && <p className="font-medium">{check.data.ok ? w.ok : w.notOk}</p>}
        <ul className="flex flex-col gap-2">{check.data?.items.map((item, i) => <li key={i}><Item item={item} /></li>)}</ul>
      </div>
    </Card>
  )
}

function Item({ item }: { item: WhatsappCheck['items'][number] }) {
  const { whatsapp: w } = useTexts(settingTexts)
  const { reason } = item
  return (
    <div className="flex items-start gap-2">
      {item.ok ? <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-brand" /> : <CircleX aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-danger" />}
      <div>
        <p className="font-medium">{w.items[item.item]}{reason && <span className="font-normal">: {w.reasons[reason]}</span>}</p>
        {!item.ok && <p className="text-soft">{(reason && w.fixes[reason]) ?? w.generalFix}</p>}
      </div>
    </div>
  )
}
