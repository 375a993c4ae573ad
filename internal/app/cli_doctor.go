package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

type doctorCommand struct{}

// finding is one thing that was looked at.
type finding struct {
	what, wrong, fix string // wrong is empty when all is well
}

// Run looks at everything that the product depends on. It fails if something is
// wrong.
func (*doctorCommand) Run(c *console) error {
	sick := 0
	show := func(f finding) {
		mark := "ok   "
		if f.wrong != "" {
			mark = "WRONG"
			sick++
		}
		fmt.Fprintf(c.out, "%s  %s\n", mark, f.what)
		if f.wrong != "" {
			fmt.Fprintf(c.out, "       %s\n       → %s\n", f.wrong, f.fix)
		}
	}
	err := c.withApp(func(a *App) error {
		show(finding{what: "settings and secrets"})
		show(finding{what: "database answers and its schema is up to date"})
		return a.examine(c.ctx, show)
	})
	if err != nil {
		show(finding{"settings or database", err.Error(), "run `botreserva config`, and see docs/runbook.md, \"It does not start\""})
	}
	if sick > 0 {
		return fmt.Errorf("%d of the checks failed", sick)
	}
	return nil
}

func (a *App) examine(ctx context.Context, show func(finding)) error {
	a.examineInstances(ctx, show)
	show(a.examineMail(ctx))
	show(a.examineFiles(ctx))
	show(examineBackups(ctx, a.opts))
	fates, err := a.DB.SystemDeliveryFates(ctx, a.opts.Clock.Now().Add(-7*24*time.Hour))
	if err != nil {
		return err
	}
	show(unclaimed(fates))
	show(a.examineVersion())
	hotels, err := a.DB.SystemTenants(ctx)
	if err != nil {
		return err
	}
	for _, row := range hotels {
		h, err := a.directory.Hotel(ctx, row.ID)
		if err != nil {
			show(finding{row.Slug + ": secrets", err.Error(), "set ENCRYPTION_KEY to the key with which they were stored"})
			continue
		}
		a.examineHotel(ctx, h, show)
	}
	return nil
}

// examineInstances looks at what several instances need. Redis that is away stops nothing,
// but each instance is on its own until it is back.
func (a *App) examineInstances(ctx context.Context, show func(finding)) {
	if a.bus == nil {
		show(finding{what: "Redis: none, so there can be one instance"})
		return
	}
	f := finding{what: "Redis"}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := a.bus.Ping(ctx); err != nil {
		f.wrong, f.fix = err.Error(), "start Redis, or correct REDIS_URL (REDIS_HOST, REDIS_PORT, REDIS_PASSWORD); until then limits and screens are each instance's own"
	}
	show(f)
	if present, err := a.DB.SystemPresent(ctx); err == nil {
		show(finding{what: fmt.Sprintf("instances at work: %d", len(present))})
	}
}

// examineFiles writes, reads and deletes an object where there is an object storage. The
// folder is not touched: doctor may run as somebody else.
func (a *App) examineFiles(ctx context.Context) finding {
	cfg := a.opts.Config
	if !cfg.MediaStorageURL.IsSet() {
		return finding{what: "files: kept in " + cfg.MediaStoragePath}
	}
	f := finding{what: "files: object storage " + cfg.MediaStorageURL.String()}
	bucket, err := openBucket(cfg, cfg.MediaStorageURL.Reveal())
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, bucketTime)
		defer cancel()
		err = errors.Join(bucket.Check(ctx), bucket.Close())
	}
	var misconfigured *blob.SettingsError
	switch {
	case errors.As(err, &misconfigured):
		f.wrong, f.fix = misconfigured.Wrong, misconfigured.Fix
	case err != nil:
		f.wrong, f.fix = err.Error(), "see whether the storage is up and can be reached from here, and correct S3_ENDPOINT; guests' files wait until then"
	}
	return f
}

func unclaimed(fates map[postgres.Fate]int) finding {
	f := finding{what: "webhooks of the last 7 days"}
	if n := fates[postgres.Unclaimed]; n > 0 {
		f.wrong = fmt.Sprintf("%d webhooks wait for a number that no hotel has.", n)
		f.fix = "connect the number: botreserva tenant set --slug … --phone-number-id …"
	}
	if n := fates[postgres.Poison]; n > 0 {
		f.wrong += fmt.Sprintf(" %d webhooks could not be processed.", n)
		f.fix = strings.TrimSpace(f.fix + " see the log for \"webhook kept without processing\"")
	}
	return f
}

func (a *App) examineHotel(ctx context.Context, h *directory.Hotel, show func(finding)) {
	if len(h.Lines) == 0 {
		show(finding{h.Slug + ": WhatsApp", "no number is connected", "botreserva tenant set --slug " + h.Slug + " --phone-number-id … --access-token …"})
	}
	for _, l := range h.Lines {
		show(a.examineLine(ctx, h, l))
	}
	for _, f := range a.checker.Check(ctx, h) {
		if f.Item != "token" && f.Item != "subscription" && f.Item != "webhook" {
			continue // said above
		}
		said := finding{what: h.Slug + ": " + f.Item + " of WhatsApp number " + f.Number, fix: f.Fix}
		if !f.OK {
			said.wrong = f.Message
		}
		show(said)
	}
	show(a.examineFlow(ctx, h))
}

// examineVersion looks for how long Meta serves the version of its API that is used.
func (a *App) examineVersion() finding {
	s := a.mirror.VersionState()
	f := finding{what: "version of Meta's API: " + s.Version}
	if s.Near {
		f.wrong, f.fix = s.Warning(), "try the next version with one hotel first"
	}
	return f
}

func (a *App) examineLine(ctx context.Context, h *directory.Hotel, l directory.Line) finding {
	f := finding{what: h.Slug + ": WhatsApp number " + l.PhoneNumberID}
	_, err := a.meta.Number(ctx, whatsapp.Credentials{PhoneNumberID: l.PhoneNumberID, AccessToken: l.AccessToken})
	if err != nil {
		f.wrong, f.fix = err.Error(), "check the token and the number in Meta's console, then botreserva tenant set --slug "+h.Slug+" --phone-number-id "+l.PhoneNumberID+" --access-token …"
		var refused *whatsapp.APIError
		if !errors.As(err, &refused) {
			f.fix = "let this machine reach " + a.opts.Config.WhatsAppAPIURL + " (name service, firewall), or correct WHATSAPP_API_URL"
		}
	}
	if h.AppSecret == "" && !a.opts.Config.WhatsAppAppSecret.IsSet() {
		f.wrong, f.fix = "no app secret is known, so its webhooks are refused.", "botreserva tenant set --slug "+h.Slug+" --app-secret …"
	}
	return f
}

// examineFlow asks the flow's address with GET: n8n answers that for a POST webhook,
// without running the flow.
func (a *App) examineFlow(ctx context.Context, h *directory.Hotel) finding {
	f := finding{what: h.Slug + ": flow (n8n)"}
	if h.Bot.URL == "" {
		f.what += ": none, people answer everything"
		return f
	}
	if strings.Contains(h.Bot.URL, "/webhook-test/") {
		f.wrong, f.fix = "the address is n8n's test address, which listens for two minutes only.", "use the production address, with /webhook/"
		return f
	}
	client := egress.NewClient(egress.Options{AllowPrivate: a.opts.Config.AllowPrivateURLs, Timeout: 10 * time.Second})
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, h.Bot.URL, nil)
	if err == nil {
		var response *http.Response
		if response, err = client.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode >= http.StatusInternalServerError {
				err = fmt.Errorf("it answers %d", response.StatusCode)
			}
		}
	}
	if err != nil {
		f.wrong, f.fix = err.Error(), "start n8n, or correct the address: botreserva tenant set --slug "+h.Slug+" --n8n-url …"
		if errors.Is(err, egress.ErrForbiddenAddress) {
			f.fix = "if the flow really runs beside this server, set ALLOW_PRIVATE_URLS=true here and where the product runs"
		}
	}
	return f
}
