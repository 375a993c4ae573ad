import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, Outlet, redirect, useNavigate } from '@tanstack/react-router'
import { queryClient } from '@/api/query-client'
import { isLoggedIn } from '@/api/session'
import { Notice } from '@/components/notice'
import { LoginForm } from '@/features/session/login-form'
import { ForgotForm, ResetForm } from '@/features/session/password-forms'
import { accountTexts, contactTexts, platformTexts, reportTexts, settingTexts, teamTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { Broken } from './broken'
import { readSearch } from './desk-search'
import { Inside } from './inside'
import { page } from './page'
import { leads, managers, platform } from './places'

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

const inside = createRoute({
  getParentRoute: () => root, id: 'inside',
  beforeLoad: ({ location }) => { if (!isLoggedIn()) throw redirect({ to: '/login', search: { to: location.href }, replace: true }) },
  component: Inside,
})

const desk = createRoute({ getParentRoute: () => inside, path: '/conversas', validateSearch: readSearch, component: lazyRouteComponent(() => import('./routes/desk'), 'Desk') })
const chosen = createRoute({ getParentRoute: () => desk, path: '$conversation' })

const escalations = createRoute({ getParentRoute: () => inside, path: '/escalonamentos', ...page(() => import('@/features/escalations/escalations-page'), 'EscalationsPage', { texts: [teamTexts] }) })
const opportunities = createRoute({ getParentRoute: () => inside, path: '/oportunidades', ...page(() => import('@/features/opportunities/opportunities-page'), 'OpportunitiesPage', { texts: [teamTexts] }) })
const contacts = createRoute({ getParentRoute: () => inside, path: '/contatos', ...page(() => import('@/features/contacts/contacts-page'), 'ContactsPage', { texts: [contactTexts] }) })
const account = createRoute({ getParentRoute: () => inside, path: '/conta', ...page(() => import('@/features/account/account-page'), 'AccountPage', { isOfNoHotel: true, texts: [accountTexts] }) })

const overview = createRoute({ getParentRoute: () => inside, path: '/visao-geral', ...page(() => import('@/features/overview/overview-page'), 'OverviewPage', { texts: [reportTexts] }) })
const reports = createRoute({ getParentRoute: () => inside, path: '/relatorios', ...page(() => import('@/features/reports/reports-page'), 'ReportsPage', { roles: leads, texts: [reportTexts, teamTexts] }) })

const manage = createRoute({ getParentRoute: () => inside, path: '/gestao', ...page(() => import('./layouts/section'), 'Manage') })
const manageHome = createRoute({ getParentRoute: () => manage, path: '/', ...page(() => import('./pages/section-home'), 'ManageHome') })
const team = createRoute({ getParentRoute: () => manage, path: 'equipe', ...page(() => import('@/features/team/team-page'), 'TeamPage', { roles: managers, texts: [teamTexts] }) })
const tags = createRoute({ getParentRoute: () => manage, path: 'etiquetas', ...page(() => import('@/features/tags/tags-page'), 'TagsPage', { texts: [teamTexts] }) })
const replies = createRoute({ getParentRoute: () => manage, path: 'respostas-rapidas', ...page(() => import('@/features/replies/replies-page'), 'RepliesPage', { texts: [teamTexts] }) })

const hotel = createRoute({ getParentRoute: () => manage, path: 'hotel', ...page(() => import('@/features/hotel/hotel-page'), 'HotelPage', { roles: managers, texts: [settingTexts] }) })
const bot = createRoute({ getParentRoute: () => manage, path: 'robo', ...page(() => import('@/features/bot/bot-page'), 'BotPage', { roles: managers, texts: [settingTexts] }) })
const whatsapp = createRoute({ getParentRoute: () => manage, path: 'whatsapp', ...page(() => import('@/features/whatsapp/whatsapp-page'), 'WhatsappPage', { roles: managers, texts: [settingTexts] }) })
const availability = createRoute({ getParentRoute: () => manage, path: 'disponibilidade', ...page(() => import('@/features/availability/availability-page'), 'AvailabilityPage', { roles: managers, texts: [settingTexts] }) })
const subscriptions = createRoute({ getParentRoute: () => manage, path: 'assinaturas', ...page(() => import('@/features/subscriptions/subscriptions-page'), 'SubscriptionsPage', { roles: managers, texts: [settingTexts] }) })
const failures = createRoute({ getParentRoute: () => manage, path: 'falhas', ...page(() => import('@/features/failures/failures-page'), 'FailuresPage', { roles: managers, texts: [settingTexts] }) })
const audit = createRoute({ getParentRoute: () => manage, path: 'auditoria', ...page(() => import('@/features/audit/audit-page'), 'AuditPage', { roles: managers, texts: [reportTexts] }) })
const usage = createRoute({ getParentRoute: () => manage, path: 'consumo', ...page(() => import('@/features/usage/usage-page'), 'UsagePage', { roles: managers, texts: [reportTexts] }) })
const templates = createRoute({ getParentRoute: () => manage, path: 'modelos', ...page(() => import('@/features/templates/templates-page'), 'TemplatesPage', { texts: [platformTexts] }) })

const tenants = createRoute({ getParentRoute: () => inside, path: '/plataforma', ...page(() => import('@/features/tenants/tenants-page'), 'TenantsPage', { roles: platform, isOfNoHotel: true, texts: [platformTexts] }) })

const routeTree = root.addChildren([
  home, login, forgot, reset,
  inside.addChildren([desk.addChildren([chosen]), escalations, opportunities, contacts, overview, reports, account, tenants,
    manage.addChildren([manageHome, team, tags, replies, hotel, bot, whatsapp, availability, subscriptions, failures, audit, usage, templates]),
  ]),
])

export const router = createRouter({ routeTree, defaultPreload: 'intent', defaultPreloadDelay: 80, defaultErrorComponent: Broken })

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}

function NotFound() {
  const { t } = useI18n()
  return <main className="flex h-full"><Notice title={t.notFound}><Link to="/conversas" className="text-brand-strong underline">{t.goToDesk}</Link></Notice></main>
}
