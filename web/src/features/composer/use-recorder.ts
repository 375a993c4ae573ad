import { useEffect, useRef, useState } from 'react'

export type Recording = { state: 'asking' | 'recording' | 'done' | 'refused'; seconds: number; levels: number[]; file?: File; address?: string }

const bars = 48
const longest = 15 * 60

/** Records what the microphone hears, from the moment it is used. */
export function useRecorder() {
  const [now, setNow] = useState<Recording>({ state: 'asking', seconds: 0, levels: [] })
  const stopping = useRef<() => void>(undefined)
  useEffect(() => {
    let gone = false
    let end = () => {}
    let address: string | undefined
    void navigator.mediaDevices?.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } }).then((stream) => {
      if (gone) return stopTracks(stream)
      const recorder = new MediaRecorder(stream)
      const parts: Blob[] = []
      const level = levelOf(stream)
      const began = performance.now()
      const timer = setInterval(() => {
        const loud = level.read()
        setNow((was) => ({ ...was, state: 'recording', seconds: (performance.now() - began) / 1000, levels: [...was.levels, loud].slice(-bars) }))
        if (performance.now() - began > longest * 1000) stopping.current?.()
      }, 100)
      end = () => {
        clearInterval(timer)
        level.close()
        stopTracks(stream)
      }
      stopping.current = () => recorder.state !== 'inactive' && recorder.stop()
      recorder.ondataavailable = (e) => parts.push(e.data)
      recorder.onstop = () => {
        end()
        if (gone) return
        const file = new File(parts, `voz.${recorder.mimeType.includes('mp4') ? 'm4a' : 'webm'}`, { type: recorder.mimeType })
        address = URL.createObjectURL(file)
        setNow((was) => ({ ...was, state: 'done', file, ...(address !== undefined && { address }) }))
      }
      recorder.start()
      setNow((was) => ({ ...was, state: 'recording' }))
    }, () => !gone && setNow((was) => ({ ...was, state: 'refused' })))
    return () => {
      gone = true
      end()
      if (address !== undefined) URL.revokeObjectURL(address)
    }
  }, [])
  return { ...now, stop: () => stopping.current?.() }
}

const stopTracks = (stream: MediaStream) => stream.getTracks().forEach((track) => track.stop())

/** How loud a stream is just now, from 0 to 1. */
function levelOf(stream: MediaStream) {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 512
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  return {
    read: () => {
      analyser.getFloatTimeDomainData(samples)
      return Math.min(1, Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length) * 4)
    },
    close: () => void context.close(),
  }
}
