package simulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// VerifyWebhook asks an account's webhook address to prove itself, as Meta does when the address is set. It returns
// nil when the challenge came back.
func (s *Simulator) VerifyWebhook(ctx context.Context, accountID string) error {
	a := s.account(accountID)
	if a == nil {
		return ErrNoAccount
	}
	info := a.info.Load()
	return s.handshake(ctx, info.WebhookURL, info.VerifyToken)
}

// handshake is the GET with hub.mode, hub.verify_token and hub.challenge; the answer must be 200 and the challenge,
// nothing around it.
func (s *Simulator) handshake(ctx context.Context, address, token string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return errors.New("there is no webhook address")
	}
	challenge := s.ids.digits('1')
	q := u.Query()
	q.Set("hub.mode", "subscribe")
	q.Set("hub.challenge", challenge)
	q.Set("hub.verify_token", token)
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil) //nolint:gosec // asking the address that is given is the point
	if err != nil {
		return fmt.Errorf("build verification request: %w", err)
	}
	resp, err := s.client.Do(req) //nolint:gosec // as above
	if err != nil {
		return fmt.Errorf("get webhook address: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil {
		return fmt.Errorf("read challenge: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("verification answered %d", resp.StatusCode)
	}
	if string(body) != challenge {
		return errors.New("verification answered something else than the challenge")
	}
	return nil
}

// DeliverRaw posts bytes to an account's webhook address once, signed as told (SignatureValid, SignatureWrong,
// SignatureMissing), and returns the status of the answer. It is for bodies Meta would never send.
func (s *Simulator) DeliverRaw(ctx context.Context, accountID string, body []byte, signature string) (int, error) {
	a := s.account(accountID)
	if a == nil {
		return 0, ErrNoAccount
	}
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("deliver raw webhook: %w", err)
	}
	address, secret, _ := a.target()
	if address == "" {
		return 0, errUnreachable
	}
	return s.post(address, body, s.signatures(secret, body, signature))
}
