import { createContext, use } from 'react'
import type { User } from '@/api/types'

const Person = createContext<User | null>(null)

export const PersonProvider = Person

/** Who is logged in. */
export function usePerson(): User {
  const user = use(Person)
  if (user === null) throw new Error('usePerson outside of what people see who are logged in')
  return user
}

export type Role = 'SUPER_ADMIN' | 'TENANT_ADMIN' | 'HEAD' | 'ATTENDANT' | 'SALES'

const managers: Role[] = ['SUPER_ADMIN', 'TENANT_ADMIN']

export const isManager = (user: User) => managers.some((role) => role === user.role)
