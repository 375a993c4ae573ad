package contact

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Known is a guest as found by an alias.
type Known struct {
	Contact
	Origin id.Contact // whose the alias was before guests were merged; zero unless that can be undone
	Until  time.Time  // when the guest gave the address up; zero while it is theirs
}

// IsAt reports whether the address was the guest's at a time.
func (k Known) IsAt(at time.Time) bool { return k.Until.IsZero() || !at.After(k.Until) }

// OwnedAlias is an alias and whose it is.
type OwnedAlias struct {
	Alias
	Contact id.Contact
	Origin  id.Contact // as of Known
}

// UndoTime is how long a merge can be undone.
const UndoTime = 30 * 24 * time.Hour

// Merge is the record of two guests who were made one.
type Merge struct {
	ID       uuid.UUID
	Survivor id.Contact // who stayed
	Absorbed id.Contact // who went
	By       string     // a user's id
	At       time.Time
	UndoneBy string
	UndoneAt time.Time
	Snapshot json.RawMessage // what undoing needs; empty when it is not to be undone any more
}

// UndoUntil is when the merge becomes final.
func (m Merge) UndoUntil() time.Time { return m.At.Add(UndoTime) }

// CanBeUndone reports whether the merge is not undone and not final at a time. A later
// merge of the same guest may still have to be undone first.
func (m Merge) CanBeUndone(now time.Time) bool {
	return m.UndoneAt.IsZero() && len(m.Snapshot) > 0 && now.Before(m.UndoUntil())
}

// Refusals of merging.
var (
	ErrSelf    = fault.New(fault.Invalid, "merge_self", "A contact cannot be merged with itself: otherId names another one.")
	ErrNoMerge = fault.New(fault.NotFound, "merge_not_found", "There is no such merge.")
	ErrUndone  = fault.New(fault.Conflict, "merge_undone", "This merge has been undone already.")
	ErrFinal   = fault.New(fault.Conflict, "merge_final",
		"This merge is final: more than 30 days have passed, or the contact was deleted or erased since.")
	ErrLaterFirst = fault.New(fault.Conflict, "merge_superseded",
		"The contact was merged again since. Undo the later merge first; details name it.")
)

// Reason is why two guests may be one.
type Reason string

// The reasons.
const (
	SameEmail  Reason = "EMAIL" // the same e-mail
	SameNumber Reason = "PHONE" // the same number, but for the country code and the ninth digit
	SameName   Reason = "NAME"  // the same name, and numbers that may be one
)

// Pair is two guests who may be one. Other was known first.
type Pair struct {
	Guest, Other id.Contact
	Reasons      []Reason
}

// Absorb returns the contact with what only the other one has. address is the one of the
// two to whom replies are to go: who wrote last.
func (c Contact) Absorb(other, address Contact) Contact {
	c.WAID = cmp.Or(address.WAID, c.WAID, other.WAID)
	c.BSUID = cmp.Or(address.BSUID, c.BSUID, other.BSUID)
	if c.Name == "" {
		c.Name, c.NameKept = other.Name, other.NameKept
	}
	for _, f := range []struct {
		into *string
		from string
	}{
		{&c.Username, other.Username},
		{&c.FirstName, other.FirstName},
		{&c.LastName, other.LastName},
		{&c.CompanyName, other.CompanyName},
		{&c.Designation, other.Designation},
		{&c.Email, other.Email},
		{&c.AvatarURL, other.AvatarURL},
	} {
		*f.into = cmp.Or(*f.into, f.from)
	}
	c.Phone = cmp.Or(c.Phone, other.Phone)
	c.Metadata = joinedNotes(c.Metadata, other.Metadata)
	return c
}

// joinedNotes puts two JSON objects together: the first one's fields stay, but what both
// note as "notes" is kept of both.
func joinedNotes(mine, others string) string {
	var a, b map[string]any
	if json.Unmarshal([]byte(mine), &a) != nil || len(a) == 0 {
		return cmp.Or(others, mine)
	}
	if json.Unmarshal([]byte(others), &b) != nil || len(b) == 0 {
		return mine
	}
	for key, value := range b {
		if _, has := a[key]; !has {
			a[key] = value
			continue
		}
		if key == "notes" {
			a[key] = bothNotes(a[key], value)
		}
	}
	text, err := json.Marshal(a)
	if err != nil {
		return mine
	}
	return string(text)
}

// bothNotes joins notes, which dashboards write as a text or as a list.
func bothNotes(a, b any) any {
	x, xIsText := a.(string)
	y, yIsText := b.(string)
	switch {
	case xIsText && yIsText && (y == "" || x == y):
		return x
	case xIsText && yIsText && x == "":
		return y
	case xIsText && yIsText:
		return x + "\n\n" + y
	}
	return append(listed(a), listed(b)...)
}

func listed(notes any) []any {
	switch v := notes.(type) {
	case []any:
		return v
	case string:
		return []any{map[string]any{"content": v}}
	default:
		return []any{}
	}
}

// Without returns the contact, which became after when another was merged into before,
// as it is when that is undone: what was changed since stays.
func (c Contact) Without(before, after Contact) Contact {
	back(&c.Phone, before.Phone, after.Phone)
	back(&c.NameKept, before.NameKept, after.NameKept)
	for _, f := range []struct {
		now           *string
		before, after string
	}{
		{&c.WAID, before.WAID, after.WAID},
		{&c.BSUID, before.BSUID, after.BSUID},
		{&c.Username, before.Username, after.Username},
		{&c.Name, before.Name, after.Name},
		{&c.FirstName, before.FirstName, after.FirstName},
		{&c.LastName, before.LastName, after.LastName},
		{&c.CompanyName, before.CompanyName, after.CompanyName},
		{&c.Designation, before.Designation, after.Designation},
		{&c.Email, before.Email, after.Email},
		{&c.AvatarURL, before.AvatarURL, after.AvatarURL},
		{&c.Metadata, before.Metadata, after.Metadata},
	} {
		back(f.now, f.before, f.after)
	}
	if c.UpdatedAt.Equal(after.UpdatedAt) {
		c.UpdatedAt = before.UpdatedAt
	}
	return c
}

// back puts a value back to what it was before, unless it is not what it was made to be.
func back[T comparable](now *T, before, after T) {
	if *now == after {
		*now = before
	}
}
