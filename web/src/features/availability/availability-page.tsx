import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { pageQuery } from '@/api/page'
import type { AvailabilityConfig } from '@/api/page-types'
import { Form, SelectField, TextField } from '@/components/page/form'
import { Card, Page } from '@/components/page/page'
import { Failed } from '@/components/page/table'
import { useChange } from '@/components/page/use-change'
import { wrongFields } from '@/components/page/use-page-error'
import { Skeleton } from '@/components/ui/skeleton'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'
import { Tariffs } from './tariffs'

/** Where the bot looks for free rooms. */
export function AvailabilityPage() {
  const { availability: a } = useTexts(settingTexts)
  const config = useQuery(pageQuery<AvailabilityConfig>(['availability', 'config'], '/api/tenants/availability'))
  return (
    <Page title={a.title} lead={a.lead}>
      {config.isPending && <Skeleton className="h-40" />}
      {config.isError && <Failed error={config.error} onRetry={() => void config.refetch()} />}
      {config.data && <><Source config={config.data} />{config.data.kind === 'table' && <Tariffs />}</>}
    </Page>
  )
}

function Source({ config }: { config: AvailabilityConfig }) {
  const p = useTexts(pageTexts)
  const { availability: a } = useTexts(settingTexts)
  const [now, setNow] = useState({ kind: config.kind, url: config.url, companyId: config.companyId, secret: '' })
  const save = useChange(['availability'], p.saved)
  const wrong = wrongFields(save.error)
  const { secret, ...rest } = now
  return (
    <Card>
      <Form error={save.error} busy={save.isPending} onSubmit={() => save.mutate({ method: 'PUT', path: '/api/tenants/availability', body: { ...(now.kind === 'http' ? rest : { kind: now.kind }), ...(secret !== '' && { secret }) } })}>
        <SelectField label={a.source} className="max-w-md" value={now.kind} onChange={(e) => setNow({ ...now, kind: e.target.value as AvailabilityConfig['kind'] })}>
          {Object.entries(a.kinds).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        </SelectField>
        {now.kind === 'http' && <>
          <TextField label={a.url} type="url" required maxLength={2048} placeholder="https://" value={now.url} wrong={wrong.has('url')} onChange={(e) => setNow({ ...now, url: e.target.value })} />
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField label={a.company} maxLength={100} value={now.companyId} onChange={(e) => setNow({ ...now, companyId: e.target.value })} />
            <TextField label={a.secret} hint={config.hasSecret ? a.secretKeep : undefined} type="password" autoComplete="off" maxLength={1000} value={secret} onChange={(e) => setNow({ ...now, secret: e.target.value })} />
          </div>
        </>}
      </Form>
    </Card>
  )
}
