import { useCallback, useEffect, useEffectEvent, useState } from 'react'

type Beyond = { older: (() => unknown) | undefined; newer: (() => unknown) | undefined }

/** The scroller runs from the bottom up, so that the browser itself keeps the place: at the end while somebody is there,
 * and on the same message while others are put above it. Near an edge what lies beyond is fetched. */
export function useScrolling({ older, newer }: Beyond) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const [isAway, setAway] = useState(false)
  useEffect(() => {
    if (!scroller) return
    const look = () => setAway(scroller.scrollTop < -240)
    scroller.addEventListener('scroll', look, { passive: true })
    return () => scroller.removeEventListener('scroll', look)
  }, [scroller])
  const [top, setTop] = useState<HTMLElement | null>(null)
  const [bottom, setBottom] = useState<HTMLElement | null>(null)
  useEdge(scroller, top, older)
  useEdge(scroller, bottom, newer)
  const toEnd = useCallback((behavior: ScrollBehavior = 'smooth') => scroller?.scrollTo({ top: 0, behavior }), [scroller])
  return { scroller, setScroller, setTop, setBottom, isAway, toEnd }
}

function useEdge(root: HTMLElement | null, mark: HTMLElement | null, reached: (() => unknown) | undefined) {
  const tell = useEffectEvent(() => reached?.())
  const isWanted = reached !== undefined
  useEffect(() => {
    if (!root || !mark || !isWanted) return
    const watch = new IntersectionObserver((seen) => seen.some((s) => s.isIntersecting) && tell(), { root, rootMargin: '800px 0px' })
    watch.observe(mark)
    return () => watch.disconnect()
  }, [root, mark, isWanted])
}
