package wire

import "github.com/botreserva/botreserva/internal/domain/conversation"

// Ball says who has the ball in a conversation.
type Ball struct {
	State       conversation.Holder `json:"state" enum:"BOT,HUMAN,WAITING" doc:"BOT: the flow answers. WAITING: the bot is silent and nobody has taken it yet. HUMAN: a person has"`
	Version     int64               `json:"version" doc:"Grows whenever the ball is passed"`
	Since       Time                `json:"since"`
	HandsBackAt *Time               `json:"handsBackAt" doc:"When the bot gets the guest back if nobody says anything; null: not by itself"`
}

// BallOf writes who has the ball.
func BallOf(c conversation.Card) Ball {
	return Ball{State: c.Holder(), Version: c.Ball.Version, Since: At(c.Ball.Since), HandsBackAt: atOrNull(c.HandsBackAt())}
}
