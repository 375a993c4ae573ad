package faulttest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/app"
	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/obs"
)

// daysChild is set where this test binary is the program: the product, whole, with another
// clock. So the kills are real and the binary that is shipped has no switch for tests. Its
// value is the file of the clock.
const daysChild = "FAULTTEST_DAYS_CLOCK"

// metaTimeout is how long a call to Meta may take in the child. Nothing passes meanwhile,
// so every lost answer costs the run that long.
const metaTimeout = 500 * time.Millisecond

func serveInDays() (code int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serveOn(ctx, os.Getenv(daysChild)); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func serveOn(ctx context.Context, clockFile string) error {
	file, err := os.Open(clockFile)
	if err != nil {
		return err
	}
	defer file.Close()
	opts, err := daysOptions(config.Environ())
	if err != nil {
		return err
	}
	opts.Clock = fileClock{file}
	return app.Serve(ctx, opts, nil)
}

// daysOptions are the product's, but for the clock.
func daysOptions(variables map[string]string) (app.Options, error) {
	cfg, err := config.Load(variables)
	if err != nil {
		return app.Options{}, err
	}
	return app.Options{
		Config: cfg, Log: obs.NewLogger(obs.Options{Level: cfg.LogLevel}), Roles: app.Roles{API: true, Worker: true},
		MetaTimeout: metaTimeout, LanePoll: 50 * time.Millisecond, HashPassword: quickHash,
	}, nil
}

// quickHash is cheap: log-ins are not what is looked at.
func quickHash(password string) (string, error) {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	return string(hash), err
}
