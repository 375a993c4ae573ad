import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { deskKeys, noFilter, type ListData, type ListFilter } from '@/api/desk-keys'
import { holderOf } from '@/components/standing'
import { cardsOf } from '@/features/conversations/cards'
import { folders, inFolder } from '@/features/conversations/folders'
import { cardQuery } from '@/features/conversations/queries'
import { useChangeConversation } from '@/features/thread/actions'
import { useI18n } from '@/lib/i18n/i18n'
import { wish } from '@/lib/wish'
import { searchOf } from '../desk-search'
import { neighbour, shortcuts, type Shortcut } from './keys'
import type { Command } from './palette'
import { noteRecent } from './recent'
import { useShortcuts } from './use-shortcuts'

const Palette = lazy(() => import('./palette').then((m) => ({ default: m.Palette })))
const ShortcutSheet = lazy(() => import('./shortcut-sheet').then((m) => ({ default: m.ShortcutSheet })))

type Props = { conversation: string | undefined; me: string; filter: ListFilter; onFilter: (f: ListFilter) => void; onGuest: () => void; onView: () => void }

/** What is done on the desk by keyboard: by single keys, and by the palette, which has the same and more. */
export function DeskCommands({ conversation, me, filter, onFilter, onGuest, onView }: Props) {
  const { t } = useI18n()
  const [shown, setShown] = useState<'palette' | 'keys'>()
  const client = useQueryClient()
  const navigate = useNavigate()
  const card = useQuery({ ...cardQuery(conversation ?? ''), enabled: false }).data
  const change = useChangeConversation(card, me)
  const holder = card ? holderOf(card, me) : 'none'
  useEffect(() => {
    if (conversation !== undefined) noteRecent(conversation)
  }, [conversation])
  const open = (id: string | undefined) => {
    if (id !== undefined && id !== conversation) void navigate({ to: '/conversas/$conversation', params: { conversation: id }, search: (before) => before })
  }
  const step = (by: 1 | -1) => open(neighbour(cardsOf(client.getQueryData<ListData>(deskKeys.list(filter))).map((c) => c.id), conversation, by))
  const does: Record<Shortcut, () => void> = {
    next: () => step(1),
    previous: () => step(-1),
    search: () => wish('search'),
    reply: () => wish('reply'),
    note: () => wish('note'),
    takeOver: () => holder !== 'you' && holder !== 'none' && change.takeOver.mutate(),
    handBack: () => card?.iaLocked && holder !== 'none' && wish('handBack'),
    close: () => holder !== 'none' && wish('close'),
    guest: () => conversation !== undefined && onGuest(),
    board: onView,
    help: () => setShown('keys'),
  }
  useShortcuts((s) => does[s](), () => setShown('palette'))
  const here = (name: Shortcut, label: string, can: boolean): Command[] => (can ? [{ id: name, group: 'here', label, keys: shortcuts[name], run: does[name] }] : [])
  const commands = (): Command[] => [
    ...here('takeOver', t.thread.takeOver, holder !== 'you' && holder !== 'none'),
    ...here('reply', t.palette.reply, card !== undefined),
    ...here('note', t.palette.note, card !== undefined),
    ...here('handBack', t.thread.handBack, card?.iaLocked === true && holder !== 'none'),
    ...here('close', t.thread.closeConversation, holder !== 'none'),
    ...here('guest', t.thread.details, card !== undefined),
    ...folders.map((f): Command => ({ id: f, group: 'go', label: `${t.list.title}: ${t.list.folder[f]}`, run: () => onFilter(inFolder(noFilter, f)) })),
    { id: 'board', group: 'go', label: t.view.board, keys: shortcuts.board, run: () => void navigate({ to: '/conversas', search: searchOf(filter, 'board') }) },
    { id: 'search', group: 'go', label: t.list.search, keys: shortcuts.search, run: does.search },
    { id: 'keys', group: 'go', label: t.palette.keys, keys: shortcuts.help, run: does.help },
  ]
  const hide = () => setShown(undefined)
  return (
    <Suspense fallback={null}>
      {shown === 'palette' && <Palette commands={commands()} onOpen={open} onClose={hide} />}
      {shown === 'keys' && <ShortcutSheet onClose={hide} />}
    </Suspense>
  )
}
