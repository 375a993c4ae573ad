import { expect, it } from 'vitest'
import type { ContactRow } from '@/api/page-types'
import { bodyOf } from './contact-body'

const written = { name: ' Lia ', phoneNumber: '+55 11 98765-4321', email: '', firstName: '', lastName: '', companyName: '', designation: '' }
const known = { name: 'Lia', phoneNumber: '5511987654321', email: 'lia@x.example', firstName: null, lastName: 'Sá', companyName: 'Acme', designation: null } as ContactRow

it('sends of a new contact what was filled in', () => expect(bodyOf(written, undefined)).toEqual({ name: 'Lia', phoneNumber: '+55 11 98765-4321' }))
it('sends of a known one what changed, and takes emptied fields away', () => expect(bodyOf({ ...written, lastName: 'Sá', designation: 'Sócia' }, known)).toEqual({ companyName: null, designation: 'Sócia' }))
it('sends nothing when nothing changed', () => expect(bodyOf({ ...written, email: 'lia@x.example', lastName: 'Sá', companyName: 'Acme' }, known)).toEqual({}))
