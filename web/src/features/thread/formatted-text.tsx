import { Fragment, type ReactNode } from 'react'

// What WhatsApp makes of marks in a text; nothing else is read, and nothing of it is HTML.
const marks = /(\*[^\s*](?:[^*\n]*[^\s*])?\*|_[^\s_](?:[^_\n]*[^\s_])?_|~[^\s~](?:[^~\n]*[^\s~])?~|```[\s\S]+?```|https?:\/\/[^\s<>"]+)/g

export function FormattedText({ text }: { text: string }) {
  return <>{text.split(marks).map((part, i) => <Fragment key={i}>{i % 2 === 0 ? part : marked(part)}</Fragment>)}</>
}

function marked(part: string): ReactNode {
  if (part.startsWith('http')) return <a href={part} target="_blank" rel="noopener noreferrer" className="break-all text-read underline">{part}</a>
  if (part.startsWith('```')) return <code className="font-mono text-small">{part.slice(3, -3)}</code>
  const inner = part.slice(1, -1)
  switch (part[0]) {
    case '*':
      return <strong className="font-semibold">{inner}</strong>
    case '_':
      return <em>{inner}</em>
    default:
      return <s>{inner}</s>
  }
}
