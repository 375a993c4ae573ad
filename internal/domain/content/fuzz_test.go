package content_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// FuzzDecode: whatever lies in the database is read or refused, and what is read can be
// looked at, checked and written again without changing.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"type":"text","text":{"body":"Oi"}}`,
		`{"type":"image","image":{"link":"https://a.b/c.jpg","caption":"x"}}`,
		`{"type":"image","image":{"fileId":"0190163d-8694-739b-aea5-966c26f8ad91"}}`,
		`{"type":"location","location":{"latitude":1e2,"longitude":-0}}`,
		`{"type":"contacts","contacts":{"cards":[{"name":{"formatted":"A"},"organization":{}}]}}`,
		`{"type":"buttons","buttons":{"header":{"image":{}},"body":"x","buttons":[{"id":"1","title":"a"}]}}`,
		`{"type":"list","list":{"sections":[{"rows":[null]}]}}`,
		`{"type":"flow","flow":{"header":{},"data":{"a":[1]}}}`,
		`{"type":"carousel","carousel":{"cards":[{"header":{}}]}}`,
		`{"type":"template","template":{"header":{},"body":[{"currency":{}}],"buttons":[{"flow":{}},{"products":{}}],"cards":[{"header":{"location":{}}}]}}`,
		`{"type":"template","template":null}`, `{"type":1}`, `{"type":"x","x":{}}`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, stored []byte) {
		c, err := content.Decode(stored)
		if err != nil {
			if !errors.Is(err, content.ErrStored) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		_, _ = content.Check(c), content.Files(c)
		m, err := content.Describe(c)
		if err != nil {
			t.Fatalf("describe %#v: %v", c, err)
		}
		if c.Kind() == message.Text {
			return
		}
		again, err := content.Decode(m.Outgoing)
		if err != nil {
			t.Fatalf("read %s again: %v", m.Outgoing, err)
		}
		twice, err := content.Encode(again)
		if err != nil || !bytes.Equal(m.Outgoing, twice) || again.Shown() != c.Shown() {
			t.Fatalf("%s became %s: %v", m.Outgoing, twice, err)
		}
	})
}
