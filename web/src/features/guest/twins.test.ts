import { describe, expect, it } from 'vitest'
import { isTwin } from './twins'

const guest = (id: string, name: string, email: string | null = null) => ({ id, name, email })

describe('isTwin', () => {
  it.each([
    ['the same name', guest('a', 'Lúcia Cavalcanti'), guest('b', 'lucia cavalcanti'), true],
    ['the same first name alone', guest('a', 'Lúcia'), guest('b', 'Lúcia'), false],
    ['the same e-mail', guest('a', 'Lúcia', 'l@x.example'), guest('b', 'L. C.', 'L@x.example'), true],
    ['no e-mail', guest('a', 'Lúcia', ''), guest('b', 'Rui', ''), false],
    ['the guest', guest('a', 'Lúcia Cavalcanti'), guest('a', 'Lúcia Cavalcanti'), false],
  ])('%s: %s', (_, a, b, want) => expect(isTwin(a, b)).toBe(want))
})
