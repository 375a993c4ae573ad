package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/n8n"
)

// ErrKey is returned for every key that does not open: it does not say why.
var ErrKey = fault.New(fault.Unauthorized, "invalid_api_key",
	"The X-API-Key is missing or wrong. It has the form {hotel}:{secret}; a new one can be made in the bot settings.")

// Flow checks the key of a hotel's flow, as it stands in X-API-Key, and returns the
// hotel. The original's {slug}:{phoneNumberId} opens only for hotels that switched it
// on. from is where the call comes from. The refusals are ErrKey, those of
// tenant.MayWork, and tenant.ErrIPNotAllowed.
func (s *Service) Flow(ctx context.Context, key string, from netip.Addr) (*directory.Hotel, error) {
	slug, secret, ok := n8n.ParseKey(key)
	if !ok {
		return nil, ErrKey
	}
	hotel, err := s.directory.BySlug(ctx, slug)
	if errors.Is(err, tenant.ErrUnknown) {
		return nil, ErrKey
	}
	if err != nil {
		return nil, err
	}
	opens, err := s.opens(ctx, hotel, secret)
	switch {
	case err != nil:
		return nil, err
	case !opens:
		return nil, ErrKey
	}
	s.noteFlowCall(hotel.ID, FlowCall{from, s.clock.Now()})
	if err := hotel.MayWork(s.clock.Now()); err != nil {
		return nil, err
	}
	if !hotel.Bot.Admits(from) {
		return nil, tenant.ErrIPNotAllowed.Saying(fmt.Sprintf(
			"This key may not be used from %s. Add the address to the IP allow-list in the bot settings.", from))
	}
	return hotel, nil
}

func (s *Service) opens(ctx context.Context, hotel *directory.Hotel, secret string) (bool, error) {
	hashes, err := s.db.SystemAPIKeyHashes(ctx, hotel.Slug, s.clock.Now())
	if err != nil {
		return false, err
	}
	opens := false
	for _, hash := range hashes {
		opens = n8n.Matches(secret, hash) || opens
	}
	if hotel.Bot.LegacyKey {
		for _, l := range hotel.Lines {
			opens = n8n.Same(secret, l.PhoneNumberID) || opens
		}
	}
	return opens, nil
}

// FlowCall is from where and when a flow called with a good key.
type FlowCall struct {
	From netip.Addr
	At   time.Time
}

// LastFlowCall returns from where a hotel's flow called last, admitted or not, as far as
// this process remembers: whoever limits the addresses wants to know it.
func (s *Service) LastFlowCall(hotel id.Tenant) (FlowCall, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	call, ok := s.flows[hotel]
	return call, ok
}

func (s *Service) noteFlowCall(hotel id.Tenant, call FlowCall) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.flows) >= maxSeen {
		clear(s.flows)
	}
	s.flows[hotel] = call
}
