package simulator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// longestWait bounds how long a transcript call may wait for something new.
const longestWait = time.Minute

// accountOf picks the account of a guest's call: the one named, or the only one there is.
func (s *Simulator) accountOf(named string) (string, error) {
	if named != "" {
		if s.account(named) == nil {
			return "", ErrNoAccount
		}
		return named, nil
	}
	switch accounts := s.allAccounts(); len(accounts) {
	case 0:
		return "", ErrNoAccount
	case 1:
		return accounts[0].info.Load().PhoneNumberID, nil
	}
	return "", &badRequestError{"account must name one of several accounts"}
}

func (s *Simulator) guestOf(r *http.Request, account string) (*Guest, error) {
	if account == "" {
		account = r.URL.Query().Get("account")
	}
	id, err := s.accountOf(account)
	if err != nil {
		return nil, err
	}
	return s.Guest(id, r.PathValue("phone")), nil
}

func (s *Simulator) controlGuests(r *http.Request) (any, error) {
	id, err := s.accountOf(r.URL.Query().Get("account"))
	if err != nil {
		return nil, err
	}
	return s.Guests(id), nil
}

// controlSetGuest makes a guest ({"account", "phone", "name", …}) or changes one's settings, all of them.
func (s *Simulator) controlSetGuest(r *http.Request) (any, error) {
	var req struct {
		Account string `json:"account"`
		Phone   string `json:"phone"`
		GuestSettings
	}
	if err := decode(r, &req); err != nil {
		return nil, err
	}
	g, err := s.guestOf(r, req.Account)
	if err != nil {
		return nil, err
	}
	if g.phone == "" {
		g.phone = req.Phone
	}
	if err := g.Set(req.GuestSettings); err != nil {
		return nil, err
	}
	return g.View()
}

// controlSay sends as the guest: an Inbound with an optional account.
func (s *Simulator) controlSay(r *http.Request) (any, error) {
	var req struct {
		Account string `json:"account"`
		Inbound
	}
	if err := decode(r, &req); err != nil {
		return nil, err
	}
	g, err := s.guestOf(r, req.Account)
	if err != nil {
		return nil, err
	}
	wamid, err := g.Sends(r.Context(), req.Inbound)
	if err != nil {
		return nil, err
	}
	return map[string]string{"id": wamid}, nil
}

// controlTap presses {"choice": id or title} of {"messageId"}, or of the latest message that has it.
func (s *Simulator) controlTap(r *http.Request) (any, error) {
	var req struct {
		Account   string `json:"account"`
		MessageID string `json:"messageId"`
		Choice    string `json:"choice"`
	}
	if err := decode(r, &req); err != nil {
		return nil, err
	}
	g, err := s.guestOf(r, req.Account)
	if err != nil {
		return nil, err
	}
	var wamid string
	if req.MessageID == "" {
		wamid, err = g.TapButton(r.Context(), req.Choice)
	} else {
		wamid, err = g.Tap(r.Context(), req.MessageID, req.Choice)
	}
	if err != nil {
		return nil, err
	}
	return map[string]string{"id": wamid}, nil
}

func (s *Simulator) controlRead(r *http.Request) (any, error) {
	g, err := s.guestOf(r, "")
	if err != nil {
		return nil, err
	}
	n, err := g.MarkRead(r.Context())
	if err != nil {
		return nil, err
	}
	return map[string]int{"read": n}, nil
}

// transcriptJSON is a chat, or what changed in it.
type transcriptJSON struct {
	Rev      int64   `json:"rev"` // pass as ?after= next time
	Messages []Entry `json:"messages"`
	Guest    *View   `json:"guest,omitempty"`
}

// controlTranscript answers ?after=rev with what changed since; with ?wait=seconds it waits for a change first.
func (s *Simulator) controlTranscript(r *http.Request) (any, error) {
	g, err := s.guestOf(r, "")
	if err != nil {
		return nil, err
	}
	after, err1 := intParam(r.URL.Query(), "after")
	wait, err2 := intParam(r.URL.Query(), "wait")
	if err := errors.Join(err1, err2); err != nil {
		return nil, &badRequestError{err.Error()}
	}
	ctx, cancel := context.WithTimeout(r.Context(), min(longestWait, time.Duration(wait)*time.Second))
	defer cancel()
	return s.waitForChange(ctx, g, after)
}

func (s *Simulator) waitForChange(ctx context.Context, g *Guest, after int64) (transcriptJSON, error) {
	for {
		changed := g.changes()
		messages, rev, exists := g.Since(after)
		if rev > after || ctx.Err() != nil {
			out := transcriptJSON{Rev: rev, Messages: messages}
			if out.Messages == nil {
				out.Messages = []Entry{}
			}
			if exists {
				view, err := g.View()
				if err != nil {
					return out, err
				}
				out.Guest = &view
			}
			return out, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
		case <-s.ctx.Done():
			return transcriptJSON{}, ErrClosed
		}
	}
}

// controlUpload stores the raw body as a file the guest will send: ?filename=, with its Content-Type.
func (s *Simulator) controlUpload(r *http.Request) (any, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, &badRequestError{"the file could not be read, or is larger than 20 MB"}
	}
	mimeType := r.Header.Get("Content-Type")
	if mimeType == "" || len(data) == 0 {
		return nil, &badRequestError{"a file needs content and a Content-Type"}
	}
	id, err := s.UploadMedia(r.PathValue("id"), mimeType, r.URL.Query().Get("filename"), data)
	if err != nil {
		return nil, err
	}
	return map[string]string{"id": id}, nil
}

// serveMedia shows a file on the phone page. It was given by whoever plays guest or hotel, so the browser may only
// show it, never run it.
func (s *Simulator) serveMedia(w http.ResponseWriter, r *http.Request) {
	item := s.media.get(r.PathValue("id"), s.clock.time())
	if item == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", item.mime)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; media-src 'self'; sandbox")
	if !strings.HasPrefix(item.mime, "image/") && !strings.HasPrefix(item.mime, "audio/") && !strings.HasPrefix(item.mime, "video/") {
		h.Set("Content-Disposition", "attachment")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(item.data))
}
