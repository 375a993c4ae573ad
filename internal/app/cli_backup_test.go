package app_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/app"
)

// A platform on its private database is backed up, and comes back on a new machine that has
// nothing but the backups and the key.
func TestBackupCommands(t *testing.T) {
	t.Parallel()
	run := func(variables map[string]string, want int, args ...string) (out, errOut string) {
		t.Helper()
		var o, e bytes.Buffer
		if code := app.Main(t.Context(), args, variables, &o, &e); code != want {
			t.Fatalf("%v: exit %d, out %q, err %q", args, code, o.String(), e.String())
		}
		return o.String(), e.String()
	}
	old := map[string]string{"DATA_DIR": t.TempDir(), "LOG_LEVEL": "warn"}
	if _, errOut := run(old, 1, "backup", "list"); !strings.Contains(errOut, "Set BACKUP_URL") {
		t.Error(errOut)
	}
	key, _ := run(old, 0, "backup", "keygen")
	old["BACKUP_URL"], old["BACKUP_KEY"] = t.TempDir(), strings.Split(strings.TrimSpace(key), "\n")[1]
	run(old, 0, "tenant", "add", "--slug", "mar", "--name", "Mar Azul", "--email", "mar@example.com")
	out, _ := run(old, 0, "backup", "create", "--verify", "--prune")
	var made struct {
		Name     string
		Verified struct{ Rows int }
	}
	if err := json.Unmarshal([]byte(out), &made); err != nil || made.Verified.Rows == 0 {
		t.Fatalf("%v: %s", err, out)
	}
	if out, _ := run(old, 0, "backup", "list"); !strings.Contains(out, `"verified": true`) {
		t.Error(out)
	}
	if out, _ := run(old, 1, "doctor"); !strings.Contains(out, "ok     backups: the newest that was tried out is of ") {
		t.Error(out) // the hotel has no number, so other things are wrong
	}
	if _, errOut := run(old, 1, "backup", "verify"); !strings.Contains(errOut, "--latest") {
		t.Error(errOut)
	}
	if _, errOut := run(old, 1, "backup", "restore", made.Name, "--confirm", "botreserva"); !strings.Contains(errOut, "--replace") {
		t.Error(errOut)
	}

	fresh := maps.Clone(old)
	fresh["DATA_DIR"] = t.TempDir()
	run(fresh, 0, "backup", "restore", made.Name, "--confirm", "botreserva")
	if out, _ := run(fresh, 0, "tenant", "list"); !strings.Contains(out, "Mar Azul") {
		t.Error(out)
	}
	if err := os.Truncate(filepath.Join(fresh["BACKUP_URL"], made.Name), 300); err != nil {
		t.Fatal(err)
	}
	if _, errOut := run(fresh, 1, "backup", "verify", "--latest"); !strings.Contains(errOut, "damaged") {
		t.Error(errOut)
	}
}
