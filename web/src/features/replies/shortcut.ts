/** A shortcut made of a title: "Horário do café" becomes "horario-do-cafe". */
export const shortcutOf = (title: string) => title.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 50)
