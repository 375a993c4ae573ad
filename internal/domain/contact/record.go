package contact

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// Record is a guest as lists show them: with what came of them.
type Record struct {
	Contact
	Conversations int
	Last          *LastConversation // nil for a guest without any
}

// LastConversation is the conversation in which somebody last wrote.
type LastConversation struct {
	ID            id.Conversation
	State         string
	LastMessageAt time.Time
}

// Talk is a conversation in the list of a guest's.
type Talk struct {
	ID            id.Conversation
	State         string
	IsOpportunity bool
	LastMessageAt time.Time
	CreatedAt     time.Time
	AssignedTo    id.User
	AssigneeName  string
	Messages      int
}

// Totals is how many guests a hotel knows, and how many of them it has talked to.
type Totals struct{ All, WithConversations int }

// Order is a way to sort guests. Those without a value come last.
type Order string

// The orders, named as the contract names them.
const (
	ByCreation  Order = "createdAt"
	ByUpdate    Order = "updatedAt"
	ByName      Order = "name"
	ByNumber    Order = "phoneNumber"
	ByFirstName Order = "firstName"
	ByLastName  Order = "lastName"
	ByCompany   Order = "companyName"
)
