package simulator

import (
	"encoding/json"
	"strconv"
	"time"
)

// The types here are the webhook's shapes. Optional keys are left out when empty, as Meta does.

type envelopeJSON struct {
	Object string      `json:"object"`
	Entry  []entryJSON `json:"entry"`
}

type entryJSON struct {
	ID      string       `json:"id"`
	Time    int64        `json:"time,omitempty"`
	Changes []changeJSON `json:"changes"`
}

type changeJSON struct {
	Field string `json:"field"`
	Value any    `json:"value"`
}

type valueJSON struct {
	Product  string            `json:"messaging_product"`
	Metadata metadataJSON      `json:"metadata"`
	Contacts []contactJSON     `json:"contacts,omitempty"`
	Messages []json.RawMessage `json:"messages,omitempty"`
	Statuses []json.RawMessage `json:"statuses,omitempty"`
}

type metadataJSON struct {
	DisplayNumber string `json:"display_phone_number"`
	PhoneNumberID string `json:"phone_number_id"`
}

type contactJSON struct {
	Profile struct {
		Name     string `json:"name,omitempty"`
		Username string `json:"username,omitempty"`
	} `json:"profile"`
	WaID     string `json:"wa_id,omitempty"`
	UserID   string `json:"user_id,omitempty"`
	ParentID string `json:"parent_user_id,omitempty"`
	Identity string `json:"identity_key_hash,omitempty"`
}

type messageJSON struct {
	From       string           `json:"from,omitempty"`
	FromUserID string           `json:"from_user_id,omitempty"`
	FromParent string           `json:"from_parent_user_id,omitempty"`
	Group      string           `json:"group_id,omitempty"`
	ID         string           `json:"id"`
	Timestamp  string           `json:"timestamp"`
	Type       string           `json:"type"`
	Context    *contextJSON     `json:"context,omitempty"`
	Referral   json.RawMessage  `json:"referral,omitempty"`
	Text       *textJSON        `json:"text,omitempty"`
	Image      *mediaJSON       `json:"image,omitempty"`
	Video      *mediaJSON       `json:"video,omitempty"`
	Audio      *mediaJSON       `json:"audio,omitempty"`
	Document   *mediaJSON       `json:"document,omitempty"`
	Sticker    *mediaJSON       `json:"sticker,omitempty"`
	Location   *locationJSON    `json:"location,omitempty"`
	Contacts   json.RawMessage  `json:"contacts,omitempty"`
	Interact   *interactiveJSON `json:"interactive,omitempty"`
	Button     *buttonJSON      `json:"button,omitempty"`
	Reaction   *reactionJSON    `json:"reaction,omitempty"`
	Unsupport  *unsupportedJSON `json:"unsupported,omitempty"`
	Errors     []*StatusError   `json:"errors,omitempty"`
}

type contextJSON struct {
	From      string          `json:"from,omitempty"`
	ID        string          `json:"id,omitempty"`
	Forwarded bool            `json:"forwarded,omitempty"`
	Often     bool            `json:"frequently_forwarded,omitempty"`
	Product   json.RawMessage `json:"referred_product,omitempty"`
}

type textJSON struct {
	Body string `json:"body"`
}

type mediaJSON struct {
	ID       string `json:"id"`
	MIME     string `json:"mime_type"`
	SHA256   string `json:"sha256"`
	Filename string `json:"filename,omitempty"`
	Caption  string `json:"caption,omitempty"`
	Voice    *bool  `json:"voice,omitempty"`
	Animated *bool  `json:"animated,omitempty"`
	URL      string `json:"url,omitempty"`
}

type locationJSON struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
	URL       string  `json:"url,omitempty"`
}

type interactiveJSON struct {
	Type        string          `json:"type"`
	ButtonReply *replyJSON      `json:"button_reply,omitempty"`
	ListReply   *replyJSON      `json:"list_reply,omitempty"`
	FlowReply   *flowReplyJSON  `json:"nfm_reply,omitempty"`
	Permission  *permissionJSON `json:"call_permission_reply,omitempty"`
}

type flowReplyJSON struct {
	Name     string `json:"name,omitempty"`
	Body     string `json:"body,omitempty"`
	Response string `json:"response_json"` // JSON inside a text
}

type permissionJSON struct {
	Response string `json:"response"`
	Expires  int64  `json:"expiration_timestamp,omitempty"`
	Source   string `json:"response_source"`
}

type replyJSON struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

type buttonJSON struct {
	Payload string `json:"payload"`
	Text    string `json:"text"`
}

// reactionJSON leaves emoji out when a reaction is taken back (Meta's page of 2026; older payloads had it empty).
type reactionJSON struct {
	MessageID string `json:"message_id"`
	Emoji     string `json:"emoji,omitempty"`
}

type unsupportedJSON struct {
	Type string `json:"type"`
}

type statusJSON struct {
	ID              string            `json:"id"`
	Status          string            `json:"status"`
	Timestamp       string            `json:"timestamp"`
	RecipientID     string            `json:"recipient_id,omitempty"`
	RecipientUserID string            `json:"recipient_user_id,omitempty"`
	RecipientParent string            `json:"recipient_parent_user_id,omitempty"`
	Opaque          string            `json:"biz_opaque_callback_data,omitempty"`
	Conversation    *conversationJSON `json:"conversation,omitempty"`
	Pricing         *pricingJSON      `json:"pricing,omitempty"`
	Errors          []*StatusError    `json:"errors,omitempty"`
}

type conversationJSON struct {
	ID         string     `json:"id"`
	Expiration string     `json:"expiration_timestamp,omitempty"`
	Origin     originJSON `json:"origin"`
}

type originJSON struct {
	Type string `json:"type"`
}

type pricingJSON struct {
	Billable bool   `json:"billable"`
	Model    string `json:"pricing_model"`
	Type     string `json:"type"`
	Category string `json:"category"`
}

func unixText(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// item is one message, status or event on its way into a webhook.
type item struct {
	guest   string // lane: events of one guest stay in order
	field   string // of the webhook; "" is messages, with message or status
	time    int64  // of the entry; 0 leaves it out
	contact *contactJSON
	message json.RawMessage // for another field: its value
	status  json.RawMessage
	kind    string              // what faults match on: type of the message, or name of the status
	fault   *Fault              // of the webhook plane, strikes when it is sent
	done    func(accepted bool) // told once when the webhook got 200 or was given up; may be nil
}

func (i item) size() int { return len(i.message) + len(i.status) + 128 }

// name is the webhook field.
func (i item) name() string {
	if i.field == "" {
		return "messages"
	}
	return i.field
}

// buildEnvelope puts items into one webhook body of the given shape.
func buildEnvelope(a Account, items []item, shape string, escapeSlash bool) []byte {
	env := envelopeJSON{Object: "whatsapp_business_account"}
	for _, group := range groupItems(items, shape == BatchValue || shape == "") {
		change := changeJSON{Field: group[0].name(), Value: valueOf(a, group)}
		last := len(env.Entry) - 1
		if shape == BatchEntries || last < 0 || env.Entry[last].Time != group[0].time {
			env.Entry = append(env.Entry, entryJSON{ID: a.WABAID, Time: group[0].time, Changes: []changeJSON{change}})
			continue
		}
		env.Entry[last].Changes = append(env.Entry[last].Changes, change)
	}
	return asciiJSON(env, escapeSlash)
}

// groupItems keeps the order and, when asked to join, puts neighbours of one kind together: Meta's values hold either
// messages or statuses, and other fields one event.
func groupItems(items []item, join bool) [][]item {
	var groups [][]item
	for i, it := range items {
		last := len(groups) - 1
		if join && i > 0 && it.field == "" && items[i-1].field == "" && (it.message == nil) == (items[i-1].message == nil) {
			groups[last] = append(groups[last], it)
			continue
		}
		groups = append(groups, []item{it})
	}
	return groups
}

func valueOf(a Account, items []item) any {
	if items[0].field != "" {
		return items[0].message
	}
	v := valueJSON{
		Product:  "whatsapp",
		Metadata: metadataJSON{DisplayNumber: a.DisplayNumber, PhoneNumberID: a.PhoneNumberID},
	}
	seen := map[string]bool{}
	for _, it := range items {
		if c := it.contact; c != nil && !seen[c.UserID] {
			seen[c.UserID] = true
			v.Contacts = append(v.Contacts, *c)
		}
		if it.message != nil {
			v.Messages = append(v.Messages, it.message)
		} else {
			v.Statuses = append(v.Statuses, it.status)
		}
	}
	return v
}
