package provision_test

import (
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/sealed"
)

// TestRotation: the first key takes over from the one before it; what nobody can open
// stays and is told.
func TestRotation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	oldKey, newKey := strings.Repeat("5a", 32), strings.Repeat("6b", 32)
	made := w.add(grand())
	seal, err := sealed.NewBox(oldKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.db.SystemBeginSecondFactor(t.Context(), made.Admin.ID, seal.Seal("PLANTED-factor", auth.SecretContext(made.Admin.ID)), w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	small := w.add(provision.Hotel{Slug: "small", Name: "Small", Email: "small@example.com"})
	with := func(keys ...string) (*provision.Provisioner, *sealed.Box) {
		t.Helper()
		box, err := sealed.NewBox(keys...)
		if err != nil {
			t.Fatal(err)
		}
		return provision.New(w.db, box, w.clock), box
	}
	rotating, _ := with(newKey, oldKey)
	wantCounts := func(what string, r provision.Rotation, err error, resealed, older, unreadable int) {
		t.Helper()
		if err != nil || r.Resealed != resealed || r.Older != older || r.Unreadable != unreadable {
			t.Errorf("%s: %+v, %v", what, r, err)
		}
	}
	r, err := rotating.SealedValues(t.Context())
	wantCounts("before", r, err, 0, 7, 0) // grand: 3, a token and a factor; small: 2
	r, err = rotating.Reseal(t.Context())
	wantCounts("rotation", r, err, 7, 0, 0)
	r, err = rotating.Reseal(t.Context())
	wantCounts("again", r, err, 0, 0, 0)
	fresh, box := with(newKey)
	r, err = fresh.SealedValues(t.Context())
	wantCounts("without the old key", r, err, 0, 0, 0)
	if hotel, err := directory.New(w.db, box, w.clock).BySlug(t.Context(), "grand"); err != nil || hotel.AppSecret != "PLANTED-app-secret" || hotel.Lines[0].AccessToken != "PLANTED-access-token" {
		t.Errorf("secrets were lost: %v", err)
	}
	if secret, err := fresh.BotSecret(t.Context(), "small"); err != nil || secret != small.BotSecret {
		t.Errorf("a secret was lost: %v", err)
	}
	stranger, _ := with(strings.Repeat("7c", 32))
	r, err = stranger.Reseal(t.Context())
	wantCounts("with another key", r, err, 0, 0, 7)
	if n := w.count("SELECT count(*) FROM platform_audit_entry WHERE action = 'ROTATE_ENCRYPTION_KEY'"); n != 1 {
		t.Errorf("%d entries in the log, want that of the one rotation", n)
	}
	if strings.Contains(w.everything(), "PLANTED") {
		t.Error("a secret stands somewhere in the clear")
	}
}
