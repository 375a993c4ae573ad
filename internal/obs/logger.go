// Package obs lets people watch the process: so far its logs, later its metrics.
//
// Here: the logger that main makes and everybody is given (this file), the request id that a context carries
// (request.go), and the net under everyone's care that keeps guests' words, numbers and secrets out of the log
// (conceal.go; key.go knows the names). Not here: what is logged, which is up to whoever knows.
package obs

import (
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/lmittmann/tint"
)

// Options configures NewLogger.
type Options struct {
	// Output takes the lines; nil means standard error.
	Output io.Writer
	// Level is the lowest level that is written; nil means info.
	Level slog.Leveler
	// ForPeople writes coloured lines instead of JSON. See ForPeople for when that is right.
	ForPeople bool
}

// NewLogger makes the logger of the process. Every line carries the request id of its context, when the context has one,
// and passes Conceal.
func NewLogger(o Options) *slog.Logger {
	if o.Output == nil {
		o.Output = os.Stderr
	}
	if o.Level == nil {
		o.Level = slog.LevelInfo
	}
	return slog.New(withRequestID(newHandler(o)))
}

func newHandler(o Options) slog.Handler {
	if o.ForPeople {
		return tint.NewTextHandler(o.Output, &tint.Options{Level: o.Level, ReplaceAttr: Conceal, TimeFormat: time.TimeOnly})
	}
	return slog.NewJSONHandler(o.Output, &slog.HandlerOptions{Level: o.Level, ReplaceAttr: Conceal})
}

// ForPeople reports whether somebody reads along: outside production, when the file is a terminal. Everything else is
// read by machines first, also a developer's file or pipe.
func ForPeople(production bool, output *os.File) bool {
	if production || output == nil {
		return false
	}
	info, err := output.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
