package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// receiverFlags name a webhook receiver and what it was told to expect.
type receiverFlags struct {
	URL         string `arg:"" help:"Address of the receiver, as it would be given to Meta."`
	Secret      string `help:"App secret that signs." required:""`
	VerifyToken string `help:"Verify token of the handshake." default:"verify-me"`
	Number      string `help:"Phone number id that the receiver knows." default:"401200000000001"`
	WABA        string `help:"WhatsApp Business account id." default:"301200000000001"`
	JSON        bool   `help:"Print JSON."`
}

// open makes a simulator with one account for the receiver.
func (r receiverFlags) open() (*simulator.Simulator, error) {
	knobs := simulator.LoadKnobs()
	sim := simulator.New(simulator.Options{Knobs: &knobs, Webhooks: simulator.Webhooks{Concurrency: 64}})
	_, err := sim.AddAccount(simulator.Account{
		PhoneNumberID: r.Number, WABAID: r.WABA, AppSecret: r.Secret, VerifyToken: r.VerifyToken, WebhookURL: r.URL,
	})
	if err != nil {
		return nil, errors.Join(err, closeSimulator(sim))
	}
	return sim, nil
}

type simulatorCheck struct {
	receiverFlags `embed:""`
}

var errReceiver = errors.New("the receiver breaks what Meta demands")

// Run prints one line per demand; the exit code says whether all that must be kept is kept.
func (s *simulatorCheck) Run(c *console) error {
	sim, err := s.open()
	if err != nil {
		return err
	}
	checks, err := sim.CheckReceiver(c.ctx, s.Number)
	if err = errors.Join(err, closeSimulator(sim)); err != nil {
		return err
	}
	if s.JSON {
		err = json.NewEncoder(c.out).Encode(checks)
	} else {
		err = printChecks(c, checks)
	}
	if slices.ContainsFunc(checks, func(check simulator.Check) bool { return check.Must && !check.Passed }) {
		return errors.Join(err, errReceiver)
	}
	return err
}

func printChecks(c *console, checks []simulator.Check) error {
	for _, check := range checks {
		mark := "ok    "
		switch {
		case !check.Passed && check.Must:
			mark = "BROKEN"
		case !check.Passed:
			mark = "advice"
		}
		if _, err := fmt.Fprintf(c.out, "%s  %s (%s)\n", mark, check.Name, check.Detail); err != nil {
			return fmt.Errorf("print check: %w", err)
		}
	}
	return nil
}

type simulatorLoad struct {
	receiverFlags `embed:""`

	Rate    float64 `help:"Messages per second; 0 is as many as the receiver takes." default:"100"`
	Seconds int     `help:"How long, at most 600." default:"10"`
	Guests  int     `help:"Guests who write in turn." default:"1000"`
	Chaos   bool    `help:"Repeat 0.5 % of the webhooks and let 2 % come late."`
}

// Run prints the measures as JSON.
func (s *simulatorLoad) Run(c *console) error {
	sim, err := s.open()
	if err != nil {
		return err
	}
	plan := simulator.LoadPlan{Rate: s.Rate, Seconds: s.Seconds, Guests: s.Guests, Chaos: s.Chaos}
	report, err := sim.Load(c.ctx, s.Number, plan)
	if err = errors.Join(err, closeSimulator(sim)); err != nil {
		return err
	}
	out := json.NewEncoder(c.out)
	out.SetIndent("", "  ")
	if err := out.Encode(report); err != nil {
		return fmt.Errorf("print report: %w", err)
	}
	return nil
}
