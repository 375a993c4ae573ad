package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"github.com/botreserva/botreserva/internal/availability"
	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/sealed"
)

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
		a.bucket, err = openBucket(cfg, cfg.MediaStorageURL.Reveal())
		if err != nil {
			return fmt.Errorf("use MEDIA_STORAGE_URL: %w", err)
		}
		a.store = a.bucket
	} else {
		if a.folder, err = blob.OpenFolder(cfg.MediaStoragePath); err != nil {
			return fmt.Errorf("use MEDIA_STORAGE_PATH: %w", err)
		}
		a.store = a.folder
	}
	a.files = filing.New(a.DB, a.store, a.opts.Clock, a.log)
	return nil
}

// openBucket makes the store over a bucket, which is not asked for anything yet.
func openBucket(cfg config.Config, address string) (*blob.S3, error) {
	where, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("it is not an address") // which may hold a secret
	}
	return blob.OpenS3(blob.S3Options{
		Endpoint: cfg.S3Endpoint, Region: cfg.S3Region, Bucket: where.Host, Prefix: where.Path, PathStyle: cfg.S3PathStyle,
		KeyID: cfg.S3AccessKeyID, Secret: cfg.S3SecretKey.Reveal(), Spool: filepath.Join(cfg.DataDir, "arriving"),
	})
}

// bucketTime is how long the object storage may take to show that it works.
const bucketTime = 20 * time.Second

// checkStore looks whether the object storage can be used. Settings that are wrong end the
// start with a sentence; a storage that is away does not: guests' files wait in their lanes.
func (a *App) checkStore(ctx context.Context) error {
	if a.bucket == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, bucketTime)
	defer cancel()
	err := a.bucket.Check(ctx)
	var misconfigured *blob.SettingsError
	if errors.As(err, &misconfigured) {
		return fmt.Errorf("use the object storage for media: %w", err)
	}
	if err != nil {
		a.log.Warn("object storage for media does not answer; files wait until it does", "err", err)
	}
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
	switch {
	case a.bucket != nil:
		return a.bucket.Close()
	case a.folder != nil:
		return a.folder.Close()
	default:
		return nil
	}
}

// outside reaches addresses that flows and hotels name.
func (a *App) outside() *http.Client {
	return egress.NewClient(egress.Options{AllowPrivate: a.opts.Config.AllowPrivateURLs, Timeout: 30 * time.Second})
}

// availability answers which rooms of hotels are free.
func (a *App) availability(dir *directory.Directory, box *sealed.Box) *availability.Service {
	s := availability.New(a.DB, dir, box, a.outside(), a.opts.Clock)
	s.AllowPrivate = a.opts.Config.AllowPrivateURLs
	return s
}
