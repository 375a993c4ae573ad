import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '@/api/client'
import type { Conversation, Talk } from '@/api/types'
import { useErrorText } from '@/components/use-error-text'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { useNow } from '@/lib/use-now'
import { Section } from './section'

/** The guest's other conversations. */
export function Earlier({ conversation: c }: { conversation: Conversation }) {
  const { t, format } = useI18n()
  const d = useTexts(deskTexts)
  const textOf = useErrorText()
  const now = useNow()
  const talks = useQuery({
    queryKey: ['guest', c.contact.id, 'talks', c.id], staleTime: 60_000,
    queryFn: ({ signal }) => call<{ data: Talk[] }>(`/api/contacts/${c.contact.id}/conversations?limit=20`, { signal }),
  })
  const others = talks.data?.data.filter((one) => one.id !== c.id) ?? []
  return (
    <Section title={d.guest.earlier} open={false}>
      {talks.isError && <p role="alert" className="text-soft">{textOf(talks.error)}</p>}
      {talks.data && others.length === 0 && <p className="text-soft">{d.guest.noEarlier}</p>}
      <ul>
        {others.map((one) => (
          <li key={one.id}>
            <Link to="/conversas/$conversation" params={{ conversation: one.id }} search={(before) => before} className="-mx-2 flex items-center gap-2 rounded-md px-2 py-1.5 hover:bg-hover">
              <span className="min-w-0 flex-1"><span className="block">{t.status[one.status]}</span><span className="text-small text-soft">{d.guest.messages(one._count.messages)}{one.assignedTo && ` · ${one.assignedTo.name}`}</span></span>
              <time dateTime={one.lastMessageAt} className="tabular text-small text-faint">{format.when(one.lastMessageAt, now)}</time>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}
