package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/desk"
)

// clientErrorInput is liberal: a report that is refused because it is long is of no use.
type clientErrorInput struct {
	Body struct {
		Message        string `json:"message" minLength:"1" maxLength:"100000" doc:"Kept up to 2000 characters"`
		Stack          string `json:"stack,omitempty" maxLength:"1000000" doc:"Kept up to 5000 characters"`
		ComponentStack string `json:"componentStack,omitempty" maxLength:"1000000" doc:"Kept up to 5000 characters"`
		URL            string `json:"url,omitempty" maxLength:"100000" doc:"Kept up to 500 characters, without what follows a question mark"`
		UserAgent      string `json:"userAgent,omitempty" maxLength:"100000" doc:"Kept up to 500 characters"`
	}
}

type taken struct {
	OK bool `json:"ok"`
}

func (s *server) reportClientError(ctx context.Context, c caller, in *clientErrorInput) (*reply[taken], error) {
	b := in.Body
	err := s.deps.Desk.ReportClientError(ctx, c.tenant, c.User, desk.ClientError{
		Message: b.Message, Stack: b.Stack, ComponentStack: b.ComponentStack, URL: b.URL, UserAgent: b.UserAgent,
	})
	if err != nil {
		return nil, err
	}
	return answer(taken{true}), nil
}
