import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/client'
import { toast } from '@/components/ui/toast'

type Change = { method: 'POST' | 'PATCH' | 'PUT' | 'DELETE'; path: string; body?: unknown }

/** Changes something at the server, says so, and fetches anew what pages show of it. */
export function useChange<Answer = unknown>(concerns: string[], done: string | undefined, after?: (answer: Answer) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ method, path, body }: Change) => call<Answer>(path, { method, body }),
    onSuccess: (answer) => {
      for (const page of concerns) {
        void client.invalidateQueries({ queryKey: ['page', page] })
        void client.invalidateQueries({ queryKey: [page] }) // the desk's own copy, where it has one
      }
      if (done !== undefined) toast(done)
      after?.(answer)
    },
  })
}
