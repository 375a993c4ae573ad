package httpapi

import (
	"context"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

// ContactSearch is what a list or an export of guests is asked for. It is exported
// because huma passes over embedded fields that are not.
type ContactSearch struct {
	Search string `query:"search" maxLength:"200" doc:"Beginnings of words of the names, company or e-mail, or any part of the phone number"`
}

type listContactsInput struct {
	ContactSearch
	SortBy    string `query:"sortBy" enum:"name,createdAt,updatedAt,phoneNumber,firstName,lastName,companyName" default:"createdAt"`
	SortOrder string `query:"sortOrder" enum:"asc,desc" default:"desc"`
	Page      int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit     int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *server) listContacts(ctx context.Context, c caller, in *listContactsInput) (*reply[list[wire.ContactRow]], error) {
	records, total, err := s.deps.DB.Contacts(ctx, c.tenant, postgres.ContactFilter{
		Search: contact.SearchFor(in.Search), Order: contact.Order(in.SortBy), Rising: in.SortOrder == "asc",
		Limit: in.Limit, Offset: (in.Page - 1) * in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := list[wire.ContactRow]{Data: make([]wire.ContactRow, 0, len(records)), Pagination: paginate(in.Page, in.Limit, total)}
	for _, r := range records {
		out.Data = append(out.Data, wire.ContactRowOf(c.tenant, r))
	}
	return answer(out), nil
}

type recentContact struct {
	wire.Contact
	Count wire.ContactCount `json:"_count"`
}

type contactStats struct {
	Total                int             `json:"total"`
	WithConversations    int             `json:"withConversations"`
	WithoutConversations int             `json:"withoutConversations"`
	RecentContacts       []recentContact `json:"recentContacts" nullable:"false"`
	LastUpdated          wire.Time       `json:"lastUpdated"`
}

func (s *server) countContacts(ctx context.Context, c caller, _ *struct{}) (*reply[contactStats], error) {
	totals, err := s.deps.DB.ContactTotals(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	recent, _, err := s.deps.DB.Contacts(ctx, c.tenant, postgres.ContactFilter{Limit: 5})
	if err != nil {
		return nil, err
	}
	out := contactStats{
		Total: totals.All, WithConversations: totals.WithConversations, WithoutConversations: totals.All - totals.WithConversations,
		RecentContacts: make([]recentContact, 0, len(recent)), LastUpdated: wire.At(s.deps.Clock.Now()),
	}
	for _, r := range recent {
		out.RecentContacts = append(out.RecentContacts, recentContact{wire.ContactOf(r.Contact), wire.ContactCount{Conversations: r.Conversations}})
	}
	return answer(out), nil
}

// ContactPath names a guest in the path.
type ContactPath struct {
	ID string `path:"id"`
}

// id returns the guest's id. Text that is none names nothing: 404.
func (p ContactPath) id() (id.Contact, error) {
	guest, err := id.ParseContact(p.ID)
	if err != nil {
		return guest, contact.ErrNotFound
	}
	return guest, nil
}

func (s *server) getContact(ctx context.Context, c caller, in *ContactPath) (*reply[wire.ContactDetail], error) {
	guest, err := in.id()
	if err != nil {
		return nil, err
	}
	return s.contactDetail(ctx, c, guest)
}

// contactDetail answers with a guest as it is now.
func (s *server) contactDetail(ctx context.Context, c caller, guest id.Contact) (*reply[wire.ContactDetail], error) {
	r, err := s.deps.DB.Contact(ctx, c.tenant, guest)
	if err != nil {
		return nil, err
	}
	return answer(wire.ContactDetailOf(c.tenant, r)), nil
}

type contactByPhoneInput struct {
	PhoneNumber string `path:"phoneNumber" doc:"With country and area code; punctuation and the ninth digit do not matter"`
}

func (s *server) contactByPhone(ctx context.Context, c caller, in *contactByPhoneInput) (*reply[wire.ContactDetail], error) {
	phone, err := contact.NumberOf(in.PhoneNumber)
	if err != nil {
		return nil, contact.ErrNotFound
	}
	r, err := s.deps.DB.ContactByPhone(ctx, c.tenant, phone)
	if err != nil {
		return nil, err
	}
	return answer(wire.ContactDetailOf(c.tenant, r)), nil
}

type contactTalksInput struct {
	ContactPath
	Page  int `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *server) listContactConversations(ctx context.Context, c caller, in *contactTalksInput) (*reply[list[wire.Talk]], error) {
	guest, err := in.id()
	if err != nil {
		return nil, err
	}
	if _, err := s.deps.DB.Contact(ctx, c.tenant, guest); err != nil {
		return nil, err
	}
	talks, total, err := s.deps.DB.ContactTalks(ctx, c.tenant, guest, c.User.Scope(), in.Limit, (in.Page-1)*in.Limit)
	if err != nil {
		return nil, err
	}
	out := list[wire.Talk]{Data: make([]wire.Talk, 0, len(talks)), Pagination: paginate(in.Page, in.Limit, total)}
	for _, t := range talks {
		out.Data = append(out.Data, wire.TalkOf(t))
	}
	return answer(out), nil
}

// clearable is a field of a change that null clears.
type clearable struct{ text *string }

// UnmarshalJSON implements json.Unmarshaler.
func (f *clearable) UnmarshalJSON(data []byte) error {
	f.text = new(string)
	return json.Unmarshal(data, f.text) // null leaves it empty
}

// Schema implements huma.SchemaProvider.
func (clearable) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Nullable: true}
}

// notes is a JSON object that is kept as it was sent; null clears it.
type notes struct{ text *string }

// UnmarshalJSON implements json.Unmarshaler. What PostgreSQL would not keep, halves of
// characters and numbers beyond all measure, does not get there.
func (f *notes) UnmarshalJSON(data []byte) error {
	f.text = new(string)
	var checked map[string]any
	if err := json.Unmarshal(data, &checked); err != nil || checked == nil {
		return err
	}
	text, err := json.Marshal(checked)
	*f.text = string(text)
	return err
}

// Schema implements huma.SchemaProvider.
func (notes) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Nullable: true, AdditionalProperties: true}
}

// ContactNotes is what people may write about a guest.
type ContactNotes struct {
	Name              *string   `json:"name,omitempty" minLength:"1" maxLength:"100" nullable:"false"`
	FirstName         clearable `json:"firstName,omitempty" maxLength:"100"`
	LastName          clearable `json:"lastName,omitempty" maxLength:"100"`
	CompanyName       clearable `json:"companyName,omitempty" maxLength:"200"`
	Designation       clearable `json:"designation,omitempty" maxLength:"100"`
	Email             *string   `json:"email,omitempty" maxLength:"254" nullable:"false" doc:"Empty to clear it"`
	ProfilePictureURL clearable `json:"profilePictureUrl,omitempty" maxLength:"2000"`
	Metadata          notes     `json:"metadata,omitempty" doc:"At most 10,000 characters"`
}

func (n ContactNotes) changes() contact.Changes {
	return contact.Changes{
		Name: n.Name, FirstName: n.FirstName.text, LastName: n.LastName.text, CompanyName: n.CompanyName.text,
		Designation: n.Designation.text, Email: n.Email, AvatarURL: n.ProfilePictureURL.text, Metadata: n.Metadata.text,
	}
}

type addContactInput struct {
	Body struct {
		PhoneNumber string `json:"phoneNumber" maxLength:"40" doc:"With country and area code; punctuation does not matter"`
		ContactNotes
	}
}

func (s *server) addContact(ctx context.Context, c caller, in *addContactInput) (*reply[wire.ContactDetail], error) {
	guest, err := s.deps.Guests.Add(ctx, c.tenant, c.User, in.Body.PhoneNumber, in.Body.changes())
	if err != nil {
		return nil, err
	}
	return s.contactDetail(ctx, c, guest.ID)
}

type changeContactInput struct {
	ContactPath
	Body ContactNotes
}

func (s *server) changeContact(ctx context.Context, c caller, in *changeContactInput) (*reply[wire.ContactDetail], error) {
	guest, err := in.id()
	if err != nil {
		return nil, err
	}
	changes := in.Body.changes()
	if changes.IsEmpty() {
		return nil, wrongField("", "Send at least one field to change. The phone number cannot be changed.")
	}
	if _, err := s.deps.Guests.Change(ctx, c.tenant, c.User, guest, changes); err != nil {
		return nil, err
	}
	return s.contactDetail(ctx, c, guest)
}

func (s *server) deleteContact(ctx context.Context, c caller, in *ContactPath) (*struct{}, error) {
	guest, err := in.id()
	if err != nil {
		return nil, err
	}
	return nil, s.deps.Guests.Remove(ctx, c.tenant, c.User, guest)
}
