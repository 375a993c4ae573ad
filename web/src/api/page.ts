// Pages outside the desk ask anew each time they are opened: nothing tells them what changed meanwhile.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call, callFile } from './client'

export const pageQuery = <T>(key: readonly unknown[], path: string) => queryOptions({
  queryKey: ['page', ...key],
  queryFn: ({ signal }) => call<T>(path, { signal }),
  staleTime: 0,
  placeholderData: keepPreviousData, // the old rows stay while the next page comes
})

/** The query of an address, without what is empty. */
export function withParams(path: string, params: Record<string, string | number | undefined>): string {
  const q = new URLSearchParams(Object.entries(params).flatMap(([k, v]) => (v === undefined || v === '' ? [] : [[k, String(v)]])))
  return q.size === 0 ? path : `${path}?${q}`
}

/** Fetches a file and hands it to the browser to keep. */
export async function download(path: string, otherwise: string) {
  const { file, name } = await callFile(path)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name === '' ? otherwise : name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
