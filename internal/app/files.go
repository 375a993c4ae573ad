package app

import (
	"errors"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/filing"
)

var errObjectStorage = errors.New("MEDIA_STORAGE_URL is set, but this release keeps media in a folder only: " +
	"clear it and set MEDIA_STORAGE_PATH, on a disk that all instances share")

// openFiles makes what keeps files and what makes their addresses. The folder is touched
// only by processes that serve or work: other commands may run as somebody else.
func (a *App) openFiles() (err error) {
	cfg := a.opts.Config
	if a.links, err = filing.NewLinks(cfg.MediaBaseURL, a.opts.Clock, cfg.EncryptionKeys()...); err != nil {
		return fmt.Errorf("read ENCRYPTION_KEY: %w", err)
	}
	if !a.opts.Roles.API && !a.opts.Roles.Worker {
		return nil
	}
	return a.openStore()
}

func (a *App) openStore() (err error) {
	cfg := a.opts.Config
	if cfg.MediaStorageURL.IsSet() {
		return errObjectStorage
	}
	if a.folder, err = blob.OpenFolder(cfg.MediaStoragePath); err != nil {
		return fmt.Errorf("use MEDIA_STORAGE_PATH: %w", err)
	}
	a.files = filing.New(a.DB, a.folder, a.opts.Clock, a.log)
	return nil
}

// abandoned is when a file that is still arriving has surely lost whoever sent it.
const abandoned = 24 * time.Hour

func (a *App) sweepFiles() error {
	if a.folder == nil {
		return nil
	}
	return a.folder.Sweep(a.opts.Clock.Now().Add(-abandoned))
}

func (a *App) closeFiles() error {
	if a.folder == nil {
		return nil
	}
	return a.folder.Close()
}
