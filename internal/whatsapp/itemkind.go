package whatsapp

import (
	"bytes"
	"encoding/json"
)

var statusPrefix = []byte(`{"status":`)

// KindOf tells whether a stored payload of Split is for ParseStatus or for
// ParseMessage.
func KindOf(payload json.RawMessage) ItemKind {
	if bytes.HasPrefix(payload, statusPrefix) {
		return ItemStatus
	}
	return ItemMessage
}
