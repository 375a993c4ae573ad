import { createRootRoute, createRoute, createRouter, Link, Outlet, redirect, useNavigate } from '@tanstack/react-router'
import { queryClient } from '@/api/query-client'
import { isLoggedIn } from '@/api/session'
import { Notice } from '@/components/notice'
import { LoginForm } from '@/features/session/login-form'
import { ForgotForm, ResetForm } from '@/features/session/password-forms'
import { useI18n } from '@/lib/i18n/i18n'
import { readSearch } from './desk-search'
import { Inside } from './inside'

// The server answers these addresses with the page, and no others: internal/httpapi/site.go has the same list.
const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root, path: '/',
  beforeLoad: () => { throw redirect({ to: isLoggedIn() ? '/conversas' : '/login', replace: true }) },
})

const login = createRoute({
  getParentRoute: () => root, path: '/login',
  validateSearch: (raw: Record<string, unknown>): { to?: string } => (typeof raw.to === 'string' && /^\/[^/\\]/.test(raw.to) ? { to: raw.to } : {}),
  beforeLoad: () => { if (isLoggedIn()) throw redirect({ to: '/conversas', replace: true }) },
  component: function Login() {
    const { to } = login.useSearch()
    const navigate = useNavigate()
    return <LoginForm onDone={() => { queryClient.clear(); void navigate({ href: to ?? '/conversas', replace: true }) }} />
  },
})

const forgot = createRoute({ getParentRoute: () => root, path: '/forgot-password', component: ForgotForm })

const reset = createRoute({
  getParentRoute: () => root, path: '/reset-password',
  validateSearch: (raw: Record<string, unknown>) => ({ token: typeof raw.token === 'string' ? raw.token : '' }),
  component: function Reset() {
    return <ResetForm token={reset.useSearch().token} />
  },
})

const desk = createRoute({
  getParentRoute: () => root, path: '/conversas',
  validateSearch: readSearch,
  beforeLoad: ({ location }) => { if (!isLoggedIn()) throw redirect({ to: '/login', search: { to: location.href }, replace: true }) },
  component: Inside,
})

const chosen = createRoute({ getParentRoute: () => desk, path: '$conversation' })

export const router = createRouter({ routeTree: root.addChildren([home, login, forgot, reset, desk.addChildren([chosen])]), defaultPreload: false })

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}

function NotFound() {
  const { t } = useI18n()
  return <main className="flex h-full"><Notice title={t.notFound}><Link to="/conversas" className="text-brand-strong underline">{t.goToDesk}</Link></Notice></main>
}
