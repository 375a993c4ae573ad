import type { Role } from '@/components/person'
import type { PageTexts } from '@/lib/i18n/pages/pt'
import { isFor, managers } from './places'

type Name = keyof PageTexts['section']
type Page = { to: '/gestao/equipe' | '/gestao/etiquetas' | '/gestao/respostas-rapidas' | '/gestao/modelos' | '/gestao/hotel' | '/gestao/robo' | '/gestao/whatsapp' | '/gestao/disponibilidade' | '/gestao/assinaturas' | '/gestao/falhas' | '/gestao/auditoria' | '/gestao/consumo'; name: Name; roles?: Role[] }
export type Group = { name?: Name; pages: Page[] }

const groups: Group[] = [
  {
    name: 'groupTeam',
    pages: [
      { to: '/gestao/equipe', name: 'team', roles: managers },
      { to: '/gestao/etiquetas', name: 'tags' },
      { to: '/gestao/respostas-rapidas', name: 'replies' },
      { to: '/gestao/modelos', name: 'templates' },
    ],
  },
  {
    name: 'groupHotel',
    pages: [
      { to: '/gestao/hotel', name: 'hotel', roles: managers },
      { to: '/gestao/robo', name: 'bot', roles: managers },
      { to: '/gestao/whatsapp', name: 'whatsapp', roles: managers },
      { to: '/gestao/disponibilidade', name: 'availability', roles: managers },
      { to: '/gestao/assinaturas', name: 'integrations', roles: managers },
    ],
  },
  {
    name: 'groupControl',
    pages: [
      { to: '/gestao/falhas', name: 'failures', roles: managers },
      { to: '/gestao/auditoria', name: 'audit', roles: managers },
      { to: '/gestao/consumo', name: 'usage', roles: managers },
    ],
  },
]

/** The pages of the management that a role opens. */
export const sectionFor = (role: string): Group[] => groups
  .map((g) => ({ ...g, pages: g.pages.filter((page) => isFor(page.roles, role)) }))
  .filter((g) => g.pages.length > 0)
