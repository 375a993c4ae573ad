import { useQuery } from '@tanstack/react-query'
import { hotelQuery } from '@/api/me'
import { teamQuery } from '@/api/team'
import type { Conversation } from '@/api/types'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { input, Row, Section } from './section'
import { useChangeConversation } from './use-change'

/** To whom the conversation belongs and how urgent it is; here it is given to a colleague or to another unit. */
export function ConversationFacts({ conversation: c, me }: { conversation: Conversation; me: string }) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const change = useChangeConversation(c.id, me)
  const people = useQuery(teamQuery).data?.filter((one) => one.isActive) ?? []
  const units = useQuery(hotelQuery).data?.units ?? []
  const assign = (to: string) => change.mutate(to === '' ? { path: '/unassign' } : { path: '/assign', body: { userId: to } })
  const patch = (body: object) => change.mutate({ path: '', method: 'PATCH', body })
  const known = people.some((one) => one.id === c.assignedToId)
  return (
    <Section title={d.guest.conversation}>
      <div className="flex flex-col gap-2.5">
        <Row name={d.filter.who}>
          <select value={c.assignedToId ?? ''} onChange={(e) => assign(e.target.value)} className={input}>
            <option value="">{d.filter.nobody}</option>
            {c.assignedTo && !known && <option value={c.assignedTo.id}>{c.assignedTo.name}</option>}
            {people.map((one) => <option key={one.id} value={one.id}>{one.id === me ? `${one.name} (${d.filter.me})` : one.hotelUnit ? `${one.name} · ${one.hotelUnit}` : one.name}</option>)}
          </select>
        </Row>
        {units.length > 0 && (
          <Row name={t.guest.unit}>
            <select value={c.hotelUnit ?? ''} onChange={(e) => patch({ hotelUnit: e.target.value })} className={input}>
              <option value="">{t.guest.noUnit}</option>
              {c.hotelUnit !== null && !units.includes(c.hotelUnit) && <option value={c.hotelUnit}>{c.hotelUnit}</option>}
              {units.map((unit) => <option key={unit} value={unit}>{unit}</option>)}
            </select>
          </Row>
        )}
        <Row name={t.guest.priority}>
          <select value={c.priority} onChange={(e) => patch({ priority: e.target.value })} className={input}>
            {['URGENT', 'HIGH', 'MEDIUM', 'LOW'].map((one) => <option key={one} value={one}>{t.priority[one]}</option>)}
          </select>
        </Row>
        <label className="flex min-h-8 items-center gap-2">
          <input type="checkbox" checked={c.isOpportunity} onChange={(e) => patch({ isOpportunity: e.target.checked })} className="size-4 accent-(--brand)" />
          {t.guest.opportunity}
        </label>
      </div>
    </Section>
  )
}
