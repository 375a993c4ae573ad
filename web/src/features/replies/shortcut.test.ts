import { expect, it } from 'vitest'
import { shortcutOf } from './shortcut'

it.each([['Horário do café', 'horario-do-cafe'], ['  Check-in! ', 'check-in'], ['!!!', ''], ['a'.repeat(60), 'a'.repeat(50)]])('%s gets %s', (title, want) => expect(shortcutOf(title)).toBe(want))
