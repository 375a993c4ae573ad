package whatsapp

import (
	"errors"
	"strconv"
	"time"
)

// Refusals of ParseMessage and ParseStatus: the item is kept aside, its neighbours go on.
var (
	ErrUnreadable = errors.New("item is not a JSON object")
	ErrNoID       = errors.New("item has no usable message id")
	ErrNoSender   = errors.New("message does not say who sent it")
)

// messageHead is the part of a message that says which one it is, from whom and when.
type messageHead struct {
	ID               loose `json:"id"`
	From             loose `json:"from"`
	FromUserID       loose `json:"from_user_id"`
	FromParentUserID loose `json:"from_parent_user_id"`
	Timestamp        loose `json:"timestamp"`
	System           struct {
		Type             loose `json:"type"`
		WAID             loose `json:"wa_id"`
		UserID           loose `json:"user_id"`
		PreviousUserID   loose `json:"previous_user_id"`
		ParentUserID     loose `json:"parent_user_id"`
		PreviousParentID loose `json:"previous_parent_user_id"`
	} `json:"system"`
}

// sender names the guest. News that the guest's ids changed may have no sender at all (user_changed_user_id,
// Meta's changelog of August 2026): it belongs to the guest who had the previous ids.
func (m *messageHead) sender() person {
	p := person{m.From, m.FromUserID, m.FromParentUserID}
	if p.waID == "" && p.bsuid == "" {
		p.bsuid = loose(first(m.System.PreviousUserID, m.System.UserID))
		p.parent = loose(first(m.System.PreviousParentID, m.System.ParentUserID))
	}
	return p
}

// maxWAMID is far above what Meta sends (ids of guests without number have some 200 characters) and below what an
// index takes.
const maxWAMID = 512

// wamid returns a usable message id, or nothing. The id is opaque and holds personal data: it is never parsed.
func wamid(id loose) string {
	if len(id) > maxWAMID {
		return ""
	}
	return string(id)
}

// beforeWhatsApp is earlier than any message can be.
var beforeWhatsApp = time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC)

// maxAhead is how far another clock may be ahead of ours.
const maxAhead = time.Hour

// readTime reads seconds since 1970.
func readTime(timestamp loose) (time.Time, bool) {
	seconds, err := strconv.ParseInt(string(timestamp), 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0).UTC(), true
}

// timeOr returns the item's own time, or the time of receipt and false when its own cannot be: zero, negative, in
// milliseconds, more than an hour ahead, or no number.
func timeOr(timestamp loose, receivedAt time.Time) (time.Time, bool) {
	at, read := readTime(timestamp)
	if !read || at.Before(beforeWhatsApp) || at.After(receivedAt.Add(maxAhead)) {
		return receivedAt.UTC(), false
	}
	return at, true
}
