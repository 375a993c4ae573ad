package config_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/botreserva/botreserva/internal/config"
)

var requiredSecrets = []string{"JWT_SECRET", "JWT_REFRESH_SECRET", "ENCRYPTION_KEY"}

func reveal(c config.Config) []string {
	return []string{c.JWTSecret.Reveal(), c.JWTRefreshSecret.Reveal(), c.EncryptionKey.Reveal()}
}

func TestProduction_refusesMissingSecrets(t *testing.T) {
	t.Parallel()
	for _, variable := range requiredSecrets {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			problems := problemsOf(t, map[string]string{variable: "", "DATA_DIR": dir})
			if len(problems) != 1 || problems[0].Variable != variable || !strings.Contains(problems[0].Fix, "openssl rand -hex 32") {
				t.Errorf("got %v", problems)
			}
			if entries, _ := os.ReadDir(dir); len(entries) != 0 {
				t.Errorf("wrote %v", entries)
			}
		})
	}
}

func TestProduction_refusesWeakSecrets(t *testing.T) {
	t.Parallel()
	for name, weak := range map[string]string{
		"short":              accessSecret[:31],
		"one character":      strings.Repeat("a", 64),
		"two characters":     strings.Repeat("ab", 32),
		"few characters":     "xkqpzxxqkpzzkqxpqzkkpxqzpxkqzxpkq",
		"changeme":           "changeme" + accessSecret,
		"ChangeMe":           accessSecret + "-Change-Me",
		"an example's words": "your-jwt-access-key-with-32-characters-min",
		"my secret":          "my super secret key for signing tokens",
		"repeated":           strings.Repeat(accessSecret[:16], 3),
		"counting":           "abcdefghijklmnopqrstuvwxyz0123456",
		"the alphabet twice": strings.Repeat("0123456789abcdef", 4),
	} {
		for _, variable := range requiredSecrets[:2] {
			t.Run(name+" "+variable, func(t *testing.T) {
				t.Parallel()
				problems := problemsOf(t, map[string]string{variable: weak})
				if len(problems) != 1 || problems[0].Variable != variable || strings.Contains(problems.Error(), weak) {
					t.Errorf("got %v", problems)
				}
			})
		}
	}
	for name, weak := range map[string]string{
		"zeros": strings.Repeat("0", 64), "pattern": strings.Repeat("0123456789abcdef", 4), "pairs": strings.Repeat("deadbeef", 8),
		"behind a good one": oneKey + "," + strings.Repeat("f", 64),
		"short":             oneKey[:63], "long": oneKey + "0", "not hexadecimal": oneKey[:63] + "g",
	} {
		t.Run(name+" ENCRYPTION_KEY", func(t *testing.T) {
			t.Parallel()
			problems := problemsOf(t, map[string]string{"ENCRYPTION_KEY": weak})
			if len(problems) != 1 || problems[0].Variable != "ENCRYPTION_KEY" || strings.Contains(problems.Error(), weak) {
				t.Errorf("got %v", problems)
			}
		})
	}
}

func TestProduction_doesNotUseGeneratedSecrets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := config.Load(map[string]string{"DATA_DIR": dir}); err != nil {
		t.Fatal(err)
	}
	problems := problemsOf(t, map[string]string{"DATA_DIR": dir, "ENCRYPTION_KEY": ""})
	if len(problems) != 1 || !strings.Contains(problems[0].Fix, filepath.Join(dir, "secrets.json")) {
		t.Errorf("does not point at the key that was used so far: %v", problems)
	}
}

func TestGenerated_staysTheSame(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not", "yet")
	variables := map[string]string{"DATA_DIR": dir}
	first, err := config.Load(variables)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "secrets.json")
	if err := os.Chmod(path, 0o644); err != nil { // as a restore may leave it
		t.Fatal(err)
	}
	second, err := config.Load(variables)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(reveal(first), reveal(second)) {
		t.Error("the second start has other secrets")
	}
	for i, secret := range reveal(first) {
		if len(secret) != 64 || slices.Contains(reveal(first)[:i], secret) {
			t.Errorf("secret %d has %d characters or is there twice", i, len(secret))
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v; want mode 0600", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	if len(first.Warnings()) != 0 {
		t.Errorf("warns about its own secrets: %v", first.Warnings())
	}
}

func TestGenerated_differBetweenMachines(t *testing.T) {
	t.Parallel()
	one, err := config.Load(map[string]string{"DATA_DIR": t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	other, err := config.Load(map[string]string{"DATA_DIR": t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	for i, secret := range reveal(one) {
		if secret == reveal(other)[i] {
			t.Errorf("%s is the same on two machines", requiredSecrets[i])
		}
	}
}

// Two commands on a fresh machine may start at the same time: both must end up with the same key.
func TestGenerated_isOneSetForAllProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const starters = 16
	var all [starters][]string
	var group sync.WaitGroup
	for i := range starters {
		group.Go(func() {
			c, err := config.Load(map[string]string{"DATA_DIR": dir})
			if err != nil {
				t.Error(err)
				return
			}
			all[i] = reveal(c)
		})
	}
	group.Wait()
	for i := range all {
		if !slices.Equal(all[i], all[0]) {
			t.Fatal("two starters have different secrets")
		}
	}
}

func TestGenerated_onlyFillsWhatIsMissing(t *testing.T) {
	t.Parallel()
	c := load(t, map[string]string{"APP_ENV": "staging", "JWT_REFRESH_SECRET": ""})
	if c.JWTSecret.Reveal() != accessSecret || c.EncryptionKey.Reveal() != oneKey || len(c.JWTRefreshSecret.Reveal()) != 64 {
		t.Error("replaced what was given, or left the rest empty")
	}
	if got := setting(t, c, "JWT_REFRESH_SECRET").Source; !strings.HasPrefix(got, "generated") {
		t.Errorf("source is %q", got)
	}
	if got := setting(t, c, "JWT_SECRET").Source; got != "environment" {
		t.Errorf("source is %q", got)
	}
}

func TestGenerated_writesNothingWhenItCannotStart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	if _, err := config.Load(map[string]string{"DATA_DIR": dir, "PORT": "x"}); err == nil {
		t.Fatal("want an error")
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("made the data folder")
	}
}

// A new key in place of a damaged one would make unreadable what the old one encrypted.
func TestGenerated_damagedFileIsNotReplaced(t *testing.T) {
	t.Parallel()
	whole := map[string]string{"JWT_SECRET": accessSecret, "JWT_REFRESH_SECRET": refreshSecret, "ENCRYPTION_KEY": oneKey}
	without := maps.Clone(whole)
	delete(without, "ENCRYPTION_KEY")
	bad := maps.Clone(whole)
	bad["ENCRYPTION_KEY"] = "abc"
	weak := maps.Clone(whole)
	weak["JWT_SECRET"] = "short"
	encode := func(content map[string]string) string {
		text, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, text := range map[string]string{"empty": "", "cut": encode(whole)[:90], "without a key": encode(without), "bad key": encode(bad), "weak secret": encode(weak), "null": "null"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "secrets.json")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := config.Load(map[string]string{"DATA_DIR": dir})
			if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), accessSecret) {
				t.Errorf("got %v, want an error that names the file and no secret", err)
			}
			if after, err := os.ReadFile(path); err != nil || string(after) != text {
				t.Error("the file was changed")
			}
		})
	}
}

func TestGenerated_folderThatCannotBeMade(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := config.Load(map[string]string{"DATA_DIR": filepath.Join(file, "data")})
	if err == nil || !strings.Contains(err.Error(), "DATA_DIR") {
		t.Errorf("got %v, want an error that names DATA_DIR", err)
	}
}
