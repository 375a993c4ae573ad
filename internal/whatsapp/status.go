package whatsapp

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// StatusUpdate is what became of a message that was sent from the number, by us or by somebody else: an unknown
// WAMID is no error. It opens no window and is no message of the guest's.
type StatusUpdate struct {
	WAMID   string
	Opaque  string         // the text that was sent along (Outgoing.Opaque), at most 512 characters
	Status  message.Status // empty when Ignored
	Ignored bool           // a status that says nothing of delivery: deleted, warning, calls, unknown ones
	At      time.Time      // as Meta says, else the time of receipt
	Failure *message.Failure
	// To is the guest, as far as told. Match by WAMID and Opaque, never by this: the number may differ from the one
	// sent to by Brazil's ninth digit. In a group it is the participant.
	To      contact.Identity
	Pricing *message.Pricing // comes with one status of a message at most
}

// maxOpaque is Meta's limit for biz_opaque_callback_data, in characters (changelog, 2025).
const maxOpaque = 512

type wireStatus struct {
	ID                      loose           `json:"id"`
	Status                  loose           `json:"status"`
	Type                    loose           `json:"type"`
	Timestamp               loose           `json:"timestamp"`
	RecipientType           loose           `json:"recipient_type"`
	RecipientID             loose           `json:"recipient_id"`
	RecipientUserID         loose           `json:"recipient_user_id"`
	RecipientParentUserID   loose           `json:"recipient_parent_user_id"`
	ParticipantID           loose           `json:"recipient_participant_id"`
	ParticipantUserID       loose           `json:"recipient_participant_user_id"`
	ParticipantParentUserID loose           `json:"recipient_participant_parent_user_id"`
	Opaque                  loose           `json:"biz_opaque_callback_data"`
	Errors                  rawList         `json:"errors"`
	Pricing                 json.RawMessage `json:"pricing"`
}

// recipient names the guest; the recipient of a group's status is the group.
func (s *wireStatus) recipient() person {
	if s.RecipientType == "group" || s.ParticipantID != "" || s.ParticipantUserID != "" {
		return person{s.ParticipantID, s.ParticipantUserID, s.ParticipantParentUserID}
	}
	return person{s.RecipientID, s.RecipientUserID, s.RecipientParentUserID}
}

// statuses are Meta's values (status messages reference, 14 September 2026).
var statuses = map[loose]message.Status{
	"sent":      message.Sent,
	"delivered": message.Delivered,
	"read":      message.Read,
	"played":    message.Played,
	"failed":    message.Failed,
}

// ParseStatus reads the payload of an ItemStatus. Errors are ErrUnreadable and ErrNoID, for which the item is to be
// put aside with its payload.
func ParseStatus(payload json.RawMessage, receivedAt time.Time) (StatusUpdate, error) {
	var p struct {
		Status  json.RawMessage `json:"status"`
		Contact wireContact     `json:"contact"`
	}
	if err := readLoosely(payload, &p); err != nil {
		return StatusUpdate{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	var s wireStatus
	if err := readObject(p.Status, &s); err != nil {
		return StatusUpdate{}, err
	}
	if wamid(s.ID) == "" {
		return StatusUpdate{}, ErrNoID
	}
	update := StatusUpdate{
		WAMID:   wamid(s.ID),
		Opaque:  cut(string(s.Opaque), maxOpaque),
		To:      s.recipient().identity(p.Contact),
		Pricing: readPricing(s.Pricing),
	}
	update.At, _ = timeOr(s.Timestamp, receivedAt)
	if s.Type != "call" {
		update.Status = statuses[s.Status]
	}
	update.Ignored = update.Status == ""
	if update.Status == message.Failed {
		update.Failure = firstFailure(s.Errors)
	}
	return update, nil
}

// readPricing keeps values that are not known: Meta changes what they mean and adds others (1 October 2026).
func readPricing(raw json.RawMessage) *message.Pricing {
	var w struct {
		Model    loose `json:"pricing_model"`
		Type     loose `json:"type"`
		Category loose `json:"category"`
		Billable *bool `json:"billable"`
	}
	if len(raw) == 0 || readObject(raw, &w) != nil {
		return nil
	}
	p := message.Pricing{Model: cleanLabel(string(w.Model)), Type: cleanLabel(string(w.Type)), Category: cleanLabel(string(w.Category)), Billable: w.Billable}
	if p == (message.Pricing{}) {
		return nil
	}
	return &p
}
