package conversation

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Tag is a label of the hotel's.
type Tag struct {
	ID    uuid.UUID `json:"id"`
	Name  string    `json:"name"`
	Color string    `json:"color"`
}

// MaxTags is how many tags a hotel may have: more than anybody can tell apart, and few
// enough for one page.
const MaxTags = 500

const maxTagName = 50

// Refusals of tags.
var (
	ErrNoTag       = fault.New(fault.NotFound, "tag_not_found", "There is no such tag.")
	ErrTagTaken    = fault.New(fault.Conflict, "tag_taken", "The hotel already has a tag with this name. Choose another.")
	ErrTooManyTags = fault.New(fault.Conflict, "too_many_tags", "A hotel may have 500 tags. Delete one that nobody uses.")
)

var colorPattern = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// Checked returns the tag as it is stored, or what is wrong with it.
func (t Tag) Checked() (Tag, error) {
	t.Name = strings.TrimSpace(t.Name)
	if n := utf8.RuneCountInString(t.Name); n == 0 || n > maxTagName {
		return t, fault.ErrInvalid.With(fault.Detail{Path: "name", Message: "A tag has a name of 1 to 50 characters."})
	}
	if !colorPattern.MatchString(t.Color) {
		return t, fault.ErrInvalid.With(fault.Detail{Path: "color", Message: "Write the colour as #RRGGBB."})
	}
	return t, nil
}
