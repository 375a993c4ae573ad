import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './client'

/** What is known stays right by events, so that nothing is fetched again for its age alone. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false, // the socket says what happened meanwhile
      retry: (failures, e) => failures < 3 && (!(e instanceof ApiError) || e.status === 0 || e.status >= 500),
      retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 8000),
    },
  },
})
