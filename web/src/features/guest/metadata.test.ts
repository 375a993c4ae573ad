import { describe, expect, it } from 'vitest'
import { fieldsIn, notesIn, withField, withNotes, withoutField } from './metadata'

const written = { notes: [{ content: 'Alérgica a camarão' }, { content: 'Prefere andar alto' }], Placa: 'ABC1D23', visitas: 3, followup: { sent: true } }

describe('what is written about a guest', () => {
  it.each([
    ['nothing', null, ''], ['a text', { notes: 'Oi' }, 'Oi'], ['a list', written, 'Alérgica a camarão\nPrefere andar alto'], ['something else', { notes: 7 }, ''], ['no object', 'x', ''],
  ])('reads notes from %s', (_, metadata, want) => expect(notesIn(metadata)).toBe(want))

  it('shows fields that people can read', () => expect(fieldsIn(written)).toEqual([{ name: 'Placa', value: 'ABC1D23' }, { name: 'visitas', value: '3' }]))

  it('loses nothing when notes or a field change', () => {
    expect(withNotes(written, 'Novo')).toEqual({ ...written, notes: 'Novo' })
    expect(withField(written, { name: 'Placa', value: 'X' })).toEqual({ ...written, notes: notesIn(written), Placa: 'X' })
    expect(withoutField(written, 'visitas')).toEqual({ notes: notesIn(written), Placa: 'ABC1D23', followup: { sent: true } })
    expect(withField(null, { name: 'Placa', value: 'X' })).toEqual({ Placa: 'X' })
  })
})
