package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// emit sends a webhook of another field than messages, for the business account: with the entry's time.
func (a *account) emit(field string, value any) {
	a.sender.enqueue(item{
		guest: "#" + field, field: field, time: a.sim.clock.time().Unix(),
		message: asciiJSON(value, a.sim.knobs.Load().EscapeSlash),
	})
}

// emitAbout sends one that is about the number: with metadata, without the entry's time.
func (a *account) emitAbout(field, lane string, value map[string]any) {
	info := a.info.Load()
	value = maps.Clone(value)
	value["messaging_product"] = "whatsapp"
	value["metadata"] = metadataJSON{DisplayNumber: info.DisplayNumber, PhoneNumberID: info.PhoneNumberID}
	a.sender.enqueue(item{guest: lane, field: field, message: asciiJSON(value, a.sim.knobs.Load().EscapeSlash)})
}

// emit sends through the business account's first number. The caller may hold b.mu.
func (b *business) emit(field string, value any) {
	if numbers := b.sim.numbersOf(b.id); len(numbers) > 0 {
		numbers[0].emit(field, value)
	}
}

// SendEvent sends a webhook of any field: the sample of that event, with the keys of value put over it. An unknown
// field or event needs a value.
func (s *Simulator) SendEvent(accountID, field, event string, value json.RawMessage) error {
	a := s.account(accountID)
	if a == nil {
		return ErrNoAccount
	}
	if field == "" {
		return &badRequestError{"field is required"}
	}
	sample := eventSample(*a.info.Load(), field, event)
	if sample == nil && value == nil {
		return &badRequestError{fmt.Sprintf("there is no sample of %s %s: give a value", field, event)}
	}
	if sample == nil {
		sample = map[string]any{}
	}
	if value != nil {
		if err := json.Unmarshal(value, &sample); err != nil {
			return &badRequestError{"value must be an object"}
		}
	}
	if slices.Contains(numberFields, field) {
		a.emitAbout(field, "#"+field, sample)
	} else {
		a.emit(field, sample)
	}
	return nil
}

// numberFields are the fields whose values carry metadata instead of an entry's time.
var numberFields = []string{
	"messages",
	"user_preferences", "smb_message_echoes", "smb_app_state_sync", "history", "calls", "standby", "message_echoes",
	"group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update",
}

// intID is an id as template webhooks have it.
func intID(id string) any {
	if n, err := strconv.ParseInt(id, 10, 64); err == nil {
		return n
	}
	return id
}

// EventNames lists the events of a field that have a sample; fields without names of events have "".
func EventNames(field string) []string {
	return slices.Sorted(maps.Keys(eventSamples[field]))
}

// EventFields lists the fields that have samples.
func EventFields() []string { return slices.Sorted(maps.Keys(eventSamples)) }

// eventSample is a fresh copy of a sample, with the account's own number in it.
func eventSample(a Account, field, event string) map[string]any {
	events := eventSamples[field]
	raw, ok := events[event]
	if !ok {
		if raw, ok = events[""]; !ok {
			return nil
		}
	}
	var out map[string]any
	must(json.Unmarshal([]byte(raw), &out))
	if _, ok := out["display_phone_number"]; ok {
		out["display_phone_number"] = a.DisplayNumber
	}
	if _, ok := out["event"]; ok && event != "" {
		out["event"] = event
	}
	if _, ok := out["decision"]; ok && event != "" {
		out["decision"] = event
	}
	return out
}
