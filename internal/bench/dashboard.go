package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// dashboard is a connected screen of one hotel that counts message:new. It speaks
// Engine.IO 4 and Socket.IO 5 over a websocket.
type dashboard struct {
	hotel int
	conn  *websocket.Conn
	tally atomic.Pointer[tally]
	ended sync.WaitGroup
	err   atomic.Pointer[error] // why it ended
	bye   atomic.Bool
}

var (
	newMessage   = []byte(`42["message:new",`)
	dashboardKey = []byte(`"externalMessageId":"` + wamidPrefix)
)

const maxFrame = 4 << 20

// connectDashboard logs in as a hotel's administrator and connects.
func connectDashboard(ctx context.Context, client *http.Client, address string, h hotel) (*dashboard, error) {
	token, err := logIn(ctx, client, address, h)
	if err != nil {
		return nil, err
	}
	conn, response, err := websocket.Dial(ctx, "ws://"+address+"/socket.io/?EIO=4&transport=websocket", &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		return nil, fmt.Errorf("connect a dashboard: %w", err)
	}
	if response.Body != nil {
		_ = response.Body.Close()
	}
	conn.SetReadLimit(maxFrame)
	d := &dashboard{hotel: h.index, conn: conn}
	if err := d.enter(ctx, token); err != nil {
		return nil, errors.Join(err, conn.CloseNow())
	}
	d.ended.Go(func() { d.listen(context.WithoutCancel(ctx)) })
	return d, nil
}

func logIn(ctx context.Context, client *http.Client, address string, h hotel) (string, error) {
	body, err := json.Marshal(map[string]string{"email": h.email, "password": h.password, "tenant_slug": h.slug})
	if err != nil {
		return "", fmt.Errorf("encode log-in: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/auth/login", bytes.NewReader(body)) //nolint:gosec // the product that we started, on loopback
	if err != nil {
		return "", fmt.Errorf("make log-in: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request) //nolint:gosec // as above
	if err != nil {
		return "", fmt.Errorf("log in: %w", err)
	}
	defer response.Body.Close()
	var session struct {
		AccessToken string `json:"accessToken"`
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err == nil {
		err = json.Unmarshal(text, &session)
	}
	if err != nil || session.AccessToken == "" {
		return "", fmt.Errorf("log in: status %d: %w", response.StatusCode, errors.Join(err, errNoToken))
	}
	return session.AccessToken, nil
}

var errNoToken = errors.New("no token in the answer")

// enter greets the server and waits until it is let in.
func (d *dashboard) enter(ctx context.Context, token string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	auth, err := json.Marshal(map[string]string{"token": token})
	if err != nil {
		return fmt.Errorf("encode token: %w", err)
	}
	if err := d.conn.Write(ctx, websocket.MessageText, append([]byte("40"), auth...)); err != nil {
		return fmt.Errorf("greet: %w", err)
	}
	for {
		_, text, err := d.conn.Read(ctx)
		switch {
		case err != nil:
			return fmt.Errorf("wait to be let in: %w", err)
		case bytes.HasPrefix(text, []byte("40")):
			return nil
		case bytes.HasPrefix(text, []byte("44")):
			return fmt.Errorf("a dashboard is refused: %s", text[2:])
		}
	}
}

func (d *dashboard) listen(ctx context.Context) {
	for {
		_, text, err := d.conn.Read(ctx)
		if err == nil && len(text) == 1 && text[0] == '2' {
			err = d.conn.Write(ctx, websocket.MessageText, []byte("3"))
		}
		if err != nil {
			if !d.bye.Load() {
				d.err.Store(&err)
			}
			return
		}
		if t := d.tally.Load(); t != nil && bytes.HasPrefix(text, newMessage) {
			t.find(text, dashboardKey, time.Now())
		}
	}
}

// health returns why the dashboard is no longer connected, nil while it is.
func (d *dashboard) health() error {
	if err := d.err.Load(); err != nil {
		return fmt.Errorf("a dashboard was disconnected: %w", *err)
	}
	return nil
}

func (d *dashboard) close() {
	d.bye.Store(true)
	_ = d.conn.CloseNow()
	d.ended.Wait()
}
