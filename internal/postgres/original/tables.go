package original

import "fmt"

// Table is a table of the original's, and how its rows are read.
type Table struct {
	name  string
	count string
	page  string
}

// Name is the table's name there.
func (t Table) Name() string { return t.name }

// byID reads a table by its ids. more is an expression of JSON that is added to each row t.
func byID(name, more string) Table {
	return Table{
		name:  name,
		count: fmt.Sprintf(`SELECT count(*) FROM %q WHERE "tenantId" IS NOT DISTINCT FROM $1`, name),
		page: fmt.Sprintf(`SELECT t.id, to_jsonb(t) || %s
			FROM (SELECT * FROM %q WHERE "tenantId" IS NOT DISTINCT FROM $1 AND id > $2 ORDER BY id LIMIT $3) t ORDER BY t.id`, more, name),
	}
}

const nothing = `'{}'::jsonb`

// ofConversation is what our conversations say of their messages and escalations, and
// whether a newer one of the same guest goes on: there may be one only.
const ofConversation = `jsonb_build_object(
	'superseded', EXISTS (SELECT FROM conversations o WHERE o."tenantId" = t."tenantId" AND o."contactId" = t."contactId"
		AND o.status::text NOT IN ('CLOSED', 'ARCHIVED') AND (o."lastMessageAt", o.id) > (t."lastMessageAt", t.id)),
	'lastMessage', (SELECT jsonb_build_object('id', m.id, 'content', left(m.content, 400), 'direction', m.direction, 'type', m.type,
			'timestamp', m.timestamp, 'sentById', m."sentById")
		FROM messages m WHERE m."tenantId" = t."tenantId" AND m."conversationId" = t.id ORDER BY m.timestamp DESC, m.id DESC LIMIT 1),
	'unread', (SELECT count(*) FROM messages m WHERE m."conversationId" = t.id AND m.direction::text = 'INBOUND' AND m.status::text <> 'READ'),
	'lastInboundAt', (SELECT max(m.timestamp) FROM messages m WHERE m."conversationId" = t.id AND m.direction::text = 'INBOUND'),
	'firstReplyAt', (SELECT min(m.timestamp) FROM messages m WHERE m."conversationId" = t.id AND m.direction::text = 'OUTBOUND'),
	'firstHumanAt', (SELECT min(m.timestamp) FROM messages m WHERE m."conversationId" = t.id AND m.direction::text = 'OUTBOUND' AND m."sentById" IS NOT NULL),
	'escalatedAt', (SELECT min(e."createdAt") FROM escalations e WHERE e."conversationId" = t.id),
	'channel', (SELECT to_jsonb(g) ->> 'channel' FROM contacts g WHERE g.id = t."contactId"))`

// The tables that are read. What one has and the other form lacks is simply not in the
// JSON.
var (
	Users         = byID("users", nothing)
	Contacts      = byID("contacts", nothing)
	Conversations = byID("conversations", ofConversation)
	Messages      = byID("messages", `jsonb_build_object('contactId', (SELECT c."contactId" FROM conversations c WHERE c.id = t."conversationId"))`)
	Tags          = byID("tags", nothing)
	Escalations   = byID("escalations", nothing)
	QuickReplies  = byID("quick_replies", nothing)
	UsageTracking = byID("usage_tracking", nothing)
	AuditLogs     = byID("audit_logs", nothing)

	ConversationTags = Table{
		name:  "_ConversationToTag",
		count: `SELECT count(*) FROM "_ConversationToTag" x JOIN conversations c ON c.id = x."A" WHERE c."tenantId" = $1`,
		page: `SELECT x."A" || '/' || x."B", to_jsonb(x) FROM "_ConversationToTag" x JOIN conversations c ON c.id = x."A"
			WHERE c."tenantId" = $1 AND (x."A", x."B") > (split_part($2, '/', 1), split_part($2, '/', 2)) ORDER BY x."A", x."B" LIMIT $3`,
	}
)
