import { memo, useEffect, useState } from 'react'
import { DayRow, UnreadRow } from './day-row'
import { MessageRow } from './message-row'
import { NoticeRow } from './notice-row'
import type { Row } from './rows'
import type { Shared } from './shared'

type Props = { rows: Row[]; root: HTMLElement | null; shared: Shared; wanted: string | undefined }

/** A page of rows. Far from what is on screen only its height is left, so that a thread of any length stays light. */
export const Page = memo(function Page({ rows, root, shared, wanted }: Props) {
  const [box, setBox] = useState<HTMLOListElement | null>(null)
  const [height, setHeight] = useState<number>()
  useEffect(() => {
    if (!box || !root) return
    const watch = new IntersectionObserver((seen) => {
      const now = seen.at(-1)
      if (now) setHeight(now.isIntersecting ? undefined : now.boundingClientRect.height)
    }, { root, rootMargin: '2500px 0px' })
    watch.observe(box)
    return () => watch.disconnect()
  }, [box, root])
  const isWanted = wanted !== undefined && rows.some((row) => row.kind === 'message' && row.message.id === wanted)
  const isFar = height !== undefined && !isWanted
  return (
    <ol ref={setBox} style={isFar ? { height } : undefined}>
      {!isFar && rows.map((row) => {
        switch (row.kind) {
          case 'day':
            return <DayRow key={row.key} at={row.at} />
          case 'unread':
            return <UnreadRow key={row.key} />
          case 'notice':
            return <NoticeRow key={row.key} message={row.message} shared={shared} />
          case 'message':
            return <MessageRow key={row.key} message={row.message} who={row.who} begins={row.begins} shared={shared} isWanted={row.message.id === wanted} />
        }
      })}
    </ol>
  )
})
