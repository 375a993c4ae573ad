package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// ErrNoApp means that Meta does not say to which app a token belongs; without that no example
// can be uploaded.
var ErrNoApp = errors.New("meta does not say to which app the token belongs")

// UploadExample gives Meta an example of what a template shows, and returns the handle that a
// new template names it by: PDF, JPEG, PNG or MP4 (Meta, Resumable Upload API; read November
// 2026). It belongs to the token's app. Errors are those of a call and ErrNoApp; after any of
// them it may be done again.
func (c *Client) UploadExample(ctx context.Context, accessToken string, u Upload) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, UploadTime)
	defer cancel()
	info, err := c.Token(ctx, accessToken)
	if err != nil {
		return "", err
	}
	if info.AppID == "" {
		return "", ErrNoApp
	}
	query := url.Values{"file_name": {u.Filename}, "file_length": {strconv.FormatInt(u.Size, 10)}, "file_type": {u.MimeType}}
	var session struct {
		ID string `json:"id"`
	}
	app := Credentials{PhoneNumberID: info.AppID, AccessToken: accessToken}
	if err := c.do(ctx, app, http.MethodPost, "/uploads?"+query.Encode(), struct{}{}, &session); err != nil {
		return "", err
	}
	if !strings.HasPrefix(session.ID, "upload:") || strings.ContainsAny(session.ID, "/# \r\n") {
		return "", &UnknownOutcomeError{HTTPStatus: http.StatusOK, Err: errUnreadable}
	}
	return c.putExample(ctx, accessToken, session.ID, u)
}

// putExample sends the bytes of an upload session.
func (c *Client) putExample(ctx context.Context, accessToken, session string, u Upload) (string, error) {
	sent := &progress{size: u.Size}
	request, err := http.NewRequestWithContext(sent.watch(ctx), http.MethodPost, c.base+session, io.LimitReader(u.Content, u.Size))
	if err != nil {
		return "", fmt.Errorf("make request: %w", err)
	}
	request.ContentLength = u.Size
	request.Header.Set("Authorization", "OAuth "+accessToken) // as Meta's page of this step has it
	request.Header.Set("User-Agent", "BotReserva")
	request.Header.Set("Content-Type", "application/octet-stream")
	request.Header.Set("File_offset", "0")
	var made struct {
		Handle string `json:"h"`
	}
	if err := c.exchange(request, sent, &made); err != nil {
		return "", err
	}
	if made.Handle == "" {
		return "", &UnknownOutcomeError{HTTPStatus: http.StatusOK, Err: errUnreadable}
	}
	return made.Handle, nil
}
