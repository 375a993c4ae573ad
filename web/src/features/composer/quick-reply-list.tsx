import type { Conversation } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'
import type { Called } from './quick'
import { Suggestions } from './suggestions'
import { useOffered, useQuickReplies } from './use-suggestions'

type Props = { conversation: Conversation; called: Called; at: number; onAt: (i: number) => void; onChoose: (i: number) => void; onFound: (texts: string[]) => void }

/** The hotel's stored answers, as they will read for this guest. */
export function QuickReplyList({ conversation, called, at, onAt, onChoose, onFound }: Props) {
  const { t } = useI18n()
  const { found, isReady, textOf } = useQuickReplies(conversation, called)
  const texts = found.map(textOf)
  useOffered(texts, onFound)
  return (
    <Suggestions
      id="quick-replies"
      label={t.composer.quickReplies}
      count={found.length}
      at={at}
      onAt={onAt}
      onChoose={onChoose}
      empty={isReady ? t.composer.noQuickReplies : t.loading}
      option={(i) => (
        <>
          <p className="flex items-baseline gap-2"><span className="truncate font-medium">{found[i]?.title}</span><span className="text-small text-soft">/{found[i]?.shortcut}</span></p>
          <p className="line-clamp-2 text-small whitespace-pre-wrap text-soft">{texts[i]}</p>
        </>
      )}
    />
  )
}
