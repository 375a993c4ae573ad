import { useQuery } from '@tanstack/react-query'
import { pageQuery } from '@/api/page'
import type { AccountNumbers, WhatsappNumber } from '@/api/page-types'
import { Card } from '@/components/page/page'
import { useChange } from '@/components/page/use-change'
import { usePageError } from '@/components/page/use-page-error'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { settingTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'

const tones: Record<string, Tone> = { GREEN: 'brand', YELLOW: 'warn', RED: 'danger' }

/** The hotel's numbers as WhatsApp sees them. */
export function Numbers() {
  const { whatsapp: w } = useTexts(settingTexts)
  const textOf = usePageError()
  const list = useQuery(pageQuery<AccountNumbers>(['whatsapp', 'numbers'], '/api/whatsapp/numbers'))
  const refresh = useChange(['whatsapp'], w.refreshed)
  const failed = { onError: (e: unknown) => toast(textOf(e), 'failed') }
  return (
    <Card title={w.numbers} actions={<Button busy={refresh.isPending} onClick={() => refresh.mutate({ method: 'POST', path: '/api/whatsapp/numbers/sync' }, failed)}>{w.refresh}</Button>}>
      {list.isPending && <Skeleton className="h-16" />}
      {list.isError && <p role="alert" className="text-danger">{textOf(list.error)}</p>}
      {list.data?.data.length === 0 && <p className="text-soft">{w.noNumbers}</p>}
      <ul className="flex flex-col divide-y divide-line">{list.data?.data.map((number) => <li key={number.id} className="py-3 first:pt-0 last:pb-0"><One number={number} /></li>)}</ul>
    </Card>
  )
}

function One({ number: one }: { number: WhatsappNumber }) {
  const { whatsapp: w } = useTexts(settingTexts)
  const { language, format } = useI18n()
  const choose = useChange(['whatsapp'], w.madeDefault)
  const reason = language === 'pt-BR' ? one.pauseReason : one.pauseReasonEn ?? one.pauseReason
  return (
    <div className="flex flex-wrap items-start gap-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2"><span className="tabular font-medium">{one.phoneNumber ? phoneText(one.phoneNumber.replace(/\D/g, '')) : one.verifiedName}</span>{one.isDefault && <Badge tone="brand">{w.isDefault}</Badge>}{!one.hasAccessToken && <Badge tone="danger">{w.noToken}</Badge>}</p>
        {one.verifiedName && <p className="text-soft">{one.verifiedName}</p>}
        {one.pausedSince && <p className="mt-1 text-danger">{w.pausedSince(format.full(one.pausedSince))}{reason && `: ${reason}`}</p>}
        <p className="mt-1 flex flex-wrap items-center gap-2 text-small text-soft">
          {w.quality}: <Badge tone={tones[one.quality ?? ''] ?? 'plain'}>{w.qualities[one.quality ?? 'UNKNOWN'] ?? w.qualities.UNKNOWN}</Badge>
          {one.messagingLimit !== null && <span>{w.limit}: <span className="tabular">{one.messagingLimit > 0 ? format.number(one.messagingLimit) : w.unlimited}</span></span>}
        </p>
      </div>
      {!one.isDefault && <Button className="h-8" busy={choose.isPending} onClick={() => choose.mutate({ method: 'POST', path: `/api/whatsapp/numbers/${one.id}/default` })}>{w.makeDefault}</Button>}
    </div>
  )
}
