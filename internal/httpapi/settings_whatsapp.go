package httpapi

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/wire"
)

// whatsappConfig is how a hotel's WhatsApp is set up. The verify token is shown because
// it is typed into Meta; token and app secret are not.
type whatsappConfig struct {
	WhatsappPhoneNumberID      *string       `json:"whatsappPhoneNumberId"`
	WhatsappBusinessAccountID  *string       `json:"whatsappBusinessAccountId"`
	WhatsappWebhookVerifyToken *string       `json:"whatsappWebhookVerifyToken"`
	WebhookURL                 string        `json:"webhookUrl" doc:"What Meta's webhook settings ask for"`
	IsConnected                bool          `json:"isConnected"`
	PhoneNumber                *string       `json:"phoneNumber" doc:"As people write it"`
	HasAccessToken             bool          `json:"hasAccessToken"`
	HasAppSecret               bool          `json:"hasAppSecret"`
	Numbers                    []wire.Number `json:"numbers" nullable:"false"`
}

func (s *server) getWhatsAppConfig(ctx context.Context, c caller, _ *struct{}) (*reply[whatsappConfig], error) {
	h, err := s.hotelOf(ctx, c)
	if err != nil {
		return nil, err
	}
	return answer(s.whatsAppConfigOf(h)), nil
}

func (s *server) whatsAppConfigOf(h *directory.Hotel) whatsappConfig {
	out := whatsappConfig{
		WhatsappWebhookVerifyToken: textOrNull(h.VerifyToken), WebhookURL: s.deps.WebhookURL(h.Slug), IsConnected: connected(h),
		HasAppSecret: h.AppSecret != "", Numbers: make([]wire.Number, 0, len(h.Lines)),
	}
	for _, l := range h.Lines {
		out.Numbers = append(out.Numbers, wire.NumberOf(l.Number, l.AccessToken != ""))
	}
	if len(out.Numbers) > 0 {
		first := out.Numbers[0]
		out.WhatsappPhoneNumberID, out.WhatsappBusinessAccountID = &first.PhoneNumberID, first.BusinessAccountID
		out.PhoneNumber, out.HasAccessToken = first.PhoneNumber, first.HasAccessToken
	}
	return out
}

type setWhatsAppConfigInput struct {
	Body struct {
		WhatsappPhoneNumberID      string  `json:"whatsappPhoneNumberId" minLength:"1" maxLength:"64"`
		WhatsappAccessToken        *string `json:"whatsappAccessToken,omitempty" maxLength:"2000" doc:"May be left out for a number that has one"`
		WhatsappBusinessAccountID  *string `json:"whatsappBusinessAccountId,omitempty" maxLength:"64"`
		WhatsappAppSecret          *string `json:"whatsappAppSecret,omitempty" maxLength:"500"`
		WhatsappWebhookVerifyToken *string `json:"whatsappWebhookVerifyToken,omitempty" maxLength:"200"`
		PhoneNumber                *string `json:"phoneNumber,omitempty" maxLength:"40"`
	}
}

// setWhatsAppConfig sets up a hotel's first or only number. Fields that a form left empty
// stay as they are: secrets are not shown in it.
func (s *server) setWhatsAppConfig(ctx context.Context, c caller, in *setWhatsAppConfigInput) (*reply[whatsappConfig], error) {
	b := in.Body
	_, err := s.deps.Provision.Change(ctx, c.User.ID.String(), c.tenant, provision.Change{
		PhoneNumberID: &b.WhatsappPhoneNumberID, AccessToken: filled(b.WhatsappAccessToken), WABAID: filled(b.WhatsappBusinessAccountID),
		AppSecret: filled(b.WhatsappAppSecret), VerifyToken: filled(b.WhatsappWebhookVerifyToken), Display: filled(b.PhoneNumber),
		ReplaceNumber: true,
	})
	if err != nil {
		return nil, err
	}
	return s.getWhatsAppConfig(ctx, c, nil)
}

func filled(text *string) *string {
	if text == nil || *text == "" {
		return nil
	}
	return text
}

type whatsappCheck struct {
	OK    bool        `json:"ok"`
	Items []checkItem `json:"items" nullable:"false"`
}

type checkItem struct {
	Item          string `json:"item" enum:"number,token,subscription,webhook,appSecret,verifyToken"`
	PhoneNumberID string `json:"phoneNumberId,omitempty"`
	OK            bool   `json:"ok"`
	Reason        string `json:"reason,omitempty" enum:"token_expired,token_expires,permission_missing,wrong_account,app_not_subscribed,number_unknown,unreachable" doc:"Why not, if it is one of the usual reasons"`
	Message       string `json:"message"`
	Fix           string `json:"fix,omitempty"`
}

// checkTime is how long somebody waits for a check, however slow Meta is.
const checkTime = 25 * time.Second

func (s *server) checkWhatsApp(ctx context.Context, c caller, _ *struct{}) (*reply[whatsappCheck], error) {
	h, err := s.hotelOf(ctx, c)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	out := whatsappCheck{OK: true, Items: []checkItem{}}
	for _, f := range s.deps.Checker.Check(ctx, h) {
		out.OK = out.OK && f.OK
		out.Items = append(out.Items, checkItem{f.Item, f.Number, f.OK, f.Reason, f.Message, f.Fix})
	}
	return answer(out), nil
}

type numberList struct {
	Data []wire.Number `json:"data" nullable:"false"`
}

func numbersOf(rows []postgres.NumberRow) []wire.Number {
	out := make([]wire.Number, 0, len(rows))
	for _, n := range rows {
		out = append(out, wire.NumberOf(n.Number, n.AccessToken != ""))
	}
	return out
}

func (s *server) listNumbers(ctx context.Context, c caller, _ *struct{}) (*reply[numberList], error) {
	rows, err := s.deps.DB.Numbers(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	return answer(numberList{numbersOf(rows)}), nil
}

type addNumberInput struct {
	Body struct {
		PhoneNumberID     string  `json:"phoneNumberId" minLength:"1" maxLength:"64"`
		AccessToken       string  `json:"accessToken" minLength:"1" maxLength:"2000"`
		BusinessAccountID *string `json:"businessAccountId,omitempty" maxLength:"64"`
		PhoneNumber       *string `json:"phoneNumber,omitempty" maxLength:"40" doc:"As people write it"`
	}
}

func (s *server) addNumber(ctx context.Context, c caller, in *addNumberInput) (*reply[wire.Number], error) {
	b := in.Body
	n, err := s.deps.Provision.AddNumber(ctx, c.User.ID.String(), c.tenant, provision.Change{
		PhoneNumberID: &b.PhoneNumberID, AccessToken: &b.AccessToken, WABAID: b.BusinessAccountID, Display: b.PhoneNumber,
	})
	if err != nil {
		return nil, err
	}
	return answer(wire.NumberOf(n, true)), nil
}

type numberPath struct {
	ID string `path:"id"`
}

func (s *server) removeNumber(ctx context.Context, c caller, in *numberPath) (*struct{}, error) {
	number, err := id.ParseNumber(in.ID)
	if err != nil {
		return nil, provision.ErrNoNumber
	}
	return nil, s.deps.Provision.RemoveNumber(ctx, c.User.ID.String(), c.tenant, number)
}
