// Where one can go, and who: the rail, the bar of a phone and the pages inside of an area are made of these lists. The
// server holds the same line (docs/permissions.md); here it only spares people dead ends.
import { ChartColumn, CircleAlert, Gauge, Globe, MessagesSquare, Settings2, Star, Users, type LucideIcon } from 'lucide-react'
import type { Role } from '@/components/person'
import type { Dictionary } from '@/lib/i18n/pt'

export const managers: Role[] = ['SUPER_ADMIN', 'TENANT_ADMIN']
export const leads: Role[] = [...managers, 'HEAD']
export const platform: Role[] = ['SUPER_ADMIN']

type Place = { to: '/conversas' | '/escalonamentos' | '/oportunidades' | '/contatos' | '/visao-geral' | '/relatorios' | '/gestao' | '/plataforma'; name: keyof Dictionary['nav'] & string; icon: LucideIcon; roles?: Role[]; onPhone?: boolean; counts?: 'escalations' }

const places: Place[] = [
  { to: '/conversas', name: 'conversations', icon: MessagesSquare, onPhone: true },
  { to: '/escalonamentos', name: 'escalations', icon: CircleAlert, onPhone: true, counts: 'escalations' },
  { to: '/oportunidades', name: 'opportunities', icon: Star },
  { to: '/contatos', name: 'contacts', icon: Users, onPhone: true },
  { to: '/visao-geral', name: 'overview', icon: Gauge, onPhone: true },
  { to: '/relatorios', name: 'reports', icon: ChartColumn, roles: leads },
  { to: '/gestao', name: 'manage', icon: Settings2 },
  { to: '/plataforma', name: 'platform', icon: Globe, roles: platform },
]

export const isFor = (roles: Role[] | undefined, role: string) => roles === undefined || roles.some((r) => r === role)

export const placesFor = (role: string) => places.filter((p) => isFor(p.roles, role))
