package engineio

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

// A payload that was encoded is decoded to the same messages.
func TestPayloadRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Message {
			if rapid.Bool().Draw(t, "binary") {
				return Message{rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"), true}
			}
			text := rapid.StringMatching(`[^\x1e]*`).Draw(t, "text")
			return Message{[]byte(text), false}
		}), 1, 10).Draw(t, "messages")

		var frames []Frame
		for _, m := range want {
			if m.Binary {
				frames = append(frames, Binary(m.Data))
			} else {
				frames = append(frames, Text(m.Data))
			}
		}
		var got []incoming
		if err := decodePayload(encodePayload(frames), func(p incoming) error {
			got = append(got, p)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Fatalf("%d packets, want %d", len(got), len(want))
		}
		for i, p := range got {
			if p.kind != typeMessage || p.Binary != want[i].Binary || !bytes.Equal(p.Data, want[i].Data) {
				t.Errorf("packet %d = %+v, want %+v", i, p, want[i])
			}
		}
	})
}

func TestDecodePayloadStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	stop := errors.New("stop")
	n := 0
	err := decodePayload([]byte("4a\x1e4b\x1e4c"), func(incoming) error {
		if n++; n == 2 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || n != 2 {
		t.Errorf("%v after %d packets", err, n)
	}
}

// Whatever is in a body, decoding ends with packets or with the one error.
func FuzzDecodePayload(f *testing.F) {
	for _, seed := range []string{"4hello", "2", "4a\x1ebAQIDBA==\x1e3", "", "\x1e\x1e", "b", "b====", "4\xff", "9", "6\x1e6"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		err := decodePayload(body, func(p incoming) error {
			if p.kind < typeOpen || p.kind > typeNoop {
				t.Errorf("packet of kind %q", p.kind)
			}
			return nil
		})
		if err != nil && !errors.Is(err, errInvalidPacket) {
			t.Errorf("error %v", err)
		}
	})
}
