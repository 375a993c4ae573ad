import type { DeskTexts } from './pt'

export const es: DeskTexts = {
  undo: 'Deshacer',
  board: {
    title: 'Tablero de conversaciones',
    help: 'Espacio toma la tarjeta enfocada, las flechas eligen la columna, espacio la suelta, Esc la deja.',
    lifted: (column) => `Tarjeta tomada. Columna: ${column}`,
    moved: (name, column) => `${name}: ${column}`,
    inColumn: 'Conversaciones en esta columna',
    empty: 'Ninguna conversación',
  },
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
