package app_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/botreserva/botreserva/internal/app"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestTenantCommands: a hotel's life and the keys' on the command line.
func TestTenantCommands(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"DATABASE_URL": pgtest.URL(t), "DATA_DIR": t.TempDir()}
	run := func(code int, args ...string) (out map[string]any) {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if got := app.Main(t.Context(), args, variables, &stdout, &stderr); got != code {
			t.Fatalf("%v: exit %d, want %d: %s", args, got, code, stderr.String())
		}
		if err := json.Unmarshal(stdout.Bytes(), &out); err != nil && code == 0 {
			t.Fatalf("%v printed no JSON: %s", args, stdout.String())
		}
		return out
	}
	want := func(got map[string]any, fields map[string]any) {
		t.Helper()
		for key, value := range fields {
			if got[key] != value {
				t.Errorf("%s is %v, want %v", key, got[key], value)
			}
		}
	}
	run(0, "tenant", "add", "--slug", "mar", "--name", "Mar", "--email", "mar@example.com")
	want(run(0, "tenant", "set", "--slug", "mar", "--name", "Mar Azul"), map[string]any{
		"name": "Mar Azul", "status": "ACTIVE", "plan": "BASIC", "maxUsers": 0.0, "maxMessages": 0.0, "trialEndsAt": nil, "timeZone": "America/Sao_Paulo",
	})
	run(0, "tenant", "add", "--slug", "sol", "--name", "Sol", "--email", "sol@example.com", "--plan", "professional", "--max-users", "3", "--max-messages", "100", "--trial-ends", "2030-02-01")
	want(run(0, "tenant", "set", "--slug", "sol", "--max-messages", "0", "--plan", "ENTERPRISE"), map[string]any{
		"status": "TRIAL", "plan": "ENTERPRISE", "maxUsers": 3.0, "maxMessages": 0.0, "trialEndsAt": "2030-02-01T00:00:00Z",
	})
	want(run(0, "tenant", "set", "--slug", "sol", "--trial-ends", "", "--status", "ACTIVE"), map[string]any{"status": "ACTIVE", "trialEndsAt": nil})
	run(1, "tenant", "set", "--slug", "sol", "--trial-ends", "tomorrow")
	run(1, "tenant", "set", "--slug", "sol", "--plan", "GOLD")
	run(1, "tenant", "set", "--slug", "sol", "--max-users=-1")

	before := run(0, "keys", "status")
	want(before, map[string]any{"older": 0.0, "unreadable": 0.0})
	const first = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	variables["ENCRYPTION_KEY"] = first
	want(run(1, "keys", "status"), map[string]any{"older": 0.0, "unreadable": 4.0}) // the key of DATA_DIR is not there any more
	const second = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
	run(0, "tenant", "set", "--slug", "mar", "--verify-token", "x", "--app-secret", "y")
	variables["ENCRYPTION_KEY"] = second + "," + first
	want(run(1, "keys", "rotate", "--dry-run"), map[string]any{"older": 2.0, "resealed": 0.0})
	want(run(1, "keys", "rotate"), map[string]any{"older": 0.0, "resealed": 2.0, "unreadable": 3.0})
}
