// A fetch and events race: an answer may be older than events that were applied while it was on its way. So every
// fetch remembers where the log stood when it began, and those since then are applied to its answer again.
import type { DeskEvent } from './events'

const most = 2000

export class EventLog {
  private kept: DeskEvent[] = []
  private dropped = 0

  add(e: DeskEvent) {
    this.kept.push(e)
    if (this.kept.length > most) this.dropped += this.kept.splice(0, this.kept.length - most).length
  }

  position(): number {
    return this.dropped + this.kept.length
  }

  since(position: number): DeskEvent[] {
    return this.kept.slice(Math.max(0, position - this.dropped))
  }
}

/** Two changes of one conversation may be told the wrong way round. The older one then says nothing of it any more. */
export class Newest {
  private revisions = new Map<string, number>()

  of(e: DeskEvent): DeskEvent {
    const { conversation, ...rest } = e.body
    if (conversation === undefined) return e
    const known = this.revisions.get(conversation.id) ?? 0
    if (conversation.revision < known) return { name: e.name, body: rest }
    this.revisions.set(conversation.id, conversation.revision)
    return e
  }
}
