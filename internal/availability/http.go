package availability

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/stay"
)

const (
	// answerTime is how long the hotel's system may take: a flow, and a guest, waits.
	answerTime = 8 * time.Second
	maxAnswer  = 1 << 20
	maxRooms   = 200
)

// remote asks an address of the hotel's: GET with the parameters of check-availability. It
// has to answer {"rooms": [...]} as check-availability does, or the rooms alone.
type remote struct {
	client *http.Client
	url    string
	secret string
}

// Rooms implements Connector.
func (r remote) Rooms(ctx context.Context, q stay.Query) ([]stay.Room, string, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	data, err := r.get(ctx, q)
	if err != nil {
		return nil, "", err
	}
	var answer struct {
		Rooms  []stay.Room `json:"rooms"`
		Reason string      `json:"unavailabilityReason"`
	}
	if strings.HasPrefix(strings.TrimSpace(string(data)), "[") {
		err = json.Unmarshal(data, &answer.Rooms)
	} else if err = json.Unmarshal(data, &answer); err == nil && answer.Rooms == nil {
		err = errors.New("no rooms in it")
	}
	if err != nil {
		return nil, "", ErrAnswer.Because(err)
	}
	return answer.Rooms[:min(len(answer.Rooms), maxRooms)], answer.Reason, nil
}

func (r remote) get(ctx context.Context, q stay.Query) ([]byte, error) {
	u, err := url.Parse(r.url)
	if err != nil {
		return nil, ErrAnswer.Because(err)
	}
	u.RawQuery = r.query(u.Query(), q).Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, ErrAnswer.Because(err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "Mozilla/5.0 (compatible; BotReserva/1.0)")
	if r.secret != "" {
		request.Header.Set("Authorization", "Bearer "+r.secret)
	}
	response, err := r.client.Do(request)
	if err != nil {
		return nil, ErrAway.Because(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	switch {
	case err != nil, response.StatusCode >= 500, response.StatusCode == http.StatusTooManyRequests:
		return nil, ErrAway.Because(fmt.Errorf("status %d: %w", response.StatusCode, err))
	case response.StatusCode != http.StatusOK, len(data) > maxAnswer:
		return nil, ErrAnswer.Because(fmt.Errorf("status %d, %d bytes", response.StatusCode, len(data)))
	}
	return data, nil
}

func (r remote) query(v url.Values, q stay.Query) url.Values {
	v.Set("unidade", q.Unit)
	v.Set("checkin", stay.Brazilian(q.In))
	v.Set("checkout", stay.Brazilian(q.Out))
	v.Set("adults", strconv.Itoa(q.Adults))
	if q.Children > 0 {
		v.Set("children", strconv.Itoa(q.Children))
	}
	if len(q.Ages) > 0 {
		v.Set("childrenAges", Ages(q.Ages))
	}
	return v
}

// Ages writes ages as flows do: 5,8.
func Ages(ages []int) string {
	texts := make([]string, 0, len(ages))
	for _, a := range ages {
		texts = append(texts, strconv.Itoa(a))
	}
	return strings.Join(texts, ",")
}
