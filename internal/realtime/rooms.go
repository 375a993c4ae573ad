package realtime

import (
	"errors"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
)

// Rooms are keyed by ids of ours, never by what a client says. They mirror
// user.Scope: whoever may see a conversation is in one of the rooms that roomsFor
// names for it.

func tenantRoom(t id.Tenant) string             { return "tenant:" + t.String() }
func everythingRoom(t id.Tenant) string         { return tenantRoom(t) + ":admins" }
func managersRoom(t id.Tenant) string           { return tenantRoom(t) + ":managers" }
func opportunitiesRoom(t id.Tenant) string      { return tenantRoom(t) + ":opportunities" }
func unitRoom(t id.Tenant, unit string) string  { return tenantRoom(t) + ":unit:" + unit }
func userRoom(u id.User) string                 { return "user:" + u.String() }
func conversationRoom(c id.Conversation) string { return "conversation:" + c.String() }

// roomsOf lists the rooms of a newcomer.
func roomsOf(l *listener) []string {
	rooms := []string{userRoom(l.User.ID)}
	if l.tenant.IsZero() {
		return rooms
	}
	rooms = append(rooms, tenantRoom(l.tenant))
	if l.User.Role == user.TenantAdmin || l.User.Role == user.SuperAdmin {
		rooms = append(rooms, managersRoom(l.tenant))
	}
	scope := l.User.Scope()
	if scope.All {
		rooms = append(rooms, everythingRoom(l.tenant))
	}
	if scope.Opportunities {
		rooms = append(rooms, opportunitiesRoom(l.tenant))
	}
	if scope.Unit != "" {
		rooms = append(rooms, unitRoom(l.tenant, scope.Unit))
	}
	return rooms
}

// roomsFor lists the rooms whose people may see a conversation.
func roomsFor(t id.Tenant, c conversation.Conversation) []string {
	rooms := []string{everythingRoom(t)}
	if c.Unit != "" {
		rooms = append(rooms, unitRoom(t, c.Unit))
	}
	if !c.AssignedTo.IsZero() {
		rooms = append(rooms, userRoom(c.AssignedTo))
	}
	if c.IsOpportunity {
		rooms = append(rooms, opportunitiesRoom(t))
	}
	return rooms
}

// isRefusal reports whether an error says that a user may not be here, and not only
// that it could not be found out.
func isRefusal(err error) bool {
	return errors.Is(err, auth.ErrToken) || errors.Is(err, tenant.ErrSuspended) || errors.Is(err, tenant.ErrTrialEnded)
}
