export type Theme = 'auto' | 'light' | 'dark'

const key = 'botreserva.theme'
const dark = () => window.matchMedia('(prefers-color-scheme: dark)')

export function chosenTheme(): Theme {
  const kept = localStorage.getItem(key)
  return kept === 'light' || kept === 'dark' ? kept : 'auto'
}

export function chooseTheme(t: Theme) {
  localStorage.setItem(key, t)
  showTheme()
}

/** Puts the theme on the page, and follows the device while nothing else was chosen. */
export function showTheme() {
  const t = chosenTheme()
  document.documentElement.dataset.theme = t === 'auto' ? (dark().matches ? 'dark' : 'light') : t
  document.documentElement.style.colorScheme = document.documentElement.dataset.theme
}

export const followDevice = () => dark().addEventListener('change', showTheme)
