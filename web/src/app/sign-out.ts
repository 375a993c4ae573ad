import { call } from '@/api/client'
import { queryClient } from '@/api/query-client'
import { forgetTokens } from '@/api/session'
import { forgetOutgoing } from '@/outgoing/kept'
import { forgetDrafts } from '@/features/composer/drafts'

/** Ends the log-in here and at the server; here in any case. */
export async function signOut() {
  await call('/auth/logout', { method: 'POST' }).catch(() => undefined)
  forgetDrafts()
  forgetOutgoing()
  forgetTokens()
  queryClient.clear()
}
