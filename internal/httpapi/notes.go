package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/wire"
)

type noteInput struct {
	ConversationPath
	Body struct {
		Text     string   `json:"text" minLength:"1" maxLength:"2000" doc:"What colleagues read; the guest never does"`
		Mentions []string `json:"mentions,omitempty" maxItems:"20" doc:"Ids of colleagues whom the note calls"`
		ClientID string   `json:"clientId,omitempty" maxLength:"200" doc:"The same id sent twice is one note"`
	}
}

// leaveNote answers with the note as it stands in the conversation: a message of type NOTICE.
func (s *server) leaveNote(ctx context.Context, c caller, in *noteInput) (*reply[wire.Message], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	note := desk.Note{Text: in.Body.Text, ClientID: in.Body.ClientID}
	for _, text := range in.Body.Mentions {
		colleague, err := id.ParseUser(text)
		if err != nil {
			return nil, wrongField("mentions", "Every entry must be the id of a colleague.")
		}
		note.Mentions = append(note.Mentions, colleague)
	}
	m, err := s.deps.Desk.Note(ctx, c.tenant, c.User, conversationID, note)
	if err != nil {
		return nil, err
	}
	return answer(wire.MessageOf(c.tenant, m, s.deps.Links.Of)), nil
}
