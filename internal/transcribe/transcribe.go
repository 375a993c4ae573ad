// Package transcribe asks an engine what is said in a recording. Here: what an engine is, and the
// one that is spoken to as OpenAI's is (openai.go), which many others understand. Not here: which
// recordings are put into words and what becomes of the words (package inbox).
package transcribe

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Limit is how long an engine may take for a recording.
const Limit = 20 * time.Second

// MaxSize is the largest recording that engines take, in bytes.
const MaxSize = 25_000_000

// Engine puts recordings into words.
type Engine interface {
	// Transcribe returns what is said; nothing, if nobody says anything. Failures are *Error.
	Transcribe(ctx context.Context, r Recording) (string, error)
}

// Recording is somebody's voice.
type Recording struct {
	Name     string // its ending tells engines what it is
	MimeType string
	Size     int64
	Content  io.Reader
}

// Error says why a recording could not be put into words. It quotes nothing of the answer: that
// may be what a guest said, or an address with a secret in it.
type Error struct {
	IsPassing bool   // another try may succeed
	Reason    string // for the hotel's administrators, in Portuguese
	Status    int    // of the HTTP answer; 0 when none came
	cause     error
}

// Error implements error.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("transcribe: %v", e.cause)
	}
	return fmt.Sprintf("transcribe: status %d", e.Status)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }
