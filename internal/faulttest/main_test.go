// Package faulttest kills, starves and cuts off the real program, as a child process,
// in the middle of a burst, and counts afterwards: nothing lost, nothing doubled, every
// guest's order kept.
//
// Here are the tests and what they stand on: world_test.go (a hotel with guests,
// a simulated Meta and a flow), burst_test.go (what guests say and how it is counted),
// process_test.go (the program), cluster_test.go (a PostgreSQL that can crash),
// flow_test.go (a hotel's flow that can be down), twins_test.go (two of the program, a
// Redis and what stands in front), screen_test.go (a dashboard), and days_*_test.go, where
// days of several hotels pass in minutes (start with days_test.go). Not here: what the product does
// while nothing breaks; that is told in process, where it is quicker.
//
// Open kill_test.go first.
package faulttest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	// The program is built from it: so a change there is a change here, and no result
	// comes from the test cache that an older program earned.
	_ "github.com/botreserva/botreserva/internal/app"
	"github.com/botreserva/botreserva/internal/logtest"
)

// patience bounds everything that a test waits for: far more than any of it takes, also
// on a busy machine.
const patience = 90 * time.Second

// binary is the program, built once.
var binary string

func TestMain(m *testing.M) {
	if os.Getenv(daysChild) != "" {
		os.Exit(serveInDays())
	}
	flag.Parse()
	if testing.Short() {
		fmt.Println("the fault tests take long: left out")
		return
	}
	dir, err := os.MkdirTemp("", "faulttest-")
	if err == nil {
		binary, err = build(dir)
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	code = logtest.Verdict(code)
	_ = os.RemoveAll(dir)
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func build(dir string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	path := filepath.Join(dir, "botreserva")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "../../cmd/botreserva").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w: %s", err, out)
	}
	return path, nil
}

// within returns a context that is good also while clean-ups run.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// await waits for something outside this process, which has no channel to wait on.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("waited %s for %s", patience, what)
		}
	}
}
