package backup

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/blob"
)

// Names sort by time, in UTC.
const (
	nameBegin = "botreserva-"
	nameTime  = "20060102T150405Z"
	nameEnd   = ".backup"
	// verifiedEnd behind the name of a backup is an empty object: that one was tried out.
	verifiedEnd = ".verified"
	// mediaFolder holds the files of guests, each under the sum of its content.
	mediaFolder = "media"
)

// Made is a backup that is kept.
type Made struct {
	Name     string    `json:"name"`
	At       time.Time `json:"at"`
	Size     int64     `json:"size"`
	Verified bool      `json:"verified"`
}

func nameAt(at time.Time) string { return nameBegin + at.UTC().Format(nameTime) + nameEnd }

func timeOf(name string) (time.Time, bool) {
	at, err := time.Parse(nameBegin+nameTime+nameEnd, name)
	return at, err == nil
}

// List returns the backups, the newest first.
func (k *Keeper) List(ctx context.Context) ([]Made, error) {
	all := []Made{}
	verified := map[string]bool{}
	err := k.Target.List(ctx, ".", func(key string, o blob.Info) error {
		if name, ok := strings.CutSuffix(key, verifiedEnd); ok {
			verified[name] = true
		}
		if at, ok := timeOf(key); ok {
			all = append(all, Made{Name: key, At: at, Size: o.Size})
		}
		return nil
	})
	for i := range all {
		all[i].Verified = verified[all[i].Name]
	}
	slices.SortFunc(all, func(a, b Made) int { return b.At.Compare(a.At) })
	return all, err
}

// Latest returns the newest backup.
func (k *Keeper) Latest(ctx context.Context) (Made, error) {
	all, err := k.List(ctx)
	if err != nil {
		return Made{}, err
	}
	if len(all) == 0 {
		return Made{}, ErrNone
	}
	return all[0], nil
}

// LastGood says when the newest backup was made that was tried out; zero if there is none.
func (k *Keeper) LastGood(ctx context.Context) (time.Time, error) {
	all, err := k.List(ctx)
	if i := slices.IndexFunc(all, func(m Made) bool { return m.Verified }); i >= 0 {
		return all[i].At, err
	}
	return time.Time{}, err
}
