// Package logtest watches what tests log. Worlds hand their logs to it, every line is
// searched while it is written, and at the end of the package's tests Check says which
// held what no log may hold: a secret, a hash, a ciphertext, a token, a guest's number or
// a guest's words.
//
// What it knows by its form is in forms.go; a test plants what it cannot know (Plant).
// It sees lines as the code wrote them, before obs.Conceal would have masked anything:
// that net is for mistakes, and these are the mistakes.
package logtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
)

// watch is one for a test binary, as its packages' logs are one.
var watch = &watcher{planted: map[string]bool{}}

type watcher struct {
	mu      sync.Mutex
	planted map[string]bool
	found   []string
	lines   int
}

// enough findings are shown: the rest is most often the same mistake.
const enough = 20

// Plant names texts that no later line may hold. Short ones would be found anywhere.
func Plant(texts ...string) {
	watch.mu.Lock()
	defer watch.mu.Unlock()
	for _, text := range texts {
		if len(text) < 6 {
			panic("logtest: too short to be searched for: " + text)
		}
		watch.planted[text] = true
	}
}

// Said plants what somebody said in a test, unless it is too short to be told from the
// log's own words.
func Said(text string) {
	if len(text) >= 10 {
		Plant(text)
	}
}

// Logger returns a logger whose lines are searched and go nowhere else.
func Logger() *slog.Logger { return LoggerTo(io.Discard) }

// LoggerTo returns a logger of every level whose lines are searched and go to w.
func LoggerTo(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(To(w), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// To returns a writer whose lines are searched and go to w.
func To(w io.Writer) io.Writer { return &lines{to: w} }

// lines puts together what is written in pieces: a process writes as it likes.
type lines struct {
	mu   sync.Mutex
	to   io.Writer
	rest []byte
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	l.rest = append(l.rest, p...)
	end := bytes.LastIndexByte(l.rest, '\n') + 1
	whole := string(l.rest[:end])
	l.rest = append(l.rest[:0], l.rest[end:]...)
	l.mu.Unlock()
	if whole != "" {
		watch.look(whole)
	}
	return l.to.Write(p)
}

func (w *watcher) look(text string) {
	for line := range strings.Lines(text) {
		what := formIn(line)
		w.mu.Lock()
		w.lines++
		for planted := range w.planted {
			if what == "" && strings.Contains(line, planted) {
				what = "what a test planted"
			}
		}
		if what != "" && len(w.found) < enough {
			w.found = append(w.found, fmt.Sprintf("%s: %.400s", what, strings.TrimSpace(line)))
		}
		w.mu.Unlock()
	}
}

// Lines returns how many lines were searched.
func Lines() int {
	watch.mu.Lock()
	defer watch.mu.Unlock()
	return watch.lines
}

// Check returns what was found.
func Check() error {
	watch.mu.Lock()
	defer watch.mu.Unlock()
	if len(watch.found) == 0 {
		return nil
	}
	return errors.New("log lines hold what no log may hold:\n  " + strings.Join(watch.found, "\n  "))
}

// Verdict turns an exit code of tests into one that counts what was found, which it
// prints. For packages whose TestMain is not pgtest's:
//
//	func TestMain(m *testing.M) { os.Exit(logtest.Verdict(m.Run())) }
func Verdict(code int) int {
	if err := Check(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}
