package conversation

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Card is a conversation as lists, boards and events show it.
type Card struct {
	Conversation
	Contact  contact.Contact
	Assignee *Assignee // nil while nobody has it
	Tags     []Tag
	// HandBackAfter is how long nobody may say anything before the bot has the guest again; 0:
	// as long as it takes.
	HandBackAfter time.Duration
}

// Assignee is the person who has a conversation.
type Assignee struct {
	ID    id.User
	Name  string
	Email string
}
