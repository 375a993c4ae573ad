import { useQuery } from '@tanstack/react-query'
import { Outlet, useMatches } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { meQuery } from '@/api/me'
import type { User } from '@/api/types'
import { Notice } from '@/components/notice'
import { PersonProvider } from '@/components/person'
import { Button } from '@/components/ui/button'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { useRealtime } from '@/realtime/use-realtime'
import { useHotel } from './hotel'
import { Shell } from './layouts/shell'
import { useAlerts } from './use-alerts'
import { isFor } from './places'

const NoHotel = lazy(() => import('./no-hotel').then((m) => ({ default: m.NoHotel })))

/** What only people see who are logged in. */
export function Inside() {
  const { t } = useI18n()
  const textOf = useErrorText()
  const me = useQuery(meQuery)
  if (me.data) return <PersonProvider value={me.data}><Content user={me.data} /></PersonProvider>
  if (me.isError) return <div className="flex h-full"><Notice title={textOf(me.error)}><Button onClick={() => void me.refetch()}>{t.retry}</Button></Notice></div>
  return <p role="status" className="sr-only">{t.loading}</p>
}

/** Another hotel is another program: its events, its caches. Without one there is nothing to listen to. */
function Content({ user }: { user: User }) {
  const { slug, isChosen } = useHotel()
  return isChosen ? <Live key={slug} user={user} /> : <Shell user={user} connected><Chosen user={user} /></Shell>
}

function Live({ user }: { user: User }) {
  const connected = useRealtime(user.id)
  useAlerts(user.id)
  return <Shell user={user} connected={connected}><Chosen user={user} /></Shell>
}

/** The page of the address, where the person's role opens it and it is known of which hotel it is. */
function Chosen({ user }: { user: User }) {
  const { t } = useI18n()
  const { isChosen } = useHotel()
  const matches = useMatches()
  if (!matches.every((m) => isFor(m.staticData.roles, user.role))) return <main className="flex h-full"><Notice title={t.nav.forbidden} hint={t.nav.forbiddenHint} /></main>
  if (!isChosen && !matches.some((m) => m.staticData.isOfNoHotel)) return <Suspense fallback={null}><NoHotel /></Suspense>
  return <Outlet />
}
