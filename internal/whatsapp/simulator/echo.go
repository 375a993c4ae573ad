package simulator

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Echo is a message that the hotel writes in the WhatsApp Business app, on a number that is in both: the webhook tells
// it, and it appears on the guest's phone.
func (s *Simulator) Echo(ctx context.Context, accountID, phone string, m Inbound) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("echo: %w", err)
	}
	if err := m.check(); err != nil {
		return "", err
	}
	media, err := s.inboundMedia(accountID, &m)
	if err != nil {
		return "", err
	}
	a, g, err := s.Guest(accountID, phone).open()
	if err != nil {
		return "", err
	}
	defer a.mu.Unlock()
	now := s.clock.time()
	out := &messageJSON{From: a.info.Load().DisplayNumber, ID: s.ids.wamid(g.waID, false), Timestamp: unixText(now), Type: m.Type}
	e := &Entry{ID: out.ID, From: FromHotel, Type: m.Type, At: now, Status: StatusDelivered, Echo: true}
	if m.Type == "edit" || m.Type == "revoke" {
		m.Raw = asciiJSON(map[string]any{"original_message_id": m.MessageID}, false)
	}
	m.fill(out, e, media)
	var echo map[string]any
	must(json.Unmarshal(m.encode(out, false), &echo))
	if !g.hides(now) {
		echo["to"] = g.waID
	}
	echo["to_user_id"] = g.userID
	e.Content = m.contentOf(asciiJSON(echo, false))
	a.add(g, e)
	a.emitAbout("smb_message_echoes", g.key, map[string]any{
		"message_echoes": []any{echo}, "contacts": []contactJSON{g.contact(now, true)},
	})
	return e.ID, nil
}

// HistoryPlan says how much history a number that joins from the Business app brings.
type HistoryPlan struct {
	Threads  int  `json:"threads"`  // chats, 3 unless said otherwise
	Messages int  `json:"messages"` // in each chat and phase, 4 unless said otherwise
	Chunks   int  `json:"chunks"`   // webhooks in each phase, 2 unless said otherwise
	Declined bool `json:"declined"` // the user declined: error 2593109 instead
}

// SyncHistory sends the history of a number that joins from the Business app: three phases of chunks.
func (s *Simulator) SyncHistory(accountID string, plan HistoryPlan) error {
	a := s.account(accountID)
	if a == nil {
		return ErrNoAccount
	}
	s.sendHistory(a, plan)
	return nil
}

// historyStatuses are what history says of its messages, one after the other.
var historyStatuses = []string{"READ", "DELIVERED", "PLAYED", "SENT", "PENDING", "ERROR"}

func (s *Simulator) sendHistory(a *account, plan HistoryPlan) {
	if plan.Declined {
		a.emitAbout("history", "#history", eventSample(*a.info.Load(), "history", "declined"))
		return
	}
	plan.Threads, plan.Messages, plan.Chunks = orInt(plan.Threads, 3), orInt(plan.Messages, 4), orInt(plan.Chunks, 2)
	const phases = 3
	for phase := range phases {
		for chunk := range plan.Chunks {
			part := phase*plan.Chunks + chunk + 1
			metadata := map[string]any{"phase": phase, "chunk_order": chunk + 1, "progress": part * 100 / (phases * plan.Chunks)}
			threads := []any{}
			for i := chunk; i < plan.Threads; i += plan.Chunks {
				threads = append(threads, s.historyThread(a, i, phase, plan.Messages))
			}
			a.emitAbout("history", "#history", map[string]any{
				"history": []any{map[string]any{"metadata": metadata, "threads": threads}},
			})
		}
	}
	s.sendHistoryMedia(a)
}

func (s *Simulator) historyThread(a *account, i, phase, n int) map[string]any {
	phone := fmt.Sprintf("55119%08d", 70000000+i)
	hotel := a.info.Load().DisplayNumber
	messages := []any{}
	for j := range n {
		from, to := phone, hotel
		if j%2 == 1 {
			from, to = hotel, phone
		}
		age := time.Duration(phase*60+1)*24*time.Hour + time.Duration(n-j)*time.Minute
		m := map[string]any{
			"from": from, "to": to, "id": s.ids.wamid(phone, from == phone), "timestamp": unixText(s.clock.time().Add(-age)),
			"type": "text", "text": map[string]any{"body": fmt.Sprintf("Mensagem antiga %d", j+1)},
			"history_context": map[string]any{"status": historyStatuses[j%len(historyStatuses)]},
		}
		if j == n-1 && phase == 0 {
			m["type"] = "media_placeholder"
			delete(m, "text")
		}
		messages = append(messages, m)
	}
	return map[string]any{"id": phone, "messages": messages}
}

// sendHistoryMedia sends the file of a placeholder: media of the last 14 days come by themselves.
func (s *Simulator) sendHistoryMedia(a *account) {
	m := Image("Foto antiga")
	media, err := s.inboundMedia(a.info.Load().PhoneNumberID, &m)
	must(err)
	phone := "5511970000000"
	a.emitAbout("history", "#history", map[string]any{"messages": []any{map[string]any{
		"from": phone, "id": s.ids.wamid(phone, true), "timestamp": unixText(s.clock.time().Add(-24 * time.Hour)),
		"type": "image", "image": media,
	}}})
}

// sendAddressBook tells the contacts of the Business app.
func (s *Simulator) sendAddressBook(a *account) {
	states := []any{}
	for i := range 3 {
		states = append(states, map[string]any{
			"type": "contact", "action": "add", "metadata": map[string]any{"timestamp": unixText(s.clock.time())},
			"contact": map[string]any{
				"full_name": fmt.Sprintf("Hóspede %d", i+1), "first_name": "Hóspede", "phone_number": fmt.Sprintf("55119%08d", 70000000+i),
			},
		})
	}
	a.emitAbout("smb_app_state_sync", "#book", map[string]any{"state_sync": states})
}
