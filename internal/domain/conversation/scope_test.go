package conversation_test

import (
	"testing"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
)

func TestVisibleTo(t *testing.T) {
	t.Parallel()
	ana := id.NewUser()
	mine := conversation.Conversation{AssignedTo: ana, Unit: "Camburi"}
	unit := conversation.Conversation{Unit: "Ilhabela"}
	other := conversation.Conversation{Unit: "Camburi"}
	none := conversation.Conversation{}
	lead := conversation.Conversation{IsOpportunity: true, Unit: "Camburi"}
	cases := map[string]struct {
		who                          user.User
		mine, unit, other, none, opp bool
	}{
		"super admin":            {user.User{Role: user.SuperAdmin}, true, true, true, true, true},
		"tenant admin":           {user.User{Role: user.TenantAdmin}, true, true, true, true, true},
		"head of everything":     {user.User{Role: user.Head}, true, true, true, true, true},
		"head of a unit":         {user.User{ID: ana, Role: user.Head, Unit: "Ilhabela"}, true, true, false, false, false},
		"attendant":              {user.User{ID: ana, Role: user.Attendant, Unit: "Ilhabela"}, true, true, false, false, false},
		"attendant without unit": {user.User{ID: ana, Role: user.Attendant}, true, false, false, false, false},
		"sales":                  {user.User{ID: ana, Role: user.Sales}, true, false, false, false, true},
		"unknown role":           {user.User{ID: ana, Role: "GOD"}, false, false, false, false, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := c.who.Scope()
			got := []bool{mine.VisibleTo(s), unit.VisibleTo(s), other.VisibleTo(s), none.VisibleTo(s), lead.VisibleTo(s)}
			want := []bool{c.mine, c.unit, c.other, c.none, c.opp}
			for i := range got {
				if got[i] != want[i] {
					t.Fatalf("sees %v, want %v", got, want)
				}
			}
		})
	}
}
