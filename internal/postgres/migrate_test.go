package postgres_test

import (
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func TestMigrate(t *testing.T) {
	t.Parallel()
	ctx, url := within(t), pgtest.EmptyURL(t)
	assertApplied(t, url, false)
	for range 2 { // the second time there is nothing to do
		must(t, postgres.Migrate(ctx, url))
		assertApplied(t, url, true)
	}
	pgtest.Tenant(t, pgtest.Open(t, url))
}

func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	ctx, url := within(t), pgtest.EmptyURL(t)
	var instances errgroup.Group
	for range 4 {
		instances.Go(func() error { return postgres.Migrate(ctx, url) })
	}
	must(t, instances.Wait())
	assertApplied(t, url, true)
	once := number(t, pgtest.Connect(t, url, ""), "SELECT count(*) FROM goose_db_version WHERE version_id = 1")
	if once != 1 {
		t.Errorf("the first migration ran %d times", once)
	}
}

func TestMigrateNamesTheRemedyForMissingRights(t *testing.T) {
	t.Parallel()
	url := pgtest.EmptyURL(t)
	owner := pgtest.Connect(t, url, "")
	must(t, postgres.Migrate(within(t), pgtest.EmptyURL(t))) // so that the roles exist
	_, err := owner.Exec(within(t), "ALTER DATABASE "+owner.Config().Database+" SET role = botreserva_app")
	must(t, err)
	err = postgres.Migrate(within(t), url)
	if sqlState(err) != insufficientPrivilege || !strings.Contains(err.Error(), "CREATE ROLE") {
		t.Errorf("a role without rights gets %v", err)
	}
}

func assertApplied(t *testing.T, url string, want bool) {
	t.Helper()
	steps, err := postgres.MigrationStatus(within(t), url)
	must(t, err)
	if len(steps) == 0 {
		t.Fatal("there are no migrations")
	}
	for _, s := range steps {
		if s.Version == 0 || s.File == "" || s.AppliedAt.IsZero() == want {
			t.Errorf("got %+v, want applied: %v", s, want)
		}
	}
}
