package whatsapp

import (
	"encoding/json"
	"slices"
)

// accountFields are the changes about an account, its numbers and its templates (webhook reference, 2026). Other
// fields that are not read here are kept as they came.
var accountFields = []string{
	"account_alerts", "account_review_update", "account_settings_update", "account_update", "automatic_events",
	"business_capability_update", "business_status_update", "business_username_updates", "flows",
	"message_template_components_update", "message_template_quality_update", "message_template_status_update",
	"partner_solutions", "payment_configuration_update", "phone_number_name_update", "phone_number_quality_update",
	"security", "template_category_update", "template_correct_category_detection",
}

// fieldByKeys names a change whose name is missing.
func (v *wireValue) fieldByKeys() loose {
	switch {
	case len(v.Echoes) > 0:
		return "smb_message_echoes"
	case len(v.History) > 0:
		return "history"
	case len(v.StateSync) > 0:
		return "smb_app_state_sync"
	case len(v.Preferences) > 0:
		return "user_preferences"
	case len(v.Calls) > 0:
		return "calls"
	case len(v.Standby) > 0:
		return "standby"
	case len(v.Messages)+len(v.Statuses)+len(v.Errors) > 0:
		return messagesField
	default:
		return ""
	}
}

// otherItems cuts a change of any other field than messages.
func (c *wireChange) otherItems(p Part, entry wireEntry) []Item {
	v := &c.Value
	var items []Item
	switch p.Field {
	case "smb_message_echoes":
		items = v.each(v.Echoes, echoItem)
	case "history":
		items = v.historyItems(p, entry)
	case "smb_app_state_sync":
		items = v.each(v.StateSync, entryItem)
	case "user_preferences":
		items = v.each(v.Preferences, preferenceItem)
	case "calls":
		items = v.each(v.Calls, callItem)
	case "standby":
		items = standbyItems(v.Standby)
	default:
		if slices.Contains(accountFields, p.Field) {
			return []Item{p.accountItem(entry)}
		}
	}
	if len(items) > 0 {
		return items
	}
	at, _ := readTime(loose(entry.Time))
	return []Item{{Kind: ItemOther, LaneKey: "other:" + p.Field, At: at, Payload: p.otherPayload()}}
}

func (v *wireValue) each(list rawList, item func(raw json.RawMessage, book contactBook) Item) []Item {
	book := newContactBook(v.Contacts)
	items := make([]Item, 0, len(list))
	for _, raw := range list {
		items = append(items, item(raw, book))
	}
	return items
}

// standbyItems reads what an agent of Meta's handles: the same as in messages, one level deeper.
func standbyItems(raw json.RawMessage) []Item {
	var v wireValue
	if len(raw) == 0 || readLoosely(raw, &v) != nil {
		return nil
	}
	items := v.items()
	for i := range items {
		if items[i].Kind == ItemMessage {
			items[i].Payload = append(items[i].Payload[:len(items[i].Payload)-1], `,"standby":true}`...)
		}
	}
	return append(items, v.each(v.Echoes, echoItem)...)
}

// accountItem carries a change that concerns no guest. All of an account's go through one lane, in order.
func (p Part) accountItem(entry wireEntry) Item {
	at, _ := readTime(loose(entry.Time))
	return Item{Kind: ItemAccount, LaneKey: "account", At: at, Payload: mustMarshal(map[string]json.RawMessage{"account": p.otherPayload()})}
}
