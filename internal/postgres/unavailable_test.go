package postgres_test

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/embedded"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestServerGone takes the server away from under connections that were in use, in
// the two ways in which that happens, and brings it back.
func TestServerGone(t *testing.T) {
	t.Parallel()
	ends := map[string]func(*testing.T, *embedded.Cluster){
		"stopped": func(t *testing.T, c *embedded.Cluster) { t.Helper(); must(t, c.Stop(within(t))) },
		"killed":  kill,
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := serverDir(t)
			cluster := startServer(t, dir)
			must(t, postgres.Migrate(within(t), cluster.URL("postgres")))
			db := pgtest.Open(t, cluster.URL("postgres"))
			hotel := pgtest.Tenant(t, db)
			must(t, db.InTx(within(t), hotel.ID, func(*postgres.Tx) error { return nil }))
			_, err := db.Numbers(within(t), hotel.ID)
			must(t, err)

			end(t, cluster)
			for range 2 { // with connections that were open, and with new ones
				for what, err := range everyWayToAsk(t, db, hotel) {
					if !errors.Is(err, fault.ErrUnavailable) {
						t.Errorf("%s: got %v, want %v", what, err, fault.ErrUnavailable)
					}
				}
			}

			startServer(t, dir)
			for what, err := range everyWayToAsk(t, db, hotel) {
				if err != nil {
					t.Errorf("after it has come back, %s: %v", what, err)
				}
			}
		})
	}
}

func everyWayToAsk(t *testing.T, db *postgres.DB, hotel pgtest.Hotel) map[string]error {
	t.Helper()
	ctx := within(t)
	return map[string]error{
		"a transaction":        db.InTx(ctx, hotel.ID, func(*postgres.Tx) error { return nil }),
		"a read":               second(db.Numbers(ctx, hotel.ID)),
		"a claim":              second(db.ClaimLanes(ctx, hotel.ID, lane.Inbox, 1)),
		"a system read":        second(db.SystemTenants(ctx)),
		"a system transaction": db.SystemStoreDeliveries(ctx, []postgres.Delivery{unclaimedDelivery("777", "x")}),
		"a system log-in": db.SystemOpenSession(ctx, postgres.Session{ID: id.NewSession(), ExpiresAt: time.Now().Add(time.Hour)},
			hotel.Admin, []byte(id.NewSession().String()), about(hotel.Admin, time.Now())),
		"a ping": db.Ping(ctx),
	}
}

// TestServerGoesDuringTransaction ends the server between two statements of one
// transaction, and while another waits for an answer.
func TestServerGoesDuringTransaction(t *testing.T) {
	t.Parallel()
	dir := serverDir(t)
	cluster := startServer(t, dir)
	must(t, postgres.Migrate(within(t), cluster.URL("postgres")))
	db := pgtest.Open(t, cluster.URL("postgres"))
	h, ctx, owner := furnish(t, db, "ALPHA"), within(t), pgtest.Owner(t, db)
	lock := func(tx *postgres.Tx) error {
		_, err := tx.LockCard(ctx, h.Card.ID)
		return err
	}
	waiting := make(chan error, 1)
	err := db.InTx(ctx, h.ID, func(tx *postgres.Tx) error {
		_, err := tx.LockCard(ctx, h.Card.ID)
		must(t, err)
		go func() { waiting <- db.InTx(ctx, h.ID, lock) }()
		awaitRow(t, owner, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock')")
		kill(t, cluster)
		return lock(tx)
	})
	if !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("between two statements: got %v, want %v", err, fault.ErrUnavailable)
	}
	if err := <-waiting; !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("during a statement: got %v, want %v", err, fault.ErrUnavailable)
	}
}

// TestTooSlowIsNotUnavailable keeps a caller's own time limit apart.
func TestTooSlowIsNotUnavailable(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h := furnish(t, db, "ALPHA")
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error {
		_, err := tx.LockCard(within(t), h.Card.ID)
		must(t, err)
		short, cancel := context.WithTimeout(within(t), 50*time.Millisecond)
		defer cancel()
		err = db.InTx(short, h.ID, func(tx *postgres.Tx) error {
			_, err := tx.LockCard(short, h.Card.ID)
			return err
		})
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, fault.ErrUnavailable) {
			t.Errorf("got %v", err)
		}
		return nil
	})
}

func serverDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "pgtest-own-")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o755)) // the server may run as another user
	return dir
}

func startServer(t *testing.T, dir string) *embedded.Cluster {
	t.Helper()
	options := pgtest.ServerOptions(dir)
	options.Settings["synchronous_commit"] = "on" // what was committed is there after a kill
	cluster, err := embedded.Start(within(t), options)
	must(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = cluster.Stop(ctx)
	})
	return cluster
}

// kill ends every process of a server at once.
func kill(t *testing.T, c *embedded.Cluster) {
	t.Helper()
	file, err := os.ReadFile(c.DataDir() + "/postmaster.pid")
	must(t, err)
	first, _, _ := strings.Cut(string(file), "\n")
	pid, err := strconv.Atoi(first)
	must(t, err)
	must(t, syscall.Kill(-pid, syscall.SIGKILL))
	select {
	case <-c.Done():
	case <-within(t).Done():
		t.Fatal("the server lives on")
	}
	ctx := within(t)
	_ = c.Stop(ctx) // frees the folder
}
