import type { Dictionary } from './pt'
import { pt } from './pt'

export type Language = 'pt-BR' | 'en' | 'es'
export const languages: { code: Language; name: string }[] = [
  { code: 'pt-BR', name: 'Português' },
  { code: 'en', name: 'English' },
  { code: 'es', name: 'Español' },
]

const key = 'botreserva.language'

/** What the person chose, else the nearest to what the browser asks for, else Portuguese. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(key) ?? '', ...navigator.languages]
  for (const w of wanted) {
    const known = languages.find((l) => l.code.slice(0, 2) === w.slice(0, 2))
    if (known) return known.code
  }
  return 'pt-BR'
}

export const keepLanguage = (l: Language) => localStorage.setItem(key, l)

/** The texts of a language; those of the others are fetched only by who reads them. */
export async function textsOf(l: Language): Promise<Dictionary> {
  switch (l) {
    case 'pt-BR':
      return pt
    case 'en':
      return (await import('./en')).en
    case 'es':
      return (await import('./es')).es
  }
}
