package wire

import "github.com/botreserva/botreserva/internal/domain/quickreply"

// QuickReply is a stored text that people insert while they write.
type QuickReply struct {
	ID        string  `json:"id"`
	Title     string  `json:"title"`
	Shortcut  string  `json:"shortcut"`
	Content   string  `json:"content"`
	Category  *string `json:"category"`
	Order     int     `json:"order"`
	IsActive  bool    `json:"isActive"`
	CreatedAt Time    `json:"createdAt"`
	UpdatedAt Time    `json:"updatedAt"`
	CreatedBy *Named  `json:"createdBy"`
}

// Named is somebody or something by id and name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// QuickReplyOf writes a stored text.
func QuickReplyOf(r quickreply.Reply) QuickReply {
	out := QuickReply{
		ID: r.ID.String(), Title: r.Title, Shortcut: r.Shortcut, Content: r.Content, Category: orNull(r.Category), Order: r.Order,
		IsActive: r.IsActive, CreatedAt: At(r.CreatedAt), UpdatedAt: At(r.UpdatedAt),
	}
	if !r.Author.ID.IsZero() {
		out.CreatedBy = &Named{r.Author.ID.String(), r.Author.Name}
	}
	return out
}
