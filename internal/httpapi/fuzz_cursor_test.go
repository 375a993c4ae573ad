package httpapi

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

// FuzzCursor: a cursor that is read is written the same again, so that there is one for
// each place, and names a time that PostgreSQL knows.
func FuzzCursor(f *testing.F) {
	f.Add(cursorOf(time.UnixMicro(1795564800123456), uuid.Must(uuid.NewV7())))
	f.Add(cursorOf(time.Time{}, uuid.UUID{}))
	f.Add("")
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		at, behind, err := readCursor(text)
		if err != nil {
			return
		}
		if year := at.Year(); year < 1970 || year > 9999 {
			t.Errorf("%q is at %s", text, at)
		}
		if again, same, err := readCursor(cursorOf(at, behind)); err != nil || !again.Equal(at) || same != behind {
			t.Errorf("%q became %s %s, %v", text, again, same, err)
		}
	})
}
