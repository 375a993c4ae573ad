package httpapi_test

import (
	"testing"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/httpapi"
)

// FuzzBotBodies reads anything as the body of every send-*: nothing panics, and what is read
// and lies within WhatsApp's limits can be stored and comes back as it was.
func FuzzBotBodies(f *testing.F) {
	for _, v := range bodyVariants {
		f.Add([]byte("{" + v.body + "}"))
	}
	f.Add([]byte(`{"buttons":[null,7,[],{"reply":[]}],"optionList":"{","sections":[[[]]],"components":{"parameters":"[1,{}]"},"image":[],"template":{"name":{}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for name, what := range httpapi.BotContents(data) {
			stored, err := content.Encode(what)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			again, err := content.Decode(stored)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := content.Check(again); err != nil {
				t.Fatalf("%s: changed on its way: %v", name, err)
			}
		}
	})
}
