package backup_test

import (
	"testing"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// BenchmarkBackup makes a backup of 300,000 messages and tries it out:
//
//	go test -run '^$' -bench Backup -benchtime 1x ./internal/backup
func BenchmarkBackup(b *testing.B) {
	w := setup(b)
	pgtest.Exec(b, w.db, `INSERT INTO message SELECT r.* FROM message m, generate_series(1, 300000) i,
		LATERAL jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'wamid', 'bench.' || i,
		'content', 'Olá! Vocês têm quarto para ' || i || ' pessoas? ' || md5(i::text))) r`)
	var name string
	b.Run("create", func(b *testing.B) {
		for b.Loop() {
			made := w.create(b)
			name = made.Name
			b.ReportMetric(float64(made.Size)/(1<<20), "MiB")
			b.ReportMetric(float64(made.Rows), "rows")
		}
	})
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			_, err := w.Verify(within(b), name)
			must(b, err)
		}
	})
}
