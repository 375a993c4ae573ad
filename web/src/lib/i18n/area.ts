import { use } from 'react'
import { useI18n } from './i18n'
import type { Language } from './language'

/** The texts of a part of the product that the desk does without: fetched with its pages, in one language. */
export type Area<T> = { fetch: (l: Language) => Promise<T> }

export function area<T>(files: Record<Language, () => Promise<T>>): Area<T> {
  const fetched = new Map<Language, Promise<T>>()
  return {
    fetch: (l) => {
      const known = fetched.get(l)
      if (known) return known
      const texts = files[l]()
      fetched.set(l, texts)
      texts.catch(() => fetched.delete(l)) // the next who asks tries again
      return texts
    },
  }
}

/** The texts of an area in the person's language. While they come, the nearest Suspense shows. */
export function useTexts<T>(a: Area<T>): T {
  return use(a.fetch(useI18n().language))
}
