package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

// FuzzDecoder feeds messages to a decoder as a client could. Whatever comes,
// it ends with packets that can be read or with the one error.
func FuzzDecoder(f *testing.F) {
	for _, seed := range []string{
		`2["message",1]`, `0{"token":"x"}`, `1`, `2/admin,12["a"]`, `31["ok"]`,
		`52-["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`,
		`61-7[{"_placeholder":true,"num":0}]`, `51-["x",{"_placeholder":true,"num":9}]`,
		``, `9`, `5`, `5-`, `51-`, `2/`, `2/,`, `299999999999999999999`, `2[`, `4{}`,
	} {
		f.Add([]byte(seed), []byte("a"), []byte("b"))
	}
	f.Fuzz(func(t *testing.T, text, first, second []byte) {
		d := &decoder{limit: 1 << 20}
		p, whole, err := d.text(text)
		for _, attachment := range [][]byte{first, second} {
			if err == nil && !whole {
				p, whole, err = d.binary(attachment)
			}
		}
		if err != nil && !errors.Is(err, errInvalidPacket) {
			t.Errorf("error %v", err)
		}
		if err == nil && whole {
			readAll(t, p)
		}
	})
}

func readAll(t *testing.T, p *packet) {
	t.Helper()
	var args Args
	var err error
	switch p.kind {
	case typeConnect:
		_ = parseClaim(p.data).socketID()
		return
	case typeEvent:
		_, args, err = parseEvent(p)
	case typeAck:
		args, err = parseArgs(p.data, p.attachments)
	default:
	}
	if err != nil {
		return
	}
	if _, _, err := encodeArgs(args.Values()); err != nil {
		t.Errorf("what was decoded cannot be encoded: %v", err)
	}
}

// Any event comes back from the wire as it was sent.
func TestEventRoundTrip(t *testing.T) {
	t.Parallel()
	leaf := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) any { return rapid.String().Draw(t, "s") }),
		rapid.Custom(func(t *rapid.T) any { return rapid.Bool().Draw(t, "b") }),
		rapid.Just[any](nil),
	)
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(leaf, 0, 5).Draw(t, "values")
		binary := rapid.SliceOfN(rapid.SliceOf(rapid.Byte()), 0, maxAttachments).Draw(t, "binary")
		nested := map[string]any{"list": []any{}}
		for _, b := range binary {
			nested["list"] = append(nested["list"].([]any), Binary(b))
		}
		namespace := rapid.SampledFrom([]string{"/", "/admin"}).Draw(t, "namespace")
		array, attachments, err := encodeEvent("event", append(values, nested))
		if err != nil {
			t.Fatal(err)
		}
		p := decodeFrames(t, eventFrames(namespace, nil, array, attachments)[0].Encoded()[1:], attachments)
		if p.namespace != namespace || p.hasID {
			t.Fatalf("packet %+v", p)
		}
		name, args, err := parseEvent(p)
		if err != nil || name != "event" || args.Len() != len(values)+1 {
			t.Fatalf("event %q with %d arguments, %v", name, args.Len(), err)
		}
		again, moreAttachments, err := encodeEvent("event", args.Values())
		if err != nil || !bytes.Equal(canonical(t, again), canonical(t, array)) || len(moreAttachments) != len(binary) {
			t.Fatalf("second encoding %s, first %s, %v", again, array, err)
		}
		for i, b := range moreAttachments {
			if !bytes.Equal(b, binary[i]) {
				t.Errorf("attachment %d is %x, want %x", i, b, binary[i])
			}
		}
	})
}

func canonical(t *rapid.T, raw []byte) []byte {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	out, _ := json.Marshal(v)
	return out
}

func decodeFrames(t *rapid.T, text []byte, attachments [][]byte) *packet {
	d := &decoder{limit: 1 << 20}
	p, whole, err := d.text(text)
	for _, a := range attachments {
		if err != nil || whole {
			t.Fatalf("packet %v, %v before its attachments", p, err)
		}
		p, whole, err = d.binary(a)
	}
	if err != nil || !whole {
		t.Fatalf("packet %v is not whole: %v", p, err)
	}
	return p
}

func TestAppendArgDoesNotMoveThePacket(t *testing.T) {
	t.Parallel()
	encoded := encode(typeEvent, 0, "/", nil, []byte(`["event"]`))
	longer := appendArg(encoded, "epoch1zzzzzzzzzzzzz")
	if string(longer) != `42["event","epoch1zzzzzzzzzzzzz"]` {
		t.Errorf("packet %s", longer)
	}
	if &encoded[0] != &longer[0] {
		t.Error("the packet was copied: make offsetRoom larger")
	}
}
