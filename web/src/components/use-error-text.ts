import { ApiError } from '@/api/client'
import { useI18n } from '@/lib/i18n/i18n'
import type { Dictionary } from '@/lib/i18n/pt'

/** What a refusal means, in the person's language: by its code, which is stable. */
export function errorText(t: Dictionary, e: unknown): string {
  if (!(e instanceof ApiError)) return t.errors.internal ?? ''
  return t.errors[e.code] ?? (e.status >= 500 ? t.errors.internal ?? '' : t.errorCode(e.code))
}

export function useErrorText() {
  const { t } = useI18n()
  return (e: unknown) => errorText(t, e)
}
