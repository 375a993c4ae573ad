import { queryOptions } from '@tanstack/react-query'
import { call } from './client'
import type { Settings, User } from './types'

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => call<User>('/auth/me', { signal }) })

export const hotelQuery = queryOptions({ queryKey: ['hotel'], queryFn: ({ signal }) => call<Settings>('/api/tenants/current', { signal }) })
