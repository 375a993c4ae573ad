package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/botreserva/botreserva/internal/obs"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

type simulatorCommand struct {
	Serve simulatorServe `cmd:"" default:"withargs" help:"Serve the simulator and the guests' phones."`
	Check simulatorCheck `cmd:"" help:"Ask a webhook receiver everything that Meta demands of it."`
	Load  simulatorLoad  `cmd:"" help:"Send a receiver on this machine many messages and measure its answers."`
}

type simulatorServe struct {
	Addr        string `help:"Address to listen on. The control API has no password: keep it on loopback." default:"127.0.0.1:3002"`
	Seed        uint64 `help:"Makes ids and faults repeatable; 0 picks one."`
	Concurrency int    `help:"Webhooks that may be under way for one number." default:"16"`
	Unordered   bool   `help:"Let events of one guest overtake each other, as Meta allows itself."`
}

// Run serves the simulator until it is told to stop. Hotels are added through its
// control API.
func (s *simulatorServe) Run(c *console) error {
	sim := simulator.New(simulator.Options{
		Logger: obs.NewLogger(obs.Options{Output: c.err}), PublicURL: "http://" + s.Addr, Seed: s.Seed,
		Webhooks: simulator.Webhooks{Concurrency: s.Concurrency, Unordered: s.Unordered},
	})
	address, wait, err := serveBeside(c.ctx, s.Addr, sim.Handler())
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "Cloud API simulator: http://%s   guests' phones: http://%s/phone\n", address, address)
	err = wait()
	return errors.Join(err, closeSimulator(sim))
}

func closeSimulator(sim *simulator.Simulator) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return sim.Close(ctx)
}

// serveBeside serves a handler on an address of its own until ctx ends; wait returns
// when it has ended.
func serveBeside(ctx context.Context, addr string, h http.Handler) (address string, wait func() error, err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: headerTime}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	wait = func() error {
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}
	return l.Addr().String(), wait, nil
}
