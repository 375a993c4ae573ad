import './styles/base.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { chooseHotel } from '@/api/hotel'
import { queryClient } from '@/api/query-client'
import { onSessionEnd } from '@/api/session'
import { router } from '@/app/router'
import { ToastProvider } from '@/components/ui/toast'
import { I18nProvider, useI18n } from '@/lib/i18n/i18n'
import { preferredLanguage, textsOf } from '@/lib/i18n/language'
import { followDevice, showTheme } from '@/lib/theme'

showTheme()
followDevice()
onSessionEnd(() => {
  queryClient.clear()
  chooseHotel('')
  void router.navigate({ to: '/login', replace: true })
})

function App() {
  const { t } = useI18n()
  return (
    <ToastProvider closeLabel={t.close}><RouterProvider router={router} /></ToastProvider>
  )
}

async function start(into: HTMLElement) {
  const first = preferredLanguage()
  const texts = await textsOf(first)
  document.documentElement.lang = first
  createRoot(into).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <I18nProvider first={first} texts={texts}><App /></I18nProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
}

const root = document.getElementById('root')
if (root) void start(root)
