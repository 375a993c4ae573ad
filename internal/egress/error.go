package egress

import (
	"errors"
	"net/url"
)

// WithoutURL takes off the layer in which net/http names the address of a failed request, which may hold a secret.
func WithoutURL(err error) error {
	var named *url.Error
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}
