package whatsapp

import (
	"context"
	"errors"
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
	DisplayPhoneNumber string // formatted, for people
	VerifiedName       string
	QualityRating      string // GREEN, YELLOW, RED, UNKNOWN
	Throughput         string // STANDARD, HIGH, NOT_APPLICABLE
}

// Number asks Meta about the number: the check that id and token fit together.
func (c *Client) Number(ctx context.Context, who Credentials) (NumberInfo, error) {
	var answer struct {
		DisplayPhoneNumber loose `json:"display_phone_number"`
		VerifiedName       loose `json:"verified_name"`
		QualityRating      loose `json:"quality_rating"`
		Throughput         struct {
			Level loose `json:"level"`
		} `json:"throughput"`
	}
	const fields = "?fields=display_phone_number,verified_name,quality_rating,throughput"
	if err := c.call(ctx, who, fields, nil, &answer); err != nil {
		return NumberInfo{}, err
	}
	return NumberInfo{
		DisplayPhoneNumber: string(answer.DisplayPhoneNumber),
		VerifiedName:       string(answer.VerifiedName),
		QualityRating:      string(answer.QualityRating),
		Throughput:         string(answer.Throughput.Level),
	}, nil
}
