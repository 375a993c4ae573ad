import { area } from './area'

/** The filter panel, the board, search, palette, bulk work and what is changed about a guest. */
export const deskTexts = area({
  'pt-BR': () => import('./desk/pt').then((m) => m.pt), en: () => import('./desk/en').then((m) => m.en), es: () => import('./desk/es').then((m) => m.es),
})
