// Colleagues who are called in a note by @ and their name. Pure.
import type { Teammate } from '@/api/types'
import { plain } from './quick'

/** Those who may be called by what was typed behind the @. */
export function foundColleagues(team: Teammate[], typed: string, me: string, most = 8): Teammate[] {
  const wanted = plain(typed)
  return team.filter((one) => one.isActive && one.id !== me && plain(one.name).split(' ').some((word) => word.startsWith(wanted))).slice(0, most)
}

/** Whom a note calls: everybody whose whole name stands in it behind an @. */
export function mentionsIn(text: string, team: Teammate[]): string[] {
  const said = plain(text)
  return team.filter((one) => one.isActive && said.includes(`@${plain(one.name)}`)).map((one) => one.id)
}
