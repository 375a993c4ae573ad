import type { DeskTexts } from './pt'

export const es: DeskTexts = {
  filter: {
    who: 'Responsable',
    anybody: 'Cualquier persona',
    me: 'Yo',
    nobody: 'Nadie',
    goingOn: 'En curso',
    any: 'Cualquiera',
    sort: 'Orden',
    recent: 'Más recientes',
    oldest: 'Más antiguas',
    unread: 'No leídas',
    saved: 'Filtros guardados',
    save: 'Guardar filtro',
    keep: 'Guardar',
    name: 'Nombre del filtro',
    forget: (name) => `Borrar filtro ${name}`,
    clear: 'Limpiar todo',
  },
}
