import { ApiError } from '@/api/client'
import { useErrorText } from '@/components/use-error-text'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'

/** What a refusal means, also those that only pages outside the desk meet. */
export function usePageError() {
  const p = useTexts(pageTexts)
  const textOf = useErrorText()
  return (e: unknown) => (e instanceof ApiError && p.errors[e.code]) || textOf(e)
}

/** Which fields the server found wrong, by their paths. */
export function wrongFields(e: unknown): Set<string> {
  return new Set(e instanceof ApiError ? e.problem?.details?.map((d) => d.path.replace(/^body\./, '')) : [])
}
