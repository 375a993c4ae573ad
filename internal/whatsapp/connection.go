package whatsapp

import "context"

// Webhooks is where Meta posts what concerns a number; the first that is set counts:
// the number's, the business account's, the app's.
type Webhooks struct{ Number, Account, App string }

// InForce returns the address that counts.
func (w Webhooks) InForce() string {
	for _, url := range []string{w.Number, w.Account, w.App} {
		if url != "" {
			return url
		}
	}
	return ""
}

// Webhooks asks Meta where it posts what concerns the number.
func (c *Client) Webhooks(ctx context.Context, who Credentials) (Webhooks, error) {
	var answer struct {
		Configuration struct {
			Number  loose `json:"phone_number"`
			Account loose `json:"whatsapp_business_account"`
			App     loose `json:"application"`
		} `json:"webhook_configuration"`
	}
	if err := c.call(ctx, who, "?fields=webhook_configuration", nil, &answer); err != nil {
		return Webhooks{}, err
	}
	w := answer.Configuration
	return Webhooks{Number: string(w.Number), Account: string(w.Account), App: string(w.App)}, nil
}

// Subscribed asks Meta whether an app hears what happens in a business account. Without
// one nothing arrives, however well the rest is set.
func (c *Client) Subscribed(ctx context.Context, wabaID, accessToken string) (bool, error) {
	var answer struct {
		Data []struct{} `json:"data"`
	}
	err := c.call(ctx, Credentials{PhoneNumberID: wabaID, AccessToken: accessToken}, "/subscribed_apps", nil, &answer)
	return len(answer.Data) > 0, err
}
