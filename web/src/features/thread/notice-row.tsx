import { ArrowRightLeft, Bot, CircleCheck, CircleDot, NotebookPen, TriangleAlert, UserRound } from 'lucide-react'
import { memo } from 'react'
import type { Message } from '@/api/types'
import type { Dictionary } from '@/lib/i18n/pt'
import { useI18n } from '@/lib/i18n/i18n'
import { FormattedText } from './formatted-text'
import type { Shared } from './shared'

const icons = { taken_over: UserRound, assigned: ArrowRightLeft, handed_back: Bot, closed: CircleCheck, reopened: CircleDot }

/** What stands in a conversation though nobody said it to the guest: who took it or gave it back, what colleagues noted. */
export const NoticeRow = memo(function NoticeRow({ message: m, shared }: { message: Message; shared: Shared }) {
  const { t, format } = useI18n()
  const what = m.metadata.notice
  if (what?.type === 'note') return <NoteRow message={m} shared={shared} />
  const Icon = icons[what?.type as keyof typeof icons] ?? TriangleAlert
  const isOurs = what !== undefined && what.type in icons
  return (
    <li className="flex justify-center px-4 py-1.5">
      <p className={isOurs ? 'max-w-[36rem] rounded-lg bg-paper/80 px-3 py-1 text-center text-small text-soft' : 'max-w-[36rem] rounded-lg bg-warn-soft px-3 py-1 text-center text-small text-warn'}>
        <Icon className="mr-1.5 inline size-3.5 align-[-2px]" />
        {lineOf(m, shared.me, t.line) ?? t.bubble.notice[what?.type ?? ''] ?? m.content}
        <time className="tabular ml-2 text-tiny" dateTime={m.timestamp} title={format.full(m.timestamp)}>{format.time(m.timestamp)}</time>
        {what?.note && <span className="mt-0.5 block text-ink">“{what.note}”</span>}
      </p>
    </li>
  )
})

/** What happened, in the reader's language. What the server only tells in its own words is left to them. */
function lineOf(m: Message, me: string, words: Dictionary['line']): string | undefined {
  const what = m.metadata.notice
  const by = m.sentById === me ? undefined : what?.by
  switch (what?.type) {
    case 'taken_over':
      return m.sentById === me ? words.youTook : by && words.took(by)
    case 'assigned':
      return what.to === undefined ? undefined : m.sentById === me ? words.youGave(what.to) : by && words.gave(by, what.to)
    case 'handed_back':
      return m.sentById === me ? words.youHandedBack : by ? words.handedBack(by) : m.sender === 'BOT' ? words.handedBackByItself : undefined
    case 'closed':
      return m.sentById === me ? words.youClosed : by && words.closed(by)
    case 'reopened':
      return m.sentById === me ? words.youReopened : by && words.reopened(by)
    default:
      return undefined
  }
}

function NoteRow({ message: m, shared }: { message: Message; shared: Shared }) {
  const { t, format } = useI18n()
  const callsMe = m.metadata.notice?.mentions?.includes(shared.me)
  return (
    <li className="flex justify-center px-4 py-1.5">
      <article id={`message-${m.id}`} tabIndex={-1} aria-label={`${t.composer.note}, ${shared.personOf(m.sentById)}`} className={`w-full max-w-[36rem] rounded-lg border border-dashed border-warn bg-warn-soft px-3 py-1.5 ${callsMe ? 'ring-2 ring-warn' : ''}`}>
        <p className="flex items-center gap-1.5 text-tiny font-semibold text-warn"><NotebookPen className="size-3" />{t.composer.note} · {shared.personOf(m.sentById)}<time className="tabular ml-auto font-normal" dateTime={m.timestamp} title={format.full(m.timestamp)}>{format.time(m.timestamp)}</time></p>
        <p className="break-words whitespace-pre-wrap"><FormattedText text={m.content} /></p>
      </article>
    </li>
  )
}
