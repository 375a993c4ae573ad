package inbox

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// replayable returns the items of a hotel's stored webhook call, under the rules by which
// judge and ofAccount let them in.
func (r *Receiver) replayable(ctx context.Context, tenantID id.Tenant, row postgres.DeliveryRow) ([]lane.New, error) {
	numbers, err := r.db.Numbers(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	split, err := whatsapp.Split(row.Body)
	if err != nil {
		return nil, ErrNothingToReplay
	}
	var items []lane.New
	if row.PhoneNumberID == "" {
		items, err = itemsOfAccount(split.Parts, numbers)
	} else {
		items, err = itemsOfNumber(row, split.Parts, numbers)
	}
	if err == nil && len(items) == 0 {
		return nil, ErrNothingToReplay
	}
	return items, err
}

// itemsOfNumber returns what is about the number of a webhook call.
func itemsOfNumber(row postgres.DeliveryRow, parts []whatsapp.Part, numbers []postgres.NumberRow) ([]lane.New, error) {
	line, known := lineOf(row.PhoneNumberID, numbers)
	if !known {
		return nil, ErrNobodysNumber
	}
	var items []lane.New
	for _, p := range parts {
		if p.PhoneNumberID != line.PhoneNumberID {
			continue
		}
		if line.WABAID != "" && p.WABAID != "" && line.WABAID != p.WABAID {
			return nil, ErrOtherAccount
		}
		items = append(items, queued(p, line.ID)...)
	}
	return items, nil
}

// itemsOfAccount returns news that name no number, of accounts in which the hotel has one.
func itemsOfAccount(parts []whatsapp.Part, numbers []postgres.NumberRow) ([]lane.New, error) {
	var items []lane.New
	for _, p := range parts {
		if p.PhoneNumberID != "" {
			continue
		}
		if !hasAccount(p.WABAID, numbers) {
			return nil, ErrOtherAccount
		}
		items = append(items, queued(p, id.Number{})...)
	}
	return items, nil
}

func lineOf(phoneNumberID string, numbers []postgres.NumberRow) (tenant.Number, bool) {
	for _, n := range numbers {
		if n.PhoneNumberID == phoneNumberID {
			return n.Number, true
		}
	}
	return tenant.Number{}, false
}

func hasAccount(wabaID string, numbers []postgres.NumberRow) bool {
	for _, n := range numbers {
		if wabaID != "" && n.WABAID == wabaID {
			return true
		}
	}
	return false
}
