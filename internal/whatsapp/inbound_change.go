package whatsapp

import (
	"encoding/json"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// readEdit reads another wording of a message (only from numbers that the WhatsApp Business app has too; Meta's
// page of 2026 says that edits come as "unsupported" for the time being).
func readEdit(raw json.RawMessage, in *Inbound) bool {
	var w struct {
		Original loose           `json:"original_message_id"`
		Message  json.RawMessage `json:"message"`
	}
	var m wireMessage
	if readObject(raw, &w) != nil || wamid(w.Original) == "" || readObject(w.Message, &m) != nil {
		return false
	}
	var says Inbound
	says.At = in.At
	if !m.Type.isWords() || !m.read(&says) {
		return false
	}
	in.Change = &message.Change{
		ID: in.WAMID, Target: wamid(w.Original), Kind: message.Editing, By: message.Inbound, At: in.At,
		Text: &message.Words{Kind: says.Kind, Content: says.Content, Metadata: says.Metadata},
	}
	return true
}

// isWords reports whether a message of a type can be what another one says after an edit.
func (l loose) isWords() bool {
	switch l {
	case "text", "image", "video", "audio", "document", "location":
		return true
	default:
		return false
	}
}

func readRevoke(raw json.RawMessage, in *Inbound) bool {
	var w struct {
		Original loose `json:"original_message_id"`
	}
	if readObject(raw, &w) != nil || wamid(w.Original) == "" {
		return false
	}
	in.Change = &message.Change{ID: in.WAMID, Target: wamid(w.Original), Kind: message.Revoking, By: message.Inbound, At: in.At}
	return true
}

// readSystem reads news about the guest. The old number is the sender; the text of the news is for people and is
// not read.
func (m *wireMessage) readSystem(in *Inbound) bool {
	s := m.System
	becomes := person{s.WAID, s.UserID, s.ParentUserID}.identity(wireContact{})
	switch s.Type {
	case "user_changed_number", "customer_changed_number": // the second is the name of older payloads
		in.note(message.NumberChanged, "[O hóspede mudou de número]")
	case "user_changed_user_id":
		in.note(message.IDChanged, "[O WhatsApp deu outro código ao hóspede]")
	case "customer_identity_changed":
		in.note(message.IdentityChanged, "[O código de segurança do hóspede mudou: confirme que é a mesma pessoa]")
		return true
	default:
		return false
	}
	if becomes.IsKnown() {
		in.Becomes = &becomes
		in.From = withPrevious(in.From, s.PreviousUserID, s.PreviousParentID)
	}
	return true
}

// withPrevious makes the sender of such news who the guest was: a webhook may already name the new id as the
// sender's.
func withPrevious(from contact.Identity, id, parent loose) contact.Identity {
	if contact.IsBSUID(string(id)) {
		from.BSUID = string(id)
	}
	if contact.IsBSUID(string(parent)) {
		from.Parent = string(parent)
	}
	return from
}

func (in *Inbound) note(what, text string) {
	in.Kind, in.Content, in.Metadata.Notice = message.Notice, text, &message.WhatHappened{Type: what}
}

// cleanLabel makes a short text of a guest's fit to be shown.
func cleanLabel(text string) string { return contact.CleanLine(cut(text, maxLabel)) }
