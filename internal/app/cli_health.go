package app

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

type healthCommand struct {
	Ready bool `help:"Ask whether requests may be sent to it, which takes a database."`
}

// healthTime is how long the instance may take to answer.
const healthTime = 5 * time.Second

// Run fails unless the instance that listens at PORT says that it is well.
func (h *healthCommand) Run(c *console) error {
	cfg, _, err := c.settings()
	if err != nil {
		return err
	}
	path := "/health/live"
	if h.Ready {
		path = "/health/ready"
	}
	ctx, cancel := context.WithTimeout(c.ctx, healthTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+strconv.Itoa(cfg.Port)+path, nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Client{Timeout: healthTime}).Do(request)
	if err != nil {
		return fmt.Errorf("nobody answers at PORT %d: %w", cfg.Port, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s says %s", path, answer.Status)
	}
	fmt.Fprintln(c.out, "ok")
	return nil
}
