// Every area has a folder with a dictionary for each language: pt.ts says which texts there are, the others have the
// same ones or do not compile.
import { area } from './area'

/** What all pages outside the desk have in common. */
export const pageTexts = area({
  'pt-BR': () => import('./pages/pt').then((m) => m.pt), en: () => import('./pages/en').then((m) => m.en), es: () => import('./pages/es').then((m) => m.es),
})

/** Tags, quick replies, people, escalations and opportunities. */
export const teamTexts = area({
  'pt-BR': () => import('./team/pt').then((m) => m.pt), en: () => import('./team/en').then((m) => m.en), es: () => import('./team/es').then((m) => m.es),
})

export const contactTexts = area({
  'pt-BR': () => import('./contacts/pt').then((m) => m.pt), en: () => import('./contacts/en').then((m) => m.en), es: () => import('./contacts/es').then((m) => m.es),
})

export const accountTexts = area({
  'pt-BR': () => import('./account/pt').then((m) => m.pt), en: () => import('./account/en').then((m) => m.en), es: () => import('./account/es').then((m) => m.es),
})

/** The settings of a hotel, its bot and its WhatsApp, and what went wrong with them. */
export const settingTexts = area({
  'pt-BR': () => import('./settings/pt').then((m) => m.pt), en: () => import('./settings/en').then((m) => m.en), es: () => import('./settings/es').then((m) => m.es),
})

/** Numbers, who did what, and what the plan allows. */
export const reportTexts = area({
  'pt-BR': () => import('./reports/pt').then((m) => m.pt), en: () => import('./reports/en').then((m) => m.en), es: () => import('./reports/es').then((m) => m.es),
})

/** Templates of WhatsApp, and the hotels of the platform. */
export const platformTexts = area({
  'pt-BR': () => import('./platform/pt').then((m) => m.pt), en: () => import('./platform/en').then((m) => m.en), es: () => import('./platform/es').then((m) => m.es),
})
