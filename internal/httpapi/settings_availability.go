package httpapi

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/availability"
	"github.com/botreserva/botreserva/internal/domain/stay"
)

// availabilityConfig says where a hotel's free rooms are known.
type availabilityConfig struct {
	Kind      string `json:"kind" enum:"none,table,http" doc:"table: the hotel's own tariffs; http: an address of the hotel's"`
	URL       string `json:"url" doc:"Asked as GET with the parameters of check-availability; answers as that does"`
	HasSecret bool   `json:"hasSecret"`
	CompanyID string `json:"companyId" doc:"What the hotel is called there; the slug without one"`
}

func (s *server) getAvailability(ctx context.Context, c caller, _ *struct{}) (*reply[availabilityConfig], error) {
	settings, err := s.deps.Availability.Settings(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	return answer(availabilityConfig(settings)), nil
}

type setAvailabilityInput struct {
	Body struct {
		Kind      *string `json:"kind,omitempty" enum:"none,table,http"`
		URL       *string `json:"url,omitempty" maxLength:"2048"`
		Secret    *string `json:"secret,omitempty" maxLength:"1000" doc:"Sent as Authorization: Bearer; never shown again; empty: none"`
		CompanyID *string `json:"companyId,omitempty" maxLength:"100"`
	}
}

func (s *server) setAvailability(ctx context.Context, c caller, in *setAvailabilityInput) (*reply[availabilityConfig], error) {
	if err := s.deps.Availability.Configure(ctx, c.tenant, c.User, availability.Change(in.Body)); err != nil {
		return nil, err
	}
	return s.getAvailability(ctx, c, nil)
}

// tariff is a line of the hotel's table.
type tariff struct {
	Unit          string   `json:"unit" doc:"One of the hotel's units, in any spelling"`
	Room          string   `json:"room"`
	From          string   `json:"from" doc:"The first night, 2026-12-31 or 31/12/2026"`
	Until         string   `json:"until" doc:"The last night"`
	Price         money    `json:"price" doc:"Of a night"`
	OriginalPrice *money   `json:"originalPrice,omitempty" doc:"Before a discount"`
	Vacancies     *int     `json:"vacancies,omitempty" doc:"How many are free; 0: closed; 1 without one"`
	MaxAdults     *int     `json:"maxAdults,omitempty"`
	MaxChildren   *int     `json:"maxChildren,omitempty"`
	Description   string   `json:"description,omitempty"`
	Amenities     []string `json:"amenities,omitempty"`
	ImageURL      string   `json:"imageUrl,omitempty"`
}

type tariffTable struct {
	Tariffs []tariff `json:"tariffs" nullable:"false" doc:"Of the lines for a night the last one counts"`
}

func (s *server) listTariffs(ctx context.Context, c caller, _ *struct{}) (*reply[tariffTable], error) {
	tariffs, err := s.deps.Availability.Tariffs(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	out := tariffTable{Tariffs: make([]tariff, 0, len(tariffs))}
	for _, t := range tariffs {
		line := tariff{
			Unit: t.Unit, Room: t.Room, From: t.From.Format(time.DateOnly), Until: t.Until.Format(time.DateOnly), Price: money(t.Price), Vacancies: &t.Vacancies,
			MaxAdults: t.MaxAdults, MaxChildren: t.MaxChildren, Description: t.Description, Amenities: t.Amenities, ImageURL: t.ImageURL,
		}
		if t.Original > 0 {
			line.OriginalPrice = (*money)(&t.Original)
		}
		out.Tariffs = append(out.Tariffs, line)
	}
	return answer(out), nil
}

type replaceTariffsInput struct {
	Body struct {
		Tariffs []tariff `json:"tariffs,omitempty" doc:"The whole table"`
		CSV     string   `json:"csv,omitempty" doc:"The whole table as CSV with the columns unidade, quarto, de, ate, diaria, and if need be diaria_cheia, vagas, adultos, criancas, descricao, comodidades, imagem"`
	}
}

// replaceTariffs puts a table in the place of the one before, which is all gone then.
func (s *server) replaceTariffs(ctx context.Context, c caller, in *replaceTariffsInput) (*reply[tariffTable], error) {
	var tariffs []stay.Tariff
	switch {
	case in.Body.CSV != "" && in.Body.Tariffs != nil:
		return nil, wrongField("csv", "Send either csv or tariffs.")
	case in.Body.CSV != "":
		var err error
		if tariffs, err = availability.ReadSheet([]byte(in.Body.CSV)); err != nil {
			return nil, err
		}
	case in.Body.Tariffs == nil:
		return nil, missing("tariffs", "Send the table as tariffs or csv; an empty list removes it.")
	}
	for _, t := range in.Body.Tariffs {
		tariffs = append(tariffs, t.tariff())
	}
	if err := s.deps.Availability.ReplaceTariffs(ctx, c.tenant, c.User, tariffs); err != nil {
		return nil, err
	}
	return s.listTariffs(ctx, c, nil)
}

func (t tariff) tariff() stay.Tariff {
	out := stay.Tariff{
		Unit: t.Unit, Room: t.Room, From: stay.ParseDate(t.From), Until: stay.ParseDate(t.Until), Price: stay.Cents(t.Price), Vacancies: 1,
		MaxAdults: t.MaxAdults, MaxChildren: t.MaxChildren, Description: t.Description, Amenities: t.Amenities, ImageURL: t.ImageURL,
	}
	if t.OriginalPrice != nil {
		out.Original = stay.Cents(*t.OriginalPrice)
	}
	if t.Vacancies != nil {
		out.Vacancies = *t.Vacancies
	}
	return out
}
