import { area } from './area'

/** What of the thread and the composer is fetched only by who uses it. */
export const threadTexts = area({
  'pt-BR': () => import('./thread/pt').then((m) => m.pt), en: () => import('./thread/en').then((m) => m.en), es: () => import('./thread/es').then((m) => m.es),
})
