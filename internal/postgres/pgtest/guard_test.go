package pgtest_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const asVictim = "PGTEST_VICTIM"

// TestVictim is the process that TestServerDiesWithTheTests kills.
func TestVictim(t *testing.T) {
	t.Parallel()
	if os.Getenv(asVictim) == "" {
		t.Skip("only as a child of TestServerDiesWithTheTests")
	}
	_, _ = os.Stdout.WriteString("url " + pgtest.URL(t) + "\n")
	_, _ = io.Copy(io.Discard, os.Stdin) // until killed
}

// TestServerDiesWithTheTests kills a test process in the middle of a test: its server
// and everything that it wrote must go.
func TestServerDiesWithTheTests(t *testing.T) {
	t.Parallel()
	if os.Getenv("TEST_DATABASE_URL") != "" {
		t.Skip("there is no private server")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	victim := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestVictim$")
	victim.Env = append(os.Environ(), asVictim+"=yes")
	in, err := victim.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	address := readAddress(t, out)
	dir := folderOf(t, address)
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatalf("the victim's server does not answer: %v", err)
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait()

	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !isGone(dir) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s is still there", dir)
		}
	}
	if err := conn.Ping(ctx); err == nil {
		t.Error("the server lives on")
	}
	_ = conn.Close(ctx)
}

func readAddress(t *testing.T, out io.Reader) string {
	t.Helper()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "url "); ok {
			return address
		}
	}
	t.Fatalf("the victim did not start: %v", lines.Err())
	return ""
}

// folderOf is the server's folder: its socket lies right below.
func folderOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(u.Query().Get("host"))
	if !strings.HasPrefix(filepath.Base(dir), "pgtest-") || isGone(dir) {
		t.Fatalf("%s is not the server's folder", dir)
	}
	return dir
}

func isGone(dir string) bool {
	_, err := os.Stat(dir)
	return errors.Is(err, os.ErrNotExist)
}
