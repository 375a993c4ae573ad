import { ArrowLeft, Bot, CircleX, EllipsisVertical, Info, Hand } from 'lucide-react'
import { useState } from 'react'
import type { Conversation } from '@/api/types'
import { holderOf, WindowBadge } from '@/components/standing'
import { Avatar } from '@/components/ui/avatar'
import { Button, IconButton } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Menu, MenuItem } from '@/components/ui/menu'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'
import { useNow } from '@/lib/use-now'
import { useChangeConversation } from './actions'

type Props = { conversation: Conversation; me: string; onBack: (() => void) | undefined; onDetails: () => void }

/** Whose turn it is, and what can be done about it. */
export function ThreadHeader({ conversation: c, me, onBack, onDetails }: Props) {
  const { t } = useI18n()
  const [asking, setAsking] = useState(false)
  const change = useChangeConversation(c.id, me)
  const holder = holderOf(c, me)
  const who = holder === 'person' ? t.ball.personLong(c.assignedTo?.name ?? t.ball.person) : { bot: t.ball.botLong, nobody: t.ball.nobodyLong, you: t.ball.youLong, none: t.status[c.status] }[holder]
  return (
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
      {holder !== 'you' && holder !== 'none' && <Button look="primary" busy={change.takeOver.isPending} onClick={() => change.takeOver.mutate()}>{t.thread.takeOver}</Button>}
      {holder === 'you' && <span className="hidden sm:inline-flex"><Button busy={change.handBack.isPending} onClick={() => change.handBack.mutate()}><Bot className="size-4" />{t.thread.handBack}</Button></span>}
      <Menu trigger={<IconButton label={t.thread.more}><EllipsisVertical className="size-5" /></IconButton>}>
        <MenuItem icon={<Info className="size-4" />} onClick={onDetails}>{t.thread.details}</MenuItem>
        {c.iaLocked && holder !== 'none' && <MenuItem icon={<Bot className="size-4" />} onClick={() => change.handBack.mutate()}>{t.thread.handBack}</MenuItem>}
        {holder !== 'none' && <MenuItem icon={<CircleX className="size-4" />} onClick={() => setAsking(true)}>{t.thread.closeConversation}</MenuItem>}
      </Menu>
      <Dialog open={asking} onOpenChange={setAsking} title={t.thread.closeTitle} lead={t.thread.closeLead}>
        <div className="flex justify-end gap-2">
          <Button onClick={() => setAsking(false)}>{t.cancel}</Button>
          <Button look="primary" busy={change.close.isPending} onClick={() => change.close.mutate(undefined, { onSettled: () => setAsking(false) })}>{t.thread.closeConversation}</Button>
        </div>
      </Dialog>
    </header>
  )
}

/** When the bot takes a conversation back that its person has left alone, at hotels that want that. */
function BackIn({ at }: { at: string | null }) {
  const { t, format } = useI18n()
  const now = useNow()
  return at === null ? null : <> · {t.ball.backIn(format.countdown(Date.parse(at) - now))}</>
}
