package importer

import (
	"encoding/json"

	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/original"
)

func kindOf(text string) message.Kind {
	switch k := message.Kind(text); k {
	case message.Text, message.Image, message.Video, message.Audio, message.Document, message.Location, message.Sticker,
		message.Template, message.Interactive:
		return k
	default:
		return message.Unsupported
	}
}

// senderOf tells who spoke: what nobody at the hotel sent, the bot did.
func senderOf(v *original.Message) message.Sender {
	switch {
	case v.Direction == string(message.Inbound):
		return message.Guest
	case v.SentByID != "":
		return message.Person
	default:
		return message.Bot
	}
}

// statusOf returns a message's status here: a guest's message has been delivered or read.
func statusOf(v *original.Message) (message.Status, bool) {
	switch s := message.Status(v.Status); {
	case s == message.Read:
		return s, true
	case v.Direction == string(message.Inbound):
		return message.Delivered, true
	case s == message.Sent, s == message.Delivered, s == message.Failed:
		return s, true
	default:
		return s, false
	}
}

// notesOf keeps a message's metadata as it is. What has the name of something that we
// read, and another form, is moved aside: one such value would hide a whole conversation.
func notesOf(v *original.Message) map[string]json.RawMessage {
	notes, aside := object(v.Metadata), map[string]json.RawMessage{}
	if notes == nil {
		notes = map[string]json.RawMessage{}
	}
	for key, value := range notes {
		if !readable(key, value) {
			aside[key] = value
			delete(notes, key)
		}
	}
	if kindOf(v.Type) == message.Unsupported {
		notes = with(notes, "type", v.Type)
	}
	if len(aside) > 0 {
		if kept, ok := notes["original"]; ok {
			aside["original"] = kept
		}
		notes["original"], _ = json.Marshal(aside)
	}
	return notes
}

// readable reports whether the product can read its metadata with this in it.
func readable(key string, value json.RawMessage) bool {
	text, err := json.Marshal(map[string]json.RawMessage{key: value})
	return err == nil && json.Unmarshal(text, new(message.Metadata)) == nil
}

// failureOf finds why a message failed, where the original's versions put it.
func failureOf(status message.Status, notes map[string]json.RawMessage) any {
	if status != message.Failed {
		return nil
	}
	type failure struct {
		Code    json.Number `json:"code"`
		Title   string      `json:"title"`
		Message string      `json:"message"`
		Details string      `json:"details"`
	}
	var delivery, single struct {
		Error failure `json:"error"`
	}
	var updates []struct {
		Errors []failure `json:"errors"`
	}
	_ = json.Unmarshal(notes["delivery"], &delivery) // what cannot be read says nothing
	_ = json.Unmarshal(notes["error"], &single.Error)
	_ = json.Unmarshal(notes["statusUpdates"], &updates)
	found := []failure{delivery.Error, single.Error}
	for _, u := range updates {
		found = append(found, u.Errors...)
	}
	for _, f := range found {
		if f.Message == "" {
			f.Message = f.Title
		}
		code, err := f.Code.Int64()
		if f.Message != "" || err == nil {
			return message.Failure{Code: int(code), Message: f.Message, Details: f.Details}
		}
	}
	return message.Failure{Message: "The original did not keep why."}
}
