import { Ban, ClipboardList, MapPin, TriangleAlert } from 'lucide-react'
import type { Message } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'
import { FormattedText } from '../formatted-text'
import { AudioBubble } from './audio'
import { DocumentBubble, ImageBubble, VideoBubble } from './file'
import { OffersBubble } from './offers'
import { Order } from './order'
import { People } from './people'

/** What a message says, by its kind. A kind that nobody knows yet is said to be one. */
export function Content({ message: m, onShow }: { message: Message; onShow: (m: Message) => void }) {
  const { t } = useI18n()
  if (m.metadata.revokedAt) return <p className="flex items-center gap-1.5 text-soft italic"><Ban className="size-4" />{t.bubble.revoked}</p>
  if (m.metadata.order) return <Order order={m.metadata.order} />
  if (m.metadata.form) return <Form message={m} />
  if (m.metadata.contacts && m.metadata.contacts.length > 0) return <People message={m} /> // of type TEXT for older dashboards
  switch (m.type) {
    case 'TEXT':
      return <p className="break-words whitespace-pre-wrap"><FormattedText text={m.content} /></p>
    case 'IMAGE':
    case 'STICKER':
      return <ImageBubble message={m} onShow={onShow} />
    case 'VIDEO':
      return <VideoBubble message={m} />
    case 'AUDIO':
      return <AudioBubble message={m} />
    case 'DOCUMENT':
      return <DocumentBubble message={m} />
    case 'LOCATION':
      return <Place message={m} />
    case 'INTERACTIVE':
    case 'TEMPLATE':
      return <OffersBubble message={m} />
    default:
      return <Unknown message={m} />
  }
}

function Place({ message: m }: { message: Message }) {
  const { t } = useI18n()
  const place = m.metadata.location
  if (!place) return <Unknown message={m} />
  const address = `https://www.openstreetmap.org/?mlat=${place.latitude}&mlon=${place.longitude}#map=16/${place.latitude}/${place.longitude}`
  return (
    <div className="flex w-64 max-w-full gap-3 p-1">
      <span className="flex size-11 shrink-0 items-center justify-center rounded-lg bg-brand-soft text-brand-strong"><MapPin /></span>
      <div className="min-w-0">
        <p className="font-medium break-words">{place.name ?? t.kind.LOCATION}</p>
        {place.address && <p className="text-small text-soft">{place.address}</p>}
        <a href={address} target="_blank" rel="noopener noreferrer" className="text-small text-read underline">{t.bubble.openMap}</a>
      </div>
    </div>
  )
}

function Form({ message: m }: { message: Message }) {
  const { t } = useI18n()
  return (
    <div>
      <p className="flex items-center gap-1.5 text-small font-medium text-soft"><ClipboardList className="size-4" />{t.bubble.form}</p>
      <p className="break-words whitespace-pre-wrap">{m.content}</p>
    </div>
  )
}

function Unknown({ message: m }: { message: Message }) {
  const { t } = useI18n()
  const text = m.type === 'UNSUPPORTED' ? t.bubble.unsupported : t.bubble.unknownKind(t.kind[m.type] ?? m.type.toLowerCase())
  return <p className="flex max-w-72 items-start gap-2 text-soft"><TriangleAlert className="mt-0.5 size-4 shrink-0" />{text}</p>
}
