// Command botreserva is the product: see `botreserva --help`.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/botreserva/botreserva/internal/app"
	"github.com/botreserva/botreserva/internal/config"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C does not wait for work in progress
	code := app.Main(ctx, os.Args[1:], config.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
