package demobot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// errLocked says that a person holds the conversation, so that the bot has nothing to say.
var errLocked = errors.New("a person holds the conversation")

// api calls the product for one delivery.
type api struct {
	base     string
	key      string
	delivery string
	http     *http.Client
	waits    []time.Duration
}

func (b *Bot) apiFor(d delivery) *api {
	return &api{
		base: strings.TrimRight(b.opts.APIBase, "/"), key: b.opts.Keys(d.slug), delivery: d.id,
		http: b.opts.HTTP, waits: b.opts.Waits,
	}
}

// checkLock returns errLocked while a person holds the conversation.
func (a *api) checkLock(ctx context.Context, phone string) error {
	var lock struct {
		Locked bool `json:"locked"`
	}
	query := "?" + url.Values{"phone": {phone}}.Encode()
	if err := a.call(ctx, call{method: http.MethodGet, path: "/api/n8n/check-ia-lock" + query, into: &lock}); err != nil {
		return err
	}
	if lock.Locked {
		return errLocked
	}
	return nil
}

func (a *api) markRead(ctx context.Context, messageID string) error {
	return a.call(ctx, call{
		method: http.MethodPost, path: "/api/n8n/mark-read", onlyOnce: true,
		body: map[string]string{"messageId": messageID},
	})
}

func (a *api) sendText(ctx context.Context, phone, message string) error {
	return a.call(ctx, call{
		method: http.MethodPost, path: "/api/n8n/send-text",
		idempotency: a.delivery + "-text",
		body:        map[string]string{"phone": phone, "message": message},
	})
}

func (a *api) escalate(ctx context.Context, phone, unit string, e escalation) error {
	body := map[string]string{"phone": phone, "reason": e.reason, "reasonDetail": e.detail}
	if unit != "" {
		body["hotelUnit"] = unit
	}
	return a.call(ctx, call{
		method: http.MethodPost, path: "/api/n8n/escalate",
		idempotency: a.delivery + "-escalate", body: body,
	})
}

// call is one request, repeated until it has an answer that counts.
type call struct {
	method, path string
	idempotency  string
	body         any
	into         any
	onlyOnce     bool
}

// call makes a request and repeats it while that may help. A repeat is harmless: what speaks or escalates carries an
// Idempotency-Key that is the same for the same delivery.
func (a *api) call(ctx context.Context, c call) error {
	for attempt := 0; ; attempt++ {
		err := a.once(ctx, c)
		var again *tryAgainError
		if !errors.As(err, &again) || c.onlyOnce || attempt >= len(a.waits) {
			return err
		}
		if err := wait(ctx, max(a.waits[attempt], again.after)); err != nil {
			return err
		}
	}
}

func (a *api) once(ctx context.Context, c call) error {
	request, err := a.request(ctx, c)
	if err != nil {
		return err
	}
	response, err := a.http.Do(request)
	if err != nil {
		return &tryAgainError{cause: withoutURL(err)}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		return &tryAgainError{cause: fmt.Errorf("read answer: %w", withoutURL(err))}
	}
	if err := judge(response, answer); err != nil {
		return err
	}
	if c.into == nil {
		return nil
	}
	if err := json.Unmarshal(answer, c.into); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	return nil
}

func (a *api) request(ctx context.Context, c call) (*http.Request, error) {
	var body io.Reader
	if c.body != nil {
		encoded, err := json.Marshal(c.body)
		if err != nil {
			return nil, fmt.Errorf("write request: %w", err)
		}
		body = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, c.method, a.base+c.path, body)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", withoutURL(err))
	}
	request.Header.Set("X-API-Key", a.key)
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.idempotency != "" {
		request.Header.Set("Idempotency-Key", c.idempotency)
	}
	return request, nil
}

// tryAgainError is a failure that may pass.
type tryAgainError struct {
	after time.Duration
	cause error
}

func (t *tryAgainError) Error() string { return t.cause.Error() }
func (t *tryAgainError) Unwrap() error { return t.cause }

// judge reads the product's answer: nil for success, errLocked for the refusal that a lock means, a *tryAgainError for
// trouble on the other side. 202 is success too: the message is taken on, Meta's answer is outstanding.
func judge(r *http.Response, answer []byte) error {
	if r.StatusCode >= 200 && r.StatusCode < 300 {
		return nil
	}
	var problem struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(answer, &problem) // a proxy may answer in HTML; then there is no code
	refusal := fmt.Errorf("status %d %.60s", r.StatusCode, problem.Code)
	wish := r.Header.Get("Retry-After")
	switch {
	case r.StatusCode == http.StatusConflict && strings.EqualFold(problem.Code, "ia_locked"):
		return errLocked
	case r.StatusCode >= 500, r.StatusCode == http.StatusTooManyRequests, r.StatusCode == http.StatusRequestTimeout,
		r.StatusCode == http.StatusConflict && wish != "": // the first attempt is still at work
		return &tryAgainError{after: seconds(wish), cause: refusal}
	default:
		return refusal
	}
}

const maxRetryAfter = time.Minute

// seconds reads Retry-After; the product always writes seconds. More than a minute is cut: the guest is waiting.
func seconds(text string) time.Duration {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(min(n, int(maxRetryAfter/time.Second))) * time.Second
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// withoutURL takes off the layer in which net/http names the URL: it holds the guest's number.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
