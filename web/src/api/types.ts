import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Conversation = Schemas['Conversation']
export type Contact = Schemas['Contact']
export type Message = Schemas['Message']
export type Preview = Schemas['Preview']
export type Failure = Schemas['Failure']
export type Template = Schemas['Template']
export type TemplateNeed = Schemas['TemplateNeed']
export type Uploaded = Schemas['Uploaded']
export type Quote = Schemas['Quote']
export type QuickReply = Schemas['QuickReply']
export type Scheduled = Schemas['Scheduled']
export type Tag = Schemas['Tag']
export type User = Schemas['User']
export type Session = Schemas['Session']
export type Settings = Schemas['Settings']
export type Problem = Schemas['Problem']
export type Teammate = Schemas['Teammate']
export type TagItem = Schemas['TagItem']
export type Counts = Schemas['ConversationCounts']
export type Talk = Schemas['Talk']
export type ContactRow = Schemas['ContactRow']
export type MessageHits = Schemas['MessageHits']
export type MessageHit = Schemas['MessageHit']
export type ConversationPage = Pick<Schemas['ConversationList'], 'nextCursor'> & { data: Conversation[] }
/** Messages from old to new; whether there are older and newer ones than these. */
export type MessagePage = { data: Message[]; more: boolean; newer?: boolean }
