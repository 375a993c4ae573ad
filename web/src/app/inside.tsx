import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { meQuery } from '@/api/me'
import type { User } from '@/api/types'
import { Notice } from '@/components/notice'
import { Button } from '@/components/ui/button'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { useRealtime } from '@/realtime/use-realtime'
import { Shell } from './layouts/shell'

const Desk = lazy(() => import('./routes/desk').then((m) => ({ default: m.Desk })))

/** What only people see who are logged in. */
export function Inside() {
  const { t } = useI18n()
  const textOf = useErrorText()
  const me = useQuery(meQuery)
  if (me.data) return <Live user={me.data} />
  if (me.isError) return <div className="flex h-full"><Notice title={textOf(me.error)}><Button onClick={() => void me.refetch()}>{t.retry}</Button></Notice></div>
  return <p role="status" className="sr-only">{t.loading}</p>
}

function Live({ user }: { user: User }) {
  const connected = useRealtime(user.id)
  return (
    <Shell user={user} connected={connected}>
      <Suspense fallback={null}><Desk user={user} /></Suspense>
    </Shell>
  )
}
