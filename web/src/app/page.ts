import { lazyRouteComponent } from '@tanstack/react-router'
import { readFilters } from '@/components/page/use-filters'
import type { Role } from '@/components/person'
import type { Area } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'
import { preferredLanguage } from '@/lib/i18n/language'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Who opens it; everybody where nothing is said. */
    roles?: Role[]
    /** It needs no hotel. */
    isOfNoHotel?: boolean
  }
}

type About = { roles?: Role[]; isOfNoHotel?: boolean; texts?: Area<unknown>[] }

/** A page outside the desk: it is fetched with its texts when somebody goes there. */
export function page<M extends Record<string, unknown>>(load: () => Promise<M>, name: keyof M & string, { texts = [], ...staticData }: About = {}) {
  return {
    validateSearch: (raw: Record<string, unknown>): Record<string, unknown> => readFilters(raw), // read by useFilters
    staticData,
    component: lazyRouteComponent(async () => {
      const [loaded] = await Promise.all([load(), ...[pageTexts, ...texts].map((t) => t.fetch(preferredLanguage()))])
      return loaded as Record<string, never>
    }, name),
  }
}
