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
