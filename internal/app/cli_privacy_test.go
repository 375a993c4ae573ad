package app_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/app"
	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/privacy"
)

// TestPrivacyVerify: the report of an erasure is genuine for whoever has the key of the
// platform or its public half, and for nobody once a character is changed.
func TestPrivacyVerify(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("5a", 32)
	signer, err := privacy.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := privacy.NewSigner(strings.Repeat("6b", 32))
	if err != nil {
		t.Fatal(err)
	}
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	guest := pgtest.Contact(t, db, hotel.ID)
	officer := privacy.New(db, filing.New(db, &blob.Memory{}, clock.System{}, logtest.Logger()), signer, clock.System{}, logtest.Logger())
	e, err := officer.Erase(t.Context(), hotel.ID, hotel.Admin, guest.ID, string(guest.Phone), "Pedido do titular")
	if err != nil {
		t.Fatal(err)
	}
	report, err := json.MarshalIndent(privacy.Of(e), "", "\t") // as people look at it
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("good.json", report)
	forged := write("forged.json", bytes.Replace(report, []byte("Pedido"), []byte("pedido"), 1))
	broken := write("broken.json", report[:len(report)/2])
	key := func(s *privacy.Signer) string { return base64.StdEncoding.EncodeToString(s.PublicKeys()[0]) }
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"with the public key":    {[]string{good, "--key", key(signer)}, 0, `"reason": "Pedido do titular"`},
		"one of several":         {[]string{good, "--key", key(stranger), "--key", key(signer)}, 0, e.ID.String()},
		"with the machine's own": {[]string{good}, 0, e.ID.String()},
		"another's key":          {[]string{good, "--key", key(stranger)}, 1, "does not belong to this report"},
		"a changed report":       {[]string{forged, "--key", key(signer)}, 1, "does not belong to this report"},
		"half a report":          {[]string{broken, "--key", key(signer)}, 1, "read the report"},
		"no key":                 {[]string{good, "--key", "abc"}, 1, "32 bytes in Base64"},
		"no report":              {[]string{dir + "/none.json"}, 2, "none.json"},
	} {
		var out, errOut bytes.Buffer
		code := app.Main(t.Context(), append([]string{"privacy", "verify"}, c.args...), map[string]string{"DATA_DIR": t.TempDir(), "ENCRYPTION_KEY": secret}, &out, &errOut)
		if said := out.String() + errOut.String(); code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%s: exit %d, %s", name, code, said)
		}
	}
}
