import { createContext, use, useMemo, useState, useTransition, type ReactNode } from 'react'
import { formatsFor, type Formats } from '../format'
import { keepLanguage, textsOf, type Language } from './language'
import type { Dictionary } from './pt'

type I18n = { language: Language; t: Dictionary; format: Formats; choose: (l: Language) => void }

const Context = createContext<I18n | null>(null)

export function I18nProvider(props: { first: Language; texts: Dictionary; children: ReactNode }) {
  const [now, setNow] = useState({ language: props.first, t: props.texts })
  const [, startTransition] = useTransition()
  const value = useMemo<I18n>(() => ({
    ...now,
    format: formatsFor(now.language),
    choose: (language) => {
      keepLanguage(language)
      startTransition(async () => {
        const t = await textsOf(language)
        document.documentElement.lang = language
        startTransition(() => setNow({ language, t })) // what is shown stays until the pages have their texts, too
      })
    },
  }), [now])
  return <Context value={value}>{props.children}</Context>
}

export function useI18n(): I18n {
  const value = use(Context)
  if (value === null) throw new Error('useI18n outside of I18nProvider')
  return value
}
