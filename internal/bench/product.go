package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// product is the binary under test, as a child process.
type product struct {
	binary  string
	env     []string
	address string
	logPath string

	command *exec.Cmd
	ended   chan struct{} // closed after err is set
	err     error
}

const (
	startTime = 30 * time.Second
	stopTime  = 30 * time.Second
)

// newProduct decides how the product will run: with a database that is not its own,
// so that the two can be told apart, and without rate limits.
func newProduct(ctx context.Context, binary, scratch, databaseURL, metaURL string) (*product, error) {
	path, err := filepath.Abs(binary)
	if err != nil {
		return nil, fmt.Errorf("find the product: %w", err)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("find the product (make build makes it): %w", err)
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	p := &product{binary: path, address: address, logPath: filepath.Join(scratch, "product.log")}
	p.env = []string{
		"PORT=" + strconv.Itoa(port), "PUBLIC_URL=http://" + address, "LOG_LEVEL=warn", "DATA_DIR=" + filepath.Join(scratch, "data"),
		"DATABASE_URL=" + databaseURL, "WHATSAPP_API_URL=" + metaURL, "ALLOW_PRIVATE_URLS=true",
		"RATE_LIMIT_LOGIN=off", "RATE_LIMIT_WEBHOOK=off", "RATE_LIMIT_N8N=off", "RATE_LIMIT_API=off", "RATE_LIMIT_MEDIA=off", "RATE_LIMIT_CREATE=off",
	}
	return p, nil
}

// freePort returns a port that was free a moment ago.
func freePort(ctx context.Context) (int, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return strconv.Atoi(port)
}

// run runs another command of the product and reads the JSON that it prints.
func (p *product) run(ctx context.Context, into any, args ...string) error {
	command := exec.CommandContext(ctx, p.binary, args...)
	command.Env = p.env
	var out, errOut bytes.Buffer
	command.Stdout, command.Stderr = &out, &errOut
	if err := command.Run(); err != nil {
		return fmt.Errorf("botreserva %s: %w: %s", args[0], err, strings.TrimSpace(errOut.String()))
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		return fmt.Errorf("read the answer of botreserva %s: %w", args[0], err)
	}
	return nil
}

// addHotel makes a hotel with a number and a flow.
func (p *product) addHotel(ctx context.Context, index int, flow *flow) (hotel, error) {
	h := hotel{
		index: index, slug: fmt.Sprintf("hotel-%d", index), phoneNumberID: strconv.Itoa(401200000001000 + index),
		secret: fmt.Sprintf("app-secret-of-hotel-%d", index), email: fmt.Sprintf("admin%d@hotel.example", index),
	}
	var made struct {
		Admin      struct{ Password string } `json:"admin"`
		WebhookURL string                    `json:"webhookUrl"`
	}
	err := p.run(ctx, &made, "tenant", "add", "--slug", h.slug, "--name", "Hotel "+strconv.Itoa(index), "--email", h.email,
		"--phone-number-id", h.phoneNumberID, "--display", "551130000000", "--access-token", "token-"+h.slug, "--app-secret", h.secret,
		"--waba-id", h.waba(), "--n8n-url", flow.url(h.slug))
	if err != nil {
		return h, err
	}
	u, err := url.Parse(made.WebhookURL)
	if err != nil {
		return h, fmt.Errorf("read the webhook address: %w", err)
	}
	h.password, h.webhookPath = made.Admin.Password, u.RequestURI()
	return h, nil
}

// start serves, and returns once the product answers.
func (p *product) start(ctx context.Context, client *http.Client) error {
	log, err := os.OpenFile(p.logPath, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the product's log: %w", err)
	}
	defer log.Close()
	p.command = exec.Command(p.binary, "serve") //nolint:noctx // it is stopped by signal, so that it can finish its work
	p.command.Env, p.command.Stdout, p.command.Stderr = p.env, log, log
	if err := p.command.Start(); err != nil {
		return fmt.Errorf("start the product: %w", err)
	}
	p.ended = make(chan struct{})
	go func() {
		p.err = p.command.Wait()
		close(p.ended)
	}()
	return p.awaitReady(ctx, client)
}

func (p *product) awaitReady(ctx context.Context, client *http.Client) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+"/api/health", http.NoBody)
		if err != nil {
			return fmt.Errorf("make health request: %w", err)
		}
		if response, err := client.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-p.ended:
			return fmt.Errorf("the product ended at once: %w", errors.Join(p.err, p.logged()))
		case <-ctx.Done():
			return fmt.Errorf("the product is not ready after %s: %w", startTime, errors.Join(ctx.Err(), p.logged()))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (p *product) pid() int { return p.command.Process.Pid }

// alive returns an error once the product has ended by itself.
func (p *product) alive() error {
	select {
	case <-p.ended:
		return fmt.Errorf("the product ended by itself: %w", errors.Join(p.err, p.logged()))
	default:
		return nil
	}
}

// logged returns the end of the product's log as an error, nil when it is empty.
func (p *product) logged() error {
	const most = 2000
	text, err := os.ReadFile(p.logPath) //nolint:gosec // in our scratch folder
	if err != nil || len(text) == 0 {
		return err
	}
	return errors.New(string(text[max(0, len(text)-most):]))
}

// stop ends the product as an operator would.
func (p *product) stop() error {
	if p.command == nil || p.command.Process == nil || p.ended == nil {
		return nil
	}
	_ = p.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(stopTime):
		_ = p.command.Process.Kill()
		<-p.ended
		return fmt.Errorf("the product did not stop within %s", stopTime)
	}
	if p.err != nil {
		return fmt.Errorf("stop the product: %w", errors.Join(p.err, p.logged()))
	}
	return nil
}
