import { useQuery } from '@tanstack/react-query'
import { pageQuery } from '@/api/page'
import type { WhatsappConfig } from '@/api/page-types'
import { Page } from '@/components/page/page'
import { Failed } from '@/components/page/table'
import { Skeleton } from '@/components/ui/skeleton'
import { useTexts } from '@/lib/i18n/area'
import { settingTexts } from '@/lib/i18n/areas'
import { AccountEvents } from './account-events'
import { CheckCard } from './check-card'
import { ConnectForm } from './connect-form'
import { Numbers } from './numbers'

/** The hotel's WhatsApp: whether it works, its numbers, and how it is connected. */
export function WhatsappPage() {
  const { whatsapp: w } = useTexts(settingTexts)
  const config = useQuery(pageQuery<WhatsappConfig>(['whatsapp', 'config'], '/api/tenants/whatsapp-config'))
  return (
    <Page narrow title={w.title} lead={w.lead}>
      <CheckCard />
      <Numbers />
      {config.isPending && <Skeleton className="h-64" />}
      {config.isError && <Failed error={config.error} onRetry={() => void config.refetch()} />}
      {config.data && <ConnectForm config={config.data} />}
      <AccountEvents />
    </Page>
  )
}
