// Package quickreply is a stored text that people insert while they write, found by
// its shortcut. What Meta calls a quick reply is a button, and not here.
package quickreply

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Reply is one stored text.
type Reply struct {
	ID        uuid.UUID
	Title     string
	Shortcut  string // what is typed after the slash; unique in the hotel
	Content   string
	Category  string // may be empty
	Order     int    // within its category
	IsActive  bool
	Author    Author // zero when a user who is gone, or the platform's operator, wrote it
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Author is who wrote a reply.
type Author struct {
	ID   id.User
	Name string
}

// Max is how many replies a hotel may have: one page of the pop-up that people type
// into.
const Max = 1000

// Refusals of this noun.
var (
	ErrNotFound = fault.New(fault.NotFound, "quick_reply_not_found", "There is no such quick reply.")
	ErrTaken    = fault.New(fault.Conflict, "shortcut_taken", "The hotel already has a quick reply with this shortcut. Choose another.")
	ErrTooMany  = fault.New(fault.Conflict, "too_many_quick_replies", "A hotel may have 1,000 quick replies. Delete some that nobody uses.")
)

// Limits in characters.
const (
	maxTitle    = 100
	minShortcut = 2
	maxShortcut = 50
	maxContent  = 4000
	maxCategory = 50
	maxOrder    = 1_000_000
)

var shortcutPattern = regexp.MustCompile(`^[a-z0-9-]+$`)

// Checked returns the reply as it is stored, or everything that is wrong with it.
func (r Reply) Checked() (Reply, error) {
	r.Title, r.Category = strings.TrimSpace(r.Title), strings.TrimSpace(r.Category)
	var wrong []fault.Detail
	want := func(ok bool, path, message string) {
		if !ok {
			wrong = append(wrong, fault.Detail{Path: path, Message: message})
		}
	}
	want(isBetween(r.Title, 1, maxTitle), "title", "A quick reply has a title of 1 to 100 characters.")
	want(isBetween(r.Shortcut, minShortcut, maxShortcut) && shortcutPattern.MatchString(r.Shortcut), "shortcut",
		"A shortcut has 2 to 50 characters: lower-case letters, digits and hyphens.")
	want(strings.TrimSpace(r.Content) != "" && isBetween(r.Content, 1, maxContent), "content", "The text has 1 to 4000 characters.")
	want(isBetween(r.Category, 0, maxCategory), "category", "A category has at most 50 characters.")
	want(r.Order >= 0 && r.Order <= maxOrder, "order", "The order is a number from 0 to 1000000.")
	if len(wrong) > 0 {
		return r, fault.ErrInvalid.With(wrong...)
	}
	return r, nil
}

func isBetween(text string, least, most int) bool {
	n := utf8.RuneCountInString(text)
	return n >= least && n <= most
}
