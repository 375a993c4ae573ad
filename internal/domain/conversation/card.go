package conversation

import (
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Card is a conversation as lists, boards and events show it.
type Card struct {
	Conversation
	Contact  contact.Contact
	Assignee *Assignee // nil while nobody has it
	Tags     []Tag
}

// Assignee is the person who has a conversation.
type Assignee struct {
	ID    id.User
	Name  string
	Email string
}
