package desk

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// ErrUnit is returned for a unit that the hotel does not have.
var ErrUnit = fault.New(fault.Invalid, "unit_unknown", "The hotel has no unit of this name. Use one of its settings.")

// Changes is what can be changed about a conversation at once. Nil fields stay.
type Changes struct {
	State       *conversation.State
	Priority    *conversation.Priority
	AssignedTo  *id.User
	Tags        *[]uuid.UUID
	Unit        *string // in any spelling; empty for none
	Opportunity *bool
	Metadata    *json.RawMessage // an object, or nil for none
}

// Change makes several changes in one transaction.
func (d *Desk) Change(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, changes Changes) (conversation.Card, error) {
	if changes.Unit != nil && *changes.Unit != "" {
		unit, err := d.unit(ctx, tenant, *changes.Unit)
		if err != nil {
			return conversation.Card{}, err
		}
		changes.Unit = &unit
	}
	return d.do(ctx, tenant, by, c, "UPDATE_CONVERSATION", changes.apply)
}

// unit returns a unit of the hotel as the hotel spells it.
func (d *Desk) unit(ctx context.Context, tenant id.Tenant, text string) (string, error) {
	hotel, err := d.directory.Hotel(ctx, tenant)
	if err != nil {
		return "", err
	}
	unit, known := hotel.Unit(text)
	if !known {
		return "", ErrUnit
	}
	return unit, nil
}

func (changes Changes) apply(ctx context.Context, tx *postgres.Tx, c *conversation.Card, now time.Time) error {
	if changes.AssignedTo != nil {
		if err := assign(*changes.AssignedTo)(ctx, tx, c, now); err != nil {
			return err
		}
	}
	if changes.State != nil {
		if err := moveTo(*changes.State)(ctx, tx, c, now); err != nil {
			return err
		}
	}
	if changes.Priority != nil {
		c.Priority = *changes.Priority
	}
	if changes.Unit != nil {
		c.Unit = *changes.Unit
	}
	if changes.Opportunity != nil {
		c.Conversation = c.MarkOpportunity(*changes.Opportunity, now)
	}
	if changes.Metadata != nil {
		c.Metadata = keepingReservation(c.Metadata, *changes.Metadata)
	}
	if changes.Tags == nil {
		return nil
	}
	return retag(ctx, tx, c, *changes.Tags)
}

func retag(ctx context.Context, tx *postgres.Tx, c *conversation.Card, tags []uuid.UUID) error {
	if err := tx.SetTags(ctx, c.ID, tags); err != nil {
		return err
	}
	return readTags(ctx, tx, c)
}
