package message_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// What the original kept of buttons and carousels is read and shown as it was; what is only
// a text has nothing of the kind.
func TestRichIsReadFromTheOriginal(t *testing.T) {
	t.Parallel()
	for stored, rich := range map[string]bool{
		`{"interactiveType":"buttons","title":"T","footer":"F","buttons":[{"id":"1","title":"Sim"}],"buttonLabels":["Sim"]}`:                true,
		`{"interactiveType":"list","buttonLabel":"Ver","sections":[{"title":"S","rows":[{"id":"1","title":"Luxo","description":"mar"}]}]}`:  true,
		`{"templateType":"carousel","templateName":"ola","cardsCount":1,"cards":[{"imageUrl":"https://a.b/c.jpg","buttonPayloads":["x"]}]}`: true,
		`{"previewUrl":true}`: false,
		`{}`:                  false,
	} {
		var m message.Metadata
		if err := json.Unmarshal([]byte(stored), &m); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(m)
		if diff := cmp.Diff(stored, string(again)); err != nil || diff != "" || (m.Rich != nil) != rich {
			t.Errorf("%v, rich: %v\n%s", err, m.Rich != nil, diff)
		}
	}
}
