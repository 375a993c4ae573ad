package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"time"
)

// MarkRead tells the guest that a message of theirs, and those before it, were read; with typing, also that an
// answer is being written, which shows until it comes or for 25 seconds. Meta takes it for messages of the last
// 30 days. Repeating it does no harm, so every *UnknownOutcomeError may be retried.
func (c *Client) MarkRead(ctx context.Context, who Credentials, wamid string, typing bool) error {
	type indicator struct {
		Type string `json:"type"`
	}
	body := struct {
		Product   string     `json:"messaging_product"`
		Status    string     `json:"status"`
		MessageID string     `json:"message_id"`
		Typing    *indicator `json:"typing_indicator,omitempty"`
	}{Product: "whatsapp", Status: "read", MessageID: wamid}
	if typing {
		body.Typing = &indicator{"text"}
	}
	var answer struct {
		Success bool `json:"success"`
	}
	if err := c.call(ctx, who, "/messages", body, &answer); err != nil {
		return err
	}
	if !answer.Success {
		return &UnknownOutcomeError{HTTPStatus: 200, Err: errors.New("answer does not say success")}
	}
	return nil
}

// NumberInfo is what Meta tells about a number. All values are open lists.
type NumberInfo struct {
	PhoneNumberID      string
	DisplayPhoneNumber string // formatted, for people
	VerifiedName       string
	NameState          string // APPROVED, DECLINED, PENDING_REVIEW …
	QualityRating      string // GREEN, YELLOW, RED, UNKNOWN
	Throughput         string // STANDARD, HIGH, NOT_APPLICABLE
	Status             string // CONNECTED is the working one
	Tier               string // TIER_250, TIER_2K … TIER_UNLIMITED
	Limit              *int   // what Tier means; news.Unlimited for any number; nil: not told
	InPhoneApp         bool   // used in the WhatsApp Business app, too: slower
}

// MessagesPerSecond is what the number may send and get together, 0 when Meta did not say
// (throughput page, 2026).
func (n NumberInfo) MessagesPerSecond() int {
	switch {
	case n.InPhoneApp:
		return 20
	case n.Throughput == "HIGH":
		return 1000
	case n.Throughput == "STANDARD":
		return DefaultThroughput
	}
	return 0
}

type wireNumberInfo struct {
	ID                 loose `json:"id"`
	DisplayPhoneNumber loose `json:"display_phone_number"`
	VerifiedName       loose `json:"verified_name"`
	NameStatus         loose `json:"name_status"`
	QualityRating      loose `json:"quality_rating"`
	Status             loose `json:"status"`
	InPhoneApp         bool  `json:"is_on_biz_app"`
	Throughput         struct {
		Level loose `json:"level"`
	} `json:"throughput"`
	Limit json.RawMessage `json:"whatsapp_business_manager_messaging_limit"`
}

func (w wireNumberInfo) info() NumberInfo {
	var limit loose
	if len(w.Limit) > 0 {
		_ = limit.UnmarshalJSON(w.Limit)
	}
	return NumberInfo{
		PhoneNumberID: string(w.ID), DisplayPhoneNumber: cleanLabel(string(w.DisplayPhoneNumber)), VerifiedName: cleanLabel(string(w.VerifiedName)),
		NameState: upper(w.NameStatus), QualityRating: upper(w.QualityRating), Throughput: upper(w.Throughput.Level), Status: upper(w.Status),
		Tier: upper(limit), Limit: tier(w.Limit), InPhoneApp: w.InPhoneApp,
	}
}

const (
	basicFields = "?fields=display_phone_number,verified_name,quality_rating,throughput"
	allFields   = basicFields + ",name_status,status,is_on_biz_app,whatsapp_business_manager_messaging_limit"
)

// Number asks Meta about the number: the check that id and token fit together.
func (c *Client) Number(ctx context.Context, who Credentials) (NumberInfo, error) {
	var w wireNumberInfo
	err := c.call(ctx, who, allFields, nil, &w)
	var refusal *APIError
	if errors.As(err, &refusal) && refusal.Code == codeInvalidParameter && refusal.Subcode != subcodeNoObject {
		w = wireNumberInfo{}
		err = c.call(ctx, who, basicFields, nil, &w) // versions before v24.0 do not know all of them
	}
	if err != nil {
		return NumberInfo{}, err
	}
	return w.info(), nil
}

// HasNumber asks Meta whether a number belongs to a business account.
func (c *Client) HasNumber(ctx context.Context, of Account, phoneNumberID string) (bool, error) {
	query := url.Values{"fields": {"id"}, "limit": {"100"}}
	for range 10 {
		var page struct {
			Data   []wireNumberInfo `json:"data"`
			Paging struct {
				Next    loose `json:"next"`
				Cursors struct {
					After loose `json:"after"`
				} `json:"cursors"`
			} `json:"paging"`
		}
		if err := c.call(ctx, of.credentials(), "/phone_numbers?"+query.Encode(), nil, &page); err != nil {
			return false, err
		}
		for _, n := range page.Data {
			if string(n.ID) == phoneNumberID {
				return true, nil
			}
		}
		if page.Paging.Next == "" || page.Paging.Cursors.After == "" {
			break
		}
		query.Set("after", string(page.Paging.Cursors.After))
	}
	return false, nil
}

// TokenInfo is what Meta tells about an access token.
type TokenInfo struct {
	IsValid bool
	Expires time.Time // zero: never, or not told
	Scopes  []string
	AppID   string
}

// Token asks Meta about an access token, with that token.
func (c *Client) Token(ctx context.Context, accessToken string) (TokenInfo, error) {
	var answer struct {
		Data struct {
			IsValid bool     `json:"is_valid"`
			Expires loose    `json:"expires_at"`
			Scopes  []string `json:"scopes"`
			AppID   loose    `json:"app_id"`
		} `json:"data"`
	}
	who := Credentials{PhoneNumberID: "debug_token", AccessToken: accessToken}
	if err := c.call(ctx, who, "?input_token="+url.QueryEscape(accessToken), nil, &answer); err != nil {
		return TokenInfo{}, err
	}
	d := answer.Data
	out := TokenInfo{IsValid: d.IsValid, Scopes: d.Scopes, AppID: string(d.AppID)}
	if seconds, err := strconv.ParseInt(string(d.Expires), 10, 64); err == nil && seconds > 0 {
		out.Expires = time.Unix(seconds, 0).UTC()
	}
	return out, nil
}
