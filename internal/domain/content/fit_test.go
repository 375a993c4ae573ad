package content_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/domain/content"
)

func TestFit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 5000)
	e := func(n int) string { return strings.Repeat("é", n) }
	for name, c := range map[string]struct{ in, want content.Content }{
		"a text":         {content.Text{Body: long}, content.Text{Body: e(4096)}},
		"at the limit":   {content.Text{Body: e(4096)}, content.Text{Body: e(4096)}},
		"two units each": {content.Text{Body: strings.Repeat("🏨", 2049)}, content.Text{Body: strings.Repeat("🏨", 2048)}},
		"no half emoji":  {content.Text{Body: "a" + strings.Repeat("🏨", 2048)}, content.Text{Body: "a" + strings.Repeat("🏨", 2047)}},
		"a caption":      {content.Image{File: content.File{Link: "https://a.example/x"}, Caption: long}, content.Image{File: content.File{Link: "https://a.example/x"}, Caption: e(1024)}},
		"buttons": {
			content.Buttons{Header: &content.Header{Text: long}, Body: long, Footer: long, Buttons: []content.Button{{ID: "a", Title: long}}},
			content.Buttons{Header: &content.Header{Text: e(60)}, Body: e(1024), Footer: e(60), Buttons: []content.Button{{ID: "a", Title: e(20)}}},
		},
		"a list": {
			content.List{Body: long, Button: long, Sections: []content.Section{{Title: long, Rows: []content.Row{{ID: "a", Title: long, Description: long}}}}},
			content.List{Body: e(4096), Button: e(20), Sections: []content.Section{{Title: e(24), Rows: []content.Row{{ID: "a", Title: e(24), Description: e(72)}}}}},
		},
		"ids are never cut": {
			content.Buttons{Body: "x", Buttons: []content.Button{{ID: long, Title: "x"}}},
			content.Buttons{Body: "x", Buttons: []content.Button{{ID: long, Title: "x"}}},
		},
		"other contents": {content.LocationRequest{Body: long}, content.LocationRequest{Body: long}},
	} {
		if diff := cmp.Diff(c.want, content.Fit(c.in)); diff != "" {
			t.Errorf("%s (-want +got):\n%.300s", name, diff)
		}
	}
}

// TestFitTakesAnyText: whatever text is not blank is taken once it fits.
func TestFitTakesAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := "x" + strings.ReplaceAll(rapid.String().Draw(t, "text"), "\x00", "")
		text = strings.Repeat(text, rapid.IntRange(1, 500).Draw(t, "times"))
		in := content.Buttons{Body: text, Footer: text, Header: &content.Header{Text: text}, Buttons: []content.Button{{ID: "a", Title: text}}}
		if err := content.Check(content.Fit(in)); err != nil {
			t.Fatal(err)
		}
	})
}
