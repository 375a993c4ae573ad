package outbox

import (
	"context"
	"errors"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/postgres"
)

// ApprovedTemplate is one that may be sent outside the 24-hour window.
type ApprovedTemplate struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	Category string `json:"category,omitempty"`
}

// WindowClosedError is conversation.ErrWindowClosed with what may be sent instead.
type WindowClosedError struct{ Templates []ApprovedTemplate }

// Error implements error.
func (*WindowClosedError) Error() string { return conversation.ErrWindowClosed.Error() }

// Unwrap returns conversation.ErrWindowClosed.
func (*WindowClosedError) Unwrap() error { return conversation.ErrWindowClosed }

// withTemplates adds to the refusal of a closed window the templates that Meta approved.
func (s *Sender) withTemplates(ctx context.Context, tenantID id.Tenant, err error) error {
	if !errors.Is(err, conversation.ErrWindowClosed) {
		return err
	}
	templates, lookErr := s.instead(ctx, tenantID)
	if lookErr != nil {
		return err // the refusal is worth more than the list
	}
	return &WindowClosedError{templates}
}

// instead lists templates of a hotel that Meta approved.
func (s *Sender) instead(ctx context.Context, tenantID id.Tenant) ([]ApprovedTemplate, error) {
	all, _, err := s.db.Templates(ctx, tenantID, postgres.TemplateFilter{Status: template.Approved}, suggested, 0)
	var out []ApprovedTemplate
	for _, t := range all {
		out = append(out, ApprovedTemplate{t.Name, t.Language, t.Category})
	}
	return out, err
}
