package whatsapp

import "encoding/json"

// Envelope returns the part as a webhook body of its own, with only this entry and this change: Split of it gives
// the same part. It is what is kept when the parts of one call have different fates. The original signature does
// not fit it.
func (p Part) Envelope() []byte {
	type entry struct {
		ID      string            `json:"id,omitempty"`
		Time    json.RawMessage   `json:"time,omitempty"`
		Changes []json.RawMessage `json:"changes"`
	}
	return mustMarshal(struct {
		Object string  `json:"object"`
		Entry  []entry `json:"entry"`
	}{whatsAppObject, []entry{{p.WABAID, p.time, []json.RawMessage{p.change}}}})
}

func (p Part) otherPayload() json.RawMessage {
	return mustMarshal(struct {
		WABAID string          `json:"wabaId,omitempty"`
		Time   json.RawMessage `json:"time,omitempty"`
		Change json.RawMessage `json:"change"`
	}{p.WABAID, p.time, p.change})
}

// mustMarshal is for values made of strings and of JSON that was decoded before, which cannot fail.
func mustMarshal(value any) json.RawMessage {
	out, err := marshal(value)
	if err != nil {
		panic("whatsapp: marshal: " + err.Error())
	}
	return out
}
