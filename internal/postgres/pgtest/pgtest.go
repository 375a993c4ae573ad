// Package pgtest gives tests a real PostgreSQL. Every test gets a database of its
// own, cloned from a migrated template in about a tenth of a second, and uses it as
// the product does: as the application's role, under row-level security.
//
// The server is private to the test process, starts on first use and cannot
// outlive it, however it ends. It stands in a time zone of a half-hour offset, so
// that code which forgets about time zones fails here and not at a hotel.
// TEST_DATABASE_URL may name an existing server instead; its role must be a
// superuser.
//
// What lives here: server.go (the server), guard.go (its end), clone.go (databases), and
// the factories hotel.go and chat.go, which make valid rows of which a test says
// only what matters to it. What does not: what the product does with rows.
package pgtest

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/botreserva/botreserva/internal/logtest"
)

// patience bounds everything that a test waits for here: far more than any of it
// takes on a busy machine.
const patience = time.Minute

// Main runs a package's tests, stops the server and fails if goroutines are left, or if
// a log line held what none may (package logtest). Packages without it lose nothing but
// those checks: the server ends either way.
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
func Main(m *testing.M) {
	code := m.Run()
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop the test server:", err)
		code = max(code, 1)
	}
	code = logtest.Verdict(code)
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// within returns a context for set-up and clean-up: unlike the test's own it is
// still good while clean-ups run.
func within(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	tb.Cleanup(cancel)
	return ctx
}
