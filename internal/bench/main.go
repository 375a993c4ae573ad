// Command bench measures the product under load and says what was lost: it starts
// the real binary on a scratch PostgreSQL with production's durability, is Meta and
// the hotels' flows and dashboards itself, and counts every message on its way.
//
// Open scenarios.go for what is measured, stage.go for what is started. wave.go is
// the traffic, drive.go sends it, tally.go counts what arrives at flow.go and
// dashboard.go, kept.go what is in the database; process.go reads CPU and memory,
// report.go writes the table. scale.go is another story: how long people wait for lists,
// searches and reports over a database with years of life in it. Nothing here asserts a time: a busy machine is not a
// bug. Functional load tests belong to internal/apptest.
//
// It reads /proc, so figures of CPU and memory exist on Linux only.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// options are the flags.
type options struct {
	scenario    string
	messages    int
	connections int
	rate        float64
	guests      int
	hotels      int
	batch       int
	dashboards  int
	runs        int
	json        string
	fresh       bool
	statements  bool
	keep        bool
	binary      string

	// Of scenario scale.
	scale    float64
	dir      string
	only     string
	calls    int
	plans    bool
	beside   string
	fillOnly bool
}

func parseOptions(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&o.scenario, "scenario", "all", "accept, latency, idle, all of these, or scale")
	f.IntVar(&o.messages, "messages", 20_000, "messages in each run of accept")
	f.IntVar(&o.connections, "connections", 50, "keep-alive connections that post webhooks")
	f.Float64Var(&o.rate, "rate", 0, "webhooks per second in accept; 0 is as fast as possible")
	f.IntVar(&o.guests, "guests", 1000, "guests who write in each run; all are new to the hotel")
	f.IntVar(&o.hotels, "hotels", 4, "hotels, each with a number, a flow and a secret of its own")
	f.IntVar(&o.batch, "batch", 1, "messages in one webhook")
	f.IntVar(&o.dashboards, "dashboards", 4, "connected dashboards, spread over the hotels")
	f.IntVar(&o.runs, "runs", 3, "runs of accept; the table shows the median")
	f.StringVar(&o.json, "json", "", "also write the figures to this file")
	f.BoolVar(&o.fresh, "fresh", false, "do not ANALYZE after the warm-up: the first minute of a new installation")
	f.BoolVar(&o.statements, "statements", false, "list what accept's statements cost PostgreSQL; counting them costs a little too")
	f.BoolVar(&o.keep, "keep", false, "keep the scratch folder with database and logs")
	f.StringVar(&o.binary, "binary", "bin/botreserva", "the product")
	f.Float64Var(&o.scale, "scale", 1, "in scale: 1 is a million conversations with ten million messages")
	f.StringVar(&o.dir, "dir", "", "in scale: keep the database in this folder, and use what is there")
	f.StringVar(&o.only, "only", "", "in scale: look only at what has one of these words (separated by commas) in its name")
	f.IntVar(&o.calls, "calls", 400, "in scale: calls of each kind")
	f.BoolVar(&o.plans, "plans", true, "in scale: also look at what PostgreSQL reads for each call")
	f.StringVar(&o.beside, "beside", "", "in scale: also print a table beside the figures in this file, of another size")
	f.BoolVar(&o.fillOnly, "fill-only", false, "in scale: fill the database and look at nothing")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.scenario == "scale" {
		if !isSet(f, "connections") {
			o.connections = 8
		}
		return o, o.checkScale()
	}
	return o, o.check()
}

func isSet(f *flag.FlagSet, name string) bool {
	set := false
	f.Visit(func(one *flag.Flag) { set = set || one.Name == name })
	return set
}

func (o options) checkScale() error {
	if o.scale <= 0 || o.scale > 10 || o.calls < 1 || o.connections < 1 {
		return errors.New("-scale must be in (0, 10], -calls and -connections 1 or more")
	}
	return nil
}

func (o options) check() error {
	switch {
	case o.scenario != "all" && o.scenario != "accept" && o.scenario != "latency" && o.scenario != "idle":
		return fmt.Errorf("-scenario %s: choose accept, latency, idle, all or scale", o.scenario)
	case o.messages < 1, o.connections < 1, o.hotels < 1, o.batch < 1, o.runs < 1:
		return errors.New("-messages, -connections, -hotels, -batch and -runs must be 1 or more")
	case o.dashboards < 0, o.rate < 0:
		return errors.New("-dashboards and -rate cannot be negative")
	case o.guests > 100_000:
		return errors.New("-guests is at most 100,000: a run has that many telephone numbers")
	case o.guests < o.connections*o.hotels:
		return fmt.Errorf("-guests must be at least -connections × -hotels (%d): a guest's messages travel on one connection, which is how their order is known", o.connections*o.hotels)
	}
	return nil
}

func main() {
	o, err := parseOptions(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	if o.scenario == "scale" {
		err = scaled(ctx, o)
	} else {
		err = bench(ctx, o)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// errBroken is returned when a promise was broken, whatever the figures are.
var errBroken = errors.New("messages were lost, doubled or out of order")

// bench runs the chosen scenarios and writes what came out.
func bench(ctx context.Context, o options) (err error) {
	r := &report{Machine: machineNow(), Options: o.shown()}
	s, err := setUp(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.tearDown(context.WithoutCancel(ctx))) }()
	r.Machine.PostgreSQL = s.cluster.Version()
	if err := s.play(ctx, r); err != nil {
		return err
	}
	r.Machine.LoadAfter = loadAverage()
	r.print(os.Stdout)
	if o.json != "" {
		if err := r.write(o.json); err != nil {
			return err
		}
	}
	if r.isBroken() {
		return errBroken
	}
	return nil
}
