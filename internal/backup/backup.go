// Package backup keeps copies of the whole platform, and brings them back: the database as
// one encrypted file (format.go, contents.go), the files of guests once each beside it
// (media.go). create.go makes a backup, verify.go tries it out, restore.go brings it back,
// nightly.go does the first two every night and retention.go says what is kept.
//
// Not here: SQL (package postgres), and where the settings come from (package config).
package backup

import (
	"context"
	"log/slog"

	"filippo.io/age"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Refusals, for the operator.
var (
	ErrBusy    = fault.New(fault.Conflict, "backup_busy", "Another process is making or checking a backup of this database. Try again when it is done.")
	ErrNone    = fault.New(fault.NotFound, "backup_none", "There is no such backup; botreserva backup list shows all of them.")
	ErrKey     = fault.New(fault.Invalid, "backup_key", "The backup was encrypted with another key: set BACKUP_KEY to the one of that time.")
	ErrNewer   = fault.New(fault.Invalid, "backup_newer", "A newer version of Bot Reserva made this backup: restore it with that version.")
	ErrNoKey   = fault.New(fault.Invalid, "backup_key_wrong", "BACKUP_KEY is not a key; botreserva backup keygen makes one.")
	ErrConfirm = fault.New(fault.Invalid, "backup_confirm", "The name given with --confirm is not that of the database which DATABASE_URL leads to.")
)

// Scratch makes an empty database to try a backup in, and says how to take it away.
type Scratch func(ctx context.Context) (url string, drop func(context.Context) error, err error)

// Options say what is kept, and where.
type Options struct {
	DatabaseURL string      // of the owner of the tables
	Target      blob.Lister // where backups lie
	Media       blob.Store  // where guests' files lie; nil: they are looked after elsewhere
	Key         string      // AGE-SECRET-KEY-1…
	Version     string      // of the program
	Scratch     Scratch
	Clock       clock.Clock
	Log         *slog.Logger
}

// Keeper makes backups, looks after them and brings them back.
type Keeper struct {
	Options

	identity *age.X25519Identity
}

// New makes a keeper.
func New(o Options) (*Keeper, error) {
	identity, err := age.ParseX25519Identity(o.Key)
	if err != nil {
		return nil, ErrNoKey // the reason would show the key
	}
	return &Keeper{o, identity}, nil
}

// NewKey makes a key for BACKUP_KEY. The public half is enough to encrypt, so the standard
// tools of age can work with what is made here.
func NewKey() (secret, public string, err error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", err
	}
	return identity.String(), identity.Recipient().String(), nil
}
