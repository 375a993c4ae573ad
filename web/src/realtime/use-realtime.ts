import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Socket } from 'socket.io-client'
import { apiOrigin, refresh } from '@/api/client'
import { chosenHotel } from '@/api/hotel'
import { accessToken } from '@/api/session'
import { startSending, wake } from '@/outgoing/outgoing'
import { happened, keepFetchesLive, refetchDesk } from './cache'
import { eventNames, type Body } from './events'
import { refreshPages } from './pages'
import { makeCurrent } from './socket'

type Place = { epoch: string; seq: number }

/** Keeps one socket while somebody is logged in. Returns whether it is connected; true before the first try ended. */
export function useRealtime(me: string): boolean {
  const client = useQueryClient()
  const [connected, setConnected] = useState(true)
  useEffect(() => {
    const stopReplay = keepFetchesLive(client, me)
    const stopSending = startSending(me, (message) => happened(client, { name: 'message:new', body: { message } }, me))
    const close = opened((socket) => {
      const forget = makeCurrent(socket)
      listen(socket, client, me)
      socket.on('connect', () => {
        setConnected(true)
        wake()
      })
      socket.on('disconnect', () => setConnected(false))
      socket.on('connect_error', () => setConnected(false))
      return forget
    }, () => setConnected(false))
    return () => {
      stopReplay()
      stopSending()
      close()
    }
  }, [client, me])
  return connected
}

/** Opens a socket as soon as its library is there: the desk is shown without it. */
function opened(ready: (s: Socket) => () => void, lost: () => void): () => void {
  let close = () => {}
  let isOver = false
  const begin = async () => {
    const library = await import('socket.io-client').catch(lost)
    if (isOver) return
    if (!library) return void setTimeout(() => void begin(), 3000)
    const socket = open(library.io)
    const stop = ready(socket)
    close = () => {
      stop()
      socket.disconnect()
    }
  }
  void begin()
  return () => {
    isOver = true
    close()
  }
}

function open(io: typeof import('socket.io-client').io): Socket {
  const socket = io(apiOrigin, {
    transports: ['websocket', 'polling'],
    reconnectionDelayMax: 5000,
    auth: (send) => send({ token: accessToken(), tenantSlug: chosenHotel() }),
  })
  const again = () => refresh().then(() => socket.connect(), () => undefined) // a log-in that ended is told by session.ts
  socket.on('connect_error', (e: Error & { data?: { code?: string } }) => {
    if (e.data?.code === 'invalid_token' || e.data?.code === 'unauthorized') void again()
  })
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') void again() // the access token ran out
  })
  return socket
}

/** Applies what happens; on a gap everything is fetched anew. Who may see little gets few of the numbers, so that a
 * gap shows only when the server says, at each connection, where it stands. */
function listen(socket: Socket, client: QueryClient, me: string) {
  let at: Place | undefined
  for (const name of eventNames) {
    socket.on(name, (body: Body) => {
      if (body.epoch !== undefined && body.seq !== undefined) at = { epoch: body.epoch, seq: body.seq }
      happened(client, { name, body }, me)
      refreshPages(client, name)
    })
  }
  socket.on('sync:hello', (now: Place) => {
    if (at?.epoch !== now.epoch || at.seq !== now.seq) void refetchDesk(client)
    at = now
  })
}
