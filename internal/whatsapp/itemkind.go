package whatsapp

import (
	"bytes"
	"encoding/json"
)

var itemKinds = []ItemKind{ItemStatus, ItemEcho, ItemHistory, ItemCall, ItemEntry, ItemPreference, ItemAccount}

// KindOf tells for which Parse function a stored payload of Split is.
func KindOf(payload json.RawMessage) ItemKind {
	rest, ok := bytes.CutPrefix(payload, []byte(`{"`))
	if !ok || bytes.HasPrefix(rest, []byte("message")) {
		return ItemMessage
	}
	for _, kind := range itemKinds {
		if after, found := bytes.CutPrefix(rest, []byte(kind)); found && bytes.HasPrefix(after, []byte(`":`)) {
			return kind
		}
	}
	return ItemMessage
}
