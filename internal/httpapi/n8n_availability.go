package httpapi

import (
	"context"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/availability"
	"github.com/botreserva/botreserva/internal/domain/stay"
	"github.com/botreserva/botreserva/internal/wire"
)

// BotStay is a stay as a flow asks about it. Exported for huma.
type BotStay struct {
	Unidade      string `query:"unidade" doc:"One of the hotel's units, in any spelling"`
	Checkin      string `query:"checkin" doc:"31/12/2026"`
	Checkout     string `query:"checkout" doc:"31/12/2026"`
	Adults       string `query:"adults" doc:"1 or more"`
	Children     string `query:"children" doc:"How many children come"`
	ChildrenAges string `query:"childrenAges" doc:"5,8"`
}

// query reads a stay liberally. What is no number is -1, which is refused by its name.
func (b BotStay) query() stay.Query {
	number := func(text string, none int) int {
		if text = strings.TrimSpace(text); text == "" {
			return none
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return -1
		}
		return n
	}
	q := stay.Query{
		Unit: b.Unidade, In: stay.ParseDate(b.Checkin), Out: stay.ParseDate(b.Checkout), Adults: number(b.Adults, 0), Children: number(b.Children, 0),
	}
	for text := range strings.SplitSeq(b.ChildrenAges, ",") {
		if n := number(text, -1); n >= 0 && n < 18 && len(q.Ages) < 20 {
			q.Ages = append(q.Ages, n)
		}
	}
	if b.Children == "" {
		q.Children = len(q.Ages)
	}
	return q
}

// money is a sum in the hotel's currency, as a number with two decimals.
type money stay.Cents

// Schema implements huma.SchemaProvider.
func (money) Schema(huma.Registry) *huma.Schema {
	least := 0.0
	return &huma.Schema{Type: huma.TypeNumber, Minimum: &least}
}

// MarshalJSON implements json.Marshaler.
func (m money) MarshalJSON() ([]byte, error) { return stay.Cents(m).MarshalJSON() }

// UnmarshalJSON implements json.Unmarshaler. A sum that is too large is refused as any that
// is out of range.
func (m *money) UnmarshalJSON(data []byte) error {
	if (*stay.Cents)(m).UnmarshalJSON(data) != nil {
		*m = -1
	}
	return nil
}

// botOffer is a sort of room, free for the stay or not.
type botOffer struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	Description   string   `json:"description,omitempty"`
	Price         *money   `json:"price,omitempty" doc:"Of the whole stay"`
	OriginalPrice *money   `json:"originalPrice,omitempty" doc:"Before a discount"`
	Available     bool     `json:"available"`
	MaxAdults     *int     `json:"maxAdults,omitempty"`
	MaxChildren   *int     `json:"maxChildren,omitempty"`
	Amenities     []string `json:"amenities,omitempty"`
	ImageURL      string   `json:"imageUrl,omitempty"`
}

func offerOf(r stay.Room) botOffer {
	return botOffer{
		ID: r.ID, Name: r.Name, Description: r.Description, Price: (*money)(r.Price), OriginalPrice: (*money)(r.OriginalPrice), Available: r.Available,
		MaxAdults: r.MaxAdults, MaxChildren: r.MaxChildren, Amenities: r.Amenities, ImageURL: r.ImageURL,
	}
}

type botRooms struct {
	Success      bool       `json:"success"`
	CompanyID    string     `json:"companyId"`
	Unidade      string     `json:"unidade"`
	Checkin      string     `json:"checkin"`
	Checkout     string     `json:"checkout"`
	Adults       int        `json:"adults"`
	Children     int        `json:"children,omitempty"`
	ChildrenAges string     `json:"childrenAges,omitempty"`
	Rooms        []botOffer `json:"rooms" nullable:"false"`
	Reason       string     `json:"unavailabilityReason,omitempty" doc:"Why no room is free, for guests"`
	ScrapedAt    wire.Time  `json:"scrapedAt" doc:"When it was looked up; nothing is scraped"`
}

func (s *server) botRooms(ctx context.Context, c caller, in *BotStay) (*reply[botRooms], error) {
	found, err := s.deps.Availability.Search(ctx, c.tenant, in.query())
	if err != nil {
		return nil, err
	}
	out := botRooms{
		Success: true, CompanyID: found.CompanyID, Unidade: found.Query.Unit, Adults: found.Query.Adults, Children: found.Query.Children,
		Checkin: stay.Brazilian(found.Query.In), Checkout: stay.Brazilian(found.Query.Out), ChildrenAges: availability.Ages(found.Query.Ages),
		Rooms: make([]botOffer, 0, len(found.Rooms)), Reason: found.Reason, ScrapedAt: wire.At(found.At),
	}
	for _, r := range found.Rooms {
		out.Rooms = append(out.Rooms, offerOf(r))
	}
	return answer(out), nil
}

type botRoomInput struct {
	BotStay
	RoomName string `query:"roomName" doc:"The room's name or id, in any spelling"`
}

type botRoom struct {
	Available bool      `json:"available"`
	Room      *botOffer `json:"room,omitempty"`
	Error     string    `json:"error,omitempty" doc:"Why not, for guests"`
}

func (s *server) botRoom(ctx context.Context, c caller, in *botRoomInput) (*reply[botRoom], error) {
	if strings.TrimSpace(in.RoomName) == "" {
		return nil, missing("roomName", "Say which room: roomName is missing.")
	}
	found, err := s.deps.Availability.Search(ctx, c.tenant, in.query())
	if err != nil {
		return nil, err
	}
	room, known := stay.Named(found.Rooms, in.RoomName)
	if !known {
		return answer(botRoom{Error: "Quarto não encontrado."}), nil
	}
	offer := offerOf(room)
	out := botRoom{Available: room.Available, Room: &offer}
	if !room.Available {
		out.Error = "O quarto não está livre neste período."
	}
	return answer(out), nil
}
