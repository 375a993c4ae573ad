package conversation

import "github.com/botreserva/botreserva/internal/domain/user"

// VisibleTo reports whether a user with the given scope may see the conversation.
func (c Conversation) VisibleTo(s user.Scope) bool {
	return s.All ||
		s.Opportunities && c.IsOpportunity ||
		s.Unit != "" && s.Unit == c.Unit ||
		!s.AssignedTo.IsZero() && s.AssignedTo == c.AssignedTo
}
