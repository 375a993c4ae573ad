import { ExternalLink, List, MessageSquareReply } from 'lucide-react'
import type { Message } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'
import { FormattedText } from '../formatted-text'

/** What was offered to choose from (buttons, a list, a template, cards), or what the guest chose. */
export function OffersBubble({ message: m }: { message: Message }) {
  const { t } = useI18n()
  const { header, title, footer, buttons, buttonLabels, buttonLabel, sections, cards, templateName } = m.metadata
  const choice = m.metadata.button ?? m.metadata.list
  if (m.direction === 'INBOUND' && choice) return <Chosen title={choice.title} description={choice.description} />
  const labels = buttons?.map((b) => ({ title: b.title, url: b.url })) ?? buttonLabels?.map((b) => ({ title: b, url: undefined })) ?? []
  return (
    <div className="min-w-48">
      {templateName !== undefined && <p className="mb-1 text-tiny font-medium tracking-wide text-soft uppercase">{t.bubble.template}</p>}
      {(header ?? title) && <p className="font-semibold break-words">{header ?? title}</p>}
      <p className="break-words whitespace-pre-wrap"><FormattedText text={m.content} /></p>
      {footer && <p className="mt-1 text-small text-soft">{footer}</p>}
      {cards && cards.length > 0 && (
        <ul className="mt-2 flex gap-2 overflow-x-auto">
          {cards.map((card, i) => (
            <li key={i} className="w-40 shrink-0 overflow-hidden rounded-lg bg-ground">
              {card.imageUrl && <img src={card.imageUrl} alt="" loading="lazy" className="h-24 w-full object-cover" />}
              <p className="p-2 text-small">{card.text}</p>
            </li>
          ))}
        </ul>
      )}
      {labels.length > 0 && (
        <ul className="mt-2 flex flex-col gap-1">
          {labels.map((b, i) => (
            <li key={i} className="flex items-center justify-center gap-1.5 rounded-md border border-line-strong/50 px-3 py-1.5 text-center font-medium text-brand-strong">
              {b.url ? <ExternalLink className="size-3.5" /> : <MessageSquareReply className="size-3.5" />}{b.title}
            </li>
          ))}
        </ul>
      )}
      {sections && sections.length > 0 && <Sections label={buttonLabel ?? ''} sections={sections} />}
    </div>
  )
}

function Sections({ label, sections }: { label: string; sections: NonNullable<Message['metadata']['sections']> }) {
  return (
    <details className="mt-2 rounded-md border border-line-strong/50 px-3 py-1.5">
      <summary className="cursor-pointer font-medium text-brand-strong"><List className="mr-1.5 inline size-3.5" />{label}</summary>
      {sections.map((section, i) => (
        <div key={i} className="mt-2">
          {section.title && <p className="text-small font-semibold">{section.title}</p>}
          <ul>{section.rows?.map((row) => <li key={row.id} className="py-0.5">{row.title}{row.description && <span className="block text-small text-soft">{row.description}</span>}</li>)}</ul>
        </div>
      ))}
    </details>
  )
}

function Chosen({ title, description }: { title: string; description: string | undefined }) {
  const { t } = useI18n()
  return (
    <div>
      <p className="flex items-center gap-1 text-tiny font-medium text-soft"><MessageSquareReply className="size-3" />{t.bubble.chosen}</p>
      <p className="break-words">{title}</p>
      {description && <p className="text-small text-soft">{description}</p>}
    </div>
  )
}
