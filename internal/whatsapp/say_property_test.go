package whatsapp_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// contentKeys are the objects that can carry a content.
var contentKeys = []string{"text", "image", "video", "audio", "document", "sticker", "location", "contacts", "reaction", "interactive", "template"}

// Whatever is within the limits leaves as JSON with exactly one object of content, called
// as its type says; and what was stored and read again leaves just the same.
func TestWhatIsWithinTheLimitsCanBeSent(t *testing.T) {
	t.Parallel()
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, acceptance)
	}))
	t.Cleanup(server.Close)
	client := newClient(t, server.URL)
	send := func(t *rapid.T, c content.Content) string {
		if _, err := client.Send(t.Context(), credentials, whatsapp.Outgoing{To: "551198", Content: c, Uploaded: uploaded}); err != nil {
			t.Fatalf("send %#v: %v", c, err)
		}
		return string(body)
	}
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		c := drawContent(t)
		if c == nil || content.Check(c) != nil {
			return
		}
		for _, use := range content.Files(c) {
			if uploaded[use.File] == "" {
				return // a file that the mutation made up
			}
		}
		taken++
		sent := send(t, c)
		var keys map[string]json.RawMessage
		if err := json.Unmarshal([]byte(sent), &keys); err != nil {
			t.Fatalf("%v:\n%s", err, sent)
		}
		var kind string
		if err := json.Unmarshal(keys["type"], &kind); err != nil {
			t.Fatal(err)
		}
		for _, key := range contentKeys {
			if (keys[key] != nil) != (key == kind) {
				t.Fatalf("a %s carries %q:\n%s", kind, key, sent)
			}
		}
		stored, err := content.Encode(c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := content.Decode(stored)
		if err != nil {
			t.Fatal(err)
		}
		if after := send(t, again); after != sent {
			t.Fatalf("sent\n%s\nand from the store\n%s", sent, after)
		}
	})
	if taken < 20 {
		t.Errorf("only %d contents were within the limits", taken)
	}
}

// drawContent takes an example and changes a few things of its stored form; nil if that
// cannot be read any more.
func drawContent(t *rapid.T) content.Content {
	names := slices.Sorted(maps.Keys(examples))
	stored, err := content.Encode(examples[rapid.SampledFrom(names).Draw(t, "example")])
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(stored, &v); err != nil {
		t.Fatal(err)
	}
	name, _ := v["type"].(string)
	for range rapid.IntRange(0, 3).Draw(t, "changes") {
		v[name] = change(t, v[name])
	}
	if stored, err = json.Marshal(v); err != nil {
		t.Fatal(err)
	}
	c, err := content.Decode(stored)
	if err != nil {
		return nil
	}
	return c
}

// change changes one thing somewhere in a JSON value.
func change(t *rapid.T, v any) any {
	switch v := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		if len(keys) == 0 {
			return v
		}
		key := rapid.SampledFrom(keys).Draw(t, "key")
		if rapid.IntRange(0, 9).Draw(t, "drop") == 0 {
			delete(v, key)
			return v
		}
		v[key] = change(t, v[key])
		return v
	case []any:
		if len(v) == 0 {
			return v
		}
		i := rapid.IntRange(0, len(v)-1).Draw(t, "element")
		switch rapid.IntRange(0, 9).Draw(t, "how") {
		case 0:
			return slices.Delete(v, i, i+1)
		case 1:
			return append(v, v[i])
		}
		v[i] = change(t, v[i])
		return v
	case string:
		return rapid.StringN(0, rapid.SampledFrom([]int{1, 20, 60, 300}).Draw(t, "length"), -1).Draw(t, "text")
	case float64:
		return rapid.Float64Range(-200, 200).Draw(t, "number")
	case bool:
		return !v
	}
	return v
}
