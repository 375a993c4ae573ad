import { useQuery } from '@tanstack/react-query'
import { Building2, Check } from 'lucide-react'
import { useState } from 'react'
import { pageQuery, withParams } from '@/api/page'
import type { TenantList } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { SearchBox } from '@/components/page/search-box'
import { Failed } from '@/components/page/table'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { cx } from '@/lib/cx'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'

/** The hotels of the platform, to look at one of them. */
export function HotelPicker({ chosen, onChoose }: { chosen: string; onChoose: (slug: string) => void }) {
  const p = useTexts(pageTexts)
  const [search, setSearch] = useState('')
  const hotels = useQuery(pageQuery<TenantList>(['tenants', 'choice', search], withParams('/api/tenants', { search, limit: 50 })))
  return (
    <div className="flex flex-col gap-3">
      <SearchBox label={p.hotels.search} value={search} onChange={setSearch} />
      {hotels.isPending && <Skeleton className="h-40" />}
      {hotels.isError && <Failed error={hotels.error} onRetry={() => void hotels.refetch()} />}
      {hotels.data?.data.length === 0 && <Notice title={p.nothingFound} />}
      <ul aria-label={p.hotels.title} className="flex max-h-80 flex-col gap-1 overflow-y-auto">
        {hotels.data?.data.map((hotel) => (
          <li key={hotel.id}>
            <button
              type="button" aria-pressed={hotel.slug === chosen} onClick={() => onChoose(hotel.slug)}
              className={cx('flex w-full items-center gap-3 rounded-lg px-3 py-2 text-left hover:bg-hover', hotel.slug === chosen && 'bg-chosen')}
            >
              <Building2 aria-hidden="true" className="size-5 shrink-0 text-faint" />
              <span className="min-w-0 flex-1"><span className="block truncate font-medium">{hotel.name}</span><span className="block truncate text-small text-soft">{hotel.slug}</span></span>
              {hotel.slug === chosen && <Check aria-hidden="true" className="size-4 text-brand" />}
            </button>
          </li>
        ))}
      </ul>
      {chosen !== '' && <Button look="quiet" onClick={() => onChoose('')}>{p.hotels.leave}</Button>}
    </div>
  )
}
