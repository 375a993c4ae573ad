package faulttest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// daysBegin is the Monday on which every run of days begins, at midnight in São Paulo.
var daysBegin = time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)

// daysClock is the one time of a run, for the program, its database, Meta and the tests.
// It runs as fast as the machine's, so that whatever works is as quick as it is, and is set
// forward while everybody waits. A clock that merely ran a thousand times faster would make
// a thousand times slower whatever works, and break every promise about waiting.
type daysClock struct {
	t     *testing.T
	file  *os.File // where the program reads how far it is ahead
	conn  *pgx.Conn
	meta  *simulator.Simulator
	mu    sync.Mutex
	ahead time.Duration
}

// newDaysClock sets the time of a database that is still empty.
func newDaysClock(t *testing.T, databaseURL string) *daysClock {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "ahead"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	c := &daysClock{t: t, file: file, conn: connect(t, databaseURL)}
	if _, err := c.conn.Exec(within(t), databaseTime); err != nil {
		t.Fatalf("give the database a clock of its own: %v", err)
	}
	c.jump(time.Until(daysBegin))
	return c
}

// databaseTime puts functions of our own before PostgreSQL's, so that whatever the product
// asks its database for the time, defaults of columns included, hears of ours.
const databaseTime = `
	CREATE SCHEMA days;
	CREATE TABLE days.clock (ahead interval NOT NULL);
	INSERT INTO days.clock VALUES ('0');
	CREATE FUNCTION days.now() RETURNS timestamptz LANGUAGE sql STABLE
		AS 'SELECT pg_catalog.now() + ahead FROM days.clock';
	CREATE FUNCTION days.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
		AS 'SELECT pg_catalog.statement_timestamp() + ahead FROM days.clock';
	CREATE FUNCTION days.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
		AS 'SELECT pg_catalog.clock_timestamp() + ahead FROM days.clock';
	GRANT USAGE ON SCHEMA days TO PUBLIC;
	GRANT SELECT ON days.clock TO PUBLIC;
	ALTER DATABASE botreserva SET search_path = public, days, pg_catalog`

// Now implements clock.Clock.
func (c *daysClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// jump lets d pass at once, for everybody.
func (c *daysClock) jump(d time.Duration) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
	if _, err := c.conn.Exec(within(c.t), "UPDATE days.clock SET ahead = $1 * interval '1 microsecond'", c.ahead.Microseconds()); err != nil {
		c.t.Fatalf("set the database's clock: %v", err)
	}
	if _, err := c.file.WriteAt(fmt.Appendf(nil, "%020d", c.ahead), 0); err != nil {
		c.t.Fatalf("set the program's clock: %v", err)
	}
	if c.meta != nil {
		c.meta.Advance(d)
	}
}

// follow sets Meta's clock by this one, from now on.
func (c *daysClock) follow(meta *simulator.Simulator) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.meta = meta
	meta.Advance(c.ahead)
}

// fileClock is the program's clock.
type fileClock struct{ file *os.File }

// Now implements clock.Clock.
func (c fileClock) Now() time.Time {
	var text [20]byte
	if _, err := c.file.ReadAt(text[:], 0); err != nil {
		panic(err)
	}
	ahead, err := strconv.ParseInt(string(text[:]), 10, 64)
	if err != nil {
		panic(err)
	}
	return time.Now().Add(time.Duration(ahead))
}
