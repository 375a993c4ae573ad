import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export type Filters = Record<string, string | undefined>

/** The filters of a page. They stand in the address, so that they survive a reload and can be sent to a colleague. */
export function useFilters(): [Filters, (change: Filters) => void] {
  const now: Filters = useSearch({ strict: false })
  const navigate = useNavigate()
  const change = useCallback((changes: Filters) => {
    void navigate({ to: '.', replace: true, search: (before: Record<string, unknown>) => cleaned({ ...readFilters(before), page: undefined, ...changes }) })
  }, [navigate])
  return [now, change]
}

const cleaned = (f: Filters): Filters => Object.fromEntries(Object.entries(f).filter(([, v]) => v !== undefined && v !== ''))

/** Reads an address: only text is taken. */
export const readFilters = (raw: Record<string, unknown>): Filters => cleaned(Object.fromEntries(Object.entries(raw).flatMap(([k, v]) => (typeof v === 'string' || typeof v === 'number' ? [[k, String(v)]] : []))))

export const pageOf = (f: Filters) => Math.max(1, Number.parseInt(f.page ?? '1', 10) || 1)
