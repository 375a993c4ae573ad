import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { CircleUserRound, Columns3, ListChecks, Rows3 } from 'lucide-react'
import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import type { ListFilter } from '@/api/desk-keys'
import { hotelQuery } from '@/api/me'
import { usePerson } from '@/components/person'
import { IconButton } from '@/components/ui/button'
import { Splitter } from '@/components/ui/splitter'
import { AccountMenu } from '@/features/account/account-menu'
import { usePicked } from '@/features/conversations/bulk/use-picked'
import { ConversationList } from '@/features/conversations/conversation-list'
import { ListHeader } from '@/features/conversations/list-header'
import { useUnreadBadge } from '@/features/conversations/unread-badge'
import { cx } from '@/lib/cx'
import { useI18n } from '@/lib/i18n/i18n'
import { useKept } from '@/lib/use-kept'
import { useWide } from '@/lib/use-wide'
import { Opened } from '../opened'
import { signOut } from '../sign-out'
import { DeskCommands } from '../palette/desk-commands'
import { filterOf, searchOf, type DeskSearch } from '../desk-search'

const BulkBar = lazy(() => import('@/features/conversations/bulk/bulk-bar').then((m) => ({ default: m.BulkBar })))
const Found = lazy(() => import('./found').then((m) => ({ default: m.Found })))
const BoardView = lazy(() => import('./board-view').then((m) => ({ default: m.BoardView })))

const list = { usual: 352, least: 280, most: 560 } // pixels

/** Conversations, the chosen one's thread, and its guest: side by side where there is room, else one at a time. */
export function Desk() {
  const user = usePerson()
  const { t } = useI18n()
  const { conversation } = useParams({ strict: false })
  const search: DeskSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const hotel = useQuery(hotelQuery)
  const units = useMemo(() => hotel.data?.units ?? [], [hotel.data])
  const wide = useWide(880)
  const room = useWide(1280)
  const [width, setWidth] = useKept('pane.list', list.usual, list.least, list.most)
  const [wantsGuest, setWantsGuest] = useState<boolean>()
  const guest = wantsGuest ?? room
  const { picked, setPicked, pick } = usePicked()
  const isBoard = search.view === 'board'
  const filter = useMemo<ListFilter>(() => filterOf(search), [search])
  const changeFilter = useCallback((f: ListFilter) => void navigate({ to: '.', search: searchOf(f, search.view), replace: true }), [navigate, search.view])
  const back = useCallback(() => void navigate({ to: '/conversas', search: searchOf(filter, search.view) }), [navigate, filter, search.view])
  const switchView = () => void navigate({ to: '.', search: searchOf(isBoard ? filter : { ...filter, status: '' }, isBoard ? undefined : 'board') })
  useUnreadBadge()
  const header = (
    <ListHeader
      filter={filter} units={units} me={user.id} onChange={changeFilter} isBoard={isBoard}
      actions={<>
        {!isBoard && <IconButton label={t.view.pick} aria-pressed={picked !== undefined} onClick={() => setPicked(picked ? undefined : new Set())} className={cx(picked && 'bg-brand-soft text-brand-strong')}><ListChecks className="size-5" /></IconButton>}
        <IconButton label={isBoard ? t.view.list : t.view.board} onClick={switchView}>{isBoard ? <Rows3 className="size-5" /> : <Columns3 className="size-5" />}</IconButton>
        <AccountMenu user={user} onSignOut={() => void signOut()} trigger={<IconButton label={t.nav.account} className="md:hidden"><CircleUserRound className="size-5" /></IconButton>} />
      </>}
    />
  )
  const commands = <DeskCommands conversation={conversation} me={user.id} filter={filter} onFilter={changeFilter} onGuest={() => setWantsGuest(!guest)} onView={switchView} />
  if (isBoard) {
    return (
      <Suspense fallback={null}>
        {commands}
        <BoardView
          filter={filter} conversation={conversation} me={user.id} showUnit={units.length > 1} room={room} header={header}
          opened={<Opened key={conversation} id={conversation} me={user.id} onBack={back} guest={wantsGuest ?? false} beside={false} onGuest={setWantsGuest} onGone={back} />}
        />
      </Suspense>
    )
  }
  return (
    <main className="flex h-full min-w-0">
      {commands}
      <section aria-label={t.list.title} style={wide ? { width } : undefined} className={cx('min-w-0 shrink-0 flex-col border-r border-line bg-paper', wide ? 'flex' : conversation ? 'hidden' : 'flex w-full')}>
        {header}
        {filter.search === '' ? <ConversationList filter={filter} chosen={conversation} me={user.id} showUnit={units.length > 1} picked={picked} onPick={pick} /> : <Suspense fallback={null}><Found filter={filter} chosen={conversation} me={user.id} showUnit={units.length > 1} /></Suspense>}
        {picked && <Suspense fallback={null}><BulkBar picked={picked} me={user.id} onDone={setPicked} /></Suspense>}
      </section>
      {wide && <Splitter label={t.panes.list} side="left" width={width} least={list.least} most={list.most} onChange={setWidth} onReset={() => setWidth(list.usual)} />}
      {(wide || conversation) && (
        <Opened key={conversation} id={conversation} me={user.id} onBack={wide ? undefined : back} guest={guest} beside={room} onGuest={setWantsGuest} onGone={back} />
      )}
    </main>
  )
}
