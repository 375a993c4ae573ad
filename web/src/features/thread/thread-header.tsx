import { ArrowLeft, Bot, CircleX, EllipsisVertical, Info, Hand } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { Conversation } from '@/api/types'
import { holderOf, WindowBadge } from '@/components/standing'
import { Avatar } from '@/components/ui/avatar'
import { Button, IconButton } from '@/components/ui/button'
import { Menu, MenuItem } from '@/components/ui/menu'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'
import { useNow } from '@/lib/use-now'
import { onWish } from '@/lib/wish'
import { useChangeConversation } from './actions'

const AskDialog = lazy(() => import('./ask-dialog').then((m) => ({ default: m.AskDialog })))

type Props = { conversation: Conversation; me: string; onBack: (() => void) | undefined; onDetails: () => void }

/** Whose turn it is, and what can be done about it. */
export function ThreadHeader({ conversation: c, me, onBack, onDetails }: Props) {
  const { t } = useI18n()
  const [asking, setAsking] = useState<'close' | 'handBack'>()
  const change = useChangeConversation(c, me)
  useEffect(() => onWish((w) => (w === 'close' || w === 'handBack') && setAsking(w)), [])
  const holder = holderOf(c, me)
  const who = holder === 'person' ? t.ball.personLong(c.assignedTo?.name ?? t.ball.person) : { bot: t.ball.botLong, nobody: t.ball.nobodyLong, you: t.ball.youLong, none: t.status[c.status] }[holder]
  return (
    <>
      <header className="flex min-h-16 items-center gap-2 border-b border-line bg-paper px-3 py-2">
        {onBack && <IconButton label={t.back} onClick={onBack}><ArrowLeft className="size-5" /></IconButton>}
        <button type="button" onClick={onDetails} aria-label={t.thread.details} className="flex min-w-0 flex-1 items-center gap-3 rounded-lg text-left">
          <Avatar name={c.contact.name} picture={c.contact.profilePictureUrl} />
          <span className="min-w-0">
            <span className="block truncate font-semibold">{/^\d+$/.test(c.contact.name) ? phoneText(c.contact.name) : c.contact.name}</span>
            <span className="flex items-center gap-1.5 truncate text-small text-soft">
              {holder === 'bot' && <Bot className="size-3.5 shrink-0 text-bot" />}
              {holder === 'nobody' && <Hand className="size-3.5 shrink-0 text-warn" />}
              <span className="truncate">{who}<BackIn at={c.ball.handsBackAt} /></span>
            </span>
          </span>
        </button>
        <span className="hidden md:inline-flex">{holder !== 'none' && <WindowBadge conversation={c} long />}</span>
        {(holder === 'bot' || holder === 'person') && <Button look="primary" busy={change.takeOver.isPending} onClick={() => change.takeOver.mutate()}>{t.thread.takeOver}</Button>}
        {holder === 'you' && <span className="hidden sm:inline-flex"><Button busy={change.handBack.isPending} onClick={() => setAsking('handBack')}><Bot className="size-4" />{t.thread.handBack}</Button></span>}
        <Menu trigger={<IconButton label={t.thread.more}><EllipsisVertical className="size-5" /></IconButton>}>
          <MenuItem icon={<Info className="size-4" />} onClick={onDetails}>{t.thread.details}</MenuItem>
          {c.iaLocked && holder !== 'none' && <MenuItem icon={<Bot className="size-4" />} onClick={() => setAsking('handBack')}>{t.thread.handBack}</MenuItem>}
          {holder !== 'none' && <MenuItem icon={<CircleX className="size-4" />} onClick={() => setAsking('close')}>{t.thread.closeConversation}</MenuItem>}
        </Menu>
      </header>
      {holder === 'nobody' && <Called conversation={c} busy={change.takeOver.isPending} onTake={() => change.takeOver.mutate()} />}
      <Suspense fallback={null}>
        {asking && <AskDialog about={asking} busy={change[asking].isPending} onClose={() => setAsking(undefined)} onSubmit={(words) => change[asking].mutate(words, { onSettled: () => setAsking(undefined) })} />}
      </Suspense>
    </>
  )
}

/** The bot called for a person and nobody has come yet. */
function Called({ conversation: c, busy, onTake }: { conversation: Conversation; busy: boolean; onTake: () => void }) {
  const { t, format } = useI18n()
  const waited = useNow() - Date.parse(c.ball.since)
  return (
    <div role="status" className="flex items-center gap-3 border-b border-line bg-warn-soft px-4 py-2">
      <Hand className="size-5 shrink-0 text-warn" />
      <p className="min-w-0 flex-1 font-medium text-warn">{waited < 60_000 ? t.ball.callsNow : t.ball.calls(format.span(waited))}</p>
      <Button look="primary" busy={busy} onClick={onTake}>{t.thread.takeOver}</Button>
    </div>
  )
}

/** When the bot takes a conversation back that its person has left alone, at hotels that want that. */
function BackIn({ at }: { at: string | null }) {
  const { t, format } = useI18n()
  const now = useNow()
  return at === null ? null : <> · {t.ball.backIn(format.countdown(Date.parse(at) - now))}</>
}
