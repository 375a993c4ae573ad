// What WhatsApp takes as a file, said before anything is uploaded: internal/domain/media has the same table. Pure.
import type { FileKind, Said } from '@/outgoing/outgoing'

const megabyte = 1_000_000
export const largest = 50 * 1024 * 1024

const takes: Record<string, { as: FileKind; most: number }> = {
  'image/jpeg': { as: 'IMAGE', most: 5 * megabyte },
  'image/png': { as: 'IMAGE', most: 5 * megabyte },
  'video/mp4': { as: 'VIDEO', most: 16 * megabyte },
  'video/3gpp': { as: 'VIDEO', most: 16 * megabyte },
  'audio/aac': { as: 'AUDIO', most: 16 * megabyte },
  'audio/amr': { as: 'AUDIO', most: 16 * megabyte },
  'audio/mpeg': { as: 'AUDIO', most: 16 * megabyte },
  'audio/mp4': { as: 'AUDIO', most: 16 * megabyte },
  'audio/x-m4a': { as: 'AUDIO', most: 16 * megabyte },
  'audio/ogg': { as: 'AUDIO', most: 16 * megabyte },
  'text/plain': { as: 'DOCUMENT', most: largest },
  'application/pdf': { as: 'DOCUMENT', most: largest },
  'application/msword': { as: 'DOCUMENT', most: largest },
  'application/vnd.ms-excel': { as: 'DOCUMENT', most: largest },
  'application/vnd.ms-powerpoint': { as: 'DOCUMENT', most: largest },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': { as: 'DOCUMENT', most: largest },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { as: 'DOCUMENT', most: largest },
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': { as: 'DOCUMENT', most: largest },
}

export const accepted = [...Object.keys(takes), 'image/*', '.m4a', '.doc', '.docx', '.xls', '.xlsx', '.ppt', '.pptx'].join(',')

type About = { name: string; type: string; size: number }
export type Verdict = { as: FileKind } | { refused: 'type' | 'size' | 'empty'; most?: number }

/** As what a file is sent, or why it cannot be. */
export function judge(f: About): Verdict {
  if (f.size === 0) return { refused: 'empty' }
  const known = takes[f.type]
  if (!known) return { refused: 'type' }
  return f.size > known.most ? { refused: 'size', most: known.most } : { as: known.as }
}

/** Whether the browser could make a picture of it that WhatsApp takes: another format, or a smaller one. */
export function canBeFitted(f: About): boolean {
  return f.type.startsWith('image/') && f.type !== 'image/svg+xml' && !('as' in judge(f)) && f.size > 0
}

const edge = 2560

/** Makes a JPEG of a picture. Pictures that the browser cannot read come back as they are. */
export async function fitted(file: File): Promise<File> {
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, edge / Math.max(picture.width, picture.height))
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale))
    const drawing = canvas.getContext('2d')
    if (!drawing) return file
    drawing.fillStyle = '#fff' // behind what is transparent: JPEG has none of that
    drawing.fillRect(0, 0, canvas.width, canvas.height)
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const made = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.86 })
    return new File([made], `${file.name.replace(/\.\w+$/, '')}.jpg`, { type: 'image/jpeg' })
  } catch {
    return file
  }
}

export const longestCaption = 1024

export type Ready = { file: File; as: FileKind }
export type Leaving = { said: Said; file?: File }

/** Files and a text as messages: the text is the first file's caption where that can have one, else it goes ahead. */
export function leaving(text: string, files: Ready[]): Leaving[] {
  const takesCaption = (f: Ready | undefined) => f !== undefined && ['IMAGE', 'VIDEO', 'DOCUMENT'].includes(f.as)
  const asCaption = text !== '' && text.length <= longestCaption && takesCaption(files[0])
  const words: Leaving[] = text !== '' && !asCaption ? [{ said: { kind: 'text', content: text } }] : []
  return [...words, ...files.map(({ file, as }, i) => ({
    said: { kind: 'file' as const, as, name: file.name, mimeType: file.type, size: file.size, caption: asCaption && i === 0 ? text : '' },
    file,
  }))]
}
