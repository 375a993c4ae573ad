package wire

import (
	"encoding/json"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// ContactRow is a guest in lists and alone: with every column that the original had.
type ContactRow struct {
	Contact
	TenantID           string `json:"tenantId"`
	ExternalID         string `json:"externalId"` // the number, else Meta's id of the guest
	ConversationsCount int    `json:"conversationsCount"`
	LastConversationAt *Time  `json:"lastConversationAt"`
	MarketingStopped   bool   `json:"marketingStopped" doc:"The guest told WhatsApp to get no offers; templates of category MARKETING are not sent"`
}

// ContactRowOf writes a guest of a tenant.
func ContactRowOf(tenant id.Tenant, r contact.Record) ContactRow {
	out := ContactRow{
		Contact: ContactOf(r.Contact), TenantID: tenant.String(), ExternalID: string(r.Phone), ConversationsCount: r.Conversations,
		MarketingStopped: r.NoOffers,
	}
	if out.ExternalID == "" {
		out.ExternalID = r.BSUID
	}
	if r.Last != nil {
		out.LastConversationAt = atOrNull(r.Last.LastMessageAt)
	}
	return out
}

// ContactCount is how the original counts what belongs to a guest.
type ContactCount struct {
	Conversations int `json:"conversations"`
}

// ContactDetail is a guest alone.
type ContactDetail struct {
	ContactRow
	Count            ContactCount      `json:"_count"`
	LastConversation *LastConversation `json:"lastConversation"`
}

// LastConversation is the conversation in which somebody last wrote.
type LastConversation struct {
	ID            string `json:"id"`
	Status        string `json:"status"`
	LastMessageAt Time   `json:"lastMessageAt"`
}

// ContactDetailOf writes a guest of a tenant.
func ContactDetailOf(tenant id.Tenant, r contact.Record) ContactDetail {
	out := ContactDetail{ContactRow: ContactRowOf(tenant, r), Count: ContactCount{r.Conversations}}
	if r.Last != nil {
		out.LastConversation = &LastConversation{ID: r.Last.ID.String(), Status: r.Last.State, LastMessageAt: At(r.Last.LastMessageAt)}
	}
	return out
}

// Talk is a conversation in the list of a guest's.
type Talk struct {
	ID            string    `json:"id"`
	Channel       string    `json:"channel"`
	Status        string    `json:"status"`
	IsOpportunity bool      `json:"isOpportunity"`
	LastMessageAt Time      `json:"lastMessageAt"`
	CreatedAt     Time      `json:"createdAt"`
	AssignedTo    *Somebody `json:"assignedTo"`
	Count         TalkCount `json:"_count"`
}

// TalkCount is how the original counts what belongs to a conversation.
type TalkCount struct {
	Messages int `json:"messages"`
}

// Somebody is a user by name.
type Somebody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// TalkOf writes a conversation of a guest's.
func TalkOf(t contact.Talk) Talk {
	out := Talk{
		ID: t.ID.String(), Channel: "WHATSAPP", Status: t.State, IsOpportunity: t.IsOpportunity, LastMessageAt: At(t.LastMessageAt),
		CreatedAt: At(t.CreatedAt), Count: TalkCount{t.Messages},
	}
	if !t.AssignedTo.IsZero() {
		out.AssignedTo = &Somebody{ID: t.AssignedTo.String(), Name: t.AssigneeName}
	}
	return out
}

// notesListed returns the notes about a guest with metadata.notes as a list: the
// original's dashboards read one, and write a text.
func notesListed(metadata string) json.RawMessage {
	raw := json.RawMessage(metadata)
	if !strings.Contains(metadata, `"notes"`) {
		return raw
	}
	var all map[string]any
	if json.Unmarshal(raw, &all) != nil {
		return raw
	}
	text, isText := all["notes"].(string)
	if !isText {
		return raw
	}
	all["notes"] = []map[string]string{{"content": text}}
	if text == "" {
		all["notes"] = []any{}
	}
	if listed, err := json.Marshal(all); err == nil {
		return listed
	}
	return raw
}
