package config

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// required are the secrets without which nothing starts.
var required = []string{"JWT_SECRET", "JWT_REFRESH_SECRET", "ENCRYPTION_KEY"}

func (l *loader) requiredSecret(variable string) *Secret {
	switch variable {
	case "JWT_SECRET":
		return &l.cfg.JWTSecret
	case "JWT_REFRESH_SECRET":
		return &l.cfg.JWTRefreshSecret
	default:
		return &l.cfg.EncryptionKey
	}
}

// settleSecrets fills the required secrets that are missing, where that is allowed, and judges all of them.
func (l *loader) settleSecrets() {
	l.checkKeys()
	l.checkStrength()
	var missing []string
	for _, variable := range required {
		if !l.requiredSecret(variable).IsSet() && !l.unread[variable] {
			missing = append(missing, variable)
		}
	}
	switch {
	case len(missing) == 0:
	case l.cfg.InProduction():
		l.refuseMissing(missing)
	default:
		l.fill(missing)
	}
}

// refuseMissing names the file of generated secrets when there is one: a machine that goes into production must keep its
// key, or it can no longer read what it encrypted.
func (l *loader) refuseMissing(missing []string) {
	besides := ""
	if path := l.secretsPath(); fileExists(path) {
		besides = ", or the one in " + path + " to keep what was made with it"
	}
	for _, variable := range missing {
		l.add(variable, "is not set, and production starts with no secret of its own making", fieldOf(variable).want+besides)
	}
}

// fill takes the missing secrets from the file in DATA_DIR, which it makes when nothing else is wrong.
func (l *loader) fill(missing []string) {
	path := l.secretsPath()
	kept, err := readSecrets(path)
	if errors.Is(err, fs.ErrNotExist) {
		if len(l.problems) > 0 {
			return // mended settings may name another folder
		}
		kept, err = makeSecrets(path)
	}
	if err != nil {
		l.add(missing[0], "is not set and cannot be kept: "+err.Error(), "it, or mend DATA_DIR")
		return
	}
	for _, variable := range missing {
		*l.requiredSecret(variable) = NewSecret(kept[variable])
		l.cfg.origin[variable] = "generated, kept in " + path
	}
}

func (l *loader) secretsPath() string { return filepath.Join(l.cfg.DataDir, "secrets.json") }

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// readSecrets reads the file of generated secrets. One that lacks a secret is not mended but refused: a new key in place
// of a lost one would make everything unreadable that the old one encrypted, and nobody would know why.
func readSecrets(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read generated secrets: %w", err)
	}
	var kept map[string]string
	if err := json.Unmarshal(text, &kept); err != nil {
		return nil, fmt.Errorf("%s is damaged: bring it back from a backup, or delete it when nothing depends on it", path)
	}
	for _, variable := range required {
		if weakness(kept[variable]) != "" || (variable == "ENCRYPTION_KEY" && !encryptionKey.MatchString(kept[variable])) {
			return nil, fmt.Errorf("%s holds no proper %s: bring it back from a backup, or delete it when nothing depends on it", path, variable)
		}
	}
	// A copy or a restore may have opened the file to others.
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, fmt.Errorf("protect generated secrets: %w", err)
	}
	return kept, nil
}

// makeSecrets writes a new file, whole or not at all, and never over one that another process made meanwhile: then that
// one's secrets are returned.
func makeSecrets(path string) (map[string]string, error) {
	made := make(map[string]string, len(required))
	for _, variable := range required {
		made[variable] = newSecret()
	}
	// 0755: the private database runs as another user inside this folder.
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // G301: see above
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	err := writeOnce(path, made)
	if errors.Is(err, fs.ErrExist) {
		return readSecrets(path)
	}
	if err != nil {
		return nil, fmt.Errorf("keep generated secrets: %w", err)
	}
	return made, nil
}

// newSecret is 256 random bits as 64 hexadecimal digits, which suits a key and a signature alike.
func newSecret() string {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails: crypto/rand aborts the program instead
	return hex.EncodeToString(secret)
}

// writeOnce puts a complete file in place with link, which, unlike rename, fails when there is one already.
func writeOnce(path string, content map[string]string) error {
	text, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".secrets-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	_, err = draft.Write(append(text, '\n'))
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a new name in a folder survive a power cut.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
