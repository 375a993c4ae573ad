import { useQuery } from '@tanstack/react-query'
import { teamQuery } from '@/api/team'
import { Avatar } from '@/components/ui/avatar'
import { useI18n } from '@/lib/i18n/i18n'
import { foundColleagues } from './mentions'
import type { Called } from './quick'
import { Suggestions } from './suggestions'
import { useOffered } from './use-suggestions'

type Props = { me: string; called: Called; at: number; onAt: (i: number) => void; onChoose: (i: number) => void; onFound: (texts: string[]) => void }

/** Colleagues whom a note may call. */
export function MentionList({ me, called, at, onAt, onChoose, onFound }: Props) {
  const { t } = useI18n()
  const team = useQuery(teamQuery)
  const found = foundColleagues(team.data ?? [], called.typed, me)
  useOffered(found.map((one) => `@${one.name} `), onFound)
  return (
    <Suggestions
      id="quick-replies"
      label={t.composer.colleagues}
      count={found.length}
      at={at}
      onAt={onAt}
      onChoose={onChoose}
      empty={team.data ? t.composer.noColleagues : t.loading}
      option={(i) => <p className="flex items-center gap-2"><Avatar name={found[i]?.name ?? ''} picture={found[i]?.avatarUrl} size={24} />{found[i]?.name}</p>}
    />
  )
}
